//! Channels to other roles: over the network to all their replicas, or through memory when both run in one process. One
//! builder for all.
//!
//! A call picks the less busy of two replicas at random, among those that are connected (`balance`); each replica's
//! connection is kept open by a task of its own (`replica`), and the set of replicas follows the name service
//! (`resolve`). What never left is sent elsewhere; what may have arrived is repeated only if it may be (`retry`). Every
//! call carries deadline, language and trace of the call under way. There is no hedging and no breaker: connections
//! that are closed and calls that wait say enough.

mod balance;
mod connector;
mod replayable_request;
mod replica;
mod resolve;
mod response_body;
mod retry;

pub use resolve::UrlError;

use balance::Balance;
use comanda_auth::contracts::Contracts;
use comanda_context::{deadline, error::ApiError, language::Language};
use comanda_telemetry::trace;
use comanda_tls::{Identity, ca_roots::CaRoots};
use connector::Connector;
use http::{
    HeaderValue, Request, Response, Uri, Version,
    header::{ACCEPT_LANGUAGE, AUTHORIZATION, TE},
    uri::Authority,
};
use http_body::Body as _;
use http_body_util::BodyExt;
use replayable_request::ReplayableRequest;
use response_body::ResponseBody;
use retry::Retries;
use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{io::DuplexStream, sync::mpsc, time::Instant};
use tonic::{Status, body::Body};
use tower::Service;

/// For calls that name no time.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(2);

/// A channel to all replicas of one role. Cloning shares its connections, which end with the last clone.
#[derive(Clone)]
pub struct Channel {
    role: &'static str,
    balance: Arc<Balance>,
    contracts: Contracts,
    retries: Option<Retries>,
    token: Option<HeaderValue>,
    /// What its calls say that they are meant for.
    authority: Authority,
}

/// A channel to the replicas of a role at these `http://host:port` or `https://host:port` addresses; a host may stand for
/// several, and others later. Connects in the background, so that a role can start before those it calls. Call it inside
/// a tokio runtime.
///
/// # Errors
/// An address names no host and port.
pub fn connect(
    role: &'static str,
    urls: &[Uri],
    identity: Option<Identity>,
    contracts: Contracts,
) -> Result<Channel, UrlError> {
    let names = urls.iter().map(resolve::Name::of).collect::<Result<Vec<_>, _>>()?;
    let connector = identity.map_or(Connector::Network, |identity| Connector::Role(role, identity));
    let balance = Balance::new(connector);
    resolve::follow(names, &balance);
    Ok(Channel { role, balance, contracts, retries: None, token: None, authority: Authority::from_static(role) })
}

/// A channel to a gateway, for whoever has no certificate of his own: by TLS if the URL says `https:`, and then only to the
/// host that it names.
///
/// # Errors
/// The address names no host and port.
pub fn connect_to_gateway(url: &Uri, trust: CaRoots, contracts: Contracts) -> Result<Channel, UrlError> {
    let by_tls = url.scheme_str() == Some("https");
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let balance = Balance::new(if by_tls { Connector::Host(host, trust) } else { Connector::Network });
    resolve::follow(vec![resolve::Name::of(url)?], &balance);
    // A gateway answers to its own names only.
    let authority = url.authority().cloned().unwrap_or_else(|| Authority::from_static("gateway"));
    Ok(Channel { role: "gateway", balance, contracts, retries: None, token: None, authority })
}

/// A channel to a role of the same process, and the pipes that its server takes them from.
#[must_use]
pub fn local(role: &'static str, contracts: Contracts) -> (Channel, mpsc::Receiver<DuplexStream>) {
    let (sender, pipes) = mpsc::channel(8);
    let balance = Balance::new(Connector::Memory(sender));
    balance.set([connector::IN_PROCESS].into());
    (Channel { role, balance, contracts, retries: None, token: None, authority: Authority::from_static(role) }, pipes)
}

impl Channel {
    /// The same channel, which repeats calls that failed on the way, where their contract allows it. Only for the layer
    /// of a system that callers reach first: repeats of several layers multiply.
    #[must_use]
    pub fn with_retries(self) -> Self {
        Self { retries: Some(Retries::default()), ..self }
    }

    /// The same channel, which shows this token where a call shows none.
    #[must_use]
    pub fn with_token(self, token: Option<HeaderValue>) -> Self {
        Self { token, ..self }
    }

    /// A channel to each replica that is known now, for questions that concern a replica and not its role.
    #[must_use]
    pub fn each(&self) -> Vec<Self> {
        self.balance.each().into_iter().map(|balance| Self { balance, retries: None, ..self.clone() }).collect()
    }

