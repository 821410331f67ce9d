//! The names and addresses that every private network may have, and none in the world. Whoever trusts a shop's CA trusts it
//! for these alone.

use ipnet::IpNet;
use std::net::IpAddr;

/// With all that end in them.
pub const NAMES: [&str; 2] = ["local", "localhost"];
/// Private ones, those that a device gives itself, and its own.
pub const NETWORKS: [(&str, u8); 8] = [
    ("10.0.0.0", 8),
    ("172.16.0.0", 12),
    ("192.168.0.0", 16),
    ("169.254.0.0", 16),
    ("127.0.0.0", 8),
    ("fc00::", 7),
    ("fe80::", 10),
    ("::1", 128),
];

/// Whether it is in one of [`NETWORKS`].
pub fn is_local(address: &IpAddr) -> bool {
    NETWORKS.iter().any(|(network, prefix)| {
        let network = network.parse().ok().and_then(|network: IpAddr| IpNet::new(network, *prefix).ok());
        network.is_some_and(|network| network.contains(address))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_other_network_has_is_local() {
        for local in
            ["10.1.2.3", "172.31.0.1", "192.168.255.1", "169.254.3.4", "127.0.0.1", "::1", "fd00::2", "fe80::2"]
        {
            assert!(is_local(&local.parse().expect(local)), "{local}");
        }
        for public in ["172.32.0.1", "100.64.0.1", "192.0.2.2", "8.8.8.8", "2001:db8::1", "::2"] {
            assert!(!is_local(&public.parse().expect(public)), "{public}");
        }
    }
}
