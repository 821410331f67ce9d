//! When a shop is open, by the clock on its wall. Pure: no SQL, no clock of its own.
//!
//! What that clock shows decides, also in the nights in which it is set: the hour that it skips is nobody's opening hour,
//! the one that it shows twice counts twice.

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use comanda_proto::catalog::v1::OpeningHours;
use comanda_types::time_zone::Zone;

const MINUTES_PER_DAY: i32 = 24 * 60;
/// A week, and a day more: when the clock is set back, a week lasts longer than its hours.
const AHEAD: TimeDelta = TimeDelta::days(8);

/// Whether orders are taken at this moment. Without any hours they always are.
pub fn is_open(hours: &[OpeningHours], time_zone: &Zone, at: DateTime<Utc>) -> bool {
    let wall = time_zone.wall(at);
    let (today, minute) = (wall.weekday(), (wall.hour() * 60 + wall.minute()).cast_signed());
    let covers = |span: &OpeningHours, day: Weekday, minute: i32| {
        is_on(span, day) && (span.opens_minute..span.closes_minute).contains(&minute)
    };
    // What began yesterday may last past midnight.
    let open = |span| covers(span, today, minute) || covers(span, today.pred(), minute + MINUTES_PER_DAY);
    hours.is_empty() || hours.iter().any(open)
}

/// When a shop that is closed opens; `None` if it does not within a week.
pub fn next_opening(hours: &[OpeningHours], time_zone: &Zone, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (today, end) = (time_zone.date(now), now + AHEAD);
    let days = today.iter_days().take_while(|day| (*day - today) <= AHEAD);
    let openings = days.flat_map(|day| {
        let spans = hours.iter().filter(move |span| is_on(span, day.weekday()));
        spans.filter_map(move |span| {
            let opens = TimeDelta::minutes(span.opens_minute.into());
            Some(time_zone.moments(day.and_time(NaiveTime::MIN).checked_add_signed(opens)?))
        })
    });
    // A clock that is set may jump into a span.
    let jumps = time_zone.changes(now).map(|(at, _)| at).take_while(|at| *at <= end);
    let candidates = openings.flatten().chain(jumps);
    candidates.filter(|at| *at > now && *at <= end && is_open(hours, time_zone, *at)).min()
}

fn is_on(span: &OpeningHours, day: Weekday) -> bool {
    span.day == day.number_from_monday().cast_signed()
}

#[cfg(test)]
mod tests;
