//! The whole way, sustained: placed, relayed, ticketed, and confirmed back to Orders; durable, beside the same pgbench as
//! placing alone.

use harness::{Role, Servers, Settings};

use super::{
    Effort,
    customers::at_rest,
    placing::{CALLERS, Stage, placed},
    report::{Goal, Row},
};
use std::time::Instant;

/// Orders a second from the first request until the last ticket is known to Orders.
pub async fn rows(_: &Servers, effort: Effort) -> Vec<Row> {
    let Stage { servers: _servers, shop, door, peer } = Stage::with(Settings::new()).await;
    let database = shop.database(Role::Orders).await;
    let clients = peer.best_of(effort.time).await;
    let mut pairs = Vec::new();
    for _ in 0..effort.pairs {
        at_rest(&database).await;
        let start = Instant::now();
        let seen = placed(&door, CALLERS, effort.time).await;
        at_rest(&database).await;
        pairs.push((seen.calls as f64 / start.elapsed().as_secs_f64(), peer.run(clients, effort.time).await.rate));
    }
    let names = ("placed, relayed, ticketed, confirmed back; 64 callers", "pgbench, placing alone, at its best", "/s");
    vec![Row::of(names, &pairs, Goal::AtLeast(1.5))]
}
