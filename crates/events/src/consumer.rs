//! The consumer: hands events to a verb and acknowledges them only once their transaction has committed.
//!
//! A batch that is all well goes through in one transaction. If anything is odd, its messages are handled one by one:
//! each attempt is counted before it is made, poison is buried so that its neighbours get through, and a database that
//! does not answer makes the consumer step back for a standby.

use crate::{
    broker::{Broker, Delivery, Subscription},
    dead_letter, delivery_attempt,
    relay::{CommitEffects, EventPublisher},
};
use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, Utc};
use comanda_failpoint as failpoint;
use comanda_proto::events::v1::{Event, event::Payload};
use comanda_storage::{
    database::{Database, Transaction, sqlstate},
    idempotency::Subscribers,
};
use comanda_telemetry::trace;
use prost::Message;
use sea_orm::{ConnAcquireErr, ConnectionTrait, DbBackend, DbErr};
use std::{future::ready, time::Duration};
use thiserror::Error;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{Span, field::Empty};

const MAX_ATTEMPTS: i32 = 5;
const BACKOFF: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(50))
    .with_max_delay(Duration::from_secs(1))
    .without_max_times();
/// A broker that stays away is logged that often.
const LOG_INTERVAL: Duration = Duration::from_secs(60);
/// After that long without a database, another replica should try.
const YIELD_AFTER: Duration = Duration::from_secs(5);

/// Why an event can never be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidEvent(String);

impl From<&str> for InvalidEvent {
    fn from(why: &str) -> Self {
        Self(why.to_owned())
    }
}

impl From<String> for InvalidEvent {
    fn from(why: String) -> Self {
        Self(why)
    }
}

/// What a queue's events do to a service.
pub trait Handler: Send + Sync + 'static {
    /// A valid event.
    type Input: Send + Sync;

    /// Checks an event before any transaction, and names the order it is about.
    ///
    /// # Errors
    /// Why it can never be processed.
    fn check(&self, payload: Payload) -> Result<(String, Self::Input), InvalidEvent>;

    /// Applies events as if one came after the other. Repeats and late arrivals must do no harm.
    ///
    /// # Errors
    /// [`DbErr::Custom`] with the reason when an event can never be applied: asked again for each alone, it becomes a dead
    /// letter at once, and its neighbours are applied. Any other error is the database's, and the events are tried again.
    fn apply(
        &self,
        txn: &Transaction,
        now: DateTime<Utc>,
        events: &[Incoming<'_, Self::Input>],
    ) -> impl Future<Output = Result<CommitEffects, DbErr>> + Send;

    /// The same as one statement that commits by itself, where that is possible: `None` when it takes a transaction.
    fn apply_at_once(
        &self,
        _database: &Database,
        _events: &[Incoming<'_, Self::Input>],
    ) -> impl Future<Output = Option<Result<CommitEffects, DbErr>>> + Send {
        ready(None)
    }
}

/// A valid event, and the span within which its consequences belong.
pub struct Incoming<'a, I> {
    /// The event.
    pub input: &'a I,
    /// Of its trace.
    pub span: Span,
}

/// Reads one queue for one service.
pub struct Consumer<H> {
    /// The queue.
    pub queue: &'static str,
    /// Where it is.
    pub broker: Broker,
    /// The service's database.
    pub database: Database,
    /// Told after each commit.
    pub publisher: EventPublisher,
    /// The service's verb.
    pub handler: H,
}

/// A message, and what is known of it before any transaction.
pub(crate) struct Checked<I> {
    delivery: Delivery,
    subject: String,
    /// The event, or why it can only be buried.
    pub(crate) input: Result<I, InvalidEvent>,
}

#[derive(Debug, Error)]
#[error("the database does not answer")]
struct StepBack;

impl<H: Handler> Consumer<H> {
    /// Runs until `shutdown`, with the backstop beside it.
    pub async fn run(self, shutdown: CancellationToken) {
        let work = async { tokio::join!(self.supervise(self.queue, Self::check), self.bury_given_up()) };
        shutdown.run_until_cancelled(work).await;
    }

