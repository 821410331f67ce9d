//! A backlog, as an hour without a broker leaves it: how fast relay and kitchen drain it, beside the same servers that move
//! the same bytes by themselves.

use harness::{Port, Role, Servers, Shop, connect, within};

use super::{
    Effort,
    customers::{Door, Outcome},
    peer::Peer,
    placing::{CALLERS, NO_BROKER},
    report::{Goal, Row},
};
use comanda_proto::events::v1::{Event, OrderPlaced, event::Payload};
use prost::Message;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const CONNECTIONS: usize = 4;
const DEADLINE: Duration = Duration::from_secs(10);
/// Far above what it takes.
const LONGEST: Duration = Duration::from_secs(600);
/// Whether anything waits for the relay.
const WAITING: &str = "SELECT count(*) AS number FROM (SELECT 1 FROM outbox LIMIT 1) AS one";

/// From the start of a relay that finds the backlog until the kitchen has a ticket for each of its orders.
pub async fn rows(_: &Servers, effort: Effort) -> Vec<Row> {
    let (count, work) = match effort.quick {
        true => (10_240, "backlog of 10,000 drained by relay and kitchen"),
        false => (100_032, "backlog of 100,000 drained by relay and kitchen"),
    };
    let servers = Servers::durable(2).await;
    let mut shop = Shop::mesh(&servers, 1).await;
    let port = Port::free();
    let changes = vec![("COMANDA_ORDERS_LISTEN", port.address()), ("COMANDA_BROKER_URL", NO_BROKER.to_owned())];
    let mut holding = shop.orders[0].twin(port, changes);
    holding.until_ready().await;
    shop.orders[0].kill();
    let door = Door::of(&shop, &holding.address(), CONNECTIONS, DEADLINE).await;
    let order = door.one_order().await;
    place(&door, count - 1).await;
    holding.stop();
    // Nobody has a claim any more on what has waited for an hour.
    let orders = connect(shop.database_url(Role::Orders)).await.expect("Postgres answers");
    let old = "UPDATE outbox SET lease_until = lease_until - interval '1 hour'";
    orders.execute_unprepared(old).await.expect("it is old");

    let kitchen = connect(shop.database_url(Role::Kitchen)).await.expect("Postgres answers");
    // Queues keep their order: what goes last, arrives last. To count what is there would slow down what is measured.
    let last = text(&orders, "SELECT subject AS text FROM outbox ORDER BY event_id DESC LIMIT 1").await;
    let arrived = format!("SELECT count(*) AS number FROM ticket WHERE order_id = '{last}'");
    let start = Instant::now();
    shop.orders[0].launch(Vec::new());
    let done = async || number(&kitchen, &arrived).await == 1 && number(&orders, WAITING).await == 0;
    assert!(within(LONGEST, done).await.is_ok(), "the backlog is not drained");
    let ours = count as f64 / start.elapsed().as_secs_f64();
    assert_eq!(number(&kitchen, "SELECT count(*) AS number FROM ticket").await, count as i64);

    let event_id = order.order_id.clone();
    let shop_id = order.shop_id.clone();
    let payload = Some(Payload::OrderPlaced(OrderPlaced { order: Some(order) }));
    let mut peer = Peer::new(&servers, Event { event_id, shop_id, payload }.encode_to_vec()).await;
    let theirs = peer.moved(count).await;
    vec![Row::of((work, "lapin: confirmed publish and consume", "/s"), &[(ours, theirs)], Goal::AtLeast(0.5))]
}

/// So many orders, by all callers together.
async fn place(door: &Door, count: usize) {
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let (door, share) = (door.clone(), count / CALLERS + usize::from(caller < count % CALLERS));
        callers.spawn(async move {
            for _ in 0..share {
                assert_eq!(door.order(caller).await, Outcome::Done, "an order");
            }
        });
    }
    callers.join_all().await;
}

async fn number(database: &DatabaseConnection, ask: &str) -> i64 {
    row(database, ask).await.try_get("", "number").expect("a number")
}

async fn text(database: &DatabaseConnection, ask: &str) -> String {
    row(database, ask).await.try_get("", "text").expect("a text")
}

async fn row(database: &DatabaseConnection, ask: &str) -> QueryResult {
    let ask = Statement::from_string(database.get_database_backend(), ask);
    database.query_one_raw(ask).await.expect("an answer").expect("a row")
}
