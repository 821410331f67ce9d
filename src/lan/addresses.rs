//! Under which addresses the devices of a private network find this machine.

use crate::certificates::local::is_local;
use if_addrs::get_if_addrs;
use std::{
    io,
    net::{IpAddr, Ipv4Addr, UdpSocket},
};

/// Documentation's own, so surely beyond the router. Nothing is sent there.
const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(203, 0, 113, 1), 9);

/// Those that are set, else those of this machine, the most likely one first.
pub fn now(set: &[IpAddr]) -> io::Result<Vec<IpAddr>> {
    if !set.is_empty() {
        return Ok(set.to_vec());
    }
    let found = get_if_addrs()?.into_iter().map(|interface| interface.ip());
    Ok(in_order(found.filter(is_reachable).collect(), towards_the_router()))
}

/// Whether another device reaches it by a link: one of IPv6's link-local addresses needs a zone, which no link can tell.
fn is_reachable(address: &IpAddr) -> bool {
    is_local(address) && !address.is_loopback() && !matches!(address, IpAddr::V6(v6) if v6.is_unicast_link_local())
}

/// The same at each reading, whatever order the system names them in.
fn in_order(mut addresses: Vec<IpAddr>, first: Option<IpAddr>) -> Vec<IpAddr> {
    addresses.sort_by_key(|address| (Some(*address) != first, address.is_ipv6(), *address));
    addresses.dedup();
    addresses
}

/// Of several networks, of containers say, it is that of the shop which leads elsewhere.
fn towards_the_router() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(ELSEWHERE).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_shops_own_network_comes_before_those_of_containers_and_ipv6() {
        let found = ["fd00::2", "172.17.0.1", "192.168.0.7", "10.0.0.1", "192.168.0.7"].map(address);
        let expected = ["192.168.0.7", "10.0.0.1", "172.17.0.1", "fd00::2"].map(address);
        assert_eq!(in_order(found.to_vec(), Some(address("192.168.0.7"))), expected);
    }

    #[test]
    fn what_no_link_leads_to_is_left_out() {
        assert!(is_reachable(&address("192.168.0.7")) && is_reachable(&address("fd00::2")));
        for other in ["127.0.0.1", "::1", "fe80::2", "192.0.2.2"] {
            assert!(!is_reachable(&address(other)), "{other}");
        }
    }

    #[test]
    fn what_is_set_stands() {
        let set = ["10.1.2.3", "10.0.0.1"].map(address);
        assert_eq!(now(&set).expect("no look at the machine"), set);
    }
}
