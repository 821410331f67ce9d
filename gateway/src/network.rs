//! Where this shop is found: the customers' address and, for a shop in a box with a network of its own, where its staff's
//! devices come by TLS. Pages read it at `/network.json`; the certificate that those devices must trust is at `/ca.crt`,
//! and the page that explains it at `/confiar`.

use crate::{pages, rest::method_not_allowed};
use axum::{
    Json, Router,
    extract::State,
    response::IntoResponse,
    routing::{any, get},
};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde::Serialize;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use tokio::sync::watch;

/// The shop's own network as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lan {
    /// The customers' address, without a slash at its end.
    pub customers: String,
    /// The names that its certificate has, such as `comanda.local`; the last is the one to tell.
    pub names: Vec<String>,
    /// Whether devices find it by that name.
    pub announced: bool,
    /// Where it is found as well.
    pub addresses: Vec<IpAddr>,
    /// Of the TLS listener.
    pub port: u16,
    /// The CA's certificate as DER.
    pub ca: Arc<[u8]>,
    /// The SHA-256 of that, as devices show it.
    pub fingerprint: String,
}

impl Lan {
    /// Where staff's devices come: by name, since addresses change, else by address.
    #[must_use]
    pub fn staff(&self) -> String {
        let name = self.names.last().filter(|_| self.announced).map(|name| format!("https://{name}:{}", self.port));
        name.or_else(|| self.by_address().next()).unwrap_or_else(|| format!("https://localhost:{}", self.port))
    }

    fn by_address(&self) -> impl Iterator<Item = String> {
        self.addresses.iter().map(|address| format!("https://{}", SocketAddr::new(*address, self.port)))
    }
}

/// What is known of where the shop is found. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Network {
    pub(crate) customers: Option<String>,
    pub(crate) lan: Option<watch::Receiver<Lan>>,
}

impl Network {
    /// Whether this is a name of the shop's own network.
    pub(crate) fn is_ours(&self, named: &str) -> bool {
        self.lan.as_ref().is_some_and(|lan| lan.borrow().names.iter().any(|name| name == named))
    }
}

/// As pages read it.
#[derive(Serialize)]
struct Found {
    /// Absent where nobody has told.
    #[serde(skip_serializing_if = "Option::is_none")]
    customers: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lan: Option<FoundLan>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FoundLan {
    staff: String,
    by_address: Vec<String>,
    fingerprint: String,
}

pub(crate) fn routes(network: Network) -> Router {
    let router = Router::new().route("/network.json", get(show));
    let router = match &network.lan {
        Some(_) => router.route("/ca.crt", get(certificate)),
        None => router.route("/confiar", any(pages::nothing)).route("/confiar.html", any(pages::nothing)),
    };
    router.method_not_allowed_fallback(method_not_allowed).with_state(network)
}

async fn show(State(network): State<Network>) -> impl IntoResponse {
    let lan = network.lan.map(|lan| lan.borrow().clone());
    let found = Found {
        customers: lan.as_ref().map(|lan| lan.customers.clone()).or(network.customers),
        lan: lan.map(|lan| FoundLan {
            staff: lan.staff(),
            by_address: lan.by_address().collect(),
            fingerprint: lan.fingerprint,
        }),
    };
    ([(CACHE_CONTROL, "no-store")], Json(found))
}

/// As DER, which every system takes.
async fn certificate(State(network): State<Network>) -> impl IntoResponse {
    let ca = network.lan.map(|lan| lan.borrow().ca.to_vec()).unwrap_or_default();
    ([(CONTENT_TYPE, "application/x-x509-ca-cert"), (CACHE_CONTROL, "no-cache")], ca)
}
