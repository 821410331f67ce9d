//! Every message: in each hop of a mesh, between a role and a server or another role, each message in either direction is
//! the one at which the connection is cut, or the hop goes silent.

use std::{sync::Mutex, time::Duration};

use futures_util::future::join_all;

use super::{
    report::{Part, Sweep, progress},
    series::{Series, Trap},
    witness::Witness,
};
use harness::{Direction, Hops, Instead, Proxy, Servers, Settings, Shop};

/// Of a call over a hop that is cut, and of one that may go silent.
const TIMEOUT: Duration = Duration::from_secs(4);
const SHORT_TIMEOUT: Duration = Duration::from_secs(1);
/// Of those that `make test` plays, one in so many.
const CUTS: u64 = 4;
const SILENCES: u64 = 10;
/// Shops that are at work at the same time, each with what is next.
const SHOPS: usize = 4;
/// A fault after which a shop is no longer what it was may have many faces.
const ENOUGH: usize = 3;
/// All together, before the sweep gives up.
const SPOILT: usize = 24;
const HOPS: usize = 9;

/// One kind of fault at one share of the places.
struct Task {
    hop: usize,
    direction: Direction,
    share: (u64, u64),
}

struct Broken<'a> {
    hop: &'a Proxy,
    name: String,
    direction: Direction,
    instead: Instead,
}

impl Trap for Broken<'_> {
    fn set(&self, place: u64) {
        self.hop.trap(self.direction, place as usize, self.instead);
    }

    fn sprung(&self) -> Option<String> {
        self.hop.sprung().then(|| self.name.clone())
    }

    fn lasts(&self) -> Duration {
        if self.instead == Instead::Silence { SHORT_TIMEOUT } else { Duration::ZERO }
    }

    fn heal(&self) {
        self.hop.release();
    }
}

pub async fn cuts(part: Part) -> Result<(), String> {
    sweep("messages, cut", part, Instead::Cut, TIMEOUT).await
}

pub async fn silences(part: Part) -> Result<(), String> {
    sweep("messages, silence", part, Instead::Silence, SHORT_TIMEOUT).await
}

async fn sweep(name: &'static str, part: Part, instead: Instead, patience: Duration) -> Result<(), String> {
    let tasks = tasks(part, if instead == Instead::Cut { CUTS } else { SILENCES });
    let servers = Servers::with(SHOPS + SPOILT).await;
    let (tasks, yard) = (Mutex::new(tasks), Yard { servers: &servers, opened: tokio::sync::Mutex::new(0) });
    let shops = (0..SHOPS).map(|_| async {
        let (mut played, mut open) = (Vec::new(), None);
        while let Some(task) = { tasks.lock().expect("unpoisoned").pop() } {
            played.push(play(&yard, &task, &mut open, instead, patience).await);
        }
        played
    });
    let played = join_all(shops).await.into_iter().flatten().collect();
    let misled = servers.postgres.misled_since(0).map(|warning| format!("Postgres says {warning}"));
    Sweep::of(name, played).with(misled).report(part)
}

/// What waits longest comes last, and so is taken first.
fn tasks(part: Part, stride: u64) -> Vec<Task> {
    let sides = (0..HOPS).flat_map(|hop| [(hop, Direction::Up), (hop, Direction::Down)]);
    let all = sides.flat_map(|(hop, direction)| {
        let shares = part.of(stride, hop as u64 * 2 + direction as u64).into_iter();
        shares.map(move |share| Task { hop, direction, share })
    });
    all.collect()
}

/// In the shop that is open, and in another one when that is spoilt.
async fn play(
    yard: &Yard<'_>,
    task: &Task,
    open: &mut Option<(Shop, Hops, Witness)>,
    instead: Instead,
    patience: Duration,
) -> (Series, Vec<String>) {
    let Task { hop, direction, share } = *task;
    let mut series = Series::new(String::new(), share, patience);
    let mut wrong = Vec::new();
    while wrong.len() < ENOUGH {
        let (shop, hops, witness) = match open.take() {
            Some(open) => open,
            None => match yard.open(&format!("messages-{hop}-{direction:?}-{}-{instead:?}", share.0)).await {
                Some(opened) => opened,
                None => {
                    wrong.push(format!("hop {hop} {direction:?} {instead:?}: given up, {SPOILT} shops are spoilt"));
                    break;
                }
            },
        };
        let (name, hop) = hops.by_name()[hop];
        series.name = format!("{name} {direction:?} {instead:?}");
        let trap = Broken { hop, name: series.name.clone(), direction, instead };
        match series.play(&shop, &witness, &trap).await {
            Ok(()) => {
                *open = Some((shop, hops, witness));
                break;
            }
            Err(why) => wrong.push(why),
        }
    }
    eprintln!("{}", progress(&series, &wrong));
    (series, wrong)
}

/// Where shops come from.
struct Yard<'a> {
    servers: &'a Servers,
    opened: tokio::sync::Mutex<usize>,
}

impl Yard<'_> {
    /// A new one, if any is left. One after another: each starts four processes.
    async fn open(&self, name: &str) -> Option<(Shop, Hops, Witness)> {
        let mut opened = self.opened.lock().await;
        if *opened == SHOPS + SPOILT {
            return None;
        }
        *opened += 1;
        let settings = Settings::from([("COMANDA_AUDIT_AFTER_SECONDS", "600".to_owned())]);
        let (shop, hops) = Shop::mesh_through_proxies(self.servers, 1, settings).await;
        let witness = Witness::of(&shop, name).await;
        Some((shop, hops, witness))
    }
}
