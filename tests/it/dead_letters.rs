//! What cannot be processed harms nobody and is not lost: it is set aside, an operator sees it, and sends it on its way
//! again.

use comanda_proto::{
    events::v1::{Event, OrderPlaced, event::Payload},
    orders::v1::Order,
    r#type::v1::OrderState,
};
use futures_util::StreamExt;
use harness::{Folder, Role, Servers, Shop, connect, eventually, queues, run, trials};
use lapin::{
    BasicProperties, Channel, Connection, ConnectionProperties,
    options::{BasicConsumeOptions, BasicPublishOptions, BasicRejectOptions},
    types::FieldTable,
};
use libtest_mimic::Trial;
use prost::Message;
use sea_orm::ConnectionTrait;
use tokio::time::{Duration, timeout};

use crate::clients::{Tablet, fresh, order, place};

pub const QUEUE: &str = "kitchen.orders.0";
/// Where RabbitMQ puts what it gives up on.
const GIVEN_UP: &str = "kitchen.orders.0.dead.2";
/// Where it did in the releases before, which declared that without a delivery limit.
const GIVEN_UP_BEFORE: &str = "kitchen.orders.0.dead";
/// RabbitMQ 4 drops a message after 20 deliveries, unless its queue says otherwise.
const DELIVERIES: usize = 25;

pub fn tests() -> Vec<Trial> {
    trials![
        poison_is_buried_shown_and_replayed_in_a_mesh,
        poison_is_buried_shown_and_replayed_in_a_box,
        what_rabbitmq_gives_up_on_becomes_a_dead_letter,
        no_number_of_deliveries_loses_what_rabbitmq_gave_up_on,
        the_queue_of_a_release_before_is_emptied_and_deleted,
        databases_that_cannot_be_looked_into_are_named,
    ]
}

async fn poison_is_buried_shown_and_replayed_in_a_mesh() {
    let shop = Shop::mesh(&*Servers::shared().await, 1).await;
    assert_eq!(dead(&shop, &["list"]).await.trim(), "No dead letters.");
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let template = place(&shop, "Ana").await;
    // Sound as a message, but PostgreSQL stores no text with a NUL in it.
    let impossible = Order { order_id: fresh(), customer_name: "Ana\0".to_owned(), ..order(&template).clone() };
    let (id, garbage) = (impossible.order_id.clone(), fresh());
    let placed = Payload::OrderPlaced(OrderPlaced { order: Some(impossible) });
    let event = Event { event_id: fresh(), shop_id: "main".to_owned(), payload: Some(placed) };
    let (_connection, broker) = connected(&shop).await;
    publish(&broker, "comanda.work", QUEUE, &garbage, b"\xff\xfe").await;
    publish(&broker, "comanda.work", QUEUE, &event.event_id, &event.encode_to_vec()).await;

    let good = place(&shop, "Bia").await;
    tablet.until_state(&order(&good).order_id, OrderState::Received).await;
    eventually("both are buried", async || buried(&shop.kitchen[0].log()) == 2).await;
    let log = shop.kitchen[0].log();
    let opened = log.lines().filter(|line| line.contains("reading the queue") && line.contains(&format!("{QUEUE}\"")));
    assert_eq!(opened.count(), 1, "poison costs no channel: {log}");
    let listed = dead(&shop, &["list"]).await;
    assert!(listed_as(&listed, &garbage).starts_with(&format!("kitchen  {QUEUE}  {garbage}  no event")), "{listed}");
    assert!(listed_as(&listed, &id).starts_with(&format!("kitchen  {QUEUE}  {id}  ")), "{listed}");
    let shown = dead(&shop, &["show", QUEUE, &garbage]).await;
    assert!(shown.contains("reason   no event") && shown.ends_with("\nfffe\n"), "{shown}");
    let shown = dead(&shop, &["show", QUEUE, &id]).await;
    assert!(shown.contains(&format!("order_id: \"{id}\"")) && shown.contains("Ana\\0"), "{shown}");

    dead(&shop, &["replay", QUEUE, &id]).await;
    eventually("it fails again", async || buried(&shop.kitchen[0].log()) == 3).await;
    let again = dead(&shop, &["list"]).await;
    assert_ne!(listed_as(&again, &id), listed_as(&listed, &id), "buried anew");
    assert_eq!(listed_as(&again, &garbage), listed_as(&listed, &garbage), "and this one is left alone");
    let (success, said) = ask(&shop, &["replay", QUEUE, "nobody"]).await;
    assert!(!success && said.contains("no dead letter \"nobody\""), "{said}");
}

