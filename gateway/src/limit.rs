//! How much one caller may ask of the gateway, so that nobody can spoil it for the others.
//!
//! Three measures per caller: how often it reads, how often it changes something, and how many streams it holds open. A
//! caller is an address, because tokens can be made up; staff and panels with a valid token are counted apart from the
//! customers who share their network. Pages are not counted: a whole café may open them at once behind one address.
//!
//! The counts are this process's own: a caller of several gateways has its share at each. Must not look into a message.

mod bucket;
mod kind;
mod rate;
mod store;
mod streams;

pub use rate::{PerCaller, Rate};

use crate::{caller::TrustedProxies, problem::Problem};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bucket::Bucket;
use comanda_mesh::{fault::Fault, gate::Gate, language::Language, peer::Peer, token::Caller};
use governor::clock::DefaultClock;
use http::{HeaderMap, Method};
use kind::Kind;
use std::{
    sync::{Arc, Once},
    time::Duration,
};
use store::{Key, Who};
use streams::{Permit, Streams};
use tonic::{Code, Status};

/// Nobody knows when a stream will end; this is when it makes sense to look again.
const STREAMS_RETRY: Duration = Duration::from_secs(5);

const IGNORED: &str = "a caller sent X-Forwarded-For, which is ignored; if that was a proxy of yours, name it in \
     COMANDA_TRUSTED_PROXIES, or all who come through it count as one";

/// Counts calls per caller, and refuses those over the limit.
#[derive(Clone)]
pub struct Limiter(Arc<Parts>);

struct Parts {
    gate: Gate,
    proxies: TrustedProxies,
    ignored: Once,
    reads: Option<Bucket<DefaultClock>>,
    changes: Option<Bucket<DefaultClock>>,
    streams: Option<Streams>,
}

impl Limiter {
    /// A limiter that has seen nobody yet.
    pub fn new(limits: &PerCaller, proxies: TrustedProxies, gate: Gate) -> Self {
        let bucket = |rate: Option<Rate>| rate.map(|rate| Bucket::new(rate, DefaultClock::default()));
        Self(Arc::new(Parts {
            gate,
            proxies,
            ignored: Once::new(),
            reads: bucket(limits.reads),
            changes: bucket(limits.changes),
            streams: limits.streams.map(Streams::new),
        }))
    }

    /// Counts one call. The permit of a stream is to be held as long as the stream is open.
    fn admit(&self, kind: Kind, request: &Request) -> Result<Option<Permit>, Fault> {
        let bucket = if kind == Kind::Change { &self.0.changes } else { &self.0.reads };
        let streams = self.0.streams.as_ref().filter(|_| kind == Kind::Stream);
        if bucket.is_none() && streams.is_none() {
            return Ok(None);
        }
        let key = self.key(request);
        if let Some(Err(wait)) = bucket.as_ref().map(|bucket| bucket.take(&key)) {
            return Err(refused(kind, wait));
        }
        let permit = streams.map(|streams| streams.open(key).ok_or_else(|| refused(kind, STREAMS_RETRY)));
        permit.transpose()
    }

    fn key(&self, request: &Request) -> Key {
        let headers = request.headers();
        if self.0.proxies.ignore(headers) {
            self.0.ignored.call_once(|| tracing::warn!("{IGNORED}"));
        }
        let address = self.0.proxies.caller(request.extensions().get::<Peer>(), headers);
        Key::new(self.who(headers), address)
    }

    /// Only tokens that are proven valid here count: an order's token is judged by Orders, so anybody could make one up.
    fn who(&self, headers: &HeaderMap) -> Who {
        match self.0.gate.caller(headers, None) {
            Some(Caller::Staff) => Who::Staff,
            Some(Caller::Panel) => Who::Panel,
            Some(Caller::Anonymous | Caller::Order(_) | Caller::Service) | None => Who::Anybody,
        }
    }
}

/// Before RPCs: over the limit they end with RESOURCE_EXHAUSTED.
pub async fn rpc(State(limiter): State<Limiter>, request: Request, next: Next) -> Response {
    let kind = Kind::of(limiter.0.gate.contracts(), request.uri().path());
    match limiter.admit(kind, &request) {
        Ok(Some(permit)) => permit.held_by(next.run(request).await),
        Ok(None) => next.run(request).await,
        Err(fault) => {
            let refusal = async { Status::from(fault).into_http() };
            Language::of(request.headers()).scope(refusal).await
        }
    }
}

/// Before the REST face: over the limit its requests end with 429.
pub async fn rest(State(limiter): State<Limiter>, request: Request, next: Next) -> Response {
    let kind = if request.method() == Method::POST { Kind::Change } else { Kind::Read };
    match limiter.admit(kind, &request) {
        Ok(_) => next.run(request).await,
        Err(fault) => Problem::from(Status::from(fault)).into_response(),
    }
}

fn refused(kind: Kind, wait: Duration) -> Fault {
    metrics::counter!("comanda_rate_limited_total", "kind" => kind.name()).increment(1);
    let (english, portuguese) = match kind {
        Kind::Read | Kind::Change => {
            ("too many calls from here; wait a moment", "muitas chamadas daqui; espere um instante")
        }
        Kind::Stream => ("too many open streams from here; close some", "muitas telas abertas daqui; feche algumas"),
    };
    let fault = Fault::new(Code::ResourceExhausted, "RATE_LIMITED", english, portuguese);
    fault.meta("limit", kind.name()).retry_after(wait)
}
