//! What we are told about the provider.

use super::roles::Roles;
use std::fmt;
use url::{Host, Url};

/// An OpenID Connect provider, and who we are there.
#[derive(Clone)]
pub struct Settings {
    /// As its document and its tokens spell it.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// `None` for a public client.
    pub client_secret: Option<String>,
    /// As people know it.
    pub name: String,
    /// Which claim has the names of groups or roles.
    pub roles_claim: String,
    /// What they mean here.
    pub roles: Roles,
    /// Where the provider sends people back to.
    pub redirect_uri: String,
}

impl Settings {
    /// Whether we may talk to this address: by https, and in plaintext within one machine only.
    pub(super) fn may_call(&self, url: &Url) -> bool {
        is_safe(url) && (url.scheme() == "https" || Url::parse(&self.issuer).is_ok_and(|issuer| is_loopback(&issuer)))
    }
}

/// Whether nobody on the way can read along: https, or plaintext that does not leave the machine.
#[must_use]
pub fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" && url.host().is_some() || url.scheme() == "http" && is_loopback(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Without the secret.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({})", self.issuer)
    }
}