async fn poison_is_buried_shown_and_replayed_in_a_box() {
    let shop = Shop::embedded().await;
    assert_eq!(dead(&shop, &["list"]).await.trim(), "No dead letters.");
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    // The queue is inside the process; its only way in is the outbox.
    let file = format!("sqlite://{}", shop.embedded_file(Role::Orders).display());
    let orders = connect(&file).await.expect("Orders' database");
    let garbage = "01900000-0000-7000-8000-00000000000a";
    let row = format!(
        "INSERT INTO outbox (event_id, queue, body, lease_until) \
         VALUES (x'{}', '{QUEUE}', x'fffe', '2020-01-01T00:00:00+00:00')",
        garbage.replace('-', "")
    );
    orders.execute_unprepared(&row).await.expect("a row of garbage");
    eventually("it is buried", async || buried(&shop.gateway.log()) == 1).await;
    let good = place(&shop, "Bia").await;
    tablet.until_state(&order(&good).order_id, OrderState::Received).await;

    let listed = dead(&shop, &["list"]).await;
    assert!(listed_as(&listed, garbage).starts_with(&format!("kitchen  {QUEUE}  {garbage}  no event")), "{listed}");
    let shown = dead(&shop, &["show", QUEUE, garbage]).await;
    assert!(shown.ends_with("\nfffe\n"), "{shown}");
    assert_eq!(dead(&shop, &["replay", "--all"]).await.trim(), "Replayed: 1.");
    eventually("it fails again", async || buried(&shop.gateway.log()) == 2).await;
    let again = dead(&shop, &["list"]).await;
    assert_eq!(again.lines().filter(|line| line.contains(QUEUE)).count(), 1, "{again}");
    assert!(!again.contains(garbage), "what is no event is known by the message that brought it: {again}");
}

async fn what_rabbitmq_gives_up_on_becomes_a_dead_letter() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let (connection, broker) = connected(&shop).await;
    // Nobody but the test reads the queue, and has RabbitMQ do what it does after too many deliveries.
    shop.kitchen[0].kill();
    let placed = place(&shop, "Ana").await;
    let id = &order(&placed).order_id;
    let options = BasicConsumeOptions::default();
    let consumer = broker.basic_consume(QUEUE.into(), "".into(), options, FieldTable::default());
    let mut consumer = consumer.await.expect("a consumer");
    let delivery = consumer.next().await.expect("the order").expect("the order");
    delivery.acker.reject(BasicRejectOptions { requeue: false }).await.expect("rejected");
    publish(&broker, "", GIVEN_UP, "no-event", b"\xff\xfe").await;
    drop((consumer, broker, connection));

    shop.kitchen[0].start().await;
    eventually("both are buried", async || buried(&shop.kitchen[0].log()) == 2).await;
    let listed = dead(&shop, &["list"]).await;
    assert!(listed_as(&listed, id).starts_with(&format!("kitchen  {QUEUE}  {id}  the broker gave up")), "{listed}");
    assert!(listed_as(&listed, "no-event").contains("the broker gave up delivering it: no event"), "{listed}");

    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    assert_eq!(tablet.heartbeat().await, 0);
    dead(&shop, &["replay", QUEUE, id]).await;
    tablet.until_state(id, OrderState::Received).await;
    assert!(!dead(&shop, &["list"]).await.contains(id), "it is settled");
}

/// As when nothing can be buried for long: each reader takes the message, and goes without an acknowledgement.
async fn no_number_of_deliveries_loses_what_rabbitmq_gave_up_on() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    shop.kitchen[0].kill();
    let (_connection, broker) = connected(&shop).await;
    publish(&broker, "", GIVEN_UP, "no-event", b"\xff\xfe").await;
    for delivery in 1..=DELIVERIES {
        let (_connection, reader) = connected(&shop).await;
        let options = BasicConsumeOptions::default();
        let consumer = reader.basic_consume(GIVEN_UP.into(), "".into(), options, FieldTable::default());
        let mut consumer = consumer.await.expect("a consumer");
        let next = timeout(Duration::from_secs(20), consumer.next()).await;
        next.unwrap_or_else(|_| panic!("no delivery {delivery}")).expect("a message").expect("a message");
    }
    shop.kitchen[0].start().await;
    eventually("it is buried", async || buried(&shop.kitchen[0].log()) == 1).await;
}