    /// Why it was not connected, the last time that it was not, in words for who runs it.
    #[must_use]
    pub fn last_error(&self) -> Option<String> {
        self.balance.last_error()
    }

    /// The role at the other end.
    #[must_use]
    pub fn role(&self) -> &'static str {
        self.role
    }

    async fn response_body(self, mut request: Request<Body>) -> Response<Body> {
        let until = self.stamp(&mut request);
        let mut replayable_request = match ReplayableRequest::new(request, &self.contracts).await {
            Ok(replayable_request) => replayable_request,
            Err(status) => return status.into_http(),
        };
        match &self.retries {
            Some(retries) => retries.run(&self, replayable_request, until).await,
            None => self.attempt(&mut replayable_request, until).await,
        }
    }

    /// Adds what every call carries; tells until when it may take.
    fn stamp(&self, request: &mut Request<Body>) -> Option<Instant> {
        *request.version_mut() = Version::HTTP_2;
        let streams = self.contracts.method(request.uri().path()).is_some_and(|method| method.streams);
        *request.uri_mut() = self.absolute(request.uri());
        let headers = request.headers_mut();
        // A stream has its caller's own deadline, or none.
        let own = deadline::asked(headers).or((!streams).then_some(DEFAULT_DEADLINE));
        let left = deadline::left().filter(|_| !streams).map(deadline::for_callee);
        let time = own.into_iter().chain(left).min();
        if let Some(time) = time {
            deadline::give(headers, time);
        }
        if let (Some(token), false) = (&self.token, headers.contains_key(AUTHORIZATION)) {
            headers.insert(AUTHORIZATION, token.clone());
        }
        if !headers.contains_key(ACCEPT_LANGUAGE) {
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(Language::current().tag()));
        }
        headers.insert(TE, HeaderValue::from_static("trailers"));
        trace::inject(headers);
        time.map(|time| Instant::now() + time)
    }

    /// The same path at the role: HTTP/2 sends no request without scheme and authority.
    fn absolute(&self, uri: &Uri) -> Uri {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let uri = Uri::builder().scheme("http").authority(self.authority.clone()).path_and_query(path).build();
        // Fails only for a role whose name is no host.
        uri.unwrap_or_default()
    }

    /// One attempt, at several replicas only while none has worked on it.
    async fn attempt(&self, replayable_request: &mut ReplayableRequest, until: Option<Instant>) -> Response<Body> {
        let answered = self.answered(replayable_request, until);
        let outcome = match until {
            Some(until) => tokio::time::timeout_at(until, answered).await.unwrap_or(Err(balance::Failure::TooLate)),
            None => answered.await,
        };
        outcome.unwrap_or_else(|failure| failed(self.role, &failure))
    }

    /// A stream from its head on; everything else whole or not at all, so that what broke off can be repeated.
    async fn answered(
        &self,
        replayable_request: &mut ReplayableRequest,
        until: Option<Instant>,
    ) -> Result<Response<Body>, balance::Failure> {
        let one = replayable_request.method(&self.contracts).is_some_and(|method| !method.streams);
        let (response, busy) = self.balance.send(replayable_request).await?;
        let (head, body) = response.into_parts();
        let body = match one {
            // A refusal is nothing but its head, and must stay so: some clients take no empty message after it.
            true if body.is_end_stream() => Body::empty(),
            true => Body::new(body.collect().await.map_err(|_| balance::Failure::Lost)?),
            false => Body::new(ResponseBody::new(body, busy, self.role, until)),
        };
        Ok(Response::from_parts(head, body))
    }
}

/// The answer to a call that got none, marked for those who may repeat it.
fn failed(role: &'static str, failure: &balance::Failure) -> Response<Body> {
    let fault = match failure {
        balance::Failure::TooLate => {
            tracing::debug!(role, "no answer in time");
            ApiError::too_late()
        }
        balance::Failure::Unsent | balance::Failure::Lost => {
            metrics::counter!("comanda_calls_unanswered_total", "role" => role).increment(1);
            tracing::debug!(role, ?failure, "no answer");
            ApiError::unavailable(role)
        }
    };
    let mut response = Status::from(fault).into_http::<Body>();
    response.extensions_mut().insert(*failure);
    response
}

impl Service<Request<Body>> for Channel {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let channel = self.clone();
        Box::pin(async move { Ok(channel.response_body(request).await) })
    }
}

#[cfg(test)]
mod tests;
