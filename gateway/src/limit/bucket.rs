//! One rate, kept for each caller by GCRA, a token bucket without a timer: a steady rate in the long run, and a burst
//! after a quiet time.

use super::{
    rate::Rate,
    store::{Key, Store},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, Reference},
    middleware::NoOpMiddleware,
};
use parking_lot::Mutex;
use std::time::Duration;

/// How often callers who have been quiet are forgotten.
const EVICT_INTERVAL: Duration = Duration::from_secs(10);

/// A rate per caller.
pub struct Bucket<C: Clock> {
    limiter: RateLimiter<Key, Store, C, NoOpMiddleware<C::Instant>>,
    forgotten: Mutex<C::Instant>,
}

impl<C: Clock> Bucket<C> {
    /// Everybody has the whole burst at first.
    pub fn new(rate: Rate, clock: C) -> Self {
        let forgotten = Mutex::new(clock.now());
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        Self { limiter: RateLimiter::new(quota, Store::default(), clock), forgotten }
    }

    /// Takes one, or says how long to wait for the next. Whoever waits that long, and nobody else under its key, gets it.
    pub fn take(&self, key: &Key) -> Result<(), Duration> {
        self.forget_now_and_then();
        let refused = match self.limiter.check_key(key) {
            Ok(()) => return Ok(()),
            Err(refused) => refused,
        };
        // Rounded up: a caller whose clock has only milliseconds must not come too early.
        let wait = refused.wait_time_from(self.limiter.clock().now());
        Err(Duration::from_millis(u64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)))
    }

    /// Done by whoever calls when it is due: without calls nothing grows.
    fn forget_now_and_then(&self) {
        let now = self.limiter.clock().now();
        {
            let mut forgotten = self.forgotten.lock();
            if Duration::from(now.duration_since(*forgotten)) < EVICT_INTERVAL {
                return;
            }
            *forgotten = now;
        }
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::store::Who;
    use governor::clock::FakeRelativeClock;

    fn caller(last: u8) -> Key {
        Key::new(Who::Anybody, Some([192, 0, 2, last].into()))
    }

    fn bucket(rate: &str) -> (Bucket<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Bucket::new(rate.parse().expect("a rate"), clock.clone()), clock)
    }

    #[test]
    fn after_the_burst_calls_are_let_through_at_the_rate_and_the_wait_that_is_told_is_enough() {
        let (bucket, clock) = bucket("10/20");
        let mut served = (0..100).filter(|_| bucket.take(&caller(1)).is_ok()).count();
        assert_eq!(served, 20);
        for _ in 0..10 {
            let wait = bucket.take(&caller(1)).expect_err("spent");
            assert!(wait <= Duration::from_millis(100), "{wait:?}");
            clock.advance(wait);
            assert_eq!(bucket.take(&caller(1)), Ok(()));
            served += 1;
        }
        assert_eq!(served, 30);
    }

    #[test]
    fn one_callers_excess_is_nobody_elses() {
        let (bucket, _) = bucket("1/1");
        assert_eq!(bucket.take(&caller(1)), Ok(()));
        assert!(bucket.take(&caller(1)).is_err());
        assert_eq!(bucket.take(&caller(2)), Ok(()));
    }

    #[test]
    fn the_quiet_are_forgotten_and_the_busy_are_not() {
        let (bucket, clock) = bucket("1/60");
        (0..60).for_each(|_| bucket.take(&caller(1)).expect("within the burst"));
        (2..=200).for_each(|last| bucket.take(&caller(last)).expect("the first"));
        assert_eq!(bucket.limiter.len(), 200);
        clock.advance(EVICT_INTERVAL + Duration::from_secs(1));
        bucket.take(&caller(1)).expect("eleven seconds, eleven calls");
        assert_eq!(bucket.limiter.len(), 1);
        let more = (0..60).filter(|_| bucket.take(&caller(1)).is_ok()).count();
        assert_eq!(more, 10, "what was spent stays spent");
    }
}
