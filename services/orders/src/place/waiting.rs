//! Who waits together is stored together. An order that finds nobody storing is stored at once; those that come while
//! others are being stored wait for their turn and share it, so the busier it is, the less each costs. A turn ends when its
//! commit begins. Nothing waits for company. What is stored, and what not, is for `batch` to say.

use super::{Place, batch};
use comanda_context::{
    deadline,
    error::Fault,
    language::Language,
    permit::{self, Permit},
};
use comanda_events::relay::Announcer;
use comanda_failpoint as failpoint;
use comanda_proto::orders::v1::Order;
use comanda_storage::{
    database::{self, Database, Transaction},
    idempotency::{self, Answer, RequestKey},
};
use futures_util::FutureExt;
use sea_orm::DbErr;
use std::{
    collections::VecDeque,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::oneshot, task::JoinSet, time::Instant};
use tonic::Status;
use tracing::Span;

/// The most orders of one transaction: how long it holds a shop's counter must stay bounded.
const MOST: usize = 64;
/// A database that says nothing is given up, or those who come later would wait behind one who has much time.
const PATIENCE: Duration = deadline::DEFAULT;

/// An order that waits to be stored, and all that its caller's call knows and a transaction of many does not.
pub struct Asked {
    pub key: RequestKey,
    pub place: Place,
    pub language: Language,
    pub span: Span,
    deadline: Instant,
    /// Its caller's, until it is stored, though the caller may be gone.
    _permit: Option<Arc<Permit>>,
    answer: oneshot::Sender<Outcome>,
}

#[cfg(test)]
impl Asked {
    /// One whose answer nobody awaits.
    pub fn by_nobody(request_id: &str, place: Place) -> Self {
        let key = RequestKey::new(request_id, "PlaceOrder", &()).expect("a UUID");
        let (answer, _) = oneshot::channel();
        let deadline = Instant::now() + deadline::DEFAULT;
        Self { key, place, language: Language::Portuguese, span: Span::none(), deadline, _permit: None, answer }
    }
}

/// What became of an order.
#[derive(Debug)]
pub enum Outcome {
    /// It is stored.
    Accepted(Order),
    /// It is not, and that is final and stored.
    Refused(Status),
    /// Its key was answered before, or is the key of a neighbour.
    AnsweredBefore,
    /// The database failed.
    Failed(Fault),
}

/// Takes orders in. Cloning shares it.
#[derive(Clone)]
pub struct Waiting(Arc<Inner>);

struct Inner {
    database: Database,
    announcer: Announcer,
    line: Mutex<Line>,
}

#[derive(Default)]
struct Line {
    asked: VecDeque<Asked>,
    /// Whether it is somebody's turn.
    storing: bool,
}

impl Waiting {
    /// For a database, whose commits are announced.
    pub fn new(database: Database, announcer: Announcer) -> Self {
        Self(Arc::new(Inner { database, announcer, line: Mutex::default() }))
    }

    /// Stores an order, once for each key. A caller who goes away meanwhile finds the answer under his key.
    pub async fn place(&self, key: &RequestKey, place: Place) -> Result<Answer<Order>, Status> {
        let (answer, answered) = oneshot::channel();
        let deadline = deadline::current().unwrap_or_else(|| Instant::now() + deadline::DEFAULT);
        let (language, span) = (Language::current(), Span::current());
        self.line_up(Asked { key: key.clone(), place, language, span, deadline, _permit: permit::current(), answer });
        let database = &self.0.database;
        // Nobody answers for an order that was too late, or whose transaction panicked.
        match answered.await.unwrap_or_else(|_| Outcome::Failed(Fault::internal())) {
            Outcome::Accepted(reply) => Ok(Answer { reply, replayed: false }),
            Outcome::Refused(refusal) => Err(refusal),
            Outcome::AnsweredBefore => {
                idempotency::earlier(database, key).await?.ok_or_else(|| Fault::unavailable("database").into())
            }
            Outcome::Failed(fault) => idempotency::refuse(database, key, fault).await,
        }
    }

