//! Waiting for a cause instead of sleeping: quick when all is well, patient on a busy machine.

use std::{fmt::Display, panic::Location, time::Duration};

use tokio::time::{Instant, sleep, timeout_at};
use tonic::{Code, Status};

/// Generous: a test fails on what is wrong, never on a slow machine.
const DEADLINE: Duration = Duration::from_secs(30);
/// An attempt that hangs, on a server that has just come back, say, is given up for the next.
const ATTEMPT: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

/// Asks `probe` until it has an answer, which is true, `Some` or `Ok`; panics at the caller's line after 30 s.
#[track_caller]
pub fn eventually<A: Answer>(what: &str, probe: impl AsyncFnMut() -> A) -> impl Future<Output = A::Value> {
    let caller = Location::caller();
    async move {
        match within(DEADLINE, probe).await {
            Ok(value) => value,
            Err(last) => panic!("{caller}: after {DEADLINE:?} still not so: {what} ({last})"),
        }
    }
}

/// Asks `probe` until it has an answer, or gives its last refusal at the deadline.
pub async fn within<A: Answer>(deadline: Duration, mut probe: impl AsyncFnMut() -> A) -> Result<A::Value, String> {
    let end = Instant::now() + deadline;
    let mut refusal = "the attempt hangs".to_owned();
    loop {
        let attempt_ends = Instant::now() + ATTEMPT;
        match timeout_at(end.min(attempt_ends), probe()).await.map(Answer::given) {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(last)) => refusal = last,
            // The deadline may cut short an attempt that does not hang.
            Err(_) if attempt_ends <= end => refusal = "the attempt hangs".to_owned(),
            Err(_) => {}
        }
        if Instant::now() >= end {
            return Err(refusal);
        }
        sleep(PAUSE).await;
    }
}

/// Waits until work is done, however slow the machine: gives up, with the last refusal, only when for so long nothing of
/// what is left has changed.
pub async fn worked_off(patience: Duration, mut left: impl AsyncFnMut() -> Result<(), String>) -> Result<(), String> {
    let (mut last, mut end) = (String::new(), Instant::now() + patience);
    loop {
        let Err(now) = left().await else { return Ok(()) };
        if now != last {
            (last, end) = (now, Instant::now() + patience);
        } else if Instant::now() >= end {
            return Err(last);
        }
        sleep(PAUSE).await;
    }
}

/// Makes a change as any client would: the very same request again while nobody can say what came of it. A busy machine is
/// UNAVAILABLE now and then, and no test may take that for wrong. Any other answer is given back, and the last one after
/// a minute.
///
/// Not for a test that wants to be refused so.
pub async fn settled<T>(mut call: impl AsyncFnMut() -> Result<T, Status>) -> Result<T, Status> {
    let end = Instant::now() + 2 * DEADLINE;
    loop {
        let answer = call().await;
        let unsure = |status: &Status| matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded);
        if !answer.as_ref().is_err_and(unsure) || Instant::now() >= end {
            return answer;
        }
        sleep(PAUSE).await;
    }
}

/// What a probe may return.
pub trait Answer {
    /// What the waiting caller gets.
    type Value;

    /// The value, or why there is none yet.
    fn given(self) -> Result<Self::Value, String>;
}

impl Answer for bool {
    type Value = ();

    fn given(self) -> Result<(), String> {
        if self { Ok(()) } else { Err("false".to_owned()) }
    }
}

impl<T> Answer for Option<T> {
    type Value = T;

    fn given(self) -> Result<T, String> {
        self.ok_or_else(|| "nothing".to_owned())
    }
}

impl<T, E: Display> Answer for Result<T, E> {
    type Value = T;

    fn given(self) -> Result<T, String> {
        self.map_err(|error| error.to_string())
    }
}
