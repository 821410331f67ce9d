//! How many calls of one kind at once. A machine that is given more than it can do does ever less of it in time: each call
//! waits behind all others, its caller gives up, and the work was for nobody. So a call that took too long, and had to wait
//! for this process before it began, takes its place away, and a quick one brings one back, until about half of the calls
//! are quick. What waits for others, such as a database that is far away, is no reason. Whoever is refused is told to come
//! back the later, the more were refused for each call that was done.

use comanda_context::permit::Permit;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

/// A call that takes longer is one of too many. A fraction of what most callers wait: four seconds and more.
const TOO_LONG: Duration = Duration::from_secs(1);
/// Who waits for less than that says nothing about us.
const IMPATIENT: Duration = Duration::from_millis(100);
/// A task that is ready waits longer for a thread only when there is too much to do.
const LATE: Duration = Duration::from_millis(20);
/// So many do no harm.
const FEWEST: usize = 16;
/// Over which refusals and calls done are compared.
const WINDOW: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(15);

/// The calls of one kind.
#[derive(Debug)]
pub struct Calls {
    most: usize,
    now: Mutex<Now>,
}

#[derive(Debug)]
struct Now {
    limit: usize,
    running: usize,
    refused: u32,
    done: u32,
    /// When counting began.
    since: Instant,
    retry_after: Duration,
}

impl Calls {
    /// At most so many.
    pub fn new(most: usize) -> Arc<Self> {
        let since = Instant::now();
        let now = Now { limit: most, running: 0, refused: 0, done: 0, since, retry_after: WINDOW };
        Arc::new(Self { most, now: Mutex::new(now) })
    }

    /// A place for a call whose caller waits for so long, else after what time to ask again.
    pub fn take(self: &Arc<Self>, patience: Option<Duration>) -> Result<Permit, Duration> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if now.running < now.limit {
            now.running += 1;
            let too_long = patience.unwrap_or(TOO_LONG).clamp(IMPATIENT, TOO_LONG);
            let (calls, since, late) = (self.clone(), Instant::now(), AtomicBool::new(false));
            return Ok(Arc::new(Place { calls, since, too_long, crowded: now.running > FEWEST, late }));
        }
        now.refused = now.refused.saturating_add(1);
        Err(now.retry_after())
    }

    fn end(&self, took_too_long: bool, late: bool) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.running -= 1;
        now.done = now.done.saturating_add(1);
        let limit = match (took_too_long, late) {
            (true, true) => now.limit.saturating_sub(1).max(FEWEST),
            (true, false) => now.limit,
            (false, _) => now.limit + 1,
        };
        now.limit = limit.min(self.most);
    }
}

impl Now {
    /// All who were refused in one window would be done within that time.
    fn retry_after(&mut self) -> Duration {
        if self.since.elapsed() >= WINDOW {
            self.retry_after = (WINDOW * (self.refused / self.done.max(1))).clamp(WINDOW, LONGEST_RETRY);
            (self.since, self.refused, self.done) = (Instant::now(), 0, 0);
        }
        self.retry_after
    }
}

/// One call.
struct Place {
    calls: Arc<Calls>,
    since: Instant,
    too_long: Duration,
    /// Whether others were under way.
    crowded: bool,
    late: AtomicBool,
}

/// Waits for this call's turn among all that this process has to do, and notes how long that took.
pub async fn turn(permit: &Permit) {
    let Some(place) = permit.downcast_ref::<Place>().filter(|place| place.crowded) else { return };
    let ready = Instant::now();
    tokio::task::yield_now().await;
    place.late.store(ready.elapsed() > LATE, Ordering::Relaxed);
}

impl Drop for Place {
    fn drop(&mut self) {
        self.calls.end(self.since.elapsed() >= self.too_long, self.late.load(Ordering::Relaxed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    fn fill(calls: &Arc<Calls>, patience: Option<Duration>) -> Vec<Permit> {
        let running: Vec<_> = std::iter::from_fn(|| calls.take(patience).ok()).collect();
        for permit in &running {
            permit.downcast_ref::<Place>().expect("a place").late.store(true, Ordering::Relaxed);
        }
        running
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_take_too_long_make_room_for_fewer_and_quick_ones_for_more() {
        let calls = Calls::new(100);
        let mut together = Vec::new();
        for _ in 0..10 {
            let running = fill(&calls, None);
            together.push(running.len());
            advance(TOO_LONG * 2).await;
        }
        assert_eq!((together[0], together[1]), (100, FEWEST), "{together:?}");
        assert!(together[1..].iter().all(|count| *count == FEWEST), "{together:?}");
        for _ in 0..10 {
            drop(fill(&calls, None));
        }
        assert_eq!(fill(&calls, None).len(), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_for_less_is_too_late_sooner() {
        let calls = Calls::new(100);
        for patience in [50, 300] {
            let running = fill(&calls, Some(Duration::from_millis(patience)));
            advance(Duration::from_millis(patience)).await;
            assert_eq!(running.len(), 100);
        }
        assert_eq!(fill(&calls, None).len(), FEWEST, "fifty milliseconds say nothing, three hundred do");
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_for_others_keeps_its_place() {
        let calls = Calls::new(100);
        let running: Vec<_> = std::iter::from_fn(|| calls.take(None).ok()).collect();
        for permit in &running {
            turn(permit).await;
        }
        advance(TOO_LONG * 2).await;
        drop(running);
        assert_eq!(fill(&calls, None).len(), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn the_more_are_refused_the_later_they_are_to_come_back() {
        let calls = Calls::new(1);
        let refuse = |times: u32| {
            let running = calls.take(None).expect("a place");
            let refusals: Vec<_> = (0..times).map(|_| calls.take(None).err()).collect();
            drop(running);
            refusals.last().copied().flatten()
        };
        assert_eq!(refuse(7), Some(WINDOW));
        advance(WINDOW).await;
        assert_eq!(refuse(1), Some(WINDOW * 8));
        advance(WINDOW).await;
        assert_eq!(refuse(500), Some(WINDOW), "one was refused and one done");
        advance(WINDOW).await;
        assert_eq!(refuse(1), Some(LONGEST_RETRY));
    }
}
