//! The verbs against the table: an order comes, again or late, baristas tap what they saw now or a while ago, someone
//! cancels. After each of it the database holds the path and nothing else.

use super::{
    any_pause, holds,
    model::{Action, Model, Said, any_action},
};
use crate::{
    advance::{Advance, AdvanceError, complete_line::CompleteLine},
    cancel::Cancel,
    receive::{NewTicket, receive_one},
    store::{self, ticket},
    test_db::{self, new_ticket, ready_with_last_line},
    ticket::Forbidden,
};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_auth::caller::Caller;
use comanda_events::{outbox, relay::CommitEffects};
use comanda_proto::r#type::v1::{
    Actor::Customer,
    OrderState::{Cancelled, Received},
};
use comanda_storage::{database::Transaction, idempotency::IdempotentCommand, test_db::TestDb};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseError};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

const CASES: u32 = 150;
const LONGEST: usize = 25;

/// One order, and what is done about it.
struct Story {
    /// Of the whole story, and never committed: what costs time is the disk, and it adds nothing here.
    txn: Transaction,
    new: NewTicket,
    shown: Model,
}

impl Story {
    async fn begin(test_db: &TestDb, with_last_line: bool) -> Self {
        let txn = test_db.database.begin().await.expect("a transaction");
        let new = if with_last_line { ready_with_last_line() } else { new_ticket() };
        Self { txn, new, shown: Model::of(with_last_line) }
    }

    /// Within a savepoint, as a transaction of its own; what is refused is rolled back.
    async fn act(&self, action: Action, seen: i64, now: DateTime<Utc>) -> Said {
        let (new, order_id) = (self.new.clone(), self.new.order_id());
        let txn = &self.txn;
        txn.execute_unprepared("SAVEPOINT step").await.expect("a savepoint");
        let said = match action {
            Action::Receive => receive_one(txn, now, &new).await.map_err(AdvanceError::from),
            Action::Tap(step, _) => told_of(
                Advance { order_id, seen, step, reason: String::new(), caller: Caller::Service }.decide(txn, now).await,
            ),
            Action::Tick(line, done) => {
                let caller = Caller::Service;
                told_of(CompleteLine { order_id, line: line as i32, done, caller }.decide(txn, now).await)
            }
            Action::Cancel(actor) => {
                told_of(Cancel { new, shown: Received, by: actor.into(), reason: String::new() }.decide(txn, now).await)
            }
        };
        if said.is_err() {
            txn.execute_unprepared("ROLLBACK TO step").await.expect("rolled back");
        }
        match said {
            Ok(effects) => {
                txn.execute_unprepared("RELEASE step").await.expect("kept");
                let revisions = effects.hints.iter().map(|hint| hint.revision).collect();
                Said::Yes(effects.events.len(), revisions)
            }
            Err(AdvanceError::NotFound | AdvanceError::NoLine) => Said::NotFound,
            Err(AdvanceError::Changed { revision, state, .. }) => Said::Changed(revision, state),
            Err(AdvanceError::Forbidden { .. }) => Said::Forbidden(Forbidden::Transition),
            Err(AdvanceError::ReopenWindowClosed) => Said::Forbidden(Forbidden::ReopenWindowClosed),
            Err(AdvanceError::UndoWindowClosed) => Said::Forbidden(Forbidden::UndoWindowClosed),
            Err(AdvanceError::Database(error)) => panic!("{error}"),
        }
    }

    /// Holds the database to what was told.
    async fn check(&self) -> Result<(), TestCaseError> {
        let (database, order_id) = (&self.txn, self.new.order_id());
        let stored = store::find(database, order_id).await.expect("an answer");
        let standing =
            |stored: &ticket::Model| (stored.order_state(), stored.acknowledged, stored.open, stored.revision);
        let expected =
            self.shown.life.map(|life| (life.state, life.acknowledged, life.is_open(), self.shown.revision()));
        prop_assert_eq!(stored.as_ref().map(standing), expected);
        let done = stored.as_ref().map(|stored| stored.lines.0.iter().map(|line| line.done).collect::<Vec<_>>());
        prop_assert_eq!(done, self.shown.life.map(|_| self.shown.done.to_vec()), "the ticks");
        let history = store::history(database, order_id).await.expect("an answer");
        let revisions: Vec<_> = history.iter().map(|step| step.revision).collect();
        prop_assert_eq!(revisions, (1..=self.shown.revision()).collect::<Vec<_>>(), "one row for each revision");
        let path: Vec<_> = history.iter().map(|step| (step.from_state, step.to_state)).collect();
        let expected: Vec<_> = self.shown.path.iter().map(|(from, to)| (*from as i16, *to as i16)).collect();
        prop_assert_eq!(&path, &expected);
        prop_assert!(path.windows(2).all(|pair| pair[0].1 == pair[1].0), "each step begins where the last one led");
        prop_assert_eq!(path.last().map(|(_, to)| *to), stored.map(|stored| stored.state), "the last step leads here");
        let subject = outbox::Column::Subject.eq(order_id.to_string());
        let events = outbox::Entity::find().filter(subject).count(database).await.expect("an answer");
        prop_assert_eq!(events, self.shown.events, "every change and every repeat of the order tells Orders");
        Ok(())
    }
}

fn told_of<R>(said: Result<(R, CommitEffects), AdvanceError>) -> Result<CommitEffects, AdvanceError> {
    said.map(|(_, effects)| effects)
}

async fn live(
    test_db: &TestDb,
    (with_last_line, actions): (bool, Vec<(Action, TimeDelta)>),
) -> Result<(), TestCaseError> {
    let mut story = Story::begin(test_db, with_last_line).await;
    let mut now = DateTime::UNIX_EPOCH;
    for (action, pause) in actions {
        now += pause;
        let seen = match action {
            Action::Tap(_, behind) => story.shown.revision() - behind,
            Action::Receive | Action::Cancel(_) | Action::Tick(..) => 0,
        };
        let was_cancelled = story.shown.life.is_some_and(|life| life.state == Cancelled);
        let expected = story.shown.expect(action, seen, now);
        prop_assert_eq!(story.act(action, seen, now).await, expected, "{:?}", action);
        story.check().await?;
        let is_cancelled = story.shown.life.is_some_and(|life| life.state == Cancelled);
        prop_assert!(is_cancelled || !was_cancelled, "a cancellation is final");
    }
    Ok(())
}

#[test]
fn the_database_holds_the_path_and_nothing_else() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let test_db = runtime.block_on(test_db::empty());
    let any_life = (any::<bool>(), vec((any_action(), any_pause()), 0..LONGEST));
    holds(CASES, any_life, |life| runtime.block_on(live(&test_db, life)));
}

/// Whatever comes first, comes again or comes late: a ticket born of a cancellation never moves.
#[test]
fn what_is_cancelled_before_it_exists_never_moves() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let test_db = runtime.block_on(test_db::empty());
    holds(CASES / 2, (any_pause(), vec((any_action(), any_pause()), 0..LONGEST)), |(pause, mut actions)| {
        actions.insert(0, (Action::Cancel(Customer), pause));
        runtime.block_on(async {
            let story = Story::begin(&test_db, false).await;
            let mut now = DateTime::UNIX_EPOCH;
            for (action, pause) in actions {
                now += pause;
                story.act(action, 1, now).await;
                let stored = store::find(&story.txn, story.new.order_id()).await.expect("an answer");
                let stored = stored.expect("a ticket");
                prop_assert_eq!(
                    (stored.order_state(), stored.open, stored.revision),
                    (Cancelled, false, 1),
                    "{:?}",
                    action
                );
            }
            Ok(())
        })
    });
}
