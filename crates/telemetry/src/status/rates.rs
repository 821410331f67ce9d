//! How many calls this process had in the last minute, and how many of them failed through no fault of the caller's.
//!
//! One count for the process, as the metrics beside which it stands: a layer that counts knows no role.

use super::v1::Rates;
use parking_lot::Mutex;
use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};
use tonic::Code;

const SECONDS: usize = 60;
/// Those of operators and probes are not what a shop lives on: a quiet shop shows zero.
const NOT_COUNTED: [&str; 4] = ["comanda.mesh.", "grpc.", "/status", "_OTHER"];
/// Whoever gives less time than this has himself to blame when it was not enough.
const FAIR: Duration = Duration::from_secs(1);

static MINUTE: LazyLock<Mutex<Minute>> = LazyLock::new(|| Mutex::new(Minute::new(Instant::now())));

/// Counts a call by its method or route, its status, the time that its caller gave, if any, and how long it took.
pub fn count(method: &str, status: Code, given: Option<Duration>, took: Duration) {
    if NOT_COUNTED.iter().any(|start| method.starts_with(start)) {
        return;
    }
    MINUTE.lock().count(Instant::now(), is_ours(status, given, took));
}

fn is_ours(status: Code, given: Option<Duration>, took: Duration) -> bool {
    let short = given.filter(|given| *given < FAIR);
    match (status, short) {
        (Code::DeadlineExceeded, short) => short.is_none(),
        // Whoever is asked on his behalf has less time still, and may be given up first.
        (Code::Unavailable, Some(given)) if took >= given / 2 => false,
        (Code::Unknown | Code::Internal | Code::Unavailable | Code::DataLoss, _) => true,
        _ => false,
    }
}

/// The averages of the last minute.
pub(super) fn now() -> Rates {
    MINUTE.lock().rates(Instant::now())
}

/// Calls and failures, by the second, in a ring.
struct Minute {
    begun: Instant,
    second: u64,
    calls: [u32; SECONDS],
    errors: [u32; SECONDS],
}

impl Minute {
    fn new(begun: Instant) -> Self {
        Self { begun, second: 0, calls: [0; SECONDS], errors: [0; SECONDS] }
    }

    fn count(&mut self, now: Instant, failed: bool) {
        let at = self.turn_to(now);
        self.calls[at] = self.calls[at].saturating_add(1);
        self.errors[at] = self.errors[at].saturating_add(failed.into());
    }

    fn rates(&mut self, now: Instant) -> Rates {
        self.turn_to(now);
        let age = now.saturating_duration_since(self.begun).as_secs_f64().clamp(1.0, SECONDS as f64);
        let per_second = |counts: &[u32]| counts.iter().map(|count| f64::from(*count)).sum::<f64>() / age;
        Rates { calls_per_second: per_second(&self.calls), errors_per_second: per_second(&self.errors) }
    }

    /// Forgets what is older than a minute; the place of the second under way.
    fn turn_to(&mut self, now: Instant) -> usize {
        let second = now.saturating_duration_since(self.begun).as_secs().max(self.second);
        let place = |second: u64| (second % SECONDS as u64) as usize;
        for passed in (self.second + 1..=second).rev().take(SECONDS) {
            self.calls[place(passed)] = 0;
            self.errors[place(passed)] = 0;
        }
        self.second = second;
        place(second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_deadline_is_its_callers_affair() {
        let ours = |status, given: Option<u64>, took| {
            is_ours(status, given.map(Duration::from_millis), Duration::from_millis(took))
        };
        let late = Code::DeadlineExceeded;
        assert!(ours(late, None, 10_000) && ours(late, Some(5000), 5000));
        assert!(!ours(late, Some(999), 999) && !ours(Code::InvalidArgument, None, 1) && !ours(Code::Ok, None, 1));
        let away = Code::Unavailable;
        assert!(ours(away, Some(900), 2) && ours(away, Some(5000), 4000), "there was time enough");
        assert!(!ours(away, Some(100), 95));
    }

    #[test]
    fn a_minute_later_a_call_no_longer_counts() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        let mut minute = Minute::new(begun);
        for second in 0..120 {
            minute.count(after(second), second >= 90);
        }
        assert_eq!(minute.rates(after(119)), Rates { calls_per_second: 1.0, errors_per_second: 0.5 });
        assert_eq!(minute.rates(after(149)), Rates { calls_per_second: 0.5, errors_per_second: 0.5 });
        assert_eq!(minute.rates(after(1000)), Rates::default());
    }

    #[test]
    fn the_first_minute_is_shorter() {
        let begun = Instant::now();
        let mut minute = Minute::new(begun);
        minute.count(begun, false);
        assert_eq!(minute.rates(begun).calls_per_second, 1.0);
        assert_eq!(minute.rates(begun + Duration::from_secs(4)).calls_per_second, 0.25);
    }
}
