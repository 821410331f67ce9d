use super::*;
use crate::{
    broker::{KITCHEN_ORDERS, Outgoing, event_batch::pack},
    relay::Relay,
};
use comanda_proto::{events::v1::OrderPlaced, orders::v1::Order};
use comanda_storage::database::Transaction;
use comanda_storage::test_db::TestDb;
use futures_util::FutureExt;
use sea_orm::{EntityTrait, PaginatorTrait};
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::Notify;

/// Says when it has begun, and stores something once it may go on.
#[derive(Clone, Default)]
struct Slow {
    begun: Arc<Notify>,
    go_on: Arc<Notify>,
}

impl Handler for Slow {
    type Input = ();

    fn check(&self, _: Payload) -> Result<(String, ()), InvalidEvent> {
        Ok((String::new(), ()))
    }

    async fn apply(
        &self,
        txn: &Transaction,
        now: DateTime<Utc>,
        _: &[Incoming<'_, ()>],
    ) -> Result<CommitEffects, DbErr> {
        self.begun.notify_one();
        self.go_on.notified().await;
        dead_letter::bury(txn, now, "any", "a row to look for", "", &[]).await?;
        Ok(CommitEffects::default())
    }
}

/// Can never apply the event of one order, and stores something for every other.
#[derive(Clone, Default)]
struct Refusing(Arc<AtomicUsize>);

impl Handler for Refusing {
    type Input = String;

    fn check(&self, payload: Payload) -> Result<(String, String), InvalidEvent> {
        let Payload::OrderPlaced(OrderPlaced { order: Some(order) }) = payload else { return Err("empty".into()) };
        Ok((order.order_id.clone(), order.order_id))
    }

    async fn apply(
        &self,
        txn: &Transaction,
        now: DateTime<Utc>,
        events: &[Incoming<'_, String>],
    ) -> Result<CommitEffects, DbErr> {
        for id in events.iter().map(|event| event.input) {
            if id == "bad" {
                self.0.fetch_add(1, Ordering::Relaxed);
                return Err(DbErr::Custom("too old".into()));
            }
            dead_letter::bury(txn, now, "applied", id, "a row to look for", &[]).await?;
        }
        Ok(CommitEffects::default())
    }
}

#[tokio::test]
async fn what_the_verb_can_never_apply_is_buried_at_once() {
    only_the_bad_one_is_buried(["first", "bad", "last"].map(message).to_vec()).await;
}

#[tokio::test]
async fn events_that_travel_together_are_settled_each_by_itself() {
    let message = pack(["first", "bad", "last"].map(message).to_vec());
    only_the_bad_one_is_buried(message.into_iter().collect()).await;
}

/// And nothing is acknowledged before that.
async fn only_the_bad_one_is_buried(messages: Vec<Outgoing>) {
    let test_db = TestDb::with::<comanda_migrations::Kitchen>().await;
    let database = test_db.database.clone();
    let (broker, handler) = (Broker::memory(), Refusing::default());
    let mut published: Vec<_> = messages.into_iter().map(|message| Box::pin(broker.publish(message))).collect();
    assert!(published.iter_mut().all(|publish| publish.now_or_never().is_none()), "they wait as one batch");
    let consumer = consumer(&database, &broker, handler.clone());
    let consuming = tokio::spawn(consumer.run(CancellationToken::new()));
    for publish in published {
        publish.await.expect("acknowledged");
    }
    let rows = dead_letter::Entity::find().all(database.reader()).await.expect("rows");
    let mut rows: Vec<_> = rows.iter().map(|row| (&*row.queue, &*row.subject, &*row.reason)).collect();
    rows.sort_unstable();
    let stored = "a row to look for";
    assert_eq!(rows, [("applied", "first", stored), ("applied", "last", stored), (KITCHEN_ORDERS, "bad", "too old")]);
    assert_eq!(handler.0.load(Ordering::Relaxed), 2, "tried with its neighbours and once alone");
    consuming.abort();
}

/// Fails with what is neither the moment's fault nor the data's.
#[derive(Clone, Default)]
struct Failing(Arc<AtomicUsize>);

impl Handler for Failing {
    type Input = ();

    fn check(&self, _: Payload) -> Result<(String, ()), InvalidEvent> {
        Ok(("an order".to_owned(), ()))
    }

    async fn apply(&self, _: &Transaction, _: DateTime<Utc>, _: &[Incoming<'_, ()>]) -> Result<CommitEffects, DbErr> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err(DbErr::Type("odd".into()))
    }
}

/// As when a process dies between a burial and the end of the message that the event came in.
#[tokio::test]
async fn what_was_given_up_is_not_tried_again() {
    let test_db = TestDb::with::<comanda_migrations::Kitchen>().await;
    let database = test_db.database.clone();
    let (broker, handler) = (Broker::memory(), Failing::default());
    let consumer = consumer(&database, &broker, handler.clone());
    let consuming = tokio::spawn(consumer.run(CancellationToken::new()));
    for _ in 0..2 {
        let redelivered = Outgoing { redelivered: true, ..message("bad") };
        broker.publish(redelivered).await.expect("acknowledged");
        assert_eq!(handler.0.load(Ordering::Relaxed), 5);
    }
    let rows = dead_letter::Entity::find().all(database.reader()).await.expect("rows");
    assert_eq!(rows.iter().map(|row| row.repeats).collect::<Vec<_>>(), [1]);
    consuming.abort();
}

#[tokio::test]
async fn a_message_is_acknowledged_once_its_transaction_has_committed() {
    let test_db = TestDb::with::<comanda_migrations::Kitchen>().await;
    let database = test_db.database.clone();
    let (broker, handler) = (Broker::memory(), Slow::default());
    let consumer = consumer(&database, &broker, handler.clone());
    let consuming = tokio::spawn(consumer.run(CancellationToken::new()));

    let mut publish = pin!(broker.publish(message("a")));
    assert!(publish.as_mut().now_or_never().is_none(), "nobody has seen it yet");
    handler.begun.notified().await;
    assert!(publish.as_mut().now_or_never().is_none(), "acknowledged before the commit");
    handler.go_on.notify_one();
    publish.await.expect("acknowledged");
    assert_eq!(dead_letter::Entity::find().count(database.reader()).await, Ok(1), "and committed by then");
    consuming.abort();
}

fn consumer<H>(database: &Database, broker: &Broker, handler: H) -> Consumer<H> {
    let (_, publisher) = Relay::new(database.clone(), broker.clone());
    Consumer { queue: KITCHEN_ORDERS, broker: broker.clone(), database: database.clone(), publisher, handler }
}

fn message(order_id: &str) -> Outgoing {
    let order = Order { order_id: order_id.to_owned(), ..Default::default() };
    let payload = Payload::OrderPlaced(OrderPlaced { order: Some(order) });
    let body = Event { payload: Some(payload), ..Default::default() }.encode_to_vec();
    Outgoing {
        message_id: order_id.to_owned(),
        queue: KITCHEN_ORDERS.to_owned(),
        body,
        trace_parent: None,
        redelivered: false,
    }
}
