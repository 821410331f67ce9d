//! Disks that are full, again and again, while people order: that of a shop in a box, and that of Postgres. Needs the
//! right to mount a small one.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    Cell,
    cell_runner::{CellRunner, On},
    cells,
};
use harness::SmallDisk;

pub fn cells() -> Vec<Cell> {
    if !SmallDisk::is_allowed() {
        println!("without the right to mount a file system: no cell fills a disk");
        return Vec::new();
    }
    let mut cells = cells![On::SmallDisk => the_disk_is_full telling];
    cells.extend(cells![On::SmallPostgres => the_disk_of_postgres_is_full]);
    cells
}

async fn the_disk_is_full(stage: &mut CellRunner) {
    filled(stage, 1500).await;
}

/// It may end over that, and must then be started again, as a service manager does.
async fn the_disk_of_postgres_is_full(stage: &mut CellRunner) {
    filled(stage, 3000).await;
    stage.servers().postgres.start_if_ended().await;
}

async fn filled(stage: &mut CellRunner, longest: u64) {
    for _ in 0..2 {
        let time = Duration::from_millis(stage.rng.u64(100..longest));
        stage.disk().fill();
        sleep(time).await;
        stage.disk().free();
        sleep(Duration::from_millis(stage.rng.u64(50..300))).await;
    }
}
