//! Times on the wire: UTC, whole microseconds.

use chrono::{DateTime, SubsecRound, Utc};
use prost_types::Timestamp;
use uuid::Uuid;

/// A time as contracts carry it.
#[must_use]
pub fn to_proto(time: DateTime<Utc>) -> Timestamp {
    // Below 10^9, so it fits.
    Timestamp { seconds: time.timestamp(), nanos: time.timestamp_subsec_nanos().cast_signed() }
}

/// This machine's time, for what is shown and decides nothing.
#[must_use]
pub fn here() -> Timestamp {
    to_proto(Utc::now().trunc_subsecs(6))
}

/// A time from a contract; `None` when it is out of range.
#[must_use]
pub fn from_proto(time: &Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(time.seconds, u32::try_from(time.nanos).ok()?)
}

/// Sorts before every UUIDv7 that was made then or later, in the database too.
#[must_use]
pub fn first_id(at: DateTime<Utc>) -> Uuid {
    // The time is the first 48 bits, in milliseconds.
    Uuid::from_u128(u128::try_from(at.timestamp_millis()).unwrap_or_default() << 80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use uuid::{NoContext, Timestamp};

    #[test]
    fn ids_made_before_sort_before() {
        let at = DateTime::from_timestamp_millis(1_700_000_000_123).expect("a time");
        let made = |at: DateTime<Utc>| {
            let seconds = u64::try_from(at.timestamp()).expect("after 1970");
            Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, at.timestamp_subsec_nanos()))
        };
        assert!(made(at - TimeDelta::milliseconds(1)) < first_id(at) && first_id(at) <= made(at));
        assert_eq!(first_id(DateTime::UNIX_EPOCH - TimeDelta::days(1)), Uuid::nil());
    }
}
