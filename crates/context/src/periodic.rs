//! What is done over and over.

use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Ticks at once and then once in each `period`. After a pass that took longer the next tick keeps its distance: nobody
/// makes up for ticks that were missed.
#[must_use]
pub fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
