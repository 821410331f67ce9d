//! Repeating calls: only those that only read or carry a request id, only after UNAVAILABLE, only while the budget lasts:
//! one repeat for every five calls, and a few a second so that rare calls have a chance. An answer's RetryInfo is obeyed.

use super::{Channel, balance::Failure};
use crate::contracts::Repeat;
use http::{Request, Response, request::Parts};
use http_body::Body as _;
use http_body_util::{BodyExt, Full};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};
use tonic::{Code, Status, body::Body, codegen::Bytes};
use tonic_types::StatusExt;
use tower::retry::budget::{Budget, TpsBudget};

/// The first attempt included.
const ATTEMPTS: u32 = 3;
const REMEMBERED: Duration = Duration::from_secs(10);
const REPEATS_PER_SECOND: u32 = 10;
const REPEATS_PER_CALL: f32 = 0.2;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// What is larger, or of unknown length, is sent once.
const KEPT_BYTES: u64 = 64 * 1024;

/// The budget of one channel. Cloning shares it.
#[derive(Clone)]
pub(super) struct Retries(Arc<TpsBudget>);

impl Default for Retries {
    fn default() -> Self {
        Self(Arc::new(TpsBudget::new(REMEMBERED, REPEATS_PER_SECOND, REPEATS_PER_CALL)))
    }
}

impl Retries {
    pub(super) async fn run(
        &self,
        channel: &Channel,
        request: Request<Body>,
        until: Option<Instant>,
    ) -> Response<Body> {
        let method = channel.contracts.method(request.uri().path());
        let may = method.is_some_and(|method| !method.streams && method.repeat != Repeat::Unsafe);
        if !may || request.body().size_hint().exact().is_none_or(|bytes| bytes > KEPT_BYTES) {
            return channel.attempt(request, until).await;
        }
        self.0.deposit();
        let (head, body) = request.into_parts();
        let message = match body.collect().await {
            Ok(message) => message.to_bytes(),
            Err(status) => return status.into_http(),
        };
        let mut attempt = 1;
        loop {
            let response = channel.attempt(again(&head, &message), until).await;
            let Some(pause) = pause(&response, attempt) else { return response };
            let in_time = until.is_none_or(|until| Instant::now() + pause < until);
            if attempt == ATTEMPTS || !in_time || !self.0.withdraw() {
                return response;
            }
            metrics::counter!("comanda_calls_repeated_total", "role" => channel.role).increment(1);
            sleep(pause).await;
            attempt += 1;
        }
    }
}

fn again(head: &Parts, message: &Bytes) -> Request<Body> {
    let mut request = Request::new(Body::new(Full::new(message.clone())));
    *request.method_mut() = head.method.clone();
    *request.version_mut() = head.version;
    *request.uri_mut() = head.uri.clone();
    *request.headers_mut() = head.headers.clone();
    request
}

/// How long to wait before a repeat; `None` when there is no sense in one.
fn pause(response: &Response<Body>, attempt: u32) -> Option<Duration> {
    match response.extensions().get::<Failure>() {
        // Anywhere up to that, so that those who failed together do not come back together.
        Some(Failure::Unsent | Failure::Lost) => Some((FIRST_PAUSE * 2_u32.pow(attempt)).mul_f64(fastrand::f64())),
        Some(Failure::TooLate) => None,
        None => {
            let status =
                Status::from_header_map(response.headers()).filter(|status| status.code() == Code::Unavailable)?;
            status.get_details_retry_info()?.retry_delay
        }
    }
}
