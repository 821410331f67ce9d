//! Group commit: orders that arrive while a transaction is being written share the next one, so the busier it is, the less
//! each costs. There is no batching delay: an order that finds nobody writing is written at once. The commit slot passes on
//! when the commit begins. `batch` writes a transaction.

use super::{
    NewOrder, batch,
    pending::{Outcome, PendingOrder},
};
use comanda_context::{deadline, error::ApiError, language::Language, permit};
use comanda_events::relay::EventPublisher;
use comanda_failpoint as failpoint;
use comanda_proto::orders::v1::Order;
use comanda_storage::{
    database::{self, Database, Transaction},
    idempotency::{self, IdempotencyKey, StoredResponse},
};
use futures_util::FutureExt;
use parking_lot::{Mutex, MutexGuard};
use sea_orm::DbErr;
use std::{collections::VecDeque, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{sync::oneshot, task::JoinSet, time::Instant};
use tonic::Status;
use tracing::Span;

/// The most orders of one transaction: how long it holds a shop's counter must stay bounded.
const MAX_BATCH: usize = 64;
/// A database that says nothing is given up, or those who come later would wait behind one who has much time.
const COMMIT_TIMEOUT: Duration = deadline::DEFAULT;

/// Stores orders by group commit. Cloning shares it.
#[derive(Clone)]
pub struct OrderBatcher(Arc<Inner>);

struct Inner {
    database: Database,
    publisher: EventPublisher,
    line: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    pending: VecDeque<PendingOrder>,
    /// Whether somebody holds the commit slot.
    storing: bool,
}

impl OrderBatcher {
    /// For a database, whose commits are announced.
    pub fn new(database: Database, publisher: EventPublisher) -> Self {
        Self(Arc::new(Inner { database, publisher, line: Mutex::default() }))
    }

    /// Stores an order, once for each key. A caller who goes away meanwhile finds the answer under his key.
    pub async fn place(&self, key: &IdempotencyKey, order: NewOrder) -> Result<StoredResponse<Order>, Status> {
        let (answer, answered) = oneshot::channel();
        let deadline = deadline::current().unwrap_or_else(|| Instant::now() + deadline::DEFAULT);
        let (language, span) = (Language::current(), Span::current());
        self.enqueue(PendingOrder {
            key: key.clone(),
            order,
            language,
            span,
            deadline,
            _permit: permit::current(),
            answer,
        });
        let database = &self.0.database;
        // Nobody answers for an order that was too late, or whose transaction panicked.
        match answered.await.unwrap_or_else(|_| Outcome::Failed(ApiError::internal())) {
            Outcome::Accepted(reply) => Ok(StoredResponse { reply: *reply, replayed: false }),
            Outcome::Refused(refusal) => Err(refusal),
            Outcome::AnsweredBefore => {
                idempotency::find_replay(database, key).await?.ok_or_else(|| ApiError::unavailable("database").into())
            }
            Outcome::Failed(fault) => idempotency::refuse(database, key, fault).await,
        }
    }

    fn enqueue(&self, pending: PendingOrder) {
        let mut line = self.line();
        line.pending.push_back(pending);
        if !line.storing {
            line.storing = true;
            tokio::spawn(self.clone().store_next());
        }
    }

    fn line(&self) -> MutexGuard<'_, Queue> {
        self.0.line.lock()
    }

    /// Stores the next batch. A panic fails this batch only.
    async fn store_next(self) {
        let slot = CommitSlot(self.clone());
        let work = AssertUnwindSafe(self.store_some(slot)).catch_unwind();
        if matches!(failpoint::sever("store", work).await, Some(Err(_))) {
            metrics::counter!("comanda_panics_total").increment(1);
            tracing::error!("storing orders panicked");
        }
    }

    /// Takes its connection first: orders that arrive meanwhile join the batch.
    async fn store_some(&self, slot: CommitSlot) {
        let begun = self.0.database.begin().await;
        let pending = self.next();
        if pending.is_empty() {
            return;
        }
        match begun {
            Ok(txn) => self.store(txn, pending, slot).await,
            Err(error) => fail(pending, &database::fault(&error)),
        }
    }

    /// The next batch, as many as one transaction takes, without those whose deadline has passed.
    fn next(&self) -> Vec<PendingOrder> {
        let mut line = self.line();
        let (count, now) = (line.pending.len().min(MAX_BATCH), Instant::now());
        line.pending.drain(..count).filter(|pending| pending.deadline > now).collect()
    }

    /// Stores orders together, or, when the database refuses that, one by one: it may be for one of them alone.
    async fn store(&self, txn: Transaction, pending: Vec<PendingOrder>, slot: CommitSlot) {
        let Err((error, pending)) = self.try_to_store(txn, pending, Some(slot)).await else { return };
        if pending.len() == 1 {
            return fail(pending, &database::fault(&error));
        }
        tracing::warn!(%error, orders = pending.len(), "orders cannot be stored together; storing them one by one");
        let each = pending.into_iter().map(|pending| self.clone().store_alone(pending));
        each.collect::<JoinSet<()>>().join_all().await;
    }

    async fn store_alone(self, pending: PendingOrder) {
        let tried = match self.0.database.begin().await {
            Ok(txn) => self.try_to_store(txn, vec![pending], None).await,
            Err(error) => Err((error, vec![pending])),
        };
        if let Err((error, pending)) = tried {
            fail(pending, &database::fault(&error));
        }
    }

    /// Stores orders in one transaction and answers their callers; gives them back when the database fails.
    async fn try_to_store(
        &self,
        txn: Transaction,
        pending: Vec<PendingOrder>,
        slot: Option<CommitSlot>,
    ) -> Result<(), (DbErr, Vec<PendingOrder>)> {
        let latest = pending.iter().map(|pending| pending.deadline).max().unwrap_or_else(Instant::now);
        let until = latest.min(Instant::now() + COMMIT_TIMEOUT);
        let work = deadline::scope(until, batch::store(txn, &self.0.publisher, &pending, slot)).await;
        match work {
            Some(Ok(outcomes)) => {
                // Whoever is gone asks again with his key.
                pending.into_iter().zip(outcomes).for_each(|(pending, outcome)| drop(pending.answer.send(outcome)));
                Ok(())
            }
            Some(Err(error)) => Err((error, pending)),
            None => {
                fail(pending, &ApiError::unavailable("database"));
                Ok(())
            }
        }
    }
}

/// The right to write the next transaction; dropping it hands it to the orders that wait.
pub struct CommitSlot(OrderBatcher);

impl Drop for CommitSlot {
    fn drop(&mut self) {
        let mut line = self.0.line();
        line.storing = !line.pending.is_empty();
        if line.storing {
            tokio::spawn(self.0.clone().store_next());
        }
    }
}

fn fail(pending: Vec<PendingOrder>, fault: &ApiError) {
    pending.into_iter().for_each(|pending| drop(pending.answer.send(Outcome::Failed(fault.clone()))));
}

#[cfg(test)]
mod tests;
