//! The relay: publishes what stands in the outbox. What this replica committed goes out at once; what is left over, by
//! this replica or another, is found by the sweep. The busier it is, the more events travel in one message.

use crate::{
    broker::{
        Broker, Outgoing,
        event_batch::{MAX_EVENTS, batches, pack},
    },
    dead_letter, outbox,
};
use comanda_context::periodic::every;
use comanda_failpoint as failpoint;
use comanda_proto::events::v1::Hint;
use comanda_storage::{
    database::{Database, now},
    idempotency::Subscribers,
};
use comanda_telemetry::{health::Health, trace};
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use sea_orm::{DbErr, prelude::Uuid};
use std::{future::pending, time::Duration};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;
use tracing::{Span, field::Empty};

const SWEEP_INTERVAL: Duration = Duration::from_secs(1);
const MEASURE_INTERVAL: Duration = Duration::from_secs(2);
/// A database that says nothing must not keep new events from being published.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(2);
/// Longer than a statement may take, its wait for a connection included.
const REMOVE_TIMEOUT: Duration = Duration::from_secs(20);
const REMOVE_BATCH_SIZE: usize = 1024;
/// How long confirmed rows are collected before one statement removes them. No caller waits for it, and a statement for
/// each row costs as much as storing it.
const REMOVE_DELAY: Duration = Duration::from_millis(20);
/// After a message, events are collected for so long and travel together. A message costs each of those whom it passes
/// as much as many events, and nobody who watches a board or a phone sees the difference.
const PUBLISH_INTERVAL: Duration = Duration::from_millis(20);
/// At a shutdown, calls that are under way may append until the server has ended, and longer than any of them.
const LAST_APPEND: Duration = Duration::from_secs(10);
/// Then so long for what is not confirmed yet.
const LAST_CONFIRM: Duration = Duration::from_millis(500);
/// Events under way at a time.
const WINDOW: usize = 1024;
/// The rows of transactions beyond that many are left to the sweep.
const WAKE_UP_BUFFER: usize = 1024;

/// What is told once a transaction has committed.
#[derive(Debug, Default)]
pub struct CommitEffects {
    /// Events that the transaction appended.
    pub events: Vec<outbox::Model>,
    /// What changed, for those who watch.
    pub hints: Vec<Hint>,
}

/// Hands announcements to the relay. Cloning shares it.
#[derive(Clone)]
pub struct EventPublisher {
    broker: Broker,
    wake: mpsc::Sender<Vec<outbox::Model>>,
}

impl Subscribers<CommitEffects> for EventPublisher {
    /// Publishes soon. Nothing is lost if the process dies here: the sweep finds the rows.
    fn notify(&self, effects: CommitEffects) {
        self.broker.hint(effects.hints);
        if !effects.events.is_empty() {
            // No room, or no relay any more: the sweep finds them.
            let _ = self.wake.try_send(effects.events);
        }
    }
}

/// The events of one message, and whether the broker has confirmed it.
struct Published {
    events: Vec<Uuid>,
    confirmed: bool,
}

/// Publishes the outbox of one database.
pub struct Relay {
    database: Database,
    broker: Broker,
    wake: mpsc::Receiver<Vec<outbox::Model>>,
    publishing: FuturesUnordered<BoxFuture<'static, Published>>,
    /// When the next message may go.
    publish_from: Instant,
    /// Events under way.
    in_flight: usize,
    /// What is confirmed and not removed yet.
    confirmed: Vec<Uuid>,
    /// When that is removed.
    remove_at: Option<Instant>,
    /// A task, not a future of this loop: one that waits for a connection while the loop waits for another would block
    /// it. One at a time, so that the busier it is, the more rows each commit removes.
    removing: JoinSet<()>,
}

impl Relay {
    /// A relay and the handle to wake it.
    #[must_use]
    pub fn new(database: Database, broker: Broker) -> (Self, EventPublisher) {
        let (sender, wake) = mpsc::channel(WAKE_UP_BUFFER);
        let publisher = EventPublisher { broker: broker.clone(), wake: sender };
        let (publishing, in_flight, confirmed, remove_at, removing) = Default::default();
        let publish_from = Instant::now();
        let relay =
            Self { database, broker, wake, publishing, publish_from, in_flight, confirmed, remove_at, removing };
        (relay, publisher)
    }

