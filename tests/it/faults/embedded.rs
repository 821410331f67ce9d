//! Faults of a shop in a box: everything dies at once, again and again.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    Cell,
    cell_runner::{CellRunner, On},
    cells,
};
use harness::wrong_clock;

pub fn cells() -> Vec<Cell> {
    cells![On::Embedded =>
        the_box_is_killed telling,
        the_box_is_killed_fifty_times,
        the_box_is_frozen,
        the_box_is_restarted,
        the_clock_is_set_by_an_hour telling,
    ]
}

async fn the_box_is_killed(stage: &mut CellRunner) {
    stage.shop.gateway.kill();
    stage.shop.gateway.start().await;
}

async fn the_box_is_killed_fifty_times(stage: &mut CellRunner) {
    for _ in 0..50 {
        the_box_is_killed(stage).await;
        sleep(Duration::from_millis(stage.rng.u64(20..400))).await;
    }
}

async fn the_box_is_frozen(stage: &mut CellRunner) {
    stage.shop.gateway.pause();
    sleep(Duration::from_millis(stage.rng.u64(500..5000))).await;
    stage.shop.gateway.resume();
}

async fn the_box_is_restarted(stage: &mut CellRunner) {
    let ended = stage.shop.gateway.stop();
    assert!(ended.is_some_and(|status| status.success()), "a stop is not a failure: {ended:?}");
    stage.shop.gateway.start().await;
}

/// Here the clock of the process is the clock of the database.
async fn the_clock_is_set_by_an_hour(stage: &mut CellRunner) {
    let skew = *stage.rng.choice(&[-3600, 0, 3600]).expect("a choice");
    stage.shop.gateway.kill();
    stage.shop.gateway.start_with(wrong_clock(skew)).await;
}
