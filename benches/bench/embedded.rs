//! A shop in a box: placing orders, beside the sqlite3 program that makes the same inserts, one transaction for each order,
//! with the same care for a power cut.

use harness::{Folder, Role, Servers, Shop};

use super::{
    Effort,
    customers::Door,
    pgbench::hex,
    placing::{CALLERS, placed},
    report::{Goal, Row},
};
use comanda_proto::{
    events::v1::{Event, OrderPlaced, event::Payload},
    orders::v1::Order,
};
use prost::Message;
use sea_orm::prelude::Uuid;
use std::{
    fs::{self, File},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

const CONNECTIONS: usize = 4;
const DEADLINE: Duration = Duration::from_secs(10);
/// Of one measurement of the other.
const ORDERS: usize = 2000;
const PRAGMAS: &str = "PRAGMA journal_mode=WAL;\nPRAGMA synchronous=FULL;\nPRAGMA foreign_keys=ON;\n";

/// Orders a second.
pub async fn rows(_: &Servers, effort: Effort) -> Vec<Row> {
    let shop = Shop::embedded().await;
    let door = Door::of(&shop, &shop.gateway.address(), CONNECTIONS, DEADLINE).await;
    let order = door.one_order().await;
    let folder = Folder::new("sqlite");
    let schema = sqlite(&shop.embedded_file(Role::Orders), "-readonly", ".schema");
    fs::write(folder.join("schema"), schema).expect("a file");
    feed(&folder.join("orders.db"), &folder.join("schema"));
    let mut pairs = Vec::new();
    for round in 0..=effort.pairs {
        let ours = placed(&door, CALLERS, effort.time).await.rate();
        fs::write(folder.join("script"), script(&order)).expect("a file");
        let start = Instant::now();
        feed(&folder.join("orders.db"), &folder.join("script"));
        let theirs = ORDERS as f64 / start.elapsed().as_secs_f64();
        // The first only warms both.
        if round > 0 {
            pairs.push((ours, theirs));
        }
    }
    let names = ("shop in a box, PlaceOrder, 64 callers", "sqlite3, one transaction per order, WAL, FULL", "/s");
    vec![Row::of(names, &pairs, Goal::AtLeast(3.0))]
}

fn sqlite(database: &Path, option: &str, ask: &str) -> Vec<u8> {
    Command::new("sqlite3").arg(option).arg(database).arg(ask).output().expect("sqlite3 is installed").stdout
}

fn feed(database: &Path, script: &Path) {
    let mut sqlite = Command::new("sqlite3");
    sqlite.arg("-bail").arg(database).stdin(File::open(script).expect("a script")).stdout(std::process::Stdio::null());
    assert!(sqlite.status().expect("sqlite3 is installed").success(), "sqlite3 stores them");
}

/// The same rows as of this order, under keys of their own that rise with time.
fn script(order: &Order) -> String {
    let event_id = order.order_id.clone();
    let placed = Payload::OrderPlaced(OrderPlaced { order: Some(order.clone()) });
    let event = Event { event_id, shop_id: order.shop_id.clone(), payload: Some(placed) };
    let (event, answer) = (hex(&event.encode_to_vec()), hex(&order.encode_to_vec()));
    let product = &order.lines[0].product_id;
    let (product_key, now) = (product.replace('-', ""), "'2026-01-01T12:00:00.000000+00:00'");
    let mut script = PRAGMAS.to_owned();
    for _ in 0..ORDERS {
        let (id, key) = (Uuid::now_v7().simple().to_string(), Uuid::new_v4().simple().to_string());
        let number = fastrand::i64(0..);
        script += &format!(
            "BEGIN IMMEDIATE;\n\
             INSERT INTO orders (order_id, shop_id, number, accepted_seq, state, revision, customer_name, currency_code, \
             total_minor, menu_version, created_at, updated_at, cancel_reason, audit_at, audit_wait, retold) VALUES \
             (x'{id}', 'main', 1, {number}, 1, 1, 'Ana', 'BRL', 700, 1, {now}, {now}, '', {now}, 30, 0);\n\
             INSERT INTO order_line (order_id, position, product_id, name, quantity, unit_price_minor, options, note, \
             stations) VALUES (x'{id}', 0, x'{product_key}', 'Pão de queijo', 1, 700, '[]', '', '[]');\n\
             INSERT INTO order_history (order_id, revision, from_state, to_state, actor, reason, changed_at) VALUES \
             (x'{id}', 1, 0, 1, 1, '', {now});\n\
             INSERT INTO outbox (event_id, queue, body, subject, lease_until) VALUES \
             (x'{id}', 'kitchen.orders.0', x'{event}', '{product}', {now});\n\
             INSERT INTO answer (request_id, request_hash, code, body, answered_at) VALUES \
             (x'{key}', x'{key}{key}', 0, x'{answer}', {now});\n\
             COMMIT;\n"
        );
    }
    script
}
