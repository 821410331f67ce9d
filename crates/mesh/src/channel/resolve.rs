//! Which addresses a role's replicas have now. Names are looked up again and again; a name service that fails, or knows
//! nobody all of a sudden, is no reason to forget those who answered until now.

use super::balance::Balance;
use crate::server::stream_lifetime::about;
use http::Uri;
use std::{
    collections::BTreeSet,
    io,
    net::SocketAddr,
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::net::lookup_host;

const POLL_INTERVAL: Duration = Duration::from_secs(4);
/// While nobody is known.
const FAST_POLL_INTERVAL: Duration = Duration::from_millis(500);

/// A URL that does not name a host and a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must name a host and a port")]
pub struct UrlError;

/// A host and its port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    host: String,
    port: u16,
}

impl Name {
    /// Of a URL.
    pub(super) fn of(url: &Uri) -> Result<Self, UrlError> {
        match (url.host(), url.port_u16()) {
            (Some(host), Some(port)) => Ok(Self { host: host.trim_matches(['[', ']']).to_owned(), port }),
            _ => Err(UrlError),
        }
    }

    /// Whether there is nothing to look up.
    fn address(&self) -> Option<SocketAddr> {
        Some(SocketAddr::new(self.host.parse().ok()?, self.port))
    }
}

/// Keeps the replicas those that the names stand for, for as long as the channel is there.
pub(super) fn follow(names: Vec<Name>, balance: &Arc<Balance>) {
    let fixed: Option<BTreeSet<_>> = names.iter().map(Name::address).collect();
    match fixed {
        Some(addresses) => balance.set(addresses),
        None => drop(tokio::spawn(look(names, Arc::downgrade(balance)))),
    }
}

async fn look(names: Vec<Name>, balance: Weak<Balance>) {
    let mut last = vec![BTreeSet::new(); names.len()];
    while let Some(balance) = balance.upgrade() {
        for (name, last) in names.iter().zip(&mut last) {
            let found = lookup_host((name.host.as_str(), name.port)).await;
            keep_last_good(&name.host, last, found.map(Iterator::collect));
        }
        let all: BTreeSet<_> = last.iter().flatten().copied().collect();
        let pause = if all.is_empty() { FAST_POLL_INTERVAL } else { POLL_INTERVAL };
        balance.set(all);
        drop(balance);
        tokio::time::sleep(about(pause)).await;
    }
}

fn keep_last_good(host: &str, last: &mut BTreeSet<SocketAddr>, found: io::Result<BTreeSet<SocketAddr>>) {
    match found {
        Ok(found) if !found.is_empty() => *last = found,
        Ok(_) => tracing::debug!(host, "the name service knows nobody of this name; the last ones are kept"),
        Err(error) => tracing::debug!(host, %error, "the name service does not answer; the last ones are kept"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_answered_are_kept_until_others_are_known() {
        let address = |last: u8| SocketAddr::from(([10, 0, 0, last], 50051));
        let mut known = BTreeSet::new();
        keep_last_good("kitchen", &mut known, Ok([address(1), address(2)].into()));
        for nothing in [Ok(BTreeSet::new()), Err(io::Error::other("no such host"))] {
            keep_last_good("kitchen", &mut known, nothing);
            assert_eq!(known, [address(1), address(2)].into());
        }
        keep_last_good("kitchen", &mut known, Ok([address(2), address(3)].into()));
        assert_eq!(known, [address(2), address(3)].into());
    }

    #[test]
    fn a_url_names_host_and_port() {
        let name = |url: &str| Name::of(&url.parse().expect("a URI"));
        assert_eq!(name("http://kitchen:50053/"), Ok(Name { host: "kitchen".into(), port: 50053 }));
        assert_eq!(name("http://[::1]:1").expect("a name").address(), Some("[::1]:1".parse().expect("an address")));
        assert!(name("http://kitchen").is_err());
    }
}
