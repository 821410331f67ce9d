use super::*;
use crate::{
    advance::{Advance, AdvanceError},
    cancel::Cancel,
    receive::{NewTicket, receive_one},
    scratch::{Scratch, new_ticket},
    ticket::Step,
};
use comanda_proto::r#type::v1::{Actor, OrderState};
use comanda_storage::idempotency::Change;
use sea_orm::{ConnectionTrait, EntityTrait};

/// A ticket of the epoch, on its way as far as these steps.
async fn ticket_after(scratch: &Scratch, steps: &[Step]) -> NewTicket {
    let (new, now) = (new_ticket(), DateTime::UNIX_EPOCH);
    let txn = scratch.database.begin().await.expect("a transaction");
    receive_one(&txn, now, &new).await.expect("stored");
    for (seen, step) in (1..).zip(steps) {
        Advance { order_id: new.order_id(), seen, step: *step }.decide(&txn, now).await.expect("done");
    }
    txn.commit().await.expect("committed");
    new
}

async fn told(scratch: &Scratch) {
    outbox::Entity::delete_many().exec(scratch.database.writer()).await.expect("Orders has heard all");
}

fn in_days(days: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(days) + TimeDelta::minutes(1)
}

async fn passed(scratch: &Scratch, days: i64) -> u64 {
    pass(scratch.database.clone(), in_days(days)).await.expect("a pass")
}

#[tokio::test]
async fn a_ticket_is_forgotten_when_it_is_over_and_orders_has_heard_of_it() {
    let scratch = Scratch::empty().await;
    let new = ticket_after(&scratch, &[Step::Start, Step::MarkReady, Step::MarkCollected]).await;
    assert_eq!(passed(&scratch, 31).await, 0, "Orders has not heard of it");
    told(&scratch).await;
    assert_eq!(passed(&scratch, 30).await, 0, "too young");
    assert_eq!(passed(&scratch, 31).await, 1);
    let reader = scratch.database.reader();
    assert!(store::find(reader, new.order_id()).await.expect("an answer").is_none());
    assert!(store::history(reader, new.order_id()).await.expect("an answer").is_empty());
}

#[tokio::test]
async fn a_ticket_on_the_board_is_not_forgotten() {
    let scratch = Scratch::empty().await;
    let new = ticket_after(&scratch, &[Step::Start, Step::MarkReady]).await;
    told(&scratch).await;
    assert_eq!(passed(&scratch, 400).await, 0);
    assert!(store::find(scratch.database.reader(), new.order_id()).await.expect("an answer").is_some());
}

#[tokio::test]
async fn an_order_whose_ticket_may_be_forgotten_gets_no_other() {
    let scratch = Scratch::empty().await;
    let new = ticket_after(&scratch, &[Step::Start, Step::MarkReady, Step::MarkCollected]).await;
    told(&scratch).await;
    passed(&scratch, 31).await;
    let txn = scratch.database.begin().await.expect("a transaction");
    receive_one(&txn, in_days(31), &new).await.expect_err("a dead letter");
    let (actor, reason) = (Actor::Staff, String::new());
    let cancel = Cancel { new: new.clone(), told: OrderState::Collected, actor, reason };
    let refused = cancel.decide(&txn, in_days(31)).await.expect_err("it is over");
    assert!(matches!(refused, AdvanceError::Forbidden { state: OrderState::Collected }), "{refused}");
    assert!(store::find(&txn, new.order_id()).await.expect("an answer").is_none());
}

#[tokio::test]
async fn only_the_history_of_a_ticket_that_is_long_over_may_go() {
    let scratch = Scratch::empty().await;
    ticket_after(&scratch, &[Step::Start, Step::MarkReady, Step::MarkCollected]).await;
    let refused = async || {
        let gone = scratch.database.writer().execute_unprepared("DELETE FROM ticket_history").await;
        gone.expect_err("refused").to_string().contains("append-only")
    };
    for still in ["open = true", "open = false, updated_at = strftime('%Y-%m-%dT%H:%M:%S', 'now', '-29 days')"] {
        let sets = format!("UPDATE ticket SET {still}");
        scratch.database.writer().execute_unprepared(&sets).await.expect("changed");
        assert!(refused().await, "{still}");
    }
}