    /// Reads a queue for ever, its messages judged by `check`.
    pub(crate) async fn supervise(&self, queue: &str, check: fn(&Self, Delivery) -> Checked<H::Input>) {
        let mut pauses = BACKOFF.build();
        let mut complained: Option<Instant> = None;
        loop {
            // Only a replica whose database commits may be the one that gets the messages.
            match answered(failpoint::sever("probe", self.probe(queue))).await {
                Ok(()) => match self.broker.subscribe(queue).await {
                    Ok(subscription) => {
                        tracing::info!(queue, "reading the queue");
                        (pauses, complained) = (BACKOFF.build(), None);
                        self.drain(subscription, check).await;
                    }
                    Err(error) if complained.is_none_or(|at| at.elapsed() > LOG_INTERVAL) => {
                        tracing::warn!(%error, queue, "cannot read the queue, trying again");
                        complained = Some(Instant::now());
                    }
                    Err(error) => tracing::debug!(%error, queue, "still cannot read the queue"),
                },
                Err(error) => tracing::warn!(%error, queue, "the database does not commit"),
            }
            sleep(pauses.next().unwrap_or_default()).await;
        }
    }

    async fn probe(&self, queue: &str) -> Result<(), DbErr> {
        delivery_attempt::count(self.database.writer(), queue, "probe").await?;
        delivery_attempt::clear(self.database.writer(), queue, "probe").await
    }

    /// Ends when the subscription is over, or when the database is away for too long.
    async fn drain(&self, mut subscription: Subscription, check: fn(&Self, Delivery) -> Checked<H::Input>) {
        while let Some(batch) = subscription.next_batch().await {
            let batch: Vec<_> = batch.into_iter().map(|delivery| check(self, delivery)).collect();
            // A database that says nothing at all must not hold the queue either. An attempt given up may yet commit,
            // and that does no harm.
            let work = failpoint::sever("consumer", self.handle_together(&batch));
            let pack = timeout(YIELD_AFTER, work).await.ok().flatten();
            // What is handled one by one is acknowledged one by one, too: RabbitMQ closes the channel of whoever
            // acknowledges anything twice.
            if pack.unwrap_or(false) {
                if let Some(last) = batch.last() {
                    subscription.ack_up_to(&last.delivery).await;
                }
            } else if let Err(StepBack) = self.handle_one_by_one(&batch, &mut subscription).await {
                tracing::warn!(queue = self.queue, "stepping back until the database answers");
                return;
            }
        }
    }

    /// Checks a message before any transaction, and finds out which order it is about.
    pub(crate) fn check(&self, delivery: Delivery) -> Checked<H::Input> {
        let payload = Event::decode(delivery.body.as_slice())
            .map_err(|error| InvalidEvent(format!("no event: {error}")))
            .and_then(|event| event.payload.ok_or_else(|| "an event of an unknown type".into()));
        match payload.and_then(|payload| self.handler.check(payload)) {
            Ok((subject, input)) => Checked { delivery, subject, input: Ok(input) },
            Err(reason) => Checked { subject: delivery.message_id.clone(), delivery, input: Err(reason) },
        }
    }

    /// The ordinary way: all in one transaction. False when it has to be done one by one.
    async fn handle_together(&self, batch: &[Checked<H::Input>]) -> bool {
        if batch.iter().any(|checked| checked.input.is_err() || checked.delivery.redelivered) {
            return false;
        }
        match self.apply_all(batch).await {
            Ok(effects) => {
                self.publisher.notify(effects);
                true
            }
            Err(error) => {
                tracing::debug!(%error, queue = self.queue, "a batch failed; handling its messages one by one");
                false
            }
        }
    }

    /// Applies what is valid, in one transaction or in one statement.
    async fn apply_all(&self, batch: &[Checked<H::Input>]) -> Result<CommitEffects, DbErr> {
        let mut events = Vec::with_capacity(batch.len());
        for checked in batch {
            let Ok(input) = &checked.input else { continue };
            let span = tracing::info_span!("consume", otel.name = self.queue, otel.kind = "consumer", trace_id = Empty);
            trace::continue_from(&span, checked.delivery.trace_parent.as_deref());
            failpoint::carry("consumer.applying", &checked.delivery.body);
            events.push(Incoming { input, span });
        }
        if let Some(applied) = self.handler.apply_at_once(&self.database, &events).await {
            failpoint::reach("consumer.committed");
            return applied;
        }
        let (txn, now) = self.database.begin_now().await?;
        let effects = self.handler.apply(&txn, now, &events).await?;
        failpoint::reach("consumer.before_commit");
        txn.commit().await?;
        failpoint::reach("consumer.committed");
        Ok(effects)
    }

    async fn handle_one_by_one(
        &self,
        batch: &[Checked<H::Input>],
        subscription: &mut Subscription,
    ) -> Result<(), StepBack> {
        for checked in batch {
            let started = Instant::now();
            let mut pauses = BACKOFF.build();
            while let Err(error) = answered(failpoint::sever("settle", self.settle(checked))).await {
                tracing::warn!(%error, queue = self.queue, message_id = checked.delivery.message_id, "trying again");
                if started.elapsed() > YIELD_AFTER {
                    return Err(StepBack);
                }
                sleep(pauses.next().unwrap_or_default()).await;
            }
            subscription.ack_up_to(&checked.delivery).await;
        }
        Ok(())
    }

