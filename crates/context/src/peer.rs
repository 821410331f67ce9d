//! Who is at the other end of a connection. The server puts it into the extensions of every request.

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

/// A provider gives each customer at least a /64, and within it anybody has as many addresses as he likes.
const OF_ONE_CUSTOMER: u128 = !(u64::MAX as u128);

/// The other end of a connection, as far as the connection itself tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peer {
    /// Where it is; `None` for another role of the same process.
    pub address: Option<IpAddr>,
    /// The role that its certificate names; `None` without a certificate.
    pub role: Option<Arc<str>>,
    /// Whether it speaks TLS with this process.
    pub by_tls: bool,
}

/// What counts as one caller's address: of IPv6 the whole /64.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & OF_ONE_CUSTOMER)),
        v4 => v4,
    }
}
