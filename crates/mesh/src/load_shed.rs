//! How much a process takes on at once. What is over that is refused at once, so that what was taken on is done in time.
//! Streams are counted apart, because they cost memory and not work; and so are calls that only read, so that however
//! many look at the menu, orders get in.

mod calls;

use calls::Calls;
pub(crate) use calls::turn;
use comanda_auth::contracts::{Idempotency, Method};
use comanda_context::{error::ApiError, permit::Permit};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use tonic::Code;

/// Of four calls at once, this many may only read.
const READS_IN_FOUR: usize = 3;
/// Of a stream, which ends when it likes.
const STREAM_RETRY: Duration = Duration::from_secs(1);

/// Bounds of one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Calls at once, a quarter of them kept for those that change something. Fewer while they take too long.
    pub calls: usize,
    /// Open streams.
    pub streams: usize,
    /// A connection takes no new calls after about that time, and a stream is ended after as long, so that callers spread
    /// over the replicas that are there now.
    pub max_age: Duration,
    /// Connections of one port.
    pub connections: usize,
    /// A connection from outside ends when nobody asks for anything, or an answer is not read, for that long.
    pub max_idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let (max_age, max_idle) = (Duration::from_secs(600), Duration::from_secs(60));
        Self { calls: 1024, streams: 20_000, max_age, connections: 20_000, max_idle }
    }
}

/// Counts what is taken on. Cloning shares the count.
#[derive(Debug, Clone)]
pub struct Load {
    reads: Arc<Calls>,
    changes: Arc<Calls>,
    streams: Arc<Semaphore>,
}

impl Load {
    /// Nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let reads = limits.calls * READS_IN_FOUR / 4;
        let streams = Arc::new(Semaphore::new(limits.streams));
        Self { reads: Calls::new(reads), changes: Calls::new(limits.calls - reads), streams }
    }

    /// A place for a call or stream of this method, whose caller waits for so long.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED OVERLOADED: there is none.
    pub fn take(&self, method: &Method, patience: Option<Duration>) -> Result<Permit, ApiError> {
        let (place, what) = match method {
            Method { streams: true, .. } => (self.stream(), "streams"),
            Method { repeat: Idempotency::Reads, .. } => (self.reads.take(patience), "reads"),
            Method { .. } => (self.changes.take(patience), "changes"),
        };
        place.map_err(|retry_after| {
            metrics::counter!("comanda_load_shed_total", "kind" => what).increment(1);
            overloaded(retry_after)
        })
    }

    fn stream(&self) -> Result<Permit, Duration> {
        match self.streams.clone().try_acquire_owned() {
            Ok(place) => Ok(Arc::new(place)),
            Err(_) => Err(STREAM_RETRY),
        }
    }
}

fn overloaded(retry_after: Duration) -> ApiError {
    ApiError::new(
        Code::ResourceExhausted,
        "OVERLOADED",
        "too many calls at once; try again in a moment",
        "muitos pedidos ao mesmo tempo; tente de novo em instantes",
    )
    .retry_after(retry_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(streams: bool, repeat: Idempotency) -> Method {
        Method { access: Vec::new(), streams, repeat, max_request: 0 }
    }

    #[test]
    fn readers_and_streams_leave_room_for_changes() {
        let load = Load::new(Limits { calls: 4, streams: 1, ..Limits::default() });
        let (read, change) = (method(false, Idempotency::Reads), method(false, Idempotency::Safe));
        let stream = method(true, Idempotency::Reads);
        let _reads = [(); 3].map(|()| load.take(&read, None).expect("a place"));
        let _stream = load.take(&stream, None).expect("a place");
        for full in [&read, &stream] {
            assert_eq!(load.take(full, None).expect_err("full").reason, "OVERLOADED");
        }
        let change_place = load.take(&change, None).expect("a place of its own");
        assert!(load.take(&change, None).is_err());
        drop(change_place);
        assert!(load.take(&change, None).is_ok(), "it is given back");
    }
}
