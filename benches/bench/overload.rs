//! Twice as much as the shop can do: what it still does, and how soon it says no to the rest.
//!
//! At the gateway, because that is where all load arrives. First as many customers come as are served at once: each reads
//! the menu twice and places an order. Then twice as many a second as were served so, come what may, who read it once: so
//! the shop reads as many menus as before, and what it cannot do is the orders.

use harness::{Role, Servers, Shop};

use super::{
    Effort,
    customers::{Door, Outcome, at_rest},
    load::{at_a_rate, histogram, in_a_loop, record},
    report::{Goal, Row},
};
use std::time::{Duration, Instant};

/// A quarter of them may change something: more than are needed to keep the shop busy, few enough to be done in time.
const MAX_CALLS: u32 = 64;
/// As many as may order at once.
const CUSTOMERS: usize = 16;
const CONNECTIONS: usize = 16;
const DEADLINE: Duration = Duration::from_secs(1);
const TIMES: f64 = 2.0;
/// At the menu by each who is served at once.
const LOOKS: usize = 2;
/// What the mesh promises, in milliseconds.
const QUICK: f64 = 10.0;

/// Orders and menus a second, and milliseconds.
struct Flood {
    orders: f64,
    menus: f64,
    refusal: f64,
    acceptance: f64,
}

/// Goodput and time to a refusal, pair by pair.
pub async fn rows(servers: &Servers, effort: Effort) -> Vec<Row> {
    let shop = Shop::mesh_with(servers, 1, vec![("COMANDA_MAX_CALLS", MAX_CALLS.to_string())]).await;
    let door = Door::of(&shop, &shop.gateway.address(), CONNECTIONS, DEADLINE).await;
    let database = shop.database(Role::Orders).await;
    peak(&door, effort.time).await;
    let (mut orders, mut menus, mut refusals, mut patience) = (vec![], vec![], vec![], vec![]);
    for _ in 0..effort.pairs {
        at_rest(&database).await;
        let peak = peak(&door, effort.time).await;
        at_rest(&database).await;
        let flood = flood(&door, peak * TIMES, effort.time).await;
        orders.push((flood.orders, peak));
        menus.push((flood.menus, peak * LOOKS as f64));
        refusals.push((flood.refusal, QUICK));
        patience.push((flood.refusal, flood.acceptance));
    }
    let peer = "closed loop, same run";
    vec![
        Row::of(("overload ×2 at the gateway: orders stored in time", peer, "/s"), &orders, Goal::AtLeast(0.9)),
        Row::of(("overload ×2 at the gateway: menus read in time", peer, "/s"), &menus, Goal::AtLeast(0.9)),
        Row::of(("overload ×2: p99 until OVERLOADED", "the promise", "ms"), &refusals, Goal::AtMost(1.0)),
        Row::of(("overload ×2: p99 until OVERLOADED", "p50 until OK, same run", "ms"), &patience, Goal::AtMost(1.0)),
    ]
}

/// How many customers a second are served when none comes before another has left.
async fn peak(door: &Door, time: Duration) -> f64 {
    let door = door.clone();
    let visit = move |customer| {
        let door = door.clone();
        async move {
            for _ in 0..LOOKS {
                assert_eq!(door.look(customer).await, Outcome::Done, "a menu");
            }
            assert_eq!(door.order(customer).await, Outcome::Done, "an order");
        }
    };
    in_a_loop(CUSTOMERS, time, visit).await.rate()
}

async fn flood(door: &Door, rate: f64, time: Duration) -> Flood {
    let visit = |customer, due: Instant| {
        let door = door.clone();
        async move {
            let (looked, ordered) = tokio::join!(door.look(customer), async {
                let outcome = door.order(customer).await;
                (outcome, due.elapsed())
            });
            (looked, ordered)
        }
    };
    let visits = at_a_rate(rate, time, visit).await;
    let done = |outcomes: &mut dyn Iterator<Item = Outcome>| {
        outcomes.filter(|outcome| *outcome == Outcome::Done).count() as f64 / time.as_secs_f64()
    };
    let quantile = |outcome, quantile| {
        let mut latency = histogram();
        let times = visits.iter().filter(|(_, (ordered, _))| *ordered == outcome).map(|(_, (_, time))| *time);
        times.for_each(|time| record(&mut latency, time));
        latency.value_at_quantile(quantile) as f64 / 1000.0
    };
    Flood {
        orders: done(&mut visits.iter().map(|(_, (ordered, _))| *ordered)),
        menus: done(&mut visits.iter().map(|(looked, _)| *looked)),
        refusal: quantile(Outcome::Refused, 0.99),
        acceptance: quantile(Outcome::Done, 0.5),
    }
}
