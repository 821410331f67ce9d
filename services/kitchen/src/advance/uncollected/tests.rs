use super::*;
use crate::{
    advance::Advance,
    receive::receive_one,
    test_db::{self, new_ticket_of},
};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_events::{broker::Broker, relay::Relay};
use comanda_proto::r#type::v1::OrderState::{self, Collected, Preparing, Ready, Received};
use comanda_storage::{idempotency::IdempotentCommand, test_db::TestDb};

/// A ticket that got so far at that time.
async fn ticket_after(test_db: &TestDb, id: u128, steps: &[Step], at: DateTime<Utc>) -> Uuid {
    let new = new_ticket_of(id);
    let txn = test_db.database.begin().await.expect("a transaction");
    receive_one(&txn, DateTime::UNIX_EPOCH, &new).await.expect("stored");
    for (seen, step) in (1..).zip(steps) {
        let advance = Advance {
            order_id: new.order_id(),
            seen,
            step: *step,
            reason: String::new(),
            caller: comanda_auth::caller::Caller::Service,
        };
        advance.decide(&txn, at).await.expect("done");
    }
    txn.commit().await.expect("committed");
    new.order_id()
}

async fn state(test_db: &TestDb, id: Uuid) -> OrderState {
    store::find(test_db.database.reader(), id).await.expect("an answer").expect("a ticket").order_state()
}

#[tokio::test]
async fn what_is_ready_and_nobody_has_come_for_is_closed_once_and_nothing_else_is() {
    let test_db = test_db::empty().await;
    let now = now(test_db.database.reader()).await.expect("a time");
    let (old, ready) = (now - TimeDelta::days(3), [Step::Start, Step::MarkReady]);
    let forgotten = ticket_after(&test_db, 1, &ready, old).await;
    let others = [
        (ticket_after(&test_db, 2, &[], old).await, Received),
        (ticket_after(&test_db, 3, &[Step::Start], old).await, Preparing),
        (ticket_after(&test_db, 4, &ready, now).await, Ready),
    ];
    let (_relay, publisher) = Relay::new(test_db.database.clone(), Broker::memory());
    let replica = || pass(&test_db.database, &publisher);
    let (one, other) = tokio::join!(replica(), replica());
    assert_eq!(one.expect("a pass") + other.expect("a pass"), 1);
    assert_eq!(state(&test_db, forgotten).await, Collected);
    for (id, expected) in others {
        assert_eq!(state(&test_db, id).await, expected);
    }
    let last = store::history(test_db.database.reader(), forgotten).await.expect("a history").pop().expect("a step");
    assert_eq!((last.actor, last.reason.as_str()), (Actor::System as i16, "not picked up"));
}
