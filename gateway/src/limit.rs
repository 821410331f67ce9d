//! How much one caller may ask of the gateway, so that nobody can spoil it for the others.
//!
//! Four measures per caller: how often it reads, how often it changes something, how many streams it holds open, and
//! how often it tries a token ([`tokens`]). A caller is an address, because tokens can be made up; staff and panels
//! with a valid token are counted apart from the customers who share their network. Pages are not counted: a whole café
//! may open them at once behind one address.
//!
//! The counts are this process's own: a caller of several gateways has its share at each. Must not look into a message.

mod bucket;
mod hits;
mod kind;
mod rate;
mod store;
mod streams;
mod tokens;

pub use rate::{PerCaller, Rate};

use crate::{client_ip::TrustedProxies, problem::Problem};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bucket::Bucket;
use comanda_auth::{
    caller::Caller,
    gate::{self, Gate},
    role::Role,
};
use comanda_context::{
    error::ApiError,
    language::Language,
    peer::{self, Peer},
};
use comanda_mesh::channel::Channel;
use governor::clock::DefaultClock;
use hits::Hits;
use http::{HeaderName, HeaderValue, Method, StatusCode, header::AUTHORIZATION};
use kind::Kind;
use std::{
    net::IpAddr,
    sync::{Arc, Once},
    time::Duration,
};
use store::{Key, Who};
use streams::{Permit, Streams};
use tokens::Tokens;
use tonic::{Code, Status};

/// From where a call came, for Identity, which slows those who guess.
const CLIENT_ADDRESS: HeaderName = HeaderName::from_static("x-comanda-client-address");
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
    tokens: Tokens,
    hits: Hits,
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
            tokens: Tokens::new(limits.tokens),
            hits: Hits::default(),
        }))
    }

    /// Counts one call. The permit of a stream is to be held as long as the stream is open.
    fn admit(&self, kind: Kind, request: &Request) -> Result<Admitted, ApiError> {
        let (headers, address) = (request.headers(), self.address(request));
        let shown = headers.contains_key(AUTHORIZATION).then_some(address);
        let caller = self.0.gate.caller(headers, None).ok();
        caller.iter().for_each(gate::name_in_log);
        let key = Key::new(who(caller.as_ref()), address);
        if shown.is_some() {
            self.0.tokens.check(caller.as_ref(), key).map_err(|wait| self.refuse(address, "token", wait))?;
        }
        let bucket = if kind == Kind::Change { &self.0.changes } else { &self.0.reads };
        if let Some(Err(wait)) = bucket.as_ref().map(|bucket| bucket.take(&key)) {
            return Err(self.refuse(address, kind.name(), wait));
        }
        let streams = self.0.streams.as_ref().filter(|_| kind == Kind::Stream);
        let permit =
            streams.map(|streams| streams.open(key).ok_or_else(|| self.refuse(address, kind.name(), STREAMS_RETRY)));
        Ok(Admitted { permit: permit.transpose()?, shown })
    }

    fn refuse(&self, address: Option<IpAddr>, limit: &'static str, wait: Duration) -> ApiError {
        self.0.hits.count(address.map(peer::network), limit);
        refused(limit, wait)
    }

    /// Tells Identity who ran into a limit, for as long as it is polled.
    pub async fn report(self, identity: Channel) {
        self.0.hits.report(identity).await;
    }

    fn address(&self, request: &Request) -> Option<IpAddr> {
        let headers = request.headers();
        if self.0.reads.is_some() && self.0.proxies.ignore(headers) {
            self.0.ignored.call_once(|| tracing::warn!("{IGNORED}"));
        }
        self.0.proxies.caller(request.extensions().get::<Peer>(), headers)
    }

    /// What became of a call that was let in.
    fn after(&self, admitted: Admitted, response: Response) -> Response {
        if let Some(address) = admitted.shown.filter(|_| is_unauthenticated(&response)) {
            self.0.tokens.note(address);
        }
        match admitted.permit {
            Some(permit) => permit.held_by(response),
            None => response,
        }
    }
}

/// A call that was let in.
struct Admitted {
    permit: Option<Permit>,
    /// From where a token was shown.
    shown: Option<Option<IpAddr>>,
}

/// Only tokens that are proven valid here count: an order's token is judged by Orders, so anybody could make one up.
fn who(caller: Option<&Caller>) -> Who {
    match caller {
        Some(Caller::Staff(principal)) if principal.role == Role::Panel => Who::Panel,
        Some(Caller::Staff(_)) => Who::Staff,
        Some(Caller::Anonymous | Caller::Customer(_) | Caller::Service) | None => Who::Anybody,
    }
}

/// Whether a role or the gate found that the token was none.
fn is_unauthenticated(response: &Response) -> bool {
    let code = response.headers().get(Status::GRPC_STATUS).map(|code| code.as_bytes());
    response.status() == StatusCode::UNAUTHORIZED || code == Some(b"16")
}

/// Before RPCs: over the limit they end with RESOURCE_EXHAUSTED.
pub async fn rpc(State(limiter): State<Limiter>, mut request: Request, next: Next) -> Response {
    let address = limiter.address(&request).and_then(|address| HeaderValue::try_from(address.to_string()).ok());
    // Nobody says it of himself.
    request.headers_mut().remove(CLIENT_ADDRESS);
    request.headers_mut().extend(address.map(|address| (CLIENT_ADDRESS, address)));
    let kind = Kind::of(limiter.0.gate.contracts(), request.uri().path());
    match limiter.admit(kind, &request) {
        Ok(admitted) => limiter.after(admitted, next.run(request).await),
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
        Ok(admitted) => limiter.after(admitted, next.run(request).await),
        Err(fault) => Problem::from(Status::from(fault)).into_response(),
    }
}

fn refused(limit: &'static str, wait: Duration) -> ApiError {
    metrics::counter!("comanda_rate_limited_total", "kind" => limit).increment(1);
    let (english, portuguese) = match limit {
        "stream" => ("too many open streams from here; close some", "muitas telas abertas daqui; feche algumas"),
        "token" => (
            "too many tokens tried from here; wait a moment",
            "muitos códigos de acesso tentados daqui; espere um instante",
        ),
        _ => ("too many calls from here; wait a moment", "muitas chamadas daqui; espere um instante"),
    };
    let fault = ApiError::new(Code::ResourceExhausted, "RATE_LIMITED", english, portuguese);
    fault.meta("limit", limit).retry_after(wait)
}