    /// Runs until `shutdown`, and shows how much waits at this service. What is appended before the last
    /// [`EventPublisher`] is dropped goes out, too; what is in flight then stays in the outbox.
    pub async fn run(mut self, service: &'static str, health: Health, shutdown: CancellationToken) {
        let (database, broker) = (self.database.clone(), self.broker.clone());
        let work = async { tokio::join!(self.publish_all(), measure(database, broker, service, &health)) };
        shutdown.run_until_cancelled(work).await;
        self.finish().await;
    }

    async fn publish_all(&mut self) {
        let mut sweep = every(SWEEP_INTERVAL);
        loop {
            let room = self.in_flight < WINDOW;
            let mut woken = Vec::new();
            tokio::select! {
                Some(outcome) = self.publishing.next() => self.settle(outcome),
                Some(_) = self.removing.join_next() => self.plan_removal(),
                () = until(self.remove_at), if self.removing.is_empty() => self.remove(),
                1.. = collect(&mut self.wake, &mut woken, self.publish_from), if room => {
                    // With more at hand than goes into one message there is nothing to wait for.
                    let delay = if woken.len() < MAX_EVENTS { PUBLISH_INTERVAL } else { Duration::ZERO };
                    self.publish_from = Instant::now() + delay;
                    self.publish(woken.into_iter().flatten().collect(), false);
                }
                // Never a condition on the broker here: nothing would wake this loop when it comes back. But one on
                // room: a claim for each row that is confirmed would cost more than the row.
                _ = sweep.tick(), if self.in_flight <= WINDOW / 2 => self.sweep(&mut sweep).await,
            }
        }
    }

    /// Publishes what still comes, without delay: nobody else would for as long as the rows' leases last.
    async fn finish(mut self) {
        let appended = async {
            loop {
                let mut woken = Vec::new();
                tokio::select! {
                    Some(outcome) = self.publishing.next() => self.note(outcome),
                    count = self.wake.recv_many(&mut woken, MAX_EVENTS) => match count {
                        0 => break,
                        _ => self.publish(woken.into_iter().flatten().collect(), false),
                    },
                }
            }
        };
        let _ = timeout(LAST_APPEND, appended).await;
        let confirmed = async {
            while let Some(outcome) = self.publishing.next().await {
                self.note(outcome);
            }
        };
        let _ = timeout(LAST_CONFIRM, confirmed).await;
        if !self.confirmed.is_empty() {
            self.remove();
        }
        let removed = async { while self.removing.join_next().await.is_some() {} };
        let _ = timeout(LAST_CONFIRM, removed).await;
    }

    /// Rows that were left over may have been published before, and what came of it is unknown.
    fn publish(&mut self, rows: Vec<outbox::Model>, redelivered: bool) {
        if !self.broker.is_connected() {
            // The sweep finds them when there is a broker again.
            return;
        }
        for rows in batches(rows, |row| &row.queue, |row| row.body.len()) {
            let (broker, events) = (self.broker.clone(), rows.iter().map(|row| row.event_id).collect::<Vec<_>>());
            self.in_flight += events.len();
            let (spans, messages): (Vec<_>, Vec<_>) = rows.into_iter().map(|row| outgoing(row, redelivered)).unzip();
            let publish = async move {
                let confirmed = match pack(messages) {
                    Some(message) => broker.publish(message).await.is_ok(),
                    None => false,
                };
                drop(spans);
                Published { events, confirmed }
            };
            self.publishing.push(publish.boxed());
        }
    }

    /// Notes what is confirmed, everything that is known by now, and has it removed.
    fn settle(&mut self, first: Published) {
        self.note(first);
        while let Some(Some(outcome)) = self.publishing.next().now_or_never() {
            self.note(outcome);
        }
        self.plan_removal();
    }

    fn plan_removal(&mut self) {
        let delay = if self.confirmed.len() < REMOVE_BATCH_SIZE { REMOVE_DELAY } else { Duration::ZERO };
        if !self.confirmed.is_empty() {
            let at = Instant::now() + delay;
            self.remove_at = Some(self.remove_at.map_or(at, |planned| planned.min(at)));
        }
    }

    fn note(&mut self, Published { events, confirmed }: Published) {
        self.in_flight -= events.len();
        if confirmed {
            self.confirmed.extend(events);
        }
    }

