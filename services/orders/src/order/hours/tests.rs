//! Against a model that paints each span on a week of minutes, and looks for the next opening minute by minute.

use super::*;
use comanda_proto::catalog::v1::TimeSpan;
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};

const WEEK: i64 = 7 * 24 * 60;
/// The model looks at each minute, the code at a prime step of them, because it looks at a week for each.
const STEP: usize = 61;

fn span(day: i32, opens_minute: i32, closes_minute: i32) -> OpeningHours {
    OpeningHours { day, opens_minute, closes_minute }
}

fn is_open(week: &[OpeningHours], time_zone: &Zone, at: DateTime<Utc>) -> bool {
    Hours::new(week.to_vec(), &[]).are_open(time_zone, at)
}

fn next_opening(week: &[OpeningHours], time_zone: &Zone, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Hours::new(week.to_vec(), &[]).next_opening(time_zone, now)
}

fn special(date: &str, spans: &[(i32, i32)]) -> SpecialDay {
    let span = |&(opens_minute, closes_minute): &(i32, i32)| TimeSpan { opens_minute, closes_minute };
    SpecialDay { date: date.into(), spans: spans.iter().map(span).collect() }
}

fn zone(name: &str) -> Zone {
    Zone::named(name).expect("a zone")
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// For each minute of a week, Monday first, whether a span covers it.
fn painted(hours: &[OpeningHours]) -> Vec<bool> {
    let mut week = vec![hours.is_empty(); WEEK as usize];
    for span in hours {
        for minute in span.opens_minute..span.closes_minute {
            let minute = i64::from((span.day - 1) * MINUTES_PER_DAY + minute);
            week[minute.rem_euclid(WEEK) as usize] = true;
        }
    }
    week
}

fn shown_open(week: &[bool], time_zone: &Zone, at: DateTime<Utc>) -> bool {
    let wall = time_zone.wall(at);
    let day = wall.weekday().num_days_from_monday();
    week[((day * 24 + wall.hour()) * 60 + wall.minute()) as usize]
}

/// Holds the code to the model for a week from `start`.
fn agrees(hours: &[OpeningHours], time_zone: &Zone, start: DateTime<Utc>) -> Result<(), TestCaseError> {
    let week = painted(hours);
    let moments: Vec<_> = (0..=WEEK + AHEAD.num_minutes()).map(|minute| start + TimeDelta::minutes(minute)).collect();
    let open: Vec<_> = moments.iter().map(|at| shown_open(&week, time_zone, *at)).collect();
    for minute in 0..WEEK as usize {
        let at = moments[minute] + TimeDelta::seconds(59);
        prop_assert_eq!(is_open(hours, time_zone, at), open[minute], "{} in {:?} with {:?}", at, time_zone, hours);
    }
    for minute in (0..WEEK as usize).step_by(STEP).filter(|minute| !open[*minute]) {
        let found = next_opening(hours, time_zone, moments[minute]);
        let expected = (minute + 1..=minute + AHEAD.num_minutes() as usize).find(|later| open[*later]);
        let expected = expected.map(|later| moments[later]);
        prop_assert_eq!(found, expected, "from {} in {:?} with {:?}", moments[minute], time_zone, hours);
    }
    Ok(())
}

fn any_hours() -> impl Strategy<Value = Vec<OpeningHours>> {
    // Often around the hours in which clocks are set.
    let opens = prop_oneof![0..MINUTES_PER_DAY, 0..240];
    let lasts = prop_oneof![1..2880, 1..60];
    let any_span = (1..=7, opens, lasts)
        .prop_map(|(day, opens, lasts): (i32, i32, i32)| span(day, opens, (opens + lasts).min(2880)));
    vec(any_span, 0..5)
}

/// Weeks in which nothing is special, in which the clock is set ahead, and in which it is set back.
const WEEKS: [(&str, &str); 8] = [
    ("America/Sao_Paulo", "2026-11-23T00:00:00Z"),
    ("America/New_York", "2026-03-05T12:00:00Z"),
    ("America/New_York", "2026-10-29T12:00:00Z"),
    ("Europe/Lisbon", "2026-03-26T00:00:00Z"),
    ("Europe/Lisbon", "2026-10-22T00:00:00Z"),
    // Half an hour only, and at a time that is no whole hour of UTC.
    ("Australia/Lord_Howe", "2026-04-02T00:00:00Z"),
    // At midnight, so that a day has none.
    ("America/Santiago", "2026-09-03T00:00:00Z"),
    ("UTC", "2026-12-28T00:00:00Z"),
];

#[test]
fn every_minute_of_a_week_is_as_painted() {
    let config = Config { cases: 50, failure_persistence: None, ..Config::default() };
    let any = (any_hours(), 0..WEEKS.len());
    let verdict = TestRunner::new(config).run(&any, |(hours, week)| {
        let (time_zone, start) = WEEKS[week];
        agrees(&hours, &zone(time_zone), utc(start))
    });
    if let Err(failure) = verdict {
        panic!("{failure}");
    }
}

#[test]
fn a_night_may_run_past_midnight_and_past_sunday() {
    let hours = [span(7, 22 * 60, 26 * 60)];
    let open = |at| is_open(&hours, &Zone::utc(), utc(at));
    assert!(open("2026-11-22T22:00:00Z") && open("2026-11-23T01:59:59Z"));
    assert!(!open("2026-11-22T21:59:59Z") && !open("2026-11-23T02:00:00Z"));
    assert_eq!(next_opening(&hours, &Zone::utc(), utc("2026-11-23T02:00:00Z")), Some(utc("2026-11-29T22:00:00Z")));
}

#[test]
fn an_opening_in_the_hour_that_the_clock_skips_is_after_it() {
    let hours = [span(7, 150, 600)];
    // In New York, 2 o'clock is 3 o'clock on that Sunday.
    let found = next_opening(&hours, &zone("America/New_York"), utc("2026-03-08T05:00:00.123456Z"));
    assert_eq!(found, Some(utc("2026-03-08T07:00:00Z")));
    assert!(is_open(&hours, &zone("America/New_York"), utc("2026-03-08T07:00:00Z")));
}

#[test]
fn a_clock_that_is_set_back_may_open_a_shop_again() {
    // Open from half past midnight to half past one; in Lisbon the hour from 1 to 2 comes twice.
    let hours = [span(7, 30, 90)];
    assert!(!is_open(&hours, &zone("Europe/Lisbon"), utc("2026-10-25T00:45:00Z")));
    let found = next_opening(&hours, &zone("Europe/Lisbon"), utc("2026-10-25T00:45:00Z"));
    assert_eq!(found, Some(utc("2026-10-25T01:00:00Z")));
}

#[test]
fn a_week_that_lasts_longer_is_still_a_week() {
    // Open for one minute; the clock goes back within the week that follows.
    let hours = [span(6, 480, 481)];
    let closed = utc("2026-10-24T07:01:00Z");
    assert_eq!(next_opening(&hours, &zone("Europe/Lisbon"), closed), Some(utc("2026-10-31T08:00:00Z")));
}

#[test]
fn what_no_shop_can_have_opens_nothing_and_harms_nothing() {
    let odd =
        [span(0, 0, 2880), span(8, 0, 2880), span(3, 600, 600), span(3, 900, 600), span(3, i32::MIN, i32::MIN + 1)];
    let now = utc("2026-11-25T10:00:00Z");
    assert!(!is_open(&odd, &Zone::utc(), now));
    assert_eq!(next_opening(&odd, &Zone::utc(), now), None);
    assert!(is_open(&[], &Zone::utc(), now));
    // Samoa went without the last Friday of 2011.
    let friday = [span(5, 0, 1440)];
    let found = next_opening(&friday, &zone("Pacific/Apia"), utc("2011-12-30T00:00:00Z"));
    assert_eq!(found, Some(utc("2012-01-05T10:00:00Z")));
}

#[test]
fn a_special_day_has_its_own_hours_and_no_others() {
    // Every day from 18:00 to 2:00; a half day, a holiday, and a day of which nobody has heard.
    let week: Vec<_> = (1..=7).map(|day| span(day, 18 * 60, 26 * 60)).collect();
    let days = [special("2026-12-24", &[(600, 840)]), special("2026-12-25", &[]), special("2026-13-01", &[])];
    let hours = Hours::new(week, &days);
    let open = |at: &str| hours.are_open(&Zone::utc(), utc(at));
    assert!(open("2026-12-24T01:59:00Z"), "the night before goes on");
    assert!(open("2026-12-24T10:00:00Z") && !open("2026-12-24T14:00:00Z") && !open("2026-12-24T19:00:00Z"));
    assert!(!open("2026-12-25T01:00:00Z") && !open("2026-12-25T19:00:00Z") && !open("2026-12-26T01:00:00Z"));
    assert!(open("2026-12-26T18:00:00Z"));
    let opens = |at: &str| hours.next_opening(&Zone::utc(), utc(at));
    assert_eq!(opens("2026-12-24T03:00:00Z"), Some(utc("2026-12-24T10:00:00Z")));
    assert_eq!(opens("2026-12-24T14:00:00Z"), Some(utc("2026-12-26T18:00:00Z")));
}

#[test]
fn a_shop_without_hours_may_have_a_holiday() {
    let holidays: Vec<_> = (20..=29).map(|day| special(&format!("2026-12-{day}"), &[])).collect();
    let hours = Hours::new(vec![], &holidays);
    let (zone, closed) = (zone("America/Sao_Paulo"), utc("2026-12-20T03:00:00Z"));
    assert!(hours.are_open(&zone, utc("2026-12-20T02:59:00Z")) && !hours.are_open(&zone, closed));
    assert_eq!(hours.next_opening(&zone, closed), Some(utc("2026-12-30T03:00:00Z")), "more than a week ahead");
}