    fn line_up(&self, asked: Asked) {
        let mut line = self.line();
        line.asked.push_back(asked);
        if !line.storing {
            line.storing = true;
            tokio::spawn(self.clone().store_next());
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores those who are next. A panic costs them and no others.
    async fn store_next(self) {
        let turn = Turn(self.clone());
        let work = AssertUnwindSafe(self.store_some(turn)).catch_unwind();
        if matches!(failpoint::sever("store", work).await, Some(Err(_))) {
            metrics::counter!("comanda_panics_total").increment(1);
            tracing::error!("storing orders panicked");
        }
    }

    /// Takes its connection first, so that whoever comes meanwhile is of the party.
    async fn store_some(&self, turn: Turn) {
        let begun = self.0.database.begin().await;
        let asked = self.next();
        if asked.is_empty() {
            return;
        }
        match begun {
            Ok(txn) => self.store(txn, asked, turn).await,
            Err(error) => fail(asked, &database::fault(&error)),
        }
    }

    /// Those who are next, as many as one transaction takes. It is too late for those whose deadline has passed.
    fn next(&self) -> Vec<Asked> {
        let mut line = self.line();
        let (count, now) = (line.asked.len().min(MOST), Instant::now());
        line.asked.drain(..count).filter(|asked| asked.deadline > now).collect()
    }

    /// Stores orders together, or, when the database refuses that, one by one: it may be for one of them alone.
    async fn store(&self, txn: Transaction, asked: Vec<Asked>, turn: Turn) {
        let Err((error, asked)) = self.try_to_store(txn, asked, Some(turn)).await else { return };
        if asked.len() == 1 {
            return fail(asked, &database::fault(&error));
        }
        tracing::warn!(%error, orders = asked.len(), "orders cannot be stored together; storing them one by one");
        let each = asked.into_iter().map(|asked| self.clone().store_alone(asked));
        each.collect::<JoinSet<()>>().join_all().await;
    }

    async fn store_alone(self, asked: Asked) {
        let tried = match self.0.database.begin().await {
            Ok(txn) => self.try_to_store(txn, vec![asked], None).await,
            Err(error) => Err((error, vec![asked])),
        };
        if let Err((error, asked)) = tried {
            fail(asked, &database::fault(&error));
        }
    }

    /// Stores orders in one transaction and answers their callers; gives them back when the database fails.
    async fn try_to_store(
        &self,
        txn: Transaction,
        asked: Vec<Asked>,
        turn: Option<Turn>,
    ) -> Result<(), (DbErr, Vec<Asked>)> {
        let latest = asked.iter().map(|asked| asked.deadline).max().unwrap_or_else(Instant::now);
        let until = latest.min(Instant::now() + PATIENCE);
        let work = deadline::scope(until, batch::store(txn, &self.0.announcer, &asked, turn)).await;
        match work {
            Some(Ok(outcomes)) => {
                // Whoever is gone asks again with his key.
                asked.into_iter().zip(outcomes).for_each(|(asked, outcome)| drop(asked.answer.send(outcome)));
                Ok(())
            }
            Some(Err(error)) => Err((error, asked)),
            None => {
                fail(asked, &Fault::unavailable("database"));
                Ok(())
            }
        }
    }
}

/// The turn to store orders. Who drops it passes it on to those who wait.
pub struct Turn(Waiting);

impl Drop for Turn {
    fn drop(&mut self) {
        let mut line = self.0.line();
        line.storing = !line.asked.is_empty();
        if line.storing {
            tokio::spawn(self.0.clone().store_next());
        }
    }
}

fn fail(asked: Vec<Asked>, fault: &Fault) {
    asked.into_iter().for_each(|asked| drop(asked.answer.send(Outcome::Failed(fault.clone()))));
}

#[cfg(test)]
mod tests;
