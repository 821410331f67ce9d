//! How long orders of one shop take, learned from those it has finished. Pure: samples go in, a range comes out.
//!
//! An order waits for its own work and for what stands before it. The work of a product is the median time that orders with
//! it were in preparation, per piece; how much work goes on side by side is what makes the waits of the past most alike. What
//! is left over, from slow days to strange orders, is in the ratio between waits and work, and the range is between two
//! quantiles of that ratio: nine of ten orders were ready before the upper one.

use chrono::{DateTime, Utc};
use sea_orm::prelude::Uuid;
use std::collections::HashMap;

/// Nothing is said before so many orders are finished.
pub const FEWEST: usize = 30;
/// A product has a time of its own from so many orders on.
const FEWEST_OF_PRODUCT: usize = 5;
/// No piece takes less or more, in seconds, whatever a forgotten tap says.
const PIECE: (f64, f64) = (1.0, 3600.0);
/// How many orders' work may go on side by side.
const SIDE_BY_SIDE: [f64; 12] = [0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0];
const EARLIEST: f64 = 0.25;
const LATEST: f64 = 0.9;

/// Products and how many of each.
pub type Pieces = Vec<(Uuid, i32)>;

/// A finished order.
#[derive(Debug, Clone)]
pub struct Sample {
    pub accepted_at: DateTime<Utc>,
    pub started_at: DateTime<Utc>,
    pub ready_at: DateTime<Utc>,
    pub pieces: Pieces,
}

/// How long it takes from now, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub earliest: i32,
    pub latest: i32,
}

/// What was learned of a shop.
#[derive(Debug, Clone)]
pub struct Model {
    /// Seconds per piece.
    products: HashMap<Uuid, f64>,
    /// The same of any other.
    usual: f64,
    side_by_side: f64,
    earliest: f64,
    latest: f64,
}

impl Model {
    /// From the orders that a shop finished last; `None` as long as they are too few.
    pub fn learn(samples: &[Sample]) -> Option<Self> {
        if samples.len() < FEWEST {
            return None;
        }
        let usual = median(samples.iter().map(per_piece).collect())?;
        let mut model = Self { products: products(samples), usual, side_by_side: 1.0, earliest: 1.0, latest: 1.0 };
        let waits = samples.iter().map(|sample| seconds(sample.ready_at - sample.accepted_at));
        let waits = waits.zip(model.own_and_ahead(samples)).collect::<Vec<_>>();
        let ratios = |side_by_side: f64| {
            let ratio = |(wait, (own, ahead)): &(f64, (f64, f64))| wait / (own + ahead / side_by_side);
            sorted(waits.iter().map(ratio).collect())
        };
        let spread = |ratios: &[f64]| quantile(ratios, LATEST) / quantile(ratios, EARLIEST).max(f64::MIN_POSITIVE);
        let best = SIDE_BY_SIDE.into_iter().map(|many| (many, ratios(many)));
        let (side_by_side, ratios) = best.min_by(|(_, a), (_, b)| spread(a).total_cmp(&spread(b)))?;
        model.side_by_side = side_by_side;
        (model.earliest, model.latest) = (quantile(&ratios, EARLIEST), quantile(&ratios, LATEST));
        Some(model)
    }

    /// Of an order with this own work, behind that much.
    pub fn range(&self, own: f64, ahead: f64) -> Range {
        let work = own + ahead.max(0.0) / self.side_by_side;
        Range { earliest: whole(work * self.earliest), latest: whole(work * self.latest).max(1) }
    }

    /// Seconds.
    pub fn work(&self, pieces: &[(Uuid, i32)]) -> f64 {
        let of = |(product, quantity): &(Uuid, i32)| {
            self.products.get(product).copied().unwrap_or(self.usual) * f64::from((*quantity).max(1))
        };
        pieces.iter().map(of).sum()
    }

    /// Of each order: its own work, and that of what had been accepted before it and was not ready then.
    fn own_and_ahead(&self, samples: &[Sample]) -> Vec<(f64, f64)> {
        let own = samples.iter().map(|sample| self.work(&sample.pieces)).collect::<Vec<_>>();
        let by = |time: fn(&Sample) -> DateTime<Utc>| {
            let mut steps = samples.iter().map(time).zip(own.iter().copied()).collect::<Vec<_>>();
            steps.sort_by_key(|(time, _)| *time);
            steps
        };
        let (accepted, ready) = (by(|sample| sample.accepted_at), by(|sample| sample.ready_at));
        let mut order = (0..samples.len()).collect::<Vec<_>>();
        order.sort_by_key(|at| samples[*at].accepted_at);
        let (mut come, mut gone, mut before) = (accepted.into_iter().peekable(), ready.into_iter().peekable(), 0.0);
        let mut both = vec![(0.0, 0.0); samples.len()];
        for at in order {
            let now = samples[at].accepted_at;
            while let Some((_, work)) = come.next_if(|(time, _)| *time < now) {
                before += work;
            }
            while let Some((_, work)) = gone.next_if(|(time, _)| *time <= now) {
                before -= work;
            }
            both[at] = (own[at], f64::max(before, 0.0));
        }
        both
    }
}

fn products(samples: &[Sample]) -> HashMap<Uuid, f64> {
    let mut times: HashMap<Uuid, Vec<f64>> = HashMap::new();
    for sample in samples {
        for (product, _) in &sample.pieces {
            times.entry(*product).or_default().push(per_piece(sample));
        }
    }
    let known = times.into_iter().filter(|(_, times)| times.len() >= FEWEST_OF_PRODUCT);
    known.filter_map(|(product, times)| Some((product, median(times)?))).collect()
}

fn per_piece(sample: &Sample) -> f64 {
    let pieces = sample.pieces.iter().map(|(_, quantity)| f64::from((*quantity).max(1))).sum::<f64>().max(1.0);
    (seconds(sample.ready_at - sample.started_at) / pieces).clamp(PIECE.0, PIECE.1)
}

fn seconds(time: chrono::TimeDelta) -> f64 {
    time.as_seconds_f64().max(0.0)
}

#[expect(clippy::cast_possible_truncation, reason = "clamped before")]
fn whole(seconds: f64) -> i32 {
    seconds.clamp(0.0, 86_400.0).round() as i32
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

fn median(values: Vec<f64>) -> Option<f64> {
    (!values.is_empty()).then(|| quantile(&sorted(values), 0.5))
}

/// Of sorted values, such that the next one is below it that often (split conformal).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "small counts"
)]
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = ((sorted.len() + 1) as f64 * share).ceil() as usize;
    sorted.get(at.clamp(1, sorted.len().max(1)) - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod simulation;
