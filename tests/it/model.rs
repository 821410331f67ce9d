//! The worst network that can stand between Orders and the kitchen. Both are real and run in this process, each with its
//! own database and its own broker; what one sends reaches the other only through `line`, which doubles, holds back,
//! mixes up and loses, before the confirm and after it. Once it is honest, everything must come to rest as if it had
//! always been. So relay, consumer, handshake and audit are shown as what they are together, without servers to break.
//!
//! Tasks do not take turns by the seed, so the same seed repeats the choices and not each step.

mod clients;
pub mod in_process_cluster;
mod ledger;
mod lossy_link;

use std::{collections::HashMap, sync::Arc, time::Duration};

use comanda_storage::database::Database;
use harness::trials;
use libtest_mimic::Trial;
use tokio::{
    task::{JoinSet, LocalSet, spawn_local},
    time::{Instant, interval},
};
use tokio_util::sync::CancellationToken;

use crate::faults::{
    checker::{Findings, audit, disagreement},
    db_snapshot::DbSnapshot,
    journal::{Journal, Of},
    seed,
};
use in_process_cluster::Rooms;
use ledger::Ledger;
use lossy_link::Line;

/// Far above what it needs, even on a busy machine.
const TO_REST: Duration = Duration::from_secs(30);
/// So often the minutes pass after which a silent order is asked for.
const AN_HOUR_EVERY: Duration = Duration::from_secs(1);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Fewer would show little.
const ORDERS_AT_LEAST: usize = 100;

pub fn tests() -> Vec<Trial> {
    trials![whatever_the_network_does_orders_and_kitchen_agree_in_the_end]
}

async fn whatever_the_network_does_orders_and_kitchen_agree_in_the_end() {
    // The network and the people take turns on one thread; the roles have theirs.
    LocalSet::new().run_until(play()).await;
}

async fn play() {
    let mut rng = fastrand::Rng::with_seed(seed());
    let (rooms, journal, ledger) =
        (Rooms::open().await, Arc::new(Journal::new("embedded", "model")), Arc::new(Ledger::default()));
    let (honest, closed) = (CancellationToken::new(), CancellationToken::new());
    let mut tasks = JoinSet::new();
    for line in Line::both(&rooms, &ledger, &mut rng) {
        tasks.spawn_local(line.carry(honest.clone()));
    }
    tasks.spawn_local(look(rooms.orders.clone(), journal.clone()));
    let barista = spawn_local(clients::serve(rooms.kitchen_door.clone(), journal.clone(), rng.fork(), closed.clone()));
    clients::arrive(&rooms, &journal, &ledger, rng.fork()).await;
    closed.cancel();
    barista.await.expect("the barista's day ends well");
    honest.cancel();

    let rested = rest(&rooms, &ledger).await;
    let books = books(&rooms).await;
    let verdict = rested.and_then(|()| verdict(audit(&books, &journal), &ledger, &books));
    tasks.shutdown().await;
    rooms.close().await;
    if let Err(what) = verdict {
        let repeat = format!("repeat it with: COMANDA_FAULTS_SEED={} cargo test --test it -- model", seed());
        panic!("{what}\n{}\n{repeat}", ledger.summary());
    }
}

/// Until nothing is under way and the two agree. An order that changed once and then fell silent is asked for after a
/// minute and a half, one that was asked for in vain after up to an hour: here these times pass at once.
async fn rest(rooms: &Rooms, ledger: &Ledger) -> Result<(), String> {
    let (deadline, mut an_hour) = (Instant::now() + TO_REST, Instant::now());
    let mut looks = interval(LOOK_EVERY);
    loop {
        looks.tick().await;
        let moved = ledger.moved();
        let why = match (disagreement(&books(rooms).await), ledger.under_way()) {
            (None, 0) if moved == ledger.moved() => return Ok(()),
            (Some(why), _) => why,
            (None, under_way) => format!("{under_way} messages are under way"),
        };
        if deadline < Instant::now() {
            return Err(format!("it does not come to rest: {why}"));
        }
        if an_hour <= Instant::now() {
            an_hour = Instant::now() + AN_HOUR_EVERY;
            rooms.let_an_hour_pass().await;
        }
    }
}

fn verdict(findings: Findings, ledger: &Ledger, books: &DbSnapshot) -> Result<(), String> {
    let Findings { lost, duplicated, inversions, illegal, dead_letters, accepted, .. } = findings;
    let found = [
        ("lost", lost),
        ("doubled", duplicated),
        ("out of order", inversions),
        ("impossible", illegal),
        ("unanswered", ledger.unanswered(books)),
        ("harmless", ledger.harmless()),
    ];
    let shown = |(what, found): (&str, Vec<String>)| {
        let first: Vec<_> = found.iter().take(3).cloned().collect();
        (!found.is_empty()).then(|| format!("{} {what}: {}", found.len(), first.join("; ")))
    };
    let found: Vec<_> = found.into_iter().filter_map(shown).collect();
    match (found.is_empty(), dead_letters, accepted) {
        (true, 0, ORDERS_AT_LEAST..) => Ok(()),
        (_, dead, accepted) => Err(format!("{}\n{dead} dead letters, {accepted} orders", found.join("\n"))),
    }
}

/// What anyone may be shown at any moment: an order never goes back.
async fn look(orders: Database, journal: Arc<Journal>) {
    let (mut looks, mut last) = (interval(LOOK_EVERY), HashMap::new());
    loop {
        looks.tick().await;
        for (id, revision, state) in in_process_cluster::shown(&orders).await {
            journal.seen(Of::Order, &id, revision, state);
            let before = last.insert(id.clone(), revision).unwrap_or_default();
            if revision < before {
                journal.violation(format!("order {id} went back from {before} to {revision}"));
            }
        }
    }
}

async fn books(rooms: &Rooms) -> DbSnapshot {
    DbSnapshot::read(rooms.orders.driver(), rooms.kitchen.driver()).await.expect("both databases answer")
}
