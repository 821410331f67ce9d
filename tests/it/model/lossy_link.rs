//! One direction of the network: reads a queue of the sender's broker and writes it into the receiver's. Until it is told
//! to be honest, it does to each message what its dice say; then it delivers what it holds, and all else once.

use std::{sync::Arc, time::Duration};

use comanda_events::{
    broker::{Broker, Delivery, KITCHEN_ORDERS, ORDERS_TICKETS, Outgoing, Subscription},
    outbox,
};
use comanda_storage::database::Database;
use fastrand::Rng;
use sea_orm::{EntityTrait, prelude::Uuid};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    in_process_cluster::Rooms,
    ledger::{Fate, Ledger},
};
use harness::within;

/// More are not held back at a time.
const MAX_HELD: usize = 20;
/// The sender gives up after 8 s, and sweeps 10 s after it wrote the event.
const DEAF_AT_MOST: Duration = Duration::from_secs(20);

pub struct Line {
    queue: &'static str,
    from: Broker,
    to: Broker,
    /// The sender's.
    database: Database,
    ledger: Arc<Ledger>,
    rng: Rng,
    held: Vec<Outgoing>,
    delivering: JoinSet<()>,
    /// After so many messages it confirms none for a while.
    hears: usize,
}

impl Line {
    /// There and back.
    pub fn both(rooms: &Rooms, ledger: &Arc<Ledger>, rng: &mut Rng) -> [Self; 2] {
        let (orders, kitchen) = (&rooms.orders_broker, &rooms.kitchen_broker);
        [(KITCHEN_ORDERS, orders, kitchen, &rooms.orders), (ORDERS_TICKETS, kitchen, orders, &rooms.kitchen)].map(
            |(queue, from, to, database)| Self {
                queue,
                from: from.clone(),
                to: to.clone(),
                database: database.clone(),
                ledger: ledger.clone(),
                hears: rng.usize(20..60),
                rng: rng.fork(),
                held: Vec::new(),
                delivering: JoinSet::new(),
            },
        )
    }

    /// Runs until it is dropped.
    pub async fn carry(mut self, honest: CancellationToken) {
        let mut reader = self.read().await;
        loop {
            tokio::select! {
                Some(batch) = reader.next_batch() => {
                    if !self.take(&mut reader, batch, &honest).await {
                        // A reader that dies: what it did not confirm comes again.
                        drop(reader);
                        reader = self.read().await;
                    }
                }
                Some(done) = self.delivering.join_next() => done.expect("no panic"),
                () = honest.cancelled(), if !self.held.is_empty() => self.let_go(0),
            }
        }
    }

    async fn read(&self) -> Subscription {
        self.from.subscribe(self.queue).await.expect("a reader")
    }

    /// False when the rest of the batch is lost with its reader.
    async fn take(&mut self, reader: &mut Subscription, batch: Vec<Delivery>, honest: &CancellationToken) -> bool {
        for delivery in &batch {
            self.ledger.arrived(self.queue, &delivery.message_id, &delivery.body);
        }
        if self.hears < batch.len() && self.ledger.count(self.queue, Fate::Unconfirmed) == 0 {
            self.turn_deaf(&batch).await;
            return false;
        }
        self.hears = self.hears.saturating_sub(batch.len());
        for delivery in batch {
            let fate = if honest.is_cancelled() { Fate::Passed } else { self.throw() };
            self.ledger.note(self.queue, fate);
            let times = match fate {
                Fate::Passed => 1,
                Fate::Doubled => self.rng.usize(2..=4),
                Fate::HeldBack | Fate::Forgotten => 0,
                Fate::Dropped | Fate::Unconfirmed => return false,
            };
            let message = self.outgoing(&delivery);
            (0..times).for_each(|_| self.owe(message.clone()));
            if fate == Fate::HeldBack {
                self.ledger.owes();
                self.held.push(message);
            }
            reader.ack_up_to(&delivery).await;
            if self.rng.u8(0..4) == 0 {
                self.let_go(MAX_HELD.min(self.held.len().saturating_sub(1)));
            }
        }
        true
    }

    fn throw(&mut self) -> Fate {
        match self.rng.u8(0..100) {
            0..12 => Fate::Doubled,
            12..32 => Fate::HeldBack,
            32..39 => Fate::Forgotten,
            39..44 => Fate::Dropped,
            _ => Fate::Passed,
        }
    }

    /// Keeps messages without a confirm until the sender has given them up and its sweep sends them again.
    async fn turn_deaf(&self, batch: &[Delivery]) {
        let first = Uuid::try_parse(&batch[0].message_id).expect("an event's id");
        let lease = async || {
            let row = outbox::Entity::find_by_id(first).one(self.database.reader()).await;
            row.expect("an answer").map(|row| row.lease_until)
        };
        let before = lease().await;
        // When nobody sweeps it lasts to its end, and what was kept never comes again.
        let _ = within(DEAF_AT_MOST, async || lease().await > before).await;
        batch.iter().for_each(|_| self.ledger.note(self.queue, Fate::Unconfirmed));
    }

    /// Sends on what is held back until no more than so many are left, in any order.
    fn let_go(&mut self, left: usize) {
        while self.held.len() > left {
            let message = self.held.swap_remove(self.rng.usize(0..self.held.len()));
            self.deliver(message);
        }
    }

    fn owe(&mut self, message: Outgoing) {
        self.ledger.owes();
        self.deliver(message);
    }

    fn deliver(&mut self, message: Outgoing) {
        let (to, ledger, queue) = (self.to.clone(), self.ledger.clone(), self.queue);
        self.delivering.spawn_local(async move {
            while to.publish(message.clone()).await.is_err() {}
            ledger.delivered(queue, &message.body);
        });
    }

    fn outgoing(&self, delivery: &Delivery) -> Outgoing {
        Outgoing {
            message_id: delivery.message_id.clone(),
            queue: self.queue.to_owned(),
            body: delivery.body.clone(),
            trace_parent: delivery.trace_parent.clone(),
            redelivered: delivery.redelivered,
        }
    }
}
