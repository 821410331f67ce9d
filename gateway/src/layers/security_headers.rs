//! What every response tells browsers not to do with it. Pages add their own content security policy; everything else
//! gets one under which nothing runs, should a browser ever show it as a page.
//!
//! Pages of allowed origins read answers by CORS, which these headers do not restrict.

use super::host;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use comanda_context::peer::Peer;
use http::{
    HeaderName, HeaderValue,
    header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS},
};
use std::sync::Arc;

const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // A page's address may hold a token.
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS)),
];
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
/// What a proxy says of the side that we do not see.
const FORWARDED_PROTO: &str = "x-forwarded-proto";
/// What a menu and a board have no use for. Tablets may stay awake and fill their screens.
const PERMISSIONS: &str = "accelerometer=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), fullscreen=(self), screen-wake-lock=(self)";
const NOTHING_RUNS: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// A year. Subdomains are not ours to speak for.
const ONLY_HTTPS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What is known beforehand of how browsers reach us.
#[derive(Clone)]
pub struct Promises {
    /// Whether the gateway itself speaks TLS on its own port, since a promise of it binds browsers for long.
    pub https: bool,
    /// The names behind which somebody else does.
    pub https_hosts: Arc<[String]>,
}

/// Adds the headers.
pub async fn add(State(promises): State<Promises>, request: Request, next: Next) -> Response {
    let trusted = is_trustworthy(&request, &promises.https_hosts);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    // Elsewhere browsers ignore it, and complain on the console.
    if trusted {
        headers.insert(OPENER_POLICY, SAME_ORIGIN);
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(NOTHING_RUNS);
    if promises.https {
        headers.insert(STRICT_TRANSPORT_SECURITY, ONLY_HTTPS);
    }
    response
}

/// Whether to the browser this is a secure context. Whoever lies about it spoils nothing but the own answer.
fn is_trustworthy(request: &Request, https_hosts: &[String]) -> bool {
    let by_tls = request.extensions().get::<Peer>().is_some_and(|peer| peer.by_tls);
    let forwarded = request.headers().get(FORWARDED_PROTO).is_some_and(|proto| proto.as_bytes().starts_with(b"https"));
    let named = host::name(request.uri(), request.headers());
    by_tls || forwarded || named.is_some_and(|named| host::is_loopback(&named) || https_hosts.contains(&named))
}