    /// Brings one message to its end: applied, or buried. An error means that it must be tried again.
    async fn settle(&self, checked: &Checked<H::Input>) -> Result<(), DbErr> {
        let message_id = &checked.delivery.message_id;
        if let Err(reason) = &checked.input {
            return self.bury(checked, &reason.to_string()).await;
        }
        let attempts = delivery_attempt::count(self.database.writer(), self.queue, message_id).await?;
        if attempts > MAX_ATTEMPTS {
            return self.bury(checked, &format!("gave up after {MAX_ATTEMPTS} attempts")).await;
        }
        match self.apply_all(std::slice::from_ref(checked)).await {
            Ok(effects) => {
                self.publisher.notify(effects);
                delivery_attempt::clear(self.database.writer(), self.queue, message_id).await
            }
            Err(DbErr::Custom(reason)) => self.bury(checked, &reason).await,
            Err(error) if is_poison(self.database.writer().get_database_backend(), &error) => {
                self.bury(checked, &error.to_string()).await
            }
            Err(error) if is_passing(self.database.writer().get_database_backend(), &error) => {
                // The moment's fault, not the message's: such an attempt does not count.
                delivery_attempt::clear(self.database.writer(), self.queue, message_id).await?;
                Err(error)
            }
            Err(error) if attempts == MAX_ATTEMPTS => self.bury(checked, &error.to_string()).await,
            Err(error) => Err(error),
        }
    }

    /// Keeps a message aside, for a person to look at. How often it was tried stays known: it comes again if this
    /// process dies before it has settled the others that came in one message with it, and must not kill the next one
    /// for that.
    async fn bury(&self, checked: &Checked<H::Input>, reason: &str) -> Result<(), DbErr> {
        let Delivery { message_id, body, .. } = &checked.delivery;
        let (txn, now) = self.database.begin_now().await?;
        dead_letter::bury(&txn, now, self.queue, &checked.subject, reason, body).await?;
        txn.commit().await?;
        metrics::counter!("comanda_dead_letters_total", "queue" => self.queue).increment(1);
        tracing::error!(queue = self.queue, message_id, reason, "a message became a dead letter");
        Ok(())
    }
}

/// Waits for the database, but not for ever.
async fn answered<T>(work: impl Future<Output = Option<Result<T, DbErr>>>) -> Result<T, DbErr> {
    let silent = || Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
    timeout(YIELD_AFTER, work).await.ok().flatten().unwrap_or_else(silent)
}

/// A database that is away, busy or full: PostgreSQL's classes 08, 40, 53 and 58, and single codes for lock time-outs
/// and shutdowns, and a primary that takes no writes; SQLite's busy, locked, out of memory, read-only, interrupted,
/// I/O, full and cannot open. So is whatever never reached the database.
fn is_passing(backend: DbBackend, error: &DbErr) -> bool {
    const SQLITE_PASSING: [u32; 9] = [5, 6, 7, 8, 9, 10, 13, 14, 15];
    match sqlstate(error) {
        Some(code) if backend == DbBackend::Postgres => {
            ["08", "40", "53", "58", "55P03", "57P", "25P03", "25006"].iter().any(|class| code.starts_with(class))
        }
        Some(code) => code.parse::<u32>().is_ok_and(|code| SQLITE_PASSING.contains(&(code & 0xff))),
        None => matches!(error, DbErr::Conn(_) | DbErr::ConnectionAcquire(_) | DbErr::Exec(_) | DbErr::Query(_)),
    }
}

/// Data that the database can never take: SQLSTATE class 22 (data exception) and 23 (constraint), or SQLite's
/// counterparts.
fn is_poison(backend: DbBackend, error: &DbErr) -> bool {
    const SQLITE_TOO_BIG: u32 = 18;
    const SQLITE_CONSTRAINT: u32 = 19;
    const SQLITE_MISMATCH: u32 = 20;
    let Some(code) = sqlstate(error) else { return false };
    match backend {
        DbBackend::Postgres => code.starts_with("22") || code.starts_with("23"),
        _ => code
            .parse::<u32>()
            .is_ok_and(|code| [SQLITE_TOO_BIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH].contains(&(code & 0xff))),
    }
}

#[cfg(test)]
mod tests;
