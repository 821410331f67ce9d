//! Faults of the network: each hop between two processes, or a process and a server, cut, silent, slow or narrow; and the
//! cruellest moment, a COMMIT whose reply never comes.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    Cell,
    cell_runner::{CellRunner, On},
    cells, customers,
};
use harness::{Mode, Proxy};

pub fn cells() -> Vec<Cell> {
    cells![On::Network =>
        replies_to_commit_are_lost telling,
        hops_are_cut telling,
        hops_are_silent,
        hops_are_slow,
        hops_are_narrow,
        callers_give_up telling,
    ]
}

async fn replies_to_commit_are_lost(stage: &mut CellRunner) {
    let times = stage.rng.usize(1..20);
    let orders = stage.rng.bool();
    let hop = if orders { &stage.hops().orders_database } else { &stage.hops().kitchen_database };
    let before = hop.cuts();
    hop.set(Mode::CutAfter { pattern: b"COMMIT\0", times });
    let cut = harness::within(Duration::from_secs(20), async || hop.cuts() >= before + times).await;
    hop.set(Mode::Pass);
    stage.journal.note(format_args!("{times} commits, all cut: {}", cut.is_ok()));
}

async fn hops_are_cut(stage: &mut CellRunner) {
    broken(stage, |_| Mode::Cut, 2000).await;
}

async fn hops_are_silent(stage: &mut CellRunner) {
    broken(stage, |_| Mode::Blackhole, 7000).await;
}

async fn hops_are_slow(stage: &mut CellRunner) {
    broken(stage, |rng| Mode::Delay(Duration::from_millis(rng.u64(20..300))), 3000).await;
}

async fn hops_are_narrow(stage: &mut CellRunner) {
    broken(stage, |rng| Mode::Throttle(rng.u32(8_000..64_000)), 3000).await;
}

/// A statement takes longer than most of these callers wait, so they leave at any moment of any transaction.
async fn callers_give_up(stage: &mut CellRunner) {
    const CALLERS: usize = 60;
    let hop = &stage.hops().orders_database;
    hop.set(Mode::Delay(Duration::from_millis(100)));
    for _ in 0..CALLERS {
        let rng = stage.rng.fork();
        stage.workload.spawn(customers::hasty_visit(stage.workload.clone(), rng));
    }
    sleep(Duration::from_secs(3)).await;
    stage.hops().orders_database.set(Mode::Pass);
}

/// One hop in five, and at least one, for up to so many milliseconds.
async fn broken(stage: &mut CellRunner, mode: impl Fn(&mut fastrand::Rng) -> Mode, longest: u64) {
    let rng = &mut stage.rng.clone();
    let all: Vec<&Proxy> = stage.hops().all().collect();
    let certain = rng.usize(..all.len());
    let chosen = all.iter().enumerate().filter(|(at, _)| *at == certain || rng.u8(0..5) == 0);
    let chosen: Vec<_> = chosen.map(|(at, hop)| (at, *hop)).collect();
    stage.journal.note(format_args!("hops {:?}", chosen.iter().map(|(at, _)| at).collect::<Vec<_>>()));
    for (_, hop) in &chosen {
        hop.set(mode(rng));
    }
    sleep(Duration::from_millis(rng.u64(100..longest))).await;
    for (_, hop) in &chosen {
        hop.set(Mode::Pass);
    }
    stage.rng = rng.clone();
}
