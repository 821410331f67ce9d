//! A role is dead and callers keep calling: how many attempts the gateway makes of each request.

use harness::{Replica, Servers, Shop};

use super::{
    Effort,
    customers::{Door, Outcome},
    load::at_a_rate,
    report::{Goal, Row},
};
use std::time::Duration;

const REQUESTS_PER_SECOND: f64 = 500.0;
const CONNECTIONS: usize = 8;
const DEADLINE: Duration = Duration::from_secs(2);
/// The budget remembers as long; a shorter time would show what it holds at first and not what it lets pass.
const LEAST: Duration = Duration::from_secs(10);

/// Attempts beside requests, both counted for a time.
pub async fn rows(servers: &Servers, effort: Effort) -> Vec<Row> {
    let mut shop = Shop::mesh(servers, 1).await;
    let door = Door::of(&shop, &shop.gateway.address(), CONNECTIONS, DEADLINE).await;
    shop.catalog[0].kill();
    let mut pairs = Vec::new();
    for _ in 0..effort.pairs.div_ceil(3) {
        let before = repeats(&shop.gateway).await;
        let time = effort.time.max(LEAST);
        let asked = at_a_rate(REQUESTS_PER_SECOND, time, |caller, _| {
            let door = door.clone();
            async move { door.look(caller).await }
        });
        let outcomes = asked.await;
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Failed), "nobody is there to answer");
        let per_second = |count: f64| count / time.as_secs_f64();
        let (requests, repeats) = (outcomes.len() as f64, repeats(&shop.gateway).await - before);
        pairs.push((per_second(requests + repeats), per_second(requests)));
    }
    let names = ("GetMenu at the gateway, Catalog dead: attempts", "requests", "/s");
    vec![Row::of(names, &pairs, Goal::AtMost(1.25))]
}

async fn repeats(gateway: &Replica) -> f64 {
    let metrics = gateway.metrics().await;
    let counts = metrics.lines().filter(|line| line.starts_with("comanda_client_retries_total"));
    counts.map(|line| line.rsplit(' ').next().expect("a value").parse::<f64>().expect("a number")).sum()
}
