//! A port of this machine that stays ours, also while the server behind it is down.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    net::{Ipv4Addr, TcpListener, UdpSocket},
    ops::Range,
};

/// Below the ports that the system gives to outgoing connections, one of which could otherwise slip in during a restart.
const RANGE: Range<u16> = 20_000..32_000;

/// A free TCP port on loopback. The UDP port of the same number keeps other harnesses, in this or any other process,
/// away from it; the system frees that however we end.
pub struct Port {
    number: u16,
    _reservation: UdpSocket,
}

impl Port {
    /// Reserves a free one.
    pub fn free() -> Self {
        let start = RandomState::new().build_hasher().finish() as usize % RANGE.len();
        RANGE.cycle().skip(start).take(RANGE.len()).find_map(Self::reserve).expect("one port in 12000 is free")
    }

    /// Its number.
    pub fn number(&self) -> u16 {
        self.number
    }

    /// `127.0.0.1:number`.
    pub fn address(&self) -> String {
        format!("{}:{}", Ipv4Addr::LOCALHOST, self.number)
    }

    fn reserve(number: u16) -> Option<Self> {
        let reservation = UdpSocket::bind((Ipv4Addr::LOCALHOST, number)).ok()?;
        TcpListener::bind((Ipv4Addr::LOCALHOST, number)).ok()?;
        Some(Self { number, _reservation: reservation })
    }
}
