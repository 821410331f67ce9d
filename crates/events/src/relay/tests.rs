use super::*;
use crate::broker::KITCHEN_ORDERS;
use comanda_proto::{
    events::v1::{OrderPlaced, event::Payload},
    orders::v1::Order,
};
use comanda_storage::test_db::TestDb;
use futures_util::FutureExt;
use sea_orm::{EntityTrait, PaginatorTrait};
use std::pin::pin;

fn effects(events: Vec<outbox::Model>) -> CommitEffects {
    CommitEffects { events, hints: vec![] }
}

/// An event that is committed, and not announced yet.
async fn event(database: &Database) -> outbox::Model {
    let payload = Payload::OrderPlaced(OrderPlaced { order: Some(Order::default()) });
    let (txn, now) = database.begin_now().await.expect("a transaction");
    let row = outbox::append(&txn, now, "main", payload).await.expect("stored");
    txn.commit().await.expect("committed");
    row
}

#[tokio::test(start_paused = true)]
async fn events_that_follow_a_message_soon_travel_together() {
    let (sender, mut wake) = mpsc::channel(8);
    let (mut woken, from) = (Vec::new(), Instant::now() + PUBLISH_INTERVAL);
    let mut collecting = Box::pin(collect(&mut wake, &mut woken, from));
    for _ in 0..2 {
        sender.send(vec![]).await.expect("room");
        assert!(collecting.as_mut().now_or_never().is_none(), "too soon");
    }
    assert_eq!(collecting.await, 2);
    assert_eq!(Instant::now(), from);
    sender.send(vec![]).await.expect("room");
    let mut collecting = pin!(collect(&mut wake, &mut woken, from));
    assert_eq!(collecting.as_mut().now_or_never(), Some(1), "one that comes alone goes at once");
}

/// As a call does that a shutdown finds under way.
#[tokio::test]
async fn what_is_appended_during_a_shutdown_is_published() {
    let test_db = TestDb::with::<comanda_migrations::Orders>().await;
    let (database, broker, shutdown) = (test_db.database.clone(), Broker::memory(), CancellationToken::new());
    let (relay, publisher) = Relay::new(database.clone(), broker.clone());
    let running = tokio::spawn(relay.run("orders", Health::starting().await, shutdown.clone()));
    let mut queue = broker.subscribe(KITCHEN_ORDERS).await.expect("a subscription");
    shutdown.cancel();
    tokio::task::yield_now().await;
    let row = event(&database).await;
    publisher.notify(effects(vec![row.clone()]));
    let batch = timeout(LAST_APPEND, queue.next_batch()).await.expect("in time").expect("a message");
    assert_eq!(batch[0].message_id, row.event_id.to_string());
    queue.ack_up_to(&batch[0]).await;
    drop(publisher);
    running.await.expect("it ends once nobody can append any more");
    assert_eq!(outbox::Entity::find().count(database.reader()).await, Ok(0), "and takes its row along");
}