/// While replicas of such a release run, it is declared again and read; then it goes, and nothing that lay in it is lost.
async fn the_queue_of_a_release_before_is_emptied_and_deleted() {
    let verbose = vec![("COMANDA_LOG", "info,comanda_events=debug".to_owned())];
    let mut shop = Shop::mesh_with(&*Servers::shared().await, 1, verbose).await;
    let (connection, broker) = connected(&shop).await;
    shop.kitchen[0].kill();
    queues::declare_as_before(shop.broker(), GIVEN_UP_BEFORE, QUEUE).await.expect("declared");
    publish(&broker, "", GIVEN_UP_BEFORE, "before", b"\xff\xfe").await;
    let options = BasicConsumeOptions::default();
    let old_replica = broker.basic_consume(GIVEN_UP_BEFORE.into(), "".into(), options, FieldTable::default());
    let old_replica = old_replica.await.expect("a consumer");
    // Given up while both queues are bound.
    publish(&broker, "comanda.dead", QUEUE, "both", b"\xff\xfd").await;
    shop.kitchen[0].start().await;
    eventually("what came while both were bound is buried", async || dead(&shop, &["list"]).await.contains("both"))
        .await;
    // More looks than it takes to delete one without readers; the message that this one holds would go with it.
    let looks = async || shop.kitchen[0].log().matches("a queue of a release before is still there").count();
    eventually("it is looked at again and again", async || looks().await > 4).await;
    assert!(!dead(&shop, &["list"]).await.contains("before"), "its reader has it");

    drop((old_replica, broker));
    connection.close(200, "the old replica is stopped".into()).await.expect("closed");
    eventually("what lay in the old queue is buried", async || dead(&shop, &["list"]).await.contains("before")).await;
    eventually("the old queue is gone", async || queues::depth(shop.broker(), GIVEN_UP_BEFORE).await.is_err()).await;
    let listed = dead(&shop, &["list"]).await;
    assert_eq!(listed.lines().filter(|line| line.contains(QUEUE)).count(), 2, "{listed}");
}

async fn databases_that_cannot_be_looked_into_are_named() {
    let folder = Folder::new("nothing");
    let data = folder.path().display().to_string();
    let nothing = run(&["dead", "list"], vec![("COMANDA_DATA_DIR", data.clone())]).await;
    let says = format!("comanda: COMANDA_ORDERS_DATABASE_URL: there is no database at {data}/orders.db\n");
    assert!(!nothing.status.success() && nothing.log == says, "{}", nothing.log);
    assert!(!folder.join("orders.db").exists(), "and none is made");

    let empty = Servers::shared().await.postgres.create_database("orders").await;
    let old = run(&["dead", "list"], vec![("COMANDA_ORDERS_DATABASE_URL", empty)]).await;
    assert!(!old.status.success() && old.log.contains("run `comanda migrate`"), "{}", old.log);
}

/// What `comanda dead` says, which must succeed.
async fn dead(shop: &Shop, arguments: &[&str]) -> String {
    let (success, said) = ask(shop, arguments).await;
    assert!(success, "{arguments:?}: {said}");
    said
}

async fn ask(shop: &Shop, arguments: &[&str]) -> (bool, String) {
    let finished = run(&[&["dead"], arguments].concat(), shop.operator()).await;
    (finished.status.success(), finished.log)
}

/// The line of this dead letter.
fn listed_as<'a>(listed: &'a str, subject: &str) -> &'a str {
    listed.lines().find(|line| line.contains(subject)).unwrap_or_else(|| panic!("{subject} is not in\n{listed}"))
}

/// How many messages a service has buried.
fn buried(log: &str) -> usize {
    log.matches("became a dead letter").count()
}

pub async fn connected(shop: &Shop) -> (Connection, Channel) {
    let connection = Connection::connect(shop.broker(), ConnectionProperties::default()).await.expect("a broker");
    let channel = connection.create_channel().await.expect("a channel");
    (connection, channel)
}

pub async fn publish(broker: &Channel, exchange: &str, key: &str, id: &str, body: &[u8]) {
    let properties = BasicProperties::default().with_delivery_mode(2).with_message_id(id.into());
    let options = BasicPublishOptions::default();
    let sent = broker.basic_publish(exchange.into(), key.into(), options, body, properties);
    sent.await.expect("published");
}
