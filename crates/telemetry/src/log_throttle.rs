//! What may happen a thousand times a second is logged now and then, with how often it happened meanwhile.

use parking_lot::Mutex;
use std::time::Duration;
use tokio::time::Instant;

const LOG_INTERVAL: Duration = Duration::from_secs(30);

/// When to speak next.
#[derive(Debug, Default)]
pub struct LogThrottle(Mutex<(Option<Instant>, u64)>);

impl LogThrottle {
    /// Counts one; how many there were since this last gave a number, if it is time to say so.
    pub fn due(&self) -> Option<u64> {
        let mut state = self.0.lock();
        state.1 += 1;
        if state.0.is_some_and(|last| last.elapsed() < LOG_INTERVAL) {
            return None;
        }
        let times = state.1;
        *state = (Some(Instant::now()), 0);
        Some(times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_first_is_told_at_once_and_the_others_later_and_together() {
        let seldom = LogThrottle::default();
        assert_eq!(seldom.due(), Some(1));
        assert_eq!((seldom.due(), seldom.due()), (None, None));
        tokio::time::sleep(LOG_INTERVAL).await;
        assert_eq!(seldom.due(), Some(3));
    }
}
