//! Faults of our own processes: killed, frozen, restarted.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::time::sleep;

use super::{
    Cell,
    cell_runner::{CellRunner, On},
    cells,
};
use harness::{Replica, worked_off, wrong_clock};

/// A tablet that comes back gets the whole board before it is cut again, which takes as long as the machine needs. Only
/// when for so long not one stream of all could be cut, nothing goes on any more.
const CUT_TIMEOUT: Duration = Duration::from_secs(60);

pub fn cells() -> Vec<Cell> {
    cells![On::Mesh =>
        nothing,
        orders_is_killed telling,
        kitchen_is_killed telling,
        gateway_is_killed,
        catalog_is_killed,
        all_of_a_role_are_killed,
        orders_is_frozen,
        kitchen_is_frozen telling,
        catalog_is_frozen,
        all_are_restarted_in_turn telling,
        streams_are_cut_a_thousand_times,
        clocks_are_wrong_by_an_hour,
    ]
}

/// For comparison.
async fn nothing(stage: &mut CellRunner) {
    sleep(Duration::from_millis(stage.rng.u64(100..500))).await;
}

async fn orders_is_killed(stage: &mut CellRunner) {
    let victim = stage.rng.usize(..stage.shop.orders.len());
    killed(&mut stage.shop.orders[victim]).await;
}

async fn kitchen_is_killed(stage: &mut CellRunner) {
    let victim = stage.rng.usize(..stage.shop.kitchen.len());
    killed(&mut stage.shop.kitchen[victim]).await;
}

async fn gateway_is_killed(stage: &mut CellRunner) {
    killed(&mut stage.shop.gateway).await;
}

async fn catalog_is_killed(stage: &mut CellRunner) {
    killed(&mut stage.shop.catalog[0]).await;
}

async fn all_of_a_role_are_killed(stage: &mut CellRunner) {
    let role = if stage.rng.bool() { &mut stage.shop.orders } else { &mut stage.shop.kitchen };
    role.iter_mut().for_each(Replica::kill);
    sleep(Duration::from_millis(stage.rng.u64(0..1000))).await;
    for replica in role {
        replica.start().await;
    }
}

async fn orders_is_frozen(stage: &mut CellRunner) {
    let (victim, time) = (stage.rng.usize(..stage.shop.orders.len()), stage.rng.u64(500..8000));
    frozen(&mut stage.shop.orders[victim], time).await;
}

/// Sometimes longer than the broker waits before it gives the queue to the other.
async fn kitchen_is_frozen(stage: &mut CellRunner) {
    let (victim, time) = (stage.rng.usize(..stage.shop.kitchen.len()), stage.rng.u64(500..8000));
    frozen(&mut stage.shop.kitchen[victim], time).await;
}

async fn catalog_is_frozen(stage: &mut CellRunner) {
    frozen(&mut stage.shop.catalog[0], stage.rng.u64(500..5000)).await;
}

async fn all_are_restarted_in_turn(stage: &mut CellRunner) {
    for replica in stage.shop.replicas() {
        let ended = replica.stop();
        assert!(ended.is_some_and(|status| status.success()), "a stop is not a failure: {ended:?}");
        replica.start().await;
    }
}

/// Tablets lose their streams at any message; each watches again, on the other replica or through the gateway.
async fn streams_are_cut_a_thousand_times(stage: &mut CellRunner) {
    stage.workload.cuts.store(1000, Ordering::Release);
    let cut = worked_off(CUT_TIMEOUT, async || match stage.workload.cuts.load(Ordering::Acquire) {
        0 => Ok(()),
        left => Err(format!("{left} streams are still to be cut")),
    });
    cut.await.expect("all streams are cut");
}

/// Ahead, behind, or right: each replica for itself, and another way each time.
async fn clocks_are_wrong_by_an_hour(stage: &mut CellRunner) {
    let replicas = stage.shop.orders.iter_mut().chain(&mut stage.shop.kitchen);
    for replica in replicas {
        let skew = *stage.rng.choice(&[-3600, 0, 3600]).expect("a choice");
        replica.kill();
        replica.start_with(wrong_clock(skew)).await;
    }
}

async fn killed(replica: &mut Replica) {
    replica.kill();
    replica.start().await;
}

async fn frozen(replica: &mut Replica, milliseconds: u64) {
    replica.pause();
    sleep(Duration::from_millis(milliseconds)).await;
    replica.resume();
}