    /// Removes what is confirmed in one statement.
    fn remove(&mut self) {
        self.remove_at = None;
        failpoint::reach("relay.published");
        let confirmed: Vec<_> = self.confirmed.drain(..self.confirmed.len().min(REMOVE_BATCH_SIZE)).collect();
        let database = self.database.clone();
        self.removing.spawn(async move {
            let work = failpoint::sever("remove", outbox::remove(&database, confirmed));
            match timeout(REMOVE_TIMEOUT, work).await.ok().flatten() {
                Some(Ok(())) => {}
                Some(Err(error)) => {
                    tracing::warn!(%error, "confirmed events stay in the outbox; they will be published again");
                }
                None => tracing::warn!("the database does not answer; confirmed events will be published again"),
            }
        });
    }

    async fn sweep(&mut self, next: &mut tokio::time::Interval) {
        if !self.broker.is_connected() {
            return;
        }
        let room = WINDOW.saturating_sub(self.in_flight);
        let work = failpoint::sever("claim", claim(&self.database, room));
        match timeout(CLAIM_TIMEOUT, work).await.ok().flatten() {
            Some(Ok(rows)) => {
                if rows.len() == room {
                    next.reset_immediately();
                }
                if !rows.is_empty() {
                    failpoint::reach("relay.claimed");
                }
                self.publish(rows, true);
            }
            Some(Err(error)) => tracing::warn!(%error, "the outbox cannot be swept"),
            None => tracing::warn!("the outbox cannot be swept: the database does not answer"),
        }
    }
}

/// What is to be published, not before that time. What waits is lost to nobody if this is dropped.
async fn collect(
    wake: &mut mpsc::Receiver<Vec<outbox::Model>>,
    woken: &mut Vec<Vec<outbox::Model>>,
    from: Instant,
) -> usize {
    if Instant::now() < from {
        sleep_until(from).await;
    }
    wake.recv_many(woken, MAX_EVENTS).await
}

/// For ever without a time.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => pending().await,
    }
}

/// A row as a message, and the span that lasts until it is confirmed.
fn outgoing(row: outbox::Model, redelivered: bool) -> (Span, Outgoing) {
    let span = tracing::info_span!("publish", otel.name = %row.queue, otel.kind = "producer", trace_id = Empty);
    trace::continue_from(&span, row.trace_parent.as_deref());
    let trace_parent = span.in_scope(trace::current);
    let message_id = row.event_id.to_string();
    (span, Outgoing { message_id, queue: row.queue, body: row.body, trace_parent, redelivered })
}

/// Shows how much waits, whether the broker is there, and what was given up.
async fn measure(database: Database, broker: Broker, service: &'static str, health: &Health) {
    let mut looks = every(MEASURE_INTERVAL);
    loop {
        looks.tick().await;
        health.update_role(|role| role.servers = broker.server().into_iter().collect());
        if let Ok(dead) = dead_letter::count(database.reader()).await {
            metrics::gauge!("comanda_dead_letters", "service" => service).set(dead as f64);
            health.update_role(|role| role.backlog.get_or_insert_default().dead_letters = few(dead));
        }
        if let (Ok((waiting, oldest)), Ok(now)) =
            (outbox::backlog(database.reader()).await, now(database.reader()).await)
        {
            let age = oldest.map_or(0.0, |oldest| (now - oldest).as_seconds_f64().max(0.0));
            metrics::gauge!("comanda_outbox_events", "service" => service).set(waiting as f64);
            metrics::gauge!("comanda_outbox_oldest_seconds", "service" => service).set(age);
            health.show(format!("{service}_outbox"), [("events", waiting as f64), ("oldest_seconds", age)]);
            health.update_role(|role| {
                let backlog = role.backlog.get_or_insert_default();
                (backlog.outbox_events, backlog.outbox_oldest_seconds) = (few(waiting), age);
            });
        }
    }
}

/// The status counts in 32 bits, which JSON can carry as a number.
fn few(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

async fn claim(database: &Database, limit: usize) -> Result<Vec<outbox::Model>, DbErr> {
    let now = now(database.reader()).await?;
    outbox::claim_expired(database.writer(), now, limit as u64).await
}

#[cfg(test)]
mod tests;
