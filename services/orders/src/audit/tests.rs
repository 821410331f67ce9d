use super::*;
use crate::{place::tests::placed, store::orders};
use comanda_auth::contracts::Contracts;
use comanda_events::{broker::Broker, relay::Relay};
use comanda_mesh::channel;
use comanda_proto::{
    orders::v1::Order,
    r#type::v1::{OrderState, Transition},
};
use comanda_storage::test_db::TestDb;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};

const AFTER: Duration = Duration::from_secs(30);

struct Scratch {
    audit: Audit,
    _relay: Relay,
    _test_db: TestDb,
}

/// An audit over an empty database. Its kitchen is never called: the tests say what it would answer.
async fn scratch() -> Scratch {
    let test_db = TestDb::with::<comanda_migrations::Orders>().await;
    let database = test_db.database.clone();
    let (relay, publisher) = Relay::new(database.clone(), Broker::memory());
    let contracts = Contracts::new(comanda_proto::DESCRIPTORS).expect("readable contracts");
    let kitchen = KitchenServiceClient::new(channel::local("kitchen", contracts).0);
    let health = Health::starting().await;
    let audit = Audit { database, publisher, kitchen, health, after: AFTER, window: 0 };
    Scratch { audit, _relay: relay, _test_db: test_db }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

/// Accepts an order, whose event is then confirmed by the broker and lost.
async fn place_and_lose(audit: &Audit) -> Order {
    let txn = audit.database.begin().await.expect("a transaction");
    let order = placed(&txn).await;
    let events = outbox::Entity::delete_many().filter(outbox::Column::Subject.eq(&order.order_id));
    events.exec(&txn).await.expect("removed");
    txn.commit().await.expect("committed");
    order
}

/// One pass, to which the kitchen answers with these tickets.
async fn pass(audit: &mut Audit, now: DateTime<Utc>, tickets: &[Ticket]) -> usize {
    let asked = audit.due(now).await.expect("an answer");
    let asked_for = |ticket: &&Ticket| asked.iter().any(|id| id.to_string() == ticket.order_id);
    let tickets = tickets.iter().filter(asked_for).cloned().collect();
    audit.settle(now, &asked, &HashSet::new(), tickets).await.expect("settled");
    asked.len()
}

async fn rows(audit: &Audit) -> u64 {
    outbox::Entity::find().count(audit.database.reader()).await.expect("a count")
}

fn ticket(order_id: &str, revision: i64, state: OrderState) -> Ticket {
    let step = Transition {
        revision,
        to_state: state.into(),
        transition_time: Some(Default::default()),
        ..Default::default()
    };
    Ticket {
        order_id: order_id.to_owned(),
        revision,
        state: state.into(),
        transitions: vec![step],
        ..Default::default()
    }
}

#[tokio::test]
async fn a_lost_order_is_told_again_and_not_while_it_waits() {
    let mut scratch = scratch().await;
    let audit = &mut scratch.audit;
    place_and_lose(audit).await;
    assert_eq!(pass(audit, at(29), &[]).await, 0, "not silent yet");
    assert_eq!((pass(audit, at(30), &[]).await, rows(audit).await), (1, 1));
    // The next time it is due, its event still waits in the outbox.
    assert_eq!(pass(audit, at(89), &[]).await, 0, "twice the wait");
    assert_eq!((pass(audit, at(90), &[]).await, rows(audit).await), (1, 1));
}

#[tokio::test]
async fn a_lost_answer_is_fetched() {
    let mut scratch = scratch().await;
    let audit = &mut scratch.audit;
    let order = place_and_lose(audit).await;
    let id = Uuid::try_parse(&order.order_id).expect("a UUID");
    pass(audit, at(30), &[ticket(&order.order_id, 2, OrderState::Preparing)]).await;
    let stored = store::find(audit.database.reader(), id).await.expect("an answer").expect("an order");
    assert_eq!((stored.state, stored.revision, rows(audit).await), (OrderState::Preparing as i16, 3, 0));
    // Still open, so it is asked for again when it says nothing more; at its end no more.
    pass(audit, at(120), &[ticket(&order.order_id, 3, OrderState::Collected)]).await;
    assert!(audit.due(at(130)).await.expect("an answer").is_empty(), "its last step can still be taken back");
    pass(audit, at(210), &[ticket(&order.order_id, 3, OrderState::Collected)]).await;
    assert!(audit.due(at(1_000_000)).await.expect("an answer").is_empty());
    assert_eq!(rows(audit).await, 0);
}

#[tokio::test]
async fn of_two_replicas_that_ask_at_once_one_tells_again() {
    let mut scratch = scratch().await;
    let audit = &mut scratch.audit;
    place_and_lose(audit).await;
    let asked = audit.due(at(30)).await.expect("an answer");
    audit.settle(at(30), &asked, &HashSet::new(), vec![]).await.expect("settled");
    // As if the outbox were empty already when the second comes.
    outbox::Entity::delete_many().exec(audit.database.writer()).await.expect("published");
    audit.settle(at(30), &asked, &HashSet::new(), vec![]).await.expect("settled");
    assert_eq!(rows(audit).await, 0, "claimed by the first");
}

/// The kitchen answers that it has no ticket, and gets it a moment later.
#[tokio::test]
async fn an_order_that_was_just_on_its_way_is_not_told_again() {
    let mut scratch = scratch().await;
    let audit = &mut scratch.audit;
    let txn = audit.database.begin().await.expect("a transaction");
    let order = placed(&txn).await;
    txn.commit().await.expect("committed");
    let asked = audit.due(at(30)).await.expect("an answer");
    let waited = outbox::waiting(audit.database.reader(), vec![order.order_id]).await.expect("an answer");
    outbox::Entity::delete_many().exec(audit.database.writer()).await.expect("confirmed meanwhile");
    audit.settle(at(30), &asked, &waited, vec![]).await.expect("settled");
    assert_eq!((asked.len(), rows(audit).await), (1, 0));
}

/// An hour during which the kitchen's queue stands still, with 100,000 orders in it: the kitchen answers that it has no
/// ticket for any of them. Stated: four orders, each republished six times, since each wait is twice the last.
#[tokio::test]
async fn a_dead_kitchen_makes_no_storm() {
    const QUEUED: usize = 100_000;
    const STATED: u64 = 4 * 6;
    let mut scratch = scratch().await;
    let audit = &mut scratch.audit;
    let order = place_and_lose(audit).await;
    let id = Uuid::try_parse(&order.order_id).expect("a UUID");
    let first = store::find(audit.database.reader(), id).await.expect("an answer").expect("an order");
    let copies = (1..QUEUED).map(|copy| orders::Model {
        order_id: Uuid::now_v7(),
        accepted_seq: first.accepted_seq + copy as i64,
        ..first.clone()
    });
    let txn = audit.database.begin().await.expect("a transaction");
    for chunk in copies.collect::<Vec<_>>().chunks(1000) {
        let rows = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
        orders::Entity::insert_many(rows).exec_without_returning(&txn).await.expect("stored");
    }
    txn.commit().await.expect("committed");

    let mut added = 0;
    for seconds in (30..=3630).step_by(15) {
        pass(audit, at(seconds), &[]).await;
        // The relay publishes them at once, and the queue grows.
        added += outbox::Entity::delete_many().exec(audit.database.writer()).await.expect("published").rows_affected;
    }
    assert_eq!(added, STATED, "rows in an hour");

    // The kitchen is back and takes all, the probes last: then nothing is told any more.
    let taken = orders::ActiveModel { ticket_at: Set(Some(at(3630))), ..Default::default() };
    orders::Entity::update_many().set(taken).exec(audit.database.writer()).await.expect("answered");
    let unaccounted = store::audit::unaccounted(audit.database.reader(), at(3640)).await;
    assert_eq!((unaccounted, store::audit::unanswered_probes(audit.database.reader()).await), (Ok(0), Ok(0)));
}

/// When the broker lost everything, telling again speeds up as the kitchen answers.
#[tokio::test]
async fn when_the_kitchen_answers_the_rest_follows_fast() {
    let mut scratch = scratch().await;
    let audit = &mut scratch.audit;
    let mut lost = Vec::new();
    for _ in 0..200 {
        lost.push(place_and_lose(audit).await.order_id);
    }
    let mut passes = 0;
    let mut seconds = 30;
    while store::audit::unaccounted(audit.database.reader(), at(seconds)).await != Ok(0) {
        assert!(passes < 10, "still not done");
        pass(audit, at(seconds), &[]).await;
        let txn = audit.database.begin().await.expect("a transaction");
        let told = outbox::Entity::find().all(&txn).await.expect("rows");
        for row in &told {
            let news = ticket(row.subject.as_deref().expect("an order"), 1, OrderState::Received);
            apply::apply(&txn, at(seconds), &[&TicketNews::try_from(news).expect("whole")]).await.expect("applied");
        }
        txn.commit().await.expect("committed");
        outbox::remove(&audit.database, told.into_iter().map(|row| row.event_id).collect()).await.expect("removed");
        (passes, seconds) = (passes + 1, seconds + 5);
    }
}
