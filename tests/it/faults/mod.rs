//! The fault rig: real processes and servers are broken while customers order and baristas tap, and afterwards every
//! accepted order must be there, once, in order, with a legal history. `make faults` plays every cell for as long as it is
//! told; the ordinary tests play the most telling ones briefly.
//!
//! A cell is one fault on one shape. It is driven by a seed; real processes do not repeat themselves exactly, but the same
//! seed gives the same customers, the same habits and the same choice of faults.

mod baristas;
mod cell_runner;
pub mod checker;
mod crashes;
mod customers;
pub mod db_snapshot;
mod disks;
mod embedded;
pub mod journal;
mod messages;
mod network;
mod overload;
mod processes;
mod report;
mod servers;
mod sessions;
mod workload;

use std::{env, pin::Pin, sync::Mutex, time::Duration};

use cell_runner::{CellRunner, On};
use harness::Servers;
use libtest_mimic::{Arguments, Failed, Trial};
pub use report::finish;

/// One cell runs at a time: they break what others would share, and measure.
static SERVERS: Mutex<Option<Servers>> = Mutex::new(None);
/// More than there are cells.
const VIRTUAL_HOSTS: usize = 64;
/// Megabytes of a small Postgres: most is what any Postgres has before there is anything in it.
const SMALL: u32 = 512;
const SHORT: Duration = Duration::from_secs(3);
/// What a cell may take beyond the time it plays, on the slowest machine. It only ends a run that would never end: what
/// stands still is noticed long before.
const OVERHEAD: Duration = Duration::from_secs(1800);

type Fault = for<'a> fn(&'a mut CellRunner) -> Pin<Box<dyn Future<Output = ()> + 'a>>;

/// One fault on one shape.
pub struct Cell {
    name: &'static str,
    on: On,
    fault: Fault,
    /// Also played, briefly, by the ordinary tests.
    telling: bool,
}

impl Cell {
    fn path(&self) -> String {
        format!("faults::{}::{}", self.on.shape(), self.name)
    }
}

/// Lists cells: `cells![On::Mesh: kitchen_is_killed, telling orders_are_killed]`.
macro_rules! cells {
    ($on:expr => $($fault:ident $($telling:ident)?),* $(,)?) => {
        vec![$($crate::faults::Cell {
            name: stringify!($fault),
            on: $on,
            fault: |stage| Box::pin($fault(stage)),
            telling: $crate::faults::cells!(@ $($telling)?),
        }),*]
    };
    (@ telling) => { true };
    (@) => { false };
}
pub(crate) use cells;

pub fn tests() -> Vec<Trial> {
    let all = [
        processes::cells(),
        servers::cells(),
        network::cells(),
        messages::cells(),
        crashes::cells(),
        embedded::cells(),
        disks::cells(),
        overload::cells(),
    ];
    let all: Vec<Cell> = all.into_iter().flatten().collect();
    let asked = Arguments::from_args();
    let chosen = all.iter().filter(|cell| is_chosen(&asked, &cell.path())).count().max(1);
    let long = seconds().map(|seconds| Duration::from_secs(seconds) / u32::try_from(chosen).unwrap_or(1));
    let played = all.into_iter().filter(|cell| long.is_some() || cell.telling);
    played.map(|cell| trial(cell, long.unwrap_or(SHORT))).collect()
}

/// As libtest-mimic itself chooses.
fn is_chosen(asked: &Arguments, path: &str) -> bool {
    let fits = |filter: &String| if asked.exact { path == filter } else { path.contains(filter.as_str()) };
    asked.filter.as_ref().is_none_or(fits) && !asked.skip.iter().any(fits)
}

/// The seed of this run: the one asked for, else a new one.
pub fn seed() -> u64 {
    static SEED: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    let asked = || env::var("COMANDA_FAULTS_SEED").ok().and_then(|seed| seed.parse().ok());
    *SEED.get_or_init(|| asked().unwrap_or_else(|| fastrand::u64(1..1_000_000)))
}

/// Whether all is played, as `make faults` does.
pub fn is_long() -> bool {
    seconds().is_some()
}

fn seconds() -> Option<u64> {
    env::var("COMANDA_FAULTS_SECONDS").ok().and_then(|seconds| seconds.parse().ok())
}

/// Stops the servers of all cells.
pub fn stop_servers() {
    if let Ok(mut servers) = SERVERS.lock() {
        servers.take();
    }
}

fn trial(cell: Cell, time: Duration) -> Trial {
    let name = cell.path();
    Trial::test(name.clone(), move || {
        // A cell that failed may have left its servers broken: it took them along.
        let mut servers = SERVERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let played =
            runtime.block_on(async { tokio::time::timeout(time + OVERHEAD, play(&cell, time, &mut servers)).await });
        let verdict = played.map_err(|_| "still not done".to_owned()).and_then(|verdict| verdict);
        let repeat = || format!("repeat it with: make faults SEED={} ONLY={name}", seed());
        verdict.map_err(|what| {
            // At once: a long run tells of failures only at its end.
            eprintln!("{name}: {what}\n{}", repeat());
            Failed::from(what)
        })
    })
}

async fn play(cell: &Cell, time: Duration, kept: &mut Option<Servers>) -> Result<(), String> {
    let servers = match (cell.on, kept.take()) {
        (On::SmallPostgres, servers) => {
            *kept = servers;
            Some(Servers::with_small_postgres(SMALL).await)
        }
        (on, servers) if on.is_one_process() => {
            *kept = servers;
            None
        }
        (_, None) => Some(Servers::with(VIRTUAL_HOSTS).await),
        (_, servers) => servers,
    };
    let seed = cell.name.bytes().fold(seed(), |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut stage = CellRunner::set(cell.on, servers, cell.name, seed).await;
    let played = stage.play(time, async |stage| (cell.fault)(stage).await).await;
    let (outcome, servers) = stage.close(played).await;
    let verdict = report::add(cell.name, cell.on.shape(), outcome);
    if verdict.is_ok() && servers.is_some() && cell.on != On::SmallPostgres {
        *kept = servers;
    }
    verdict
}
