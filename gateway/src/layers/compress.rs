//! Text of some length travels compressed, when the caller takes it so: pages, scripts, the menu. RPCs never do: what is
//! around this layer is the web only, and a stream must not wait for a block to fill.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{
    HeaderValue,
    header::{CONTENT_ENCODING, ETAG},
};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer, DefaultPredicate, Predicate,
        predicate::{And, NotForContentType, SizeAbove},
    },
};

/// Shorter ones fit into one packet as they are.
const WORTH_IT: u64 = 1024;
/// Of 11 for brotli and 9 for gzip: beyond it time doubles for a few bytes.
const QUALITY: i32 = 4;

type Worth = And<And<And<DefaultPredicate, SizeAbove>, NotForContentType>, NotForContentType>;

/// Compresses what is long enough and not compressed by its own format.
pub fn layer() -> CompressionLayer<Worth> {
    let worth = DefaultPredicate::new()
        .and(SizeAbove::new(WORTH_IT))
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/octet-stream"));
    CompressionLayer::new().quality(CompressionLevel::Precise(QUALITY)).compress_when(worth)
}

/// The tag of a compressed answer is weak: its bytes are others than those of the same answer sent plain.
pub async fn weaken_tag(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if headers.contains_key(CONTENT_ENCODING)
        && let Some(tag) = headers.get(ETAG).and_then(|tag| tag.to_str().ok()).filter(|tag| tag.starts_with('"'))
        && let Ok(weak) = HeaderValue::try_from(format!("W/{tag}"))
    {
        headers.insert(ETAG, weak);
    }
    response
}
