//! Hands an RPC to the role that serves it, by its path alone: neither request nor answer is decoded.
//!
//! Deny by default: only RPCs that somebody other than a service may call are forwarded, and only for callers that the
//! gate admits. A request is read whole before a role hears of it, within its method's limit, so that slow, broken and
//! oversized ones end here, and so that the channel can repeat it. Answers pass as they come.

use crate::{
    Dependencies,
    read_body::{Unreadable, read_body},
};
use axum::body::Bytes;
use comanda_auth::contracts;
use comanda_context::{deadline, error::ApiError, peer::Peer};
use comanda_mesh::channel::Channel;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri,
    header::{
        self, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, ORIGIN, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
    },
};
use http_body_util::Full;
use std::{
    convert::Infallible,
    error::Error,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tonic::{Status, body::Body};
use tower::{Service, ServiceExt};

/// The five bytes before a message.
const FRAME: usize = 5;
/// Headers that concern one connection, or the gateway's own origin, and end here.
const ENDING_HERE: [HeaderName; 14] = [
    CONNECTION,
    CONTENT_LENGTH,
    COOKIE,
    header::EXPECT,
    HOST,
    ORIGIN,
    TE,
    header::PROXY_AUTHORIZATION,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    HeaderName::from_static("http2-settings"),
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

/// The forwarder: a gRPC service that is all public services at once.
#[derive(Clone)]
pub struct Forward(Arc<Dependencies>);

impl Forward {
    pub fn new(links: Dependencies) -> Self {
        Self(Arc::new(links))
    }

    async fn answer(&self, request: Request<Body>) -> Response<Body> {
        if !is_call(&request) {
            return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let (channel, method) = match self.admit(&request) {
            Ok(admitted) => admitted,
            Err(fault) => return Status::from(fault).into_http(),
        };
        match outgoing(request, method).await {
            Ok(request) => channel.clone().oneshot(request).await.unwrap_or_else(|never| match never {}),
            Err(fault) => Status::from(fault).into_http(),
        }
    }

    /// Where the call goes, and what its contract says.
    fn admit<B>(&self, request: &Request<B>) -> Result<(&Channel, &contracts::Method), ApiError> {
        let (gate, path) = (&self.0.gate, request.uri().path());
        let method =
            gate.contracts().method(path).filter(|_| gate.is_public_path(path)).ok_or_else(ApiError::unknown_rpc)?;
        let channel = self.upstream(path).ok_or_else(ApiError::unknown_rpc)?;
        gate.admit(path, request.headers(), request.extensions().get::<Peer>())?;
        Ok((channel, method))
    }

    fn upstream(&self, path: &str) -> Option<&Channel> {
        let area = path.strip_prefix("/comanda.")?.split('.').next()?;
        let Dependencies { catalog, orders, kitchen, identity, .. } = &*self.0;
        [catalog, orders, kitchen, identity].into_iter().find(|channel| channel.role() == area)
    }
}

impl<B> Service<Request<B>> for Forward
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (forward, request) = (self.clone(), request.map(Body::new));
        Box::pin(async move { Ok(forward.answer(request).await) })
    }
}

fn is_call<B>(request: &Request<B>) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    request.method() == Method::POST && matches!(kind, Some(b"application/grpc" | b"application/grpc+proto"))
}

fn refusal(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// The same call as a request of our own.
async fn outgoing(request: Request<Body>, method: &contracts::Method) -> Result<Request<Body>, ApiError> {
    let (head, body) = request.into_parts();
    let message = read_body(body, method.max_request + FRAME).await.map_err(|why| match why {
        Unreadable::TooLarge => ApiError::message_too_large(),
        Unreadable::Broken => ApiError::malformed(),
    })?;
    let mut outgoing = Request::new(Body::new(Full::new(message)));
    *outgoing.method_mut() = Method::POST;
    // A path that the gate knows is a valid URI by itself; a query has no meaning in gRPC.
    *outgoing.uri_mut() = Uri::try_from(head.uri.path()).unwrap_or_default();
    *outgoing.headers_mut() = end_to_end(head.headers);
    // Who names no time has the usual one, not the shorter one of calls between services; a stream has none then.
    let left = deadline::left().filter(|_| !method.streams);
    if let (None, Some(left)) = (deadline::asked(outgoing.headers()), left) {
        deadline::give(outgoing.headers_mut(), left);
    }
    Ok(outgoing)
}

fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    let named = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
    let named = named.filter_map(|name| name.trim().parse::<HeaderName>().ok()).collect::<Vec<_>>();
    for name in named.iter().chain(&ENDING_HERE) {
        headers.remove(name);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_connection_end_here_and_all_others_go_on() {
        let given = [
            ("authorization", "Bearer x"),
            ("accept-language", "en"),
            ("grpc-timeout", "1S"),
            ("x-mine", "1"),
            ("connection", "keep-alive, x-hop"),
            ("x-hop", "1"),
            ("keep-alive", "5"),
            ("cookie", "a=b"),
            ("origin", "https://cafe.example"),
            ("host", "cafe.example"),
            ("content-length", "5"),
        ];
        let given = given.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let left = end_to_end(HeaderMap::from_iter(given));
        let mut names = left.keys().map(HeaderName::as_str).collect::<Vec<_>>();
        names.sort_unstable();
        assert_eq!(names, ["accept-language", "authorization", "grpc-timeout", "x-mine"]);
    }
}
