//! One fault at the first place, then at the second, and so on, in each step of an order's life, until a step is over
//! before the place comes. After each step everything must be as if nothing had been.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use tokio::time::sleep;

use super::{
    life::{LIFE, Life, Step, is_clear},
    witness::Witness,
};
use harness::{Shop, within};

/// Until what was not answered is settled, and everybody has heard of it. Far beyond every lease and time-out.
const REST: Duration = Duration::from_secs(45);
/// For a transaction that is under way at the very moment.
const CLEAN: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// A process is not repeatable as a whole: what it does beside the step comes now and then.
const MISSES: u32 = 2;

/// Something that breaks at a place that is counted from the beginning of a step.
pub trait Trap {
    /// From now on places count.
    fn set(&self, place: u64);
    /// What broke; none while the place has not come.
    fn sprung(&self) -> Option<String>;
    /// How long it stays broken.
    fn lasts(&self) -> Duration;
    /// All is well again.
    fn heal(&self);
}

/// One kind of fault at all places, or at every so many.
pub struct Series {
    pub name: String,
    place: u64,
    stride: u64,
    patience: Duration,
    pub began: Instant,
    /// Steps that have more places; how often in a row the place did not come.
    open: BTreeMap<Step, u32>,
    /// How many places there were, by step and what broke there.
    pub places: BTreeMap<(String, Step), usize>,
}

impl Series {
    /// Every `stride`-th place from `first` on, from 1; the calls' deadline.
    pub fn new(name: String, (first, stride): (u64, u64), patience: Duration) -> Self {
        let open = LIFE.into_iter().map(|step| (step, 0)).collect();
        Self { name, place: first, stride, patience, began: Instant::now(), open, places: BTreeMap::new() }
    }

    /// Plays it to its end, or until something is wrong; then it may go on in another shop.
    pub async fn play(&mut self, shop: &Shop, witness: &Witness, trap: &impl Trap) -> Result<(), String> {
        while !self.open.is_empty() {
            let place = self.place;
            self.place += self.stride;
            self.live(shop, witness, trap, place).await?;
        }
        Ok(())
    }

    async fn live(&mut self, shop: &Shop, witness: &Witness, trap: &impl Trap, place: u64) -> Result<(), String> {
        let mut life = Life::new(shop, witness, self.patience);
        let last = self.open.keys().next_back().copied();
        for step in LIFE.into_iter().filter(|step| Some(*step) <= last) {
            life.prepare(step).await?;
            let wrong = |why: String| format!("{}, place {place} of {step:?}: {why}", self.name);
            if !self.open.contains_key(&step) {
                settled(&mut life, witness, step).await.map_err(wrong)?;
                continue;
            }
            let sprung = broken(&mut life, witness, trap, step, place).await.map_err(wrong)?;
            self.note(step, sprung);
        }
        witness.judge().await.map_err(|why| format!("{}, place {place}: {why}", self.name))
    }

    fn note(&mut self, step: Step, sprung: Option<String>) {
        let misses = self.open.get_mut(&step).expect("it is open");
        match sprung {
            Some(what) => {
                *misses = 0;
                *self.places.entry((what, step)).or_default() += 1;
            }
            None => {
                *misses += 1;
                if *misses == MISSES {
                    self.open.remove(&step);
                }
            }
        }
    }
}

/// One step with the fault at this place, until it is settled; what broke.
async fn broken(
    life: &mut Life<'_>,
    witness: &Witness,
    trap: &impl Trap,
    step: Step,
    place: u64,
) -> Result<Option<String>, String> {
    trap.set(place);
    let answer = life.attempt(step).await;
    let seen = match &answer {
        Ok(fact) => witness.sees(fact).await,
        Err(status) if is_clear(status) => Ok(()),
        Err(status) => Err(format!("this tells the caller nothing: {status:?}")),
    };
    // What follows from it in the background may come to the place, too.
    let (from, mut rested) = (Instant::now(), None);
    while trap.sprung().is_none() && rested.is_none() && from.elapsed() < REST {
        rested = life.is_at_rest(step).await.ok();
        sleep(LOOK_EVERY).await;
    }
    let sprung = trap.sprung();
    if sprung.is_some() {
        sleep(trap.lasts()).await;
    }
    trap.heal();
    let what = sprung.clone().unwrap_or_else(|| "nothing broke".to_owned());
    seen.map_err(|why| format!("{what}: {why}"))?;
    settled(life, witness, step).await.map_err(|why| format!("{what}, answered {}: {why}", told(&answer)))?;
    Ok(sprung)
}

/// Asks until there is an answer, looks for what it says, and waits until all have heard of it.
async fn settled(life: &mut Life<'_>, witness: &Witness, step: Step) -> Result<(), String> {
    let from = Instant::now();
    let fact = loop {
        match life.attempt(step).await {
            Ok(fact) => break fact,
            Err(status) if !is_clear(&status) => return Err(format!("asked again, it says {status:?}")),
            Err(status) if from.elapsed() > REST => return Err(format!("it goes on saying {status:?}")),
            Err(_) => sleep(LOOK_EVERY * 10).await,
        }
    };
    witness.sees(&fact).await?;
    within(REST, async || life.is_at_rest(step).await)
        .await
        .map_err(|why| format!("it does not come to rest: {why}"))?;
    // Whether it still is what it was, now that all is written.
    witness.sees(&fact).await?;
    within(CLEAN, async || witness.no_transaction_is_open().await).await
}

fn told<T>(answer: &Result<T, tonic::Status>) -> String {
    match answer {
        Ok(_) => "OK".to_owned(),
        Err(status) => status.code().to_string(),
    }
}
