//! Placing orders, durably, beside pgbench that makes the same inserts, one transaction for each order.
//!
//! At Orders itself, with commits that survive a power cut. The relay has no broker, so that nothing is measured but what a
//! customer waits for.

use harness::{Role, Servers, Settings, Shop};

use super::{
    Effort,
    customers::{Door, Outcome},
    load::{Seen, in_a_loop},
    pgbench::{self, PgBench},
    report::{Goal, Row},
    usage::{cpu_seconds, cpu_seconds_of_all},
};
use std::time::Duration;

pub const CALLERS: usize = 64;
const CONNECTIONS: usize = 4;
const DEADLINE: Duration = Duration::from_secs(10);
/// Nobody listens there.
pub const NO_BROKER: &str = "amqp://guest:guest@127.0.0.1:1/none";

/// A shop whose orders are durable, a door to it, and pgbench beside it on the same server.
pub struct Stage {
    pub servers: Servers,
    pub shop: Shop,
    pub door: Door,
    pub peer: PgBench,
}

impl Stage {
    pub async fn with(settings: Settings) -> Self {
        let servers = Servers::durable(1).await;
        let shop = Shop::mesh_with(&servers, 1, settings).await;
        let door = Door::of(&shop, &shop.orders[0].address(), CONNECTIONS, DEADLINE).await;
        let order = door.one_order().await;
        let url = servers.postgres.create_database("pgbench").await;
        pgbench::like(shop.database_url(Role::Orders), &url).await;
        let peer = PgBench::of(&url, &order);
        Self { servers, shop, door, peer }
    }
}

/// Many callers, then one.
pub async fn rows(_: &Servers, effort: Effort) -> Vec<Row> {
    let settings =
        vec![("COMANDA_BROKER_URL", NO_BROKER.to_owned()), ("COMANDA_AUDIT_AFTER_SECONDS", "600".to_owned())];
    let Stage { servers, shop, door, peer } = Stage::with(settings).await;
    placed(&door, CALLERS, effort.time).await;
    let clients = peer.best_of(effort.time).await;
    let postgres = || cpu_seconds_of_all(&servers.postgres.pids());
    let (mut many, mut cpu, mut one) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..effort.pairs {
        let before = postgres() + cpu_seconds(shop.orders[0].pid());
        let ours = placed(&door, CALLERS, effort.time).await;
        let used = postgres() + cpu_seconds(shop.orders[0].pid()) - before;
        let before = postgres();
        let theirs = peer.run(clients, effort.time).await;
        cpu.push((used * 1e6 / ours.calls as f64, (postgres() - before) * 1e6 / theirs.calls));
        many.push((ours.rate(), theirs.rate));
    }
    for _ in 0..effort.pairs {
        let ours = placed(&door, 1, effort.time).await;
        one.push((ours.latency.mean(), peer.run(1, effort.time).await.latency));
    }
    let (best, single) = ("pgbench, one transaction per order, at its best", "pgbench, 1 client");
    vec![
        Row::of(("PlaceOrder, durable, 64 callers", best, "/s"), &many, Goal::AtLeast(3.0)),
        Row::of(("the same: CPU per order, Orders and Postgres", "Postgres", "µs"), &cpu, Goal::None),
        Row::of(("PlaceOrder, durable, 1 caller: mean", single, "µs"), &one, Goal::AtMost(1.3)),
    ]
}

/// Orders placed by so many callers.
pub async fn placed(door: &Door, callers: usize, time: Duration) -> Seen {
    let door = door.clone();
    let order = move |caller| {
        let door = door.clone();
        async move { assert_eq!(door.order(caller).await, Outcome::Done, "an order") }
    };
    in_a_loop(callers, time, order).await
}
