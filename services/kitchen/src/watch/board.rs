//! The board of one shop as this replica last read it, and its subscribers. No SQL, no clock of its own. Each subscriber
//! sees the tickets of its stations and no others.

use super::subscriber::{Subscriber, Tickets};
use crate::ticket::stations::Stations;
use comanda_context::error::ApiError;
use comanda_proto::kitchen::v1::{BoardHeartbeat, Ticket};
use prost_types::Timestamp;
use sea_orm::prelude::Uuid;
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Weak},
};
use tokio::time::Instant;

/// The open tickets of a shop.
#[derive(Default)]
pub struct Board {
    tickets: Tickets,
    subscribers: Vec<Weak<Subscriber>>,
    /// False until the first read.
    loaded: bool,
}

impl Board {
    /// The open tickets.
    pub fn tickets(&self) -> &Tickets {
        &self.tickets
    }

    /// The revision of an open ticket.
    pub fn revision(&self, id: Uuid) -> Option<i64> {
        self.tickets.get(&id).map(|ticket| ticket.revision)
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
            for subscriber in self.subscribers().iter().filter(|subscriber| subscriber.stations.prepare(&ticket)) {
                subscriber.queue(id, revision);
            }
        }
    }

    /// Marks the end of a read of the whole board, in which the database named these tickets as open: every
    /// subscriber gets a heartbeat, and one that took nothing for too long is cut off.
    pub fn heartbeat(&mut self, open: &[(Uuid, i64)], server_time: Timestamp, now: Instant) {
        let subscribers = self.subscribers();
        if !self.loaded {
            self.loaded = true;
            for subscriber in &subscribers {
                subscriber.begin(self.in_order(&subscriber.stations));
            }
        }
        let mut heartbeats: HashMap<&Stations, BoardHeartbeat> = HashMap::new();
        for subscriber in &subscribers {
            let heartbeat = heartbeats.entry(&subscriber.stations).or_insert_with(|| {
                let watched = self.watched(&subscriber.stations, open);
                let open_count = i32::try_from(watched.len()).unwrap_or(i32::MAX);
                BoardHeartbeat { server_time: Some(server_time), open_count, digest: digest(&watched) }
            });
            subscriber.heartbeat(*heartbeat, now);
        }
    }

    /// Adds a subscriber; its stream begins with the whole board of these stations.
    pub fn add(&mut self, stations: Stations) -> Arc<Subscriber> {
        let subscriber = Arc::new(Subscriber::new(stations));
        if self.loaded {
            subscriber.begin(self.in_order(&subscriber.stations));
        }
        self.subscribers.push(Arc::downgrade(&subscriber));
        subscriber
    }

    /// Ends every stream.
    pub fn end(&mut self, fault: &ApiError) {
        for subscriber in self.subscribers() {
            subscriber.end(fault.clone());
        }
    }

    /// Whether anyone watches.
    pub fn is_watched(&self) -> bool {
        self.subscribers.iter().any(|subscriber| subscriber.strong_count() > 0)
    }

    /// Those of the tickets that these stations prepare, by the tickets at hand, because who prepares a ticket never
    /// changes. One that is not at hand counts as theirs: then the heartbeat tells them that something is missing.
    fn watched(&self, stations: &Stations, open: &[(Uuid, i64)]) -> Vec<(Uuid, i64)> {
        let is_theirs = |id| self.tickets.get(&id).is_none_or(|ticket| stations.prepare(ticket));
        open.iter().filter(|(id, _)| is_theirs(*id)).copied().collect()
    }

    fn in_order(&self, stations: &Stations) -> VecDeque<Uuid> {
        let theirs = self.tickets.iter().filter(|(_, ticket)| stations.prepare(ticket));
        let ordered: BTreeMap<_, _> = theirs.map(|(id, ticket)| ((ticket.accepted_seq, *id), *id)).collect();
        ordered.into_values().collect()
    }

    fn subscribers(&mut self) -> Vec<Arc<Subscriber>> {
        self.subscribers.retain(|subscriber| subscriber.strong_count() > 0);
        self.subscribers.iter().filter_map(Weak::upgrade).collect()
    }
}

/// The digest of a board, as `BoardHeartbeat` defines it.
pub fn digest(open: &[(Uuid, i64)]) -> u64 {
    open.iter().fold(0, |sum: u64, (id, revision)| {
        let low = id.as_u64_pair().1;
        sum.wrapping_add(low.wrapping_mul(revision.cast_unsigned().wrapping_mul(2).wrapping_add(1)))
    })
}

#[cfg(test)]
mod tests;
