//! A replica is dead, frozen, or comes and goes: calls go to those who answer, and nobody is flooded with repeats.

use std::time::{Duration, Instant};

use comanda_proto::orders::v1::GetOrderRequest;
use libtest_mimic::Trial;
use tokio::task::JoinSet;
use tonic::Code;
use tonic_types::StatusExt;

use super::callers::{Callers, channel_to};
use harness::{Servers, Settings, Shop, trials, with_token};

use crate::clients::{order, place, reason};

pub fn tests() -> Vec<Trial> {
    trials![
        dead_and_flapping_replicas_fail_no_call_that_may_be_repeated,
        a_frozen_replica_soon_gets_no_calls,
        a_dead_role_is_told_at_once_and_not_flooded,
    ]
}

async fn dead_and_flapping_replicas_fail_no_call_that_may_be_repeated() {
    let servers = Servers::shared().await;
    let mut shop = Shop::mesh_of_twos(&servers, Settings::new()).await;
    let channel = channel_to(&[&shop.gateway]);
    let callers = Callers::at(&shop, &channel).await;
    for _ in 0..3 {
        for replicas in [&mut shop.catalog, &mut shop.orders] {
            replicas[1].kill();
            callers.progress().await;
            replicas[1].start().await;
            callers.progress().await;
        }
    }
    assert_eq!(callers.stop().await, Vec::<String>::new(), "no call fails");
}

/// The calls that it swallows cost their callers the deadline; it must be few.
async fn a_frozen_replica_soon_gets_no_calls() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 2).await;
    let placed = place(&shop, "Ana").await;
    shop.orders[1].pause();
    let mut failed = 0;
    for _ in 0..40 {
        let look = GetOrderRequest { order_id: order(&placed).order_id.clone() };
        let mut look = with_token(look, &placed.own_token);
        look.set_timeout(Duration::from_millis(500));
        match shop.gateway.orders().get_order(look).await {
            Ok(_) => {}
            // tonic's client calls its own deadline so.
            Err(status) if matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled) => failed += 1,
            Err(status) => panic!("{status:?}"),
        }
    }
    assert!(failed <= 4, "{failed} of 40 calls went to a replica that answers nothing");
    shop.orders[1].resume();
}

async fn a_dead_role_is_told_at_once_and_not_flooded() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let placed = place(&shop, "Ana").await;
    shop.orders[0].kill();
    let (calls, began) = (1000, Instant::now());
    // As many at once as the gateway takes on, and some room.
    for _ in 0..4 {
        let mut tasks = JoinSet::new();
        for _ in 0..calls / 4 {
            let look = GetOrderRequest { order_id: order(&placed).order_id.clone() };
            let (look, mut orders) = (with_token(look, &placed.own_token), shop.gateway.orders());
            tasks.spawn(async move { orders.get_order(look).await.expect_err("nobody is there") });
        }
        while let Some(status) = tasks.join_next().await {
            let status = status.expect("no panic");
            assert_eq!((status.code(), reason(&status)), (Code::Unavailable, "DEPENDENCY_DOWN".into()), "{status:?}");
            assert!(status.get_details_retry_info().is_some_and(|info| info.retry_delay.is_some()), "{status:?}");
        }
    }
    let metrics = shop.gateway.metrics().await;
    let lines = metrics.lines().filter(|line| line.starts_with("comanda_client_retries_total"));
    let repeats: f64 = lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum();
    // One for five, and what the budget gives to rare calls: ten a second, and as many as ten seconds give at once.
    let budget = f64::from(calls) * 0.2 + 10.0 * (began.elapsed().as_secs_f64() + 10.0);
    assert!(repeats > 0.0 && repeats <= budget, "{repeats} repeats of {calls} calls");
}
