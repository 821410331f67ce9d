//! Deadline propagation: the time that a caller gives bounds all that is done for the call. It goes along to every role
//! that is called meanwhile, less a margin, and to the database; what is not done by then is not done any more.

use http::{HeaderMap, HeaderName, HeaderValue};
use std::time::Duration;
use tokio::time::Instant;

/// The header that carries how much time is left.
pub const GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");
/// For a call that names no time.
pub const DEFAULT: Duration = Duration::from_secs(10);
/// Nobody is worked for longer, however long he would wait. Streams are not calls in this sense.
pub const MAX: Duration = Duration::from_secs(30);
/// A role that is called must be able to say that it was too late before its caller stops listening.
const MIN_MARGIN: Duration = Duration::from_millis(5);
/// Of what is left.
const MARGIN_PART: u32 = 20;

tokio::task_local! {
    static DEADLINE: Instant;
}

/// When the call under way must be done; `None` outside of any.
#[must_use]
pub fn current() -> Option<Instant> {
    DEADLINE.try_with(|deadline| *deadline).ok()
}

/// How much time the call under way has left; `None` outside of any.
#[must_use]
pub fn left() -> Option<Duration> {
    current().map(|deadline| deadline.saturating_duration_since(Instant::now()))
}

/// Works until then; `None` when that was not enough, and nothing of the work goes on.
pub async fn scope<T>(deadline: Instant, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout_at(deadline, DEADLINE.scope(deadline, work)).await.ok()
}

/// The time that the headers give; `None` when they give none, or none that can be read.
#[must_use]
pub fn asked(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(GRPC_TIMEOUT)?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.len() > 8 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let count = digits.parse::<u64>().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(count * 3600),
        "M" => Duration::from_secs(count * 60),
        "S" => Duration::from_secs(count),
        "m" => Duration::from_millis(count),
        "u" => Duration::from_micros(count),
        "n" => Duration::from_nanos(count),
        _ => return None,
    })
}

/// What to give a role that is called with so much time left.
#[must_use]
pub fn for_callee(left: Duration) -> Duration {
    left.saturating_sub((left / MARGIN_PART).max(MIN_MARGIN))
}

/// Writes a time into the headers.
pub fn give(headers: &mut HeaderMap, time: Duration) {
    // Eight digits at most: microseconds reach for a minute and a half, milliseconds for a day.
    let text = match time.as_micros() {
        micros @ 0..=99_999_999 => format!("{micros}u"),
        micros => format!("{}m", (micros / 1000).min(99_999_999)),
    };
    if let Ok(value) = HeaderValue::try_from(text) {
        headers.insert(GRPC_TIMEOUT, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Duration> {
        asked(&HeaderMap::from_iter([(GRPC_TIMEOUT, HeaderValue::try_from(text).expect("a value"))]))
    }

    #[test]
    fn times_are_read_as_the_protocol_writes_them() {
        assert_eq!(read("1S"), Some(Duration::from_secs(1)));
        assert_eq!(read("99999999u"), Some(Duration::from_micros(99_999_999)));
        assert_eq!(read("2H"), Some(Duration::from_secs(7200)));
        for wrong in ["", "S", "1", "1s", "123456789m", "-1S", "+1S", "1.5S", "1 S"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        for millis in [0, 1, 300, 99_999, 100_000, 40_000_000] {
            let (time, mut headers) = (Duration::from_millis(millis), HeaderMap::new());
            give(&mut headers, time);
            assert_eq!(asked(&headers), Some(time));
        }
    }

    #[test]
    fn a_role_that_is_called_has_less_time_than_its_caller() {
        assert_eq!(for_callee(Duration::from_secs(2)), Duration::from_millis(1900));
        assert_eq!(for_callee(Duration::from_millis(20)), Duration::from_millis(15));
        assert_eq!(for_callee(Duration::from_millis(3)), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn work_ends_at_its_deadline() {
        let deadline = Instant::now() + Duration::from_millis(300);
        let endless = async {
            assert_eq!(left(), Some(Duration::from_millis(300)));
            std::future::pending::<()>().await;
        };
        assert_eq!(scope(deadline, endless).await, None);
        assert_eq!((Instant::now(), left()), (deadline, None));
    }
}
