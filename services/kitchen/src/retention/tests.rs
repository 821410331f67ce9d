use super::*;
use crate::{
    advance::{Advance, AdvanceError},
    cancel::Cancel,
    receive::{NewTicket, receive_one},
    test_db::{self, new_ticket},
    ticket::Step,
};
use comanda_auth::caller::Caller;
use comanda_proto::r#type::v1::{Actor, OrderState};
use comanda_storage::history::By;
use comanda_storage::{idempotency::IdempotentCommand, test_db::TestDb};
use comanda_types::timestamp::first_id;
use sea_orm::{ConnectionTrait, EntityTrait};

/// A ticket of the epoch, on its way as far as these steps.
async fn ticket_after(test_db: &TestDb, steps: &[Step]) -> NewTicket {
    let (new, now) = (new_ticket(), DateTime::UNIX_EPOCH);
    let txn = test_db.database.begin().await.expect("a transaction");
    receive_one(&txn, now, &new).await.expect("stored");
    for (seen, step) in (1..).zip(steps) {
        Advance { order_id: new.order_id(), seen, step: *step, reason: String::new(), caller: Caller::Service }
            .decide(&txn, now)
            .await
            .expect("done");
    }
    txn.commit().await.expect("committed");
    new
}

async fn orders_hears(test_db: &TestDb) {
    outbox::Entity::delete_many().exec(test_db.database.writer()).await.expect("Orders has heard all");
}

fn in_days(days: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(days) + TimeDelta::minutes(1)
}

async fn passed(test_db: &TestDb, days: i64) -> u64 {
    pass(test_db.database.clone(), in_days(days)).await.expect("a pass")
}

#[tokio::test]
async fn a_ticket_is_forgotten_when_it_is_over_and_orders_has_heard_of_it() {
    let test_db = test_db::empty().await;
    let new = ticket_after(&test_db, &[Step::Start, Step::MarkReady, Step::MarkCollected]).await;
    assert_eq!(passed(&test_db, 31).await, 0, "Orders has not heard of it");
    orders_hears(&test_db).await;
    assert_eq!(passed(&test_db, 30).await, 0, "too young");
    assert_eq!(passed(&test_db, 31).await, 1);
    let reader = test_db.database.reader();
    assert!(store::find(reader, new.order_id()).await.expect("an answer").is_none());
    assert!(store::history(reader, new.order_id()).await.expect("an answer").is_empty());
}

#[tokio::test]
async fn a_ticket_on_the_board_is_not_forgotten() {
    let test_db = test_db::empty().await;
    let new = ticket_after(&test_db, &[Step::Start, Step::MarkReady]).await;
    orders_hears(&test_db).await;
    assert_eq!(passed(&test_db, 400).await, 0);
    assert!(store::find(test_db.database.reader(), new.order_id()).await.expect("an answer").is_some());
}

#[tokio::test]
async fn an_order_whose_ticket_may_be_forgotten_gets_no_other() {
    let test_db = test_db::empty().await;
    let new = ticket_after(&test_db, &[Step::Start, Step::MarkReady, Step::MarkCollected]).await;
    orders_hears(&test_db).await;
    passed(&test_db, 31).await;
    let txn = test_db.database.begin().await.expect("a transaction");
    receive_one(&txn, in_days(31), &new).await.expect_err("a dead letter");
    let (by, reason) = (By::from(Actor::Staff), String::new());
    let cancel = Cancel { new: new.clone(), shown: OrderState::Collected, by, reason };
    let refused = cancel.decide(&txn, in_days(31)).await.expect_err("it is over");
    assert!(matches!(refused, AdvanceError::Forbidden { state: OrderState::Collected }), "{refused}");
    assert!(store::find(&txn, new.order_id()).await.expect("an answer").is_none());
}

#[tokio::test]
async fn only_the_history_of_a_ticket_that_is_long_over_may_go() {
    let test_db = test_db::empty().await;
    ticket_after(&test_db, &[Step::Start, Step::MarkReady, Step::MarkCollected]).await;
    let refused = async || {
        let gone = test_db.database.writer().execute_unprepared("DELETE FROM ticket_history").await;
        gone.expect_err("refused").to_string().contains("append-only")
    };
    for still in ["open = true", "open = false, updated_at = strftime('%Y-%m-%dT%H:%M:%S', 'now', '-29 days')"] {
        let sets = format!("UPDATE ticket SET {still}");
        test_db.database.writer().execute_unprepared(&sets).await.expect("changed");
        assert!(refused().await, "{still}");
    }
}

#[tokio::test]
async fn attempts_at_old_messages_are_forgotten() {
    let test_db = test_db::empty().await;
    let now = Utc::now();
    let message = |days| first_id(now - TimeDelta::days(days)).to_string();
    for days in [29, 31] {
        delivery_attempt::count(test_db.database.writer(), "kitchen.orders.0", &message(days)).await.expect("counted");
    }
    pass(test_db.database.clone(), now).await.expect("a pass");
    let left = delivery_attempt::Entity::find().all(test_db.database.reader()).await.expect("rows");
    assert_eq!(left.into_iter().map(|left| left.message_id).collect::<Vec<_>>(), [message(29)]);
}
