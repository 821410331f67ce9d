//! What a sweep went through, and what it found.

use std::{collections::BTreeMap, fmt::Write};

use super::series::Series;
use crate::faults;

/// How many play one kind of fault, each every so-manyth place.
const SHARED_BY: u64 = 3;

/// How much of a sweep is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// Every so-manyth place, from one that the seed chooses.
    Seeded,
}

impl Part {
    /// The first place and the distance to the next, for each of those who share the work.
    pub fn of(self, stride: u64, salt: u64) -> Vec<(u64, u64)> {
        match self {
            // Most of the time they wait for a lease or a time-out.
            Self::Whole => (1..=SHARED_BY).map(|first| (first, SHARED_BY)).collect(),
            Self::Seeded => vec![((faults::seed() + salt) % stride + 1, stride)],
        }
    }
}

/// A line for whoever watches a long run.
pub fn progress(series: &Series, wrong: &[String]) -> String {
    let places: usize = series.places.values().sum();
    let mut line = format!("{}: {places} places in {:.0?}", series.name, series.began.elapsed());
    wrong.iter().for_each(|why| line += &format!("\n  {why}"));
    line
}

/// All series of one sweep.
pub struct Sweep {
    name: &'static str,
    /// How many places, by what broke there.
    places: BTreeMap<String, usize>,
    /// The same, by what was to break.
    reached: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

impl Sweep {
    pub fn of(name: &'static str, played: Vec<(Series, Vec<String>)>) -> Self {
        let mut sweep = Self { name, places: BTreeMap::new(), reached: BTreeMap::new(), wrong: Vec::new() };
        for (series, wrong) in played {
            sweep.wrong.extend(wrong);
            let kind = sweep.reached.entry(series.name).or_default();
            for ((what, _), number) in series.places {
                *sweep.places.entry(what).or_default() += number;
                *kind += number;
            }
        }
        sweep
    }

    /// Something else that was found.
    pub fn with(mut self, wrong: Option<String>) -> Self {
        self.wrong.extend(wrong);
        self
    }

    /// Prints it; what must not be is the error, and that nothing reached a place of a whole sweep is, too.
    pub fn report(mut self, part: Part) -> Result<(), String> {
        let mut table = String::new();
        for (what, number) in &self.places {
            let _ = writeln!(table, "  {number:>6}  {what}");
        }
        let total: usize = self.places.values().sum();
        println!("\nevery place ({}, {part:?}): {total} places, seed {}\n{table}", self.name, faults::seed());
        let unreached = self.reached.iter().filter(|(_, number)| **number == 0 && part == Part::Whole);
        self.wrong.extend(unreached.map(|(what, _)| format!("no place was reached: {what}")).collect::<Vec<_>>());
        if self.wrong.is_empty() { Ok(()) } else { Err(self.wrong.join("\n  ")) }
    }
}
