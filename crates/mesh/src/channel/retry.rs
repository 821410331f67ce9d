//! Retries with exponential backoff: only of calls that read or carry a request id, only after UNAVAILABLE, and within a
//! retry budget: one for every five calls, and ten a second so that rare calls have a chance. A response's RetryInfo is
//! obeyed. There is no circuit breaker: the budget and load shedding stand in.

use super::{Channel, balance::Failure, replayable_request::ReplayableRequest};
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use comanda_auth::contracts::Idempotency;
use http::Response;
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};
use tonic::{Code, Status, body::Body};
use tonic_types::StatusExt;
use tower::retry::budget::{Budget, TpsBudget};

/// The first attempt included.
const MAX_ATTEMPTS: usize = 3;
const EVICT_AFTER: Duration = Duration::from_secs(10);
const RETRIES_PER_SECOND: u32 = 10;
const RETRIES_PER_CALL: f32 = 0.2;
/// As many pauses as there are repeats.
const BACKOFF: ExponentialBuilder =
    ExponentialBuilder::new().with_min_delay(Duration::from_millis(100)).with_max_times(MAX_ATTEMPTS - 1);

/// The budget of one channel. Cloning shares it.
#[derive(Clone)]
pub(super) struct Retries(Arc<TpsBudget>);

impl Default for Retries {
    fn default() -> Self {
        Self(Arc::new(TpsBudget::new(EVICT_AFTER, RETRIES_PER_SECOND, RETRIES_PER_CALL)))
    }
}

impl Retries {
    pub(super) async fn run(
        &self,
        channel: &Channel,
        mut replayable_request: ReplayableRequest,
        until: Option<Instant>,
    ) -> Response<Body> {
        let method = replayable_request.method(&channel.contracts);
        if !method.is_some_and(|method| !method.streams && method.repeat != Idempotency::Unsafe) {
            return channel.attempt(&mut replayable_request, until).await;
        }
        self.0.deposit();
        let mut pauses = BACKOFF.build();
        loop {
            let began = Instant::now();
            let response = channel.attempt(&mut replayable_request, until).await;
            let Some(pause) = pause(&response, &mut pauses) else { return response };
            // If it takes as long again; else the caller would hear that he was too late, and not what is wrong.
            let in_time = until.is_none_or(|until| Instant::now() + pause + began.elapsed() < until);
            if !in_time || !self.0.withdraw() {
                return response;
            }
            metrics::counter!("comanda_client_retries_total", "role" => channel.role).increment(1);
            sleep(pause).await;
        }
    }
}

/// How long to wait before a repeat; `None` when there is no sense in one, or after the last.
fn pause(response: &Response<Body>, pauses: &mut ExponentialBackoff) -> Option<Duration> {
    let longest = pauses.next()?;
    match response.extensions().get::<Failure>() {
        // Anywhere up to that, so that those who failed together do not come back together.
        Some(Failure::Unsent | Failure::Lost) => Some(longest.mul_f64(fastrand::f64())),
        Some(Failure::TooLate) => None,
        None => {
            let status =
                Status::from_header_map(response.headers()).filter(|status| status.code() == Code::Unavailable)?;
            status.get_details_retry_info()?.retry_delay
        }
    }
}
