//! Where a caller is, told honestly: what the connection says, unless it comes from a proxy that we were told to trust.
//!
//! Anybody can write an `X-Forwarded-For`. Each proxy adds at the right end the address that it saw itself, so the list is
//! read from there, and only as far as it was written by those we trust. Must not believe anything else.

use comanda_context::peer::Peer;
use http::{HeaderMap, HeaderName};
use ipnet::{IpNet, Ipv4Net};
use std::net::{IpAddr, SocketAddr};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// `::ffff:0:0/96`, where IPv6 holds the whole of IPv4.
const MAPPED_BITS: u8 = 96;

/// A trusted proxy that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// Neither an address nor a network.
    #[error("{0:?} is neither an address nor a network such as 10.0.0.0/8")]
    Unreadable(String),
    /// The whole world.
    #[error("{0:?} would let every caller choose an address")]
    Everybody(String),
}

/// The proxies whose word about a caller's address counts. None by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads addresses and networks such as `10.0.0.7` and `10.0.0.0/8`. Blank ones are skipped.
    ///
    /// # Errors
    /// Says which is neither, or that it would trust everybody.
    pub fn parse<'a>(list: impl IntoIterator<Item = &'a str>) -> Result<Self, NetworkError> {
        let named = list.into_iter().map(str::trim).filter(|text| !text.is_empty());
        named.map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Where the caller is: the nearest address that no trusted proxy has, or the furthest proxy when all are trusted.
    /// `None` when the connection has no address.
    pub(crate) fn caller(&self, peer: Option<&Peer>, headers: &HeaderMap) -> Option<IpAddr> {
        let mut nearest = peer?.address?.to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let mut told = lines.flat_map(|line| line.to_str().unwrap_or("?").rsplit(','));
        while self.trusts(nearest) {
            // What cannot be read was not written by a proxy of ours, and neither was what stands before it.
            let Some(next) = told.next().and_then(address) else { break };
            nearest = next;
        }
        Some(nearest)
    }

    /// Whether these headers may come from a proxy that somebody forgot to name.
    pub(crate) fn ignore(&self, headers: &HeaderMap) -> bool {
        self.0.is_empty() && headers.contains_key(FORWARDED_FOR)
    }

    /// Whether this is one of them, behind which many callers stand.
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(text: &str) -> Result<IpNet, NetworkError> {
    let network = text.parse().or_else(|_| text.parse().map(|address: IpAddr| IpNet::from(address)));
    let network = network.map_err(|_| NetworkError::Unreadable(text.to_owned()))?;
    if network.prefix_len() == 0 {
        return Err(NetworkError::Everybody(text.to_owned()));
    }
    Ok(canonical(network))
}

/// A network within IPv6's image of IPv4 is one of IPv4, as the addresses that are looked up in it.
fn canonical(network: IpNet) -> IpNet {
    let mapped = match network {
        IpNet::V6(v6) if v6.prefix_len() >= MAPPED_BITS => {
            v6.network().to_ipv4_mapped().and_then(|v4| Ipv4Net::new(v4, v6.prefix_len() - MAPPED_BITS).ok())
        }
        _ => None,
    };
    mapped.map_or(network, IpNet::V4)
}

/// One entry of the list; some proxies add the port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.parse::<IpAddr>().ok();
    bare.or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip())).map(|found| found.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn caller(trusted: &[&str], peer: &str, forwarded: &[&'static str]) -> String {
        let trusted = TrustedProxies::parse(trusted.iter().copied()).expect("networks");
        let peer = Peer { address: Some(peer.parse().expect("an address")), ..Peer::default() };
        let lines = forwarded.iter().map(|line| (FORWARDED_FOR, HeaderValue::from_static(line)));
        trusted.caller(Some(&peer), &lines.collect()).map_or_else(String::new, |address| address.to_string())
    }

    #[test]
    fn nobody_is_believed_by_default() {
        assert_eq!(caller(&[], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(caller(&["10.0.0.0/8"], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(TrustedProxies::default().caller(None, &HeaderMap::new()), None);
    }

    #[test]
    fn a_proxy_is_believed_about_the_caller_and_the_caller_about_nobody() {
        let proxies = ["10.0.0.0/8", "2001:db8::7"];
        // The caller wrote all but the last entry.
        assert_eq!(caller(&proxies, "10.1.2.3", &["198.51.100.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(caller(&proxies, "2001:db8::7", &["10.9.9.9, 203.0.113.9"]), "203.0.113.9");
        // Two proxies of ours, one behind the other, and each writes a line of its own.
        assert_eq!(caller(&proxies, "10.1.2.3", &["198.51.100.1, 203.0.113.9", "10.4.5.6"]), "203.0.113.9");
        assert_eq!(caller(&proxies, "10.1.2.3", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(caller(&proxies, "10.1.2.3", &["[2001:db8::1]:4711"]), "2001:db8::1");
    }

    #[test]
    fn the_list_is_read_only_as_far_as_it_can_be() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(caller(&proxies, "10.1.2.3", &[]), "10.1.2.3");
        assert_eq!(caller(&proxies, "10.1.2.3", &["10.7.7.7, 10.4.5.6"]), "10.7.7.7");
        for unreadable in ["203.0.113.9, unknown", "203.0.113.9,", "203.0.113.9, 999.0.0.1", "203.0.113.9, _hidden"] {
            assert_eq!(caller(&proxies, "10.1.2.3", &[unreadable]), "10.1.2.3", "{unreadable}");
        }
        assert_eq!(caller(&proxies, "10.1.2.3", &["203.0.113.9, nonsense, 10.4.5.6"]), "10.4.5.6");
    }

    #[test]
    fn an_address_of_ipv4_is_the_same_when_ipv6_carries_it() {
        assert_eq!(caller(&[], "::ffff:203.0.113.9", &[]), "203.0.113.9");
        for proxies in ["10.0.0.0/8", "::ffff:10.0.0.0/104", "::ffff:10.1.2.3"] {
            assert_eq!(caller(&[proxies], "::ffff:10.1.2.3", &["::ffff:203.0.113.9"]), "203.0.113.9", "{proxies}");
            assert_eq!(caller(&[proxies], "10.1.2.3", &["203.0.113.9"]), "203.0.113.9", "{proxies}");
        }
    }

    #[test]
    fn only_networks_are_taken_and_not_the_whole_world() {
        assert_eq!(TrustedProxies::parse(["", " "]), Ok(TrustedProxies::default()));
        for bad in ["proxy", "10.0.0.0/33", "10.0.0", "0.0.0.0/0", "::/0", "10.0.0.1:80"] {
            assert!(TrustedProxies::parse([bad]).expect_err(bad).to_string().contains(bad));
        }
    }
}
