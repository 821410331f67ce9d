//! Times on the wire: UTC, whole microseconds.

use chrono::{DateTime, SubsecRound, Utc};
use prost_types::Timestamp;

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
