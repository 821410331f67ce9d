//! A request on its way: kept so that it can be sent again, as long as its contract says that it is one message.

use comanda_auth::contracts::{Contracts, Method};
use http::{Request, request::Parts};
use http_body_util::{BodyExt, Full};
use std::net::SocketAddr;
use tonic::{Status, body::Body, codegen::Bytes};

/// A request, and where it has failed.
pub(super) struct ReplayableRequest {
    head: Parts,
    content: Content,
    /// The replica that did not answer it last.
    pub(super) avoid: Option<SocketAddr>,
}

enum Content {
    /// The whole message.
    Kept(Bytes),
    /// Of an RPC that no contract knows: it may be a stream, and goes once.
    Once(Option<Body>),
}

impl ReplayableRequest {
    /// Of this request, whose message is read if there is just one.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) async fn new(request: Request<Body>, contracts: &Contracts) -> Result<Self, Status> {
        let (head, body) = request.into_parts();
        let content = match contracts.method(head.uri.path()) {
            Some(_) => Content::Kept(body.collect().await?.to_bytes()),
            None => Content::Once(Some(body)),
        };
        Ok(Self { head, content, avoid: None })
    }

    /// What its contract says of it.
    pub(super) fn method<'a>(&self, contracts: &'a Contracts) -> Option<&'a Method> {
        contracts.method(self.head.uri.path())
    }

    /// The request to be sent; `None` when it is gone.
    pub(super) fn copy(&mut self) -> Option<Request<Body>> {
        let body = match &mut self.content {
            Content::Kept(message) => Body::new(Full::new(message.clone())),
            Content::Once(body) => body.take()?,
        };
        let mut request = Request::new(body);
        *request.method_mut() = self.head.method.clone();
        *request.version_mut() = self.head.version;
        *request.uri_mut() = self.head.uri.clone();
        *request.headers_mut() = self.head.headers.clone();
        Some(request)
    }

    /// Takes back what was not sent.
    pub(super) fn take_back(&mut self, unsent: Request<Body>) {
        if let Content::Once(body) = &mut self.content {
            *body = Some(unsent.into_body());
        }
    }
}
