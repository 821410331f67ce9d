//! The board of one shop as this replica last read it, and who watches it. Pure but for its lock: no SQL, no clock of
//! its own. Each watcher sees the tickets of its stations and is told of no others.

use crate::{stations::Stations, watcher::Watcher};
use comanda_context::error::Fault;
use comanda_proto::kitchen::v1::{BoardHeartbeat, Ticket};
use prost_types::Timestamp;
use sea_orm::prelude::Uuid;
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};
use tokio::time::Instant;

/// The open tickets of a shop.
#[derive(Default)]
pub struct Board {
    tickets: HashMap<Uuid, Arc<Ticket>>,
    watchers: Vec<Weak<Watcher>>,
    /// False until the first read.
    loaded: bool,
}

impl Board {
    /// An open ticket.
    pub fn ticket(&self, id: Uuid) -> Option<&Arc<Ticket>> {
        self.tickets.get(&id)
    }

    /// The revision of an open ticket.
    pub fn revision(&self, id: Uuid) -> Option<i64> {
        self.ticket(id).map(|ticket| ticket.revision)
    }

    /// The ids of all open tickets.
    pub fn ids(&self) -> Vec<Uuid> {
        self.tickets.keys().copied().collect()
    }

    /// Whether it was ever read.
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// Takes a ticket as it was just read; it stands on the board, or it has left it.
    pub fn put(&mut self, id: Uuid, ticket: Ticket, open: bool) {
        let (revision, ticket) = (ticket.revision, Arc::new(ticket));
        let news = match open {
            true if self.revision(id).is_some_and(|known| known >= revision) => false,
            true => self.tickets.insert(id, ticket.clone()).is_none_or(|old| old.revision < revision),
            false => self.tickets.remove(&id).is_some(),
        };
        if news {
            for watcher in self.watchers().iter().filter(|watcher| watcher.stations.prepare(&ticket)) {
                watcher.owe(id, revision);
            }
        }
    }

    /// Marks the end of a read of the whole board, in which the database named these tickets as open: everyone is owed a
    /// heartbeat, and whoever took nothing for too long is cut off.
    pub fn beat(&mut self, open: &[(Uuid, i64)], server_time: Timestamp, now: Instant) {
        let watchers = self.watchers();
        if !self.loaded {
            self.loaded = true;
            for watcher in &watchers {
                watcher.begin(self.in_order(&watcher.stations));
            }
        }
        let mut heartbeats: HashMap<&Stations, BoardHeartbeat> = HashMap::new();
        for watcher in &watchers {
            let heartbeat = heartbeats.entry(&watcher.stations).or_insert_with(|| {
                let watched = self.watched(&watcher.stations, open);
                let open_count = i32::try_from(watched.len()).unwrap_or(i32::MAX);
                BoardHeartbeat { server_time: Some(server_time), open_count, digest: digest(&watched) }
            });
            watcher.beat(*heartbeat, now);
        }
    }

    /// Adds a watcher, owed the whole board of these stations.
    pub fn add(&mut self, stations: Stations) -> Arc<Watcher> {
        let watcher = Arc::new(Watcher::new(stations));
        if self.loaded {
            watcher.begin(self.in_order(&watcher.stations));
        }
        self.watchers.push(Arc::downgrade(&watcher));
        watcher
    }

    /// Ends every stream.
    pub fn end(&mut self, fault: &Fault) {
        for watcher in self.watchers() {
            watcher.end(fault.clone());
        }
    }

    /// Whether anyone watches.
    pub fn is_watched(&self) -> bool {
        self.watchers.iter().any(|watcher| watcher.strong_count() > 0)
    }

    /// Those of the tickets that these stations prepare, by the tickets at hand, because who prepares a ticket never
    /// changes. One that is not at hand counts as theirs: then the heartbeat tells them that something is missing.
    fn watched(&self, stations: &Stations, open: &[(Uuid, i64)]) -> Vec<(Uuid, i64)> {
        let is_theirs = |id| self.ticket(id).is_none_or(|ticket| stations.prepare(ticket));
        open.iter().filter(|(id, _)| is_theirs(*id)).copied().collect()
    }

    fn in_order(&self, stations: &Stations) -> VecDeque<Uuid> {
        let theirs = self.tickets.iter().filter(|(_, ticket)| stations.prepare(ticket));
        let ordered: BTreeMap<_, _> = theirs.map(|(id, ticket)| ((ticket.accepted_seq, *id), *id)).collect();
        ordered.into_values().collect()
    }

    fn watchers(&mut self) -> Vec<Arc<Watcher>> {
        self.watchers.retain(|watcher| watcher.strong_count() > 0);
        self.watchers.iter().filter_map(Weak::upgrade).collect()
    }
}

/// The digest of a board, as `BoardHeartbeat` defines it.
pub fn digest(open: &[(Uuid, i64)]) -> u64 {
    open.iter().fold(0, |sum: u64, (id, revision)| {
        let low = id.as_u64_pair().1;
        sum.wrapping_add(low.wrapping_mul(revision.cast_unsigned().wrapping_mul(2).wrapping_add(1)))
    })
}

/// Locks; a panic elsewhere must not spread.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
