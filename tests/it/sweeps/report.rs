//! What a sweep went through, and what it found.

use std::{collections::BTreeMap, fmt::Write};

use super::series::Series;
use crate::faults;

/// How much of a sweep is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// Every so-manyth place, from one that the seed chooses.
    Seeded,
}

impl Part {
    /// The first place, and the distance to the next.
    pub fn of(self, stride: u64, salt: u64) -> (u64, u64) {
        match self {
            Self::Whole => (1, 1),
            Self::Seeded => ((faults::seed() + salt) % stride + 1, stride),
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
    wrong: Vec<String>,
}

impl Sweep {
    pub fn of(name: &'static str, played: Vec<(Series, Vec<String>)>) -> Self {
        let mut sweep = Self { name, places: BTreeMap::new(), wrong: Vec::new() };
        for (series, wrong) in played {
            sweep.wrong.extend(wrong);
            if series.places.is_empty() {
                *sweep.places.entry(format!("{} (never reached)", series.name)).or_default() += 0;
            }
            for ((what, _), number) in series.places {
                *sweep.places.entry(what).or_default() += number;
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
        let unreached = self.places.iter().filter(|(_, number)| **number == 0 && part == Part::Whole);
        self.wrong.extend(unreached.map(|(what, _)| format!("nothing came to {what}")).collect::<Vec<_>>());
        if self.wrong.is_empty() { Ok(()) } else { Err(self.wrong.join("\n  ")) }
    }
}
