//! What is remembered of callers, and who counts as one. However many addresses somebody has, the memory is bounded: when
//! it is full, newcomers share what is left, and those already known keep what is theirs.

use comanda_context::peer;
use governor::{
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};
use parking_lot::{Mutex, MutexGuard};
use std::{collections::HashMap, hash::BuildHasher, net::IpAddr};

/// Some 6 MB.
const MAX_CALLERS: usize = 100_000;
/// How many shares newcomers are spread over when the memory is full.
const SHARES: u64 = 1024;
/// Whom a caller has proven to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Nobody in particular.
    Anybody,
    /// The shop's staff.
    Staff,
    /// The pickup panel.
    Panel,
}

/// What calls are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// One caller; all whose address is unknown are one.
    Caller(Who, Option<IpAddr>),
    /// Newcomers when the memory is full.
    Share(u64),
}

impl Key {
    /// The key of a caller. Staff have a share for each place they call from, so that one shop's broken tablet does not
    /// stop the others that use the same token.
    pub fn new(who: Who, address: Option<IpAddr>) -> Self {
        Self::Caller(who, address.map(peer::network))
    }

    /// Staff and panels are as many as have the token; only the rest of the world can be endless.
    fn may_be_endless(self) -> bool {
        matches!(self, Self::Caller(Who::Anybody, _))
    }
}

/// When each caller's allowance will be whole again.
pub struct Store {
    states: Mutex<HashMap<Key, Nanos>>,
    most: usize,
}

impl Default for Store {
    fn default() -> Self {
        Self { states: Mutex::default(), most: MAX_CALLERS }
    }
}

impl Store {
    fn states(&self) -> MutexGuard<'_, HashMap<Key, Nanos>> {
        self.states.lock()
    }
}

impl StateStore for Store {
    type Key = Key;

    fn measure_and_replace<T, F, E>(&self, key: &Key, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut states = self.states();
        let newcomer = states.len() >= self.most && key.may_be_endless() && !states.contains_key(key);
        let key = if newcomer { Key::Share(states.hasher().hash_one(key) % SHARES) } else { *key };
        let (outcome, state) = decide(states.get(&key).copied())?;
        states.insert(key, state);
        Ok(outcome)
    }
}

impl ShrinkableKeyedStateStore<Key> for Store {
    fn retain_recent(&self, drop_below: Nanos) {
        self.states().retain(|_, state| *state > drop_below);
    }

    fn shrink_to_fit(&self) {
        let mut states = self.states();
        // Not at every turn: only when a crowd has left.
        if states.capacity() > 1024 && states.len() < states.capacity() / 4 {
            states.shrink_to_fit();
        }
    }

    fn len(&self) -> usize {
        self.states().len()
    }

    fn is_empty(&self) -> bool {
        self.states().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(address: &str) -> Key {
        Key::new(Who::Anybody, Some(address.parse().expect("an address")))
    }

    /// Counts how often a key was let through.
    fn count(store: &Store, key: Key) -> u64 {
        let next = |before: Option<Nanos>| {
            let now = before.map_or(0, Nanos::as_u64) + 1;
            Ok::<_, ()>((now, Nanos::new(now)))
        };
        store.measure_and_replace(&key, next).expect("never refused")
    }

    #[test]
    fn one_customer_of_ipv6_is_one_caller() {
        assert_eq!(key("2001:db8:0:1::1"), key("2001:db8:0:1:ffff::9"));
        assert_ne!(key("2001:db8:0:1::1"), key("2001:db8:0:2::1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
        assert_ne!(key("192.0.2.1"), Key::new(Who::Staff, Some([192, 0, 2, 1].into())));
    }

    #[test]
    fn the_memory_is_bounded_and_those_known_and_staff_keep_their_own() {
        let store = Store { most: 10, ..Store::default() };
        (0..10).for_each(|n| assert_eq!(count(&store, key(&format!("192.0.2.{n}"))), 1));
        for n in 0..50_000_u32 {
            count(&store, Key::new(Who::Anybody, Some(IpAddr::V4(n.into()))));
        }
        assert!(store.len() <= 10 + SHARES as usize, "{}", store.len());
        assert_eq!(count(&store, key("192.0.2.3")), 2);
        assert_eq!(count(&store, Key::new(Who::Staff, Some([198, 51, 100, 1].into()))), 1);
    }
}
