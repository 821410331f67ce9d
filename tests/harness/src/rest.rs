//! Plain HTTP, as a browser's `fetch` or curl would send it.

use http::{HeaderMap, StatusCode, request::Builder};
use http_body_util::BodyExt;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }
}

/// Sends one request, whose URI is only a path, on a connection of its own.
pub async fn send(address: &str, request: Builder, body: impl Into<String>) -> Reply {
    let mut request = request.body(body.into()).expect("a well-formed request");
    let uri = format!("http://{address}{}", request.uri());
    *request.uri_mut() = uri.parse().expect("a path");
    let client = Client::builder(TokioExecutor::new()).build_http();
    let reply = client.request(request).await.unwrap_or_else(|error| panic!("{uri} does not answer: {error:?}"));
    let (head, body) = reply.into_parts();
    let body = body.collect().await.expect("a whole reply").to_bytes();
    Reply { status: head.status, headers: head.headers, body: String::from_utf8_lossy(&body).into_owned() }
}
