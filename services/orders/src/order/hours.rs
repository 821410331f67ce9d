//! When a shop is open, by the clock on its wall. Pure: no SQL, no clock of its own.
//!
//! What that clock shows decides, also in the nights in which it is set: the hour that it skips is nobody's opening hour,
//! the one that it shows twice counts twice.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use comanda_proto::catalog::v1::{OpeningHours, SpecialDay};
use comanda_types::time_zone::Zone;
use std::{collections::HashMap, ops::Range};

const MINUTES_PER_DAY: i32 = 24 * 60;
/// A month: holidays may follow each other.
const AHEAD: TimeDelta = TimeDelta::days(31);

/// When a shop takes orders: by the days of the week, and on special days instead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hours {
    week: Vec<OpeningHours>,
    special: HashMap<NaiveDate, Vec<Range<i32>>>,
}

impl Hours {
    /// As a menu has them. A day that is none is left out.
    pub fn new(week: Vec<OpeningHours>, special_days: &[SpecialDay]) -> Self {
        let special = special_days.iter().filter_map(|day| {
            let spans = day.spans.iter().map(|span| span.opens_minute..span.closes_minute);
            Some((day.date.parse().ok()?, spans.collect()))
        });
        Self { week, special: special.collect() }
    }

    /// The spans that begin on a day, in minutes after its midnight. Without any hours of the week it is open all day.
    fn on(&self, day: NaiveDate) -> Vec<Range<i32>> {
        const ALL_DAY: Range<i32> = 0..MINUTES_PER_DAY;
        if let Some(special) = self.special.get(&day) {
            return special.clone();
        }
        let weekday = day.weekday().number_from_monday().cast_signed();
        let spans = self.week.iter().filter(|span| span.day == weekday);
        let spans = spans.map(|span| span.opens_minute..span.closes_minute);
        if self.week.is_empty() { vec![ALL_DAY] } else { spans.collect() }
    }

    /// Whether orders are taken at this moment.
    pub fn are_open(&self, time_zone: &Zone, at: DateTime<Utc>) -> bool {
        let wall = time_zone.wall(at);
        let minute = (wall.hour() * 60 + wall.minute()).cast_signed();
        let covers = |day, minute| self.on(day).iter().any(|span| span.contains(&minute));
        // What began yesterday may last past midnight.
        covers(wall.date(), minute) || wall.date().pred_opt().is_some_and(|day| covers(day, minute + MINUTES_PER_DAY))
    }

    /// When a shop that is closed opens; `None` if it does not within [`AHEAD`].
    pub fn next_opening(&self, time_zone: &Zone, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (today, end) = (time_zone.date(now), now + AHEAD);
        let days = today.iter_days().take_while(|day| (*day - today) <= AHEAD);
        let openings = days.flat_map(|day| {
            self.on(day).into_iter().filter_map(move |span| {
                let opens = TimeDelta::minutes(span.start.into());
                Some(time_zone.moments(day.and_time(NaiveTime::MIN).checked_add_signed(opens)?))
            })
        });
        // A clock that is set may jump into a span.
        let jumps = time_zone.changes(now).map(|(at, _)| at).take_while(|at| *at <= end);
        let candidates = openings.flatten().chain(jumps);
        candidates.filter(|at| *at > now && *at <= end && self.are_open(time_zone, *at)).min()
    }
}

#[cfg(test)]
mod tests;
