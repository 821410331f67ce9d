//! How many connections a server holds, in all and from one address, so that nobody can hold them all. An address behind
//! which many callers stand, a trusted proxy's, is bounded only by what all are.

use comanda_context::peer;
use comanda_telemetry::log_throttle::LogThrottle;
use parking_lot::{Mutex, MutexGuard};
use std::{collections::HashMap, fmt, net::IpAddr, num::NonZeroUsize, sync::Arc};

/// Whose addresses stand for many callers.
type ForMany = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// How many connections one address may hold.
#[derive(Clone)]
pub struct PerAddress {
    /// So many; `None` is no limit.
    pub most: Option<NonZeroUsize>,
    /// Those that the limit does not concern.
    pub for_many: ForMany,
}

impl fmt::Debug for PerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PerAddress").field("most", &self.most).finish_non_exhaustive()
    }
}

/// The places of one server.
pub(crate) struct ConnectionLimit {
    most: usize,
    per_address: Option<PerAddress>,
    taken: Mutex<Taken>,
    logged: LogThrottle,
}

#[derive(Default)]
struct Taken {
    all: usize,
    /// Only networks that have one, so it cannot outgrow the connections.
    networks: HashMap<IpAddr, usize>,
}

/// One connection's, given back when dropped.
pub(crate) struct Slot {
    places: Arc<ConnectionLimit>,
    network: Option<IpAddr>,
}

impl ConnectionLimit {
    pub(crate) fn new(most: usize, per_address: Option<PerAddress>) -> Arc<Self> {
        Arc::new(Self { most, per_address, taken: Mutex::default(), logged: LogThrottle::default() })
    }

    /// A place for a connection from this address, if there is one.
    pub(crate) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Slot> {
        let address = address.to_canonical();
        let limited = self.per_address.as_ref().filter(|limit| !(limit.for_many)(address));
        let network = limited.and_then(|limit| limit.most).map(|most| (peer::network(address), most.get()));
        let mut taken = self.taken();
        if taken.all >= self.most {
            drop(taken);
            return self.refuse("all", address);
        }
        if let Some((network, most)) = network {
            let count = taken.networks.entry(network).or_default();
            if *count >= most {
                drop(taken);
                return self.refuse("address", address);
            }
            *count += 1;
        }
        taken.all += 1;
        Some(Slot { places: self.clone(), network: network.map(|(network, _)| network) })
    }

    fn refuse(&self, why: &'static str, from: IpAddr) -> Option<Slot> {
        metrics::counter!("comanda_connections_refused_total", "why" => why).increment(1);
        if let Some(times) = self.logged.due() {
            let (most, limit) = match why {
                "all" => (self.most, "COMANDA_MAX_CONNECTIONS"),
                _ => (self.most_of_one(), "COMANDA_MAX_CONNECTIONS_PER_ADDRESS"),
            };
            tracing::warn!(%from, most, times, "connections are refused: there are as many as {limit} lets in");
        }
        None
    }

    fn most_of_one(&self) -> usize {
        self.per_address.as_ref().and_then(|limit| limit.most).map_or(self.most, NonZeroUsize::get)
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        let Some(network) = self.network else { return };
        if let Some(count) = taken.networks.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                taken.networks.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(most: usize, of_one: usize) -> Arc<ConnectionLimit> {
        let for_many = Arc::new(|address: IpAddr| address == IpAddr::from([10, 0, 0, 1]));
        ConnectionLimit::new(most, Some(PerAddress { most: NonZeroUsize::new(of_one), for_many }))
    }

    #[test]
    fn nobody_takes_all_places_and_what_is_given_back_leaves_no_trace() {
        let places = places(4, 2);
        let at = |last: u8| places.take([192, 0, 2, last].into());
        let (first, second) = (at(1).expect("a place"), at(1).expect("a place"));
        assert!(at(1).is_none(), "one address has its share");
        let third = at(2).expect("another's");
        drop(first);
        let fourth = at(1).expect("it was given back");
        let last = at(3).expect("the last");
        assert!(at(4).is_none(), "all are taken");
        drop((second, third, fourth, last));
        assert!(places.taken().networks.is_empty() && places.taken().all == 0);
    }

    #[test]
    fn a_proxy_stands_for_many_and_a_customer_of_ipv6_is_one() {
        let places = places(4, 1);
        let proxy = [(); 2].map(|()| places.take([10, 0, 0, 1].into()).expect("a place"));
        let customer = places.take("2001:db8::1".parse().expect("an address")).expect("a place");
        assert!(places.take("2001:db8::2".parse().expect("an address")).is_none());
        drop((proxy, customer));
        assert!(places.taken().networks.is_empty());
    }
}
