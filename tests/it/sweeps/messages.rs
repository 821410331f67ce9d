//! Every message: in each hop of a mesh, between a role and a server or another role, each message in either direction is
//! the one at which the connection is cut, or the hop goes silent.

use std::time::Duration;

use super::{
    report::{Part, Sweep, progress},
    series::{Series, Trap},
    witness::Witness,
};
use crate::harness::{Direction, Hops, Instead, Proxy, Servers, Settings, Shop};

/// Of a call over a hop that is cut, and of one that may go silent.
const PATIENCE: Duration = Duration::from_secs(4);
const SHORT_PATIENCE: Duration = Duration::from_secs(1);
/// Of the silences that `make test` plays, one in so many.
const STRIDE: u64 = 10;
/// Shops that are at work at the same time, each with its share of the hops.
const SHOPS: usize = 3;
const ENOUGH: usize = 3;

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
        if self.instead == Instead::Silence { SHORT_PATIENCE } else { Duration::ZERO }
    }

    fn heal(&self) {
        self.hop.release();
    }
}

pub async fn cuts(part: Part) -> Result<(), String> {
    let _ = part;
    sweep("messages, cut", Part::Whole, Instead::Cut, PATIENCE).await
}

pub async fn silences(part: Part) -> Result<(), String> {
    sweep("messages, silence", part, Instead::Silence, SHORT_PATIENCE).await
}

async fn sweep(name: &'static str, part: Part, instead: Instead, patience: Duration) -> Result<(), String> {
    let servers = Servers::with(SHOPS * (ENOUGH * 18 + 1)).await;
    let work = std::sync::Mutex::new((0..18).rev().collect::<Vec<usize>>());
    let shops = (0..SHOPS).map(|_| async {
        let (mut played, mut open) = (Vec::new(), None);
        while let Some(number) = { work.lock().expect("unpoisoned").pop() } {
            let (first, stride) = part.of(STRIDE, number as u64);
            let direction = if number % 2 == 0 { Direction::Up } else { Direction::Down };
            let hop = number / 2;
            let mut series = Series::new(format!("hop {hop} {direction:?} {instead:?}"), first, stride, patience);
            let mut wrong = Vec::new();
            while wrong.len() < ENOUGH {
                let (shop, hops, witness) = match open.take() {
                    Some(open) => open,
                    None => opened(&servers, number).await,
                };
                let (hop_name, hop) = hops.by_name()[hop];
                series.name = format!("{hop_name} {direction:?} {instead:?}");
                let trap = Broken { hop, name: series.name.clone(), direction, instead };
                match series.play(&shop, &witness, &trap).await {
                    Ok(()) => {
                        open = Some((shop, hops, witness));
                        break;
                    }
                    Err(why) => wrong.push(why),
                }
            }
            eprintln!("{}", progress(&series, &wrong));
            played.push((series, wrong));
        }
        played
    });
    let played = futures_util::future::join_all(shops).await.into_iter().flatten().collect();
    let misled = servers.postgres.misled_since(0).map(|warning| format!("Postgres says {warning}"));
    Sweep::of(name, played).with(misled).report(part)
}

async fn opened(servers: &Servers, number: usize) -> (Shop, Hops, Witness) {
    let settings = Settings::from([("COMANDA_AUDIT_AFTER_SECONDS", "600".to_owned())]);
    let (shop, hops) = Shop::mesh_through_proxies(servers, 1, settings).await;
    let witness = Witness::of(&shop, &format!("messages-{number}")).await;
    (shop, hops, witness)
}
