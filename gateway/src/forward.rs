//! Hands an RPC to the role that serves it, by its path alone: neither request nor answer is decoded.
//!
//! Deny by default: only RPCs that somebody other than a service may call are forwarded, and only for callers that the
//! gate admits. Must not retry, buffer or change a message.

use crate::{
    Links,
    body::{Answer, Upload},
};
use axum::body::Bytes;
use comanda_mesh::{fault::Fault, language::Language, trace};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, Version,
    header::{
        self, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, ORIGIN, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
    },
};
use std::{
    convert::Infallible,
    error::Error,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};
use tonic::{Code, Status, TimeoutExpired, body::Body, transport::Channel};
use tower::{Service, ServiceExt};

/// Headers that concern one connection, or the gateway's own origin, and end here.
const ENDING_HERE: [HeaderName; 13] = [
    CONNECTION,
    CONTENT_LENGTH,
    COOKIE,
    header::EXPECT,
    HOST,
    ORIGIN,
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
pub struct Forward(Arc<Links>);

impl Forward {
    pub fn new(links: Links) -> Self {
        Self(Arc::new(links))
    }

    async fn answer(&self, request: Request<Body>, language: Language) -> Response<Body> {
        if !is_call(&request) {
            return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let (role, channel) = match self.admit(&request) {
            Ok(admitted) => admitted,
            Err(fault) => return Status::from(fault).into_http(),
        };
        let (request, broken) = outgoing(request);
        match channel.clone().oneshot(request).await {
            Ok(response) if has_timed_out(&response) => Status::from(too_late()).into_http(),
            Ok(response) => response.map(|body| Body::new(Answer::new(body, role, language))),
            Err(_) if broken.load(Ordering::Acquire) => Status::from(malformed()).into_http(),
            Err(error) => Status::from(failure(role, &error)).into_http(),
        }
    }

    fn admit<B>(&self, request: &Request<B>) -> Result<(&'static str, &Channel), Fault> {
        let (gate, path) = (&self.0.gate, request.uri().path());
        let upstream = self.upstream(path).filter(|_| gate.is_public_path(path)).ok_or_else(unknown)?;
        gate.admit(path, request.headers()).map(|_| upstream)
    }

    fn upstream(&self, path: &str) -> Option<(&'static str, &Channel)> {
        let area = path.strip_prefix("/comanda.")?.split('.').next()?;
        match area {
            "catalog" => Some(("catalog", &self.0.catalog)),
            "orders" => Some(("orders", &self.0.orders)),
            "kitchen" => Some(("kitchen", &self.0.kitchen)),
            _ => None,
        }
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
        let (forward, language) = (self.clone(), Language::of(request.headers()));
        let request = request.map(Body::new);
        Box::pin(language.scope(async move { Ok(forward.answer(request, language).await) }))
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

/// The same call as a request of our own, and the flag that tells whether its body could be read.
fn outgoing(request: Request<Body>) -> (Request<Body>, Arc<AtomicBool>) {
    let (head, body) = request.into_parts();
    let (body, broken) = Upload::new(body);
    let mut outgoing = Request::new(Body::new(body));
    *outgoing.method_mut() = Method::POST;
    *outgoing.version_mut() = Version::HTTP_2;
    // A path that the gate knows is a valid URI by itself; a query has no meaning in gRPC.
    *outgoing.uri_mut() = Uri::try_from(head.uri.path()).unwrap_or_default();
    *outgoing.headers_mut() = end_to_end(head.headers);
    (outgoing, broken)
}

fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    let named = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
    let named = named.filter_map(|name| name.trim().parse::<HeaderName>().ok()).collect::<Vec<_>>();
    for name in named.iter().chain(&ENDING_HERE) {
        headers.remove(name);
    }
    headers.insert(TE, HeaderValue::from_static("trailers"));
    trace::inject(&mut headers);
    headers
}

/// tonic's server reports a deadline that it saw pass as CANCELLED, which our services never answer themselves.
fn has_timed_out<B>(response: &Response<B>) -> bool {
    response.headers().get(Status::GRPC_STATUS).is_some_and(|code| code == "1")
}

/// Why the call got no answer: its deadline passed, or the role is away.
fn failure(role: &'static str, error: &tonic::transport::Error) -> Fault {
    let causes = || std::iter::successors(Some(error as &(dyn Error + 'static)), |&cause| cause.source());
    if causes().any(|cause| cause.is::<TimeoutExpired>()) {
        return too_late();
    }
    tracing::warn!(role, cause = causes().last().map(tracing::field::display), "no answer");
    Fault::unavailable(role)
}

fn malformed() -> Fault {
    Fault::new(
        Code::InvalidArgument,
        "MESSAGE_MALFORMED",
        "the request body could not be read",
        "não foi possível ler o corpo da requisição",
    )
}

fn too_late() -> Fault {
    Fault::new(
        Code::DeadlineExceeded,
        "DEADLINE_EXCEEDED",
        "the deadline passed before the answer came",
        "o prazo acabou antes da resposta",
    )
}

fn unknown() -> Fault {
    Fault::new(Code::Unimplemented, "RPC_UNKNOWN", "there is no such RPC here", "esta chamada não existe aqui")
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
        assert_eq!(names, ["accept-language", "authorization", "grpc-timeout", "te", "x-mine"]);
    }
}
