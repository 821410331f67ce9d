//! More customers than any machine serves at once. Some are refused for a while, none is forgotten: what was taken on is
//! done in time, however many ask.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{
    Cell,
    cell_runner::{CellRunner, On},
    cells, customers,
};
use harness::worked_off;

const CROWD: usize = 1000;
/// A machine that serves nobody of so many for so long spends all its time on those who have given up.
const STANDSTILL: Duration = Duration::from_secs(60);

pub fn cells() -> Vec<Cell> {
    let mut cells = cells![On::Mesh => a_crowd_comes_at_once telling];
    cells.extend(cells![On::Embedded => a_crowd_comes_at_once]);
    cells
}

/// Each with a key and a connection of their own, beside those who come at any time.
async fn a_crowd_comes_at_once(stage: &mut CellRunner) {
    let left = Arc::new(AtomicUsize::new(CROWD));
    for _ in 0..CROWD {
        let (visit, left) = (customers::short_visit(stage.workload.clone(), stage.rng.fork()), left.clone());
        stage.workload.spawn(async move {
            visit.await;
            left.fetch_sub(1, Ordering::AcqRel);
        });
    }
    let served = worked_off(STANDSTILL, async || match left.load(Ordering::Acquire) {
        0 => Ok(()),
        left => Err(format!("{left} of a crowd still wait for an answer")),
    });
    served.await.expect("everybody is served in the end");
}
