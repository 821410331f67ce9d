//! The gateway's settings, checked at start.

use crate::{client_ip::TrustedProxies, limit::PerCaller, network::Lan};
use http::{
    HeaderName, HeaderValue, Method, Uri,
    header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, RETRY_AFTER},
};
use std::time::Duration;
use tokio::sync::watch;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember what it was allowed.
const EVICT_AFTER: Duration = Duration::from_secs(3600);
const ASKED: [HeaderName; 10] = [
    ACCEPT_LANGUAGE,
    AUTHORIZATION,
    CONTENT_TYPE,
    IF_NONE_MATCH,
    HeaderName::from_static("grpc-timeout"),
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("tracestate"),
    HeaderName::from_static("x-grpc-web"),
    HeaderName::from_static("x-user-agent"),
];
const SHOWN: [HeaderName; 8] = [
    ETAG,
    LOCATION,
    RETRY_AFTER,
    HeaderName::from_static("grpc-status"),
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-status-details-bin"),
    HeaderName::from_static("idempotent-replay"),
    HeaderName::from_static("x-idempotent-replay"),
];

/// An allowed origin that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no allowed origin: write it like https://cafe.example")]
pub struct OriginError(String);

/// The gateway's settings.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Other origins whose pages may call, each exactly as a browser sends it, such as `https://cafe.example`. Empty:
    /// only pages that the gateway itself serves.
    pub allowed_origins: Vec<String>,
    /// Whose `X-Forwarded-For` is believed. Empty: nobody's.
    pub trusted_proxies: TrustedProxies,
    /// How much each caller may do. By default as much as it likes.
    pub limits: PerCaller,
    /// Whether browsers reach the gateway by TLS only: then they are told to insist on it.
    pub https: bool,
    /// The address that customers use, without a slash at its end, where one is set.
    pub customers: Option<String>,
    /// The shop's own network, where it has one.
    pub lan: Option<watch::Receiver<Lan>>,
    /// The names that it answers to, beside addresses, localhost and those of its own network. `None`: any.
    pub hosts: Option<Vec<String>>,
    /// Those of them that browsers reach by TLS, whoever ends it.
    pub https_hosts: Vec<String>,
    /// Who may discover the contracts by reflection.
    pub reflection: OpenTo,
    /// Who may read the status besides staff.
    pub status: OpenTo,
}

/// Whom what is for staff is open to besides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OpenTo {
    /// Nobody.
    #[default]
    Staff,
    /// Whoever is on this machine.
    Loopback,
    /// Anybody.
    Anybody,
}

impl Config {
    /// Whether every origin is one.
    ///
    /// # Errors
    /// Says which is not, and how to write it.
    pub fn check(&self) -> Result<(), OriginError> {
        self.cors().map(drop)
    }

    /// The CORS layer; none when no other origin may call.
    pub(crate) fn cors(&self) -> Result<Option<CorsLayer>, OriginError> {
        let origins = self.allowed_origins.iter().map(|origin| exact(origin)).collect::<Result<Vec<_>, _>>()?;
        let layer = |origins: Vec<HeaderValue>| {
            CorsLayer::new()
                .allow_origin(AllowOrigin::list(origins))
                .allow_methods([Method::GET, Method::POST])
                .allow_headers(ASKED)
                .expose_headers(SHOWN)
                .max_age(EVICT_AFTER)
        };
        Ok((!origins.is_empty()).then(|| layer(origins)))
    }
}

/// An origin is a scheme, a host and perhaps a port; anything more would never equal what browsers send.
fn exact(origin: &str) -> Result<HeaderValue, OriginError> {
    let uri = origin.parse::<Uri>().ok();
    let parts = uri.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?)));
    let same = parts.is_some_and(|(scheme, host)| {
        matches!(scheme, "http" | "https") && format!("{scheme}://{host}") == *origin && !host.as_str().contains('@')
    });
    let value = HeaderValue::from_str(origin).ok().filter(|_| same);
    value.ok_or_else(|| OriginError(origin.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_origins_are_taken() {
        for good in ["https://cafe.example", "http://localhost:5173", "http://[::1]:8080"] {
            assert_eq!(exact(good), Ok(HeaderValue::from_static(good)));
        }
        for bad in
            ["*", "", "null", "cafe.example", "https://cafe.example/", "ftp://cafe.example", "https://a@cafe.example"]
        {
            assert!(exact(bad).is_err(), "{bad}");
        }
    }
}
