//! How the shop of a ticket counts its days, and what ends with one. Pure; the order says it, so that the kitchen asks nobody.

use chrono::{DateTime, TimeDelta, Utc};
use comanda_types::time_zone::Zone;

/// What has been READY for so long when a business day ends, nobody collects any more.
pub const UNCOLLECTED_AFTER: TimeDelta = TimeDelta::hours(4);

/// By which clock, and when a day begins.
pub struct ShopDay {
    time_zone: Zone,
    starts_minute: i32,
}

impl ShopDay {
    /// UTC when this release does not know the time zone.
    pub fn new(time_zone: &str, starts_minute: i32) -> Self {
        Self { time_zone: Zone::named(time_zone).unwrap_or_else(Zone::utc), starts_minute }
    }

    /// Whether the business day of that moment is over.
    pub fn has_ended(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let day = |at| self.time_zone.business_day(at, self.starts_minute);
        day(since) < day(now)
    }

    /// Whether what is READY since then had been so for long when a business day ended.
    pub fn is_uncollected(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        since.checked_add_signed(UNCOLLECTED_AFTER).is_some_and(|long_ready| self.has_ended(long_ready, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_business_day_ends_by_the_shops_own_clock() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        for (zone, since, now, ended, uncollected) in [
            // Four o'clock in São Paulo.
            ("America/Sao_Paulo", "2026-11-24T02:59:00Z", "2026-11-24T06:59:59Z", false, false),
            ("America/Sao_Paulo", "2026-11-24T02:59:00Z", "2026-11-24T07:00:00Z", true, true),
            ("America/Sao_Paulo", "2026-11-24T03:01:00Z", "2026-11-24T07:00:00Z", true, false),
            ("America/Sao_Paulo", "2026-11-24T03:01:00Z", "2026-11-25T06:59:59Z", true, false),
            ("America/Sao_Paulo", "2026-11-24T03:01:00Z", "2026-11-25T07:00:00Z", true, true),
            // A clock that was set back.
            ("UTC", "2026-11-24T12:00:00Z", "2026-11-20T12:00:00Z", false, false),
            ("nowhere", "2026-11-24T02:00:00Z", "2026-11-24T04:00:00Z", true, false),
        ] {
            let day = ShopDay::new(zone, 240);
            let said = (day.has_ended(at(since), at(now)), day.is_uncollected(at(since), at(now)));
            assert_eq!(said, (ended, uncollected), "{zone} {since} {now}");
        }
        assert!(!ShopDay::new("UTC", 240).is_uncollected(DateTime::<Utc>::MAX_UTC, at("2026-11-24T02:00:00Z")));
    }
}
