//! What the network did, counted: so that the test knows when nothing is under way any more, that every harm was done,
//! and that the kitchen answered each order it was told.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use comanda_events::broker::{KITCHEN_ORDERS, QUEUES};
use comanda_proto::events::v1::{Event, event::Payload};
use prost::Message;

use crate::faults::db_snapshot::DbSnapshot;

/// What a message may meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Passed,
    /// Forwarded so many times.
    Doubled,
    /// Confirmed, and forwarded after others that came later.
    HeldBack,
    /// Lost after the confirm: only the audit notices.
    Forgotten,
    /// Lost before the confirm, with the reader that had it.
    Dropped,
    /// Kept without a confirm until the sender gave up: only the sweep sends it again.
    Unconfirmed,
}

const HARMS: [Fate; 5] = [Fate::Doubled, Fate::HeldBack, Fate::Forgotten, Fate::Dropped, Fate::Unconfirmed];

#[derive(Default)]
pub struct Ledger {
    fates: Mutex<BTreeMap<(&'static str, Fate), usize>>,
    under_way: AtomicUsize,
    moved: AtomicUsize,
    /// How often the kitchen was told of an order, and confirmed it.
    told: Mutex<HashMap<String, usize>>,
    /// The events of the kitchen about an order.
    answers: Mutex<HashMap<String, HashSet<String>>>,
}

impl Ledger {
    pub fn note(&self, queue: &'static str, fate: Fate) {
        *self.fates.lock().expect("unpoisoned").entry((queue, fate)).or_default() += 1;
    }

    pub fn count(&self, queue: &'static str, fate: Fate) -> usize {
        self.fates.lock().expect("unpoisoned").get(&(queue, fate)).copied().unwrap_or_default()
    }

    /// A message came out of a sender's broker, not for the first time perhaps.
    pub fn arrived(&self, queue: &'static str, message_id: &str, body: &[u8]) {
        self.moved.fetch_add(1, Ordering::AcqRel);
        if queue != KITCHEN_ORDERS {
            let mut answers = self.answers.lock().expect("unpoisoned");
            answers.entry(subject(body)).or_default().insert(message_id.to_owned());
        }
    }

    /// The network owes this message to its receiver from now on.
    pub fn owes(&self) {
        self.under_way.fetch_add(1, Ordering::AcqRel);
    }

    /// The receiver has confirmed it.
    pub fn delivered(&self, queue: &'static str, body: &[u8]) {
        if queue == KITCHEN_ORDERS {
            *self.told.lock().expect("unpoisoned").entry(subject(body)).or_default() += 1;
        }
        self.moved.fetch_add(1, Ordering::AcqRel);
        self.under_way.fetch_sub(1, Ordering::AcqRel);
    }

    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Acquire)
    }

    /// Rises with everything that happens.
    pub fn moved(&self) -> usize {
        self.moved.load(Ordering::Acquire)
    }

    /// Orders that the kitchen was told of more often than it said where they stand. Each step after the first has an
    /// event too.
    pub fn unanswered(&self, books: &DbSnapshot) -> Vec<String> {
        let (told, answers) = (self.told.lock().expect("unpoisoned"), self.answers.lock().expect("unpoisoned"));
        let short = told.iter().filter_map(|(id, told)| {
            let steps = books.tickets.get(id).map_or(0, |ticket| ticket.revision - 1);
            let answers = answers.get(id).map_or(0, HashSet::len);
            (answers < told + usize::try_from(steps).unwrap_or_default())
                .then(|| format!("{id} was told {told} times, changed {steps} times, answered {answers} times"))
        });
        short.collect()
    }

    /// Harms that were not done, on one of the lines: then nothing was shown.
    pub fn harmless(&self) -> Vec<String> {
        let all = QUEUES.into_iter().flat_map(|queue| HARMS.map(|fate| (queue, fate)));
        all.filter(|(queue, fate)| self.count(queue, *fate) == 0).map(|harm| format!("{harm:?}")).collect()
    }

    pub fn summary(&self) -> String {
        format!("what the network did: {:?}", self.fates.lock().expect("unpoisoned"))
    }
}

/// The order that an event is about, as the books have it.
fn subject(body: &[u8]) -> String {
    let order_id = match Event::decode(body).expect("an event").payload {
        Some(Payload::OrderPlaced(placed)) => placed.order.map(|order| order.order_id),
        Some(Payload::TicketChanged(changed)) => changed.ticket.map(|ticket| ticket.order_id),
        None => None,
    };
    order_id.expect("an order").replace('-', "")
}
