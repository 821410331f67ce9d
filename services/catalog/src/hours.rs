//! Opening hours as people write them: `07:00-12:00`, or `18:00-02:00` for a night that ends on the day after. Pure.

use crate::store::entity::{Span, SpecialDay};
use chrono::{Datelike, NaiveDate};
use std::ops::RangeInclusive;

/// As files name them, Monday first.
pub const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// When a business day begins in a shop that does not say: at four, when the last guests of a night have gone.
pub const DAY_STARTS_MINUTE: i32 = 4 * 60;
/// How long a READY ticket counts as open in a shop that does not say.
pub const READY_COUNTS_MINUTES: i32 = 30;
/// How long it may.
pub const READY_COUNTS: RangeInclusive<i32> = 0..=24 * 60;
/// When it may begin.
pub const DAY_STARTS: RangeInclusive<i32> = 0..=12 * 60;
/// What special days must be, in English and in Portuguese.
pub const SPECIAL_DAYS: [&str; 2] = [
    "must be at most 100 days, each once, with at most 10 spans that do not overlap",
    "devem ser no máximo 100 dias, cada um uma vez, com no máximo 10 períodos sem sobreposição",
];
const MAX_SPECIAL_DAYS: usize = 100;
const MAX_SPANS_OF_A_DAY: usize = 10;
const DAY: i32 = 24 * 60;
const WEEK: i32 = 7 * DAY;

/// A span without its day.
#[must_use]
pub fn of_day(span: &Span) -> String {
    // Only what ends with its own day says 24:00.
    let closes = if span.closes > DAY { span.closes - DAY } else { span.closes };
    format!("{}-{}", clock(span.opens), clock(closes))
}

/// A span with its day.
#[must_use]
pub fn text(span: &Span) -> String {
    let day = usize::try_from(span.day - 1).ok().and_then(|day| DAYS.get(day)).unwrap_or(&"?");
    format!("{day} {}", of_day(span))
}

/// Reads what [`of_day`] writes, for a day from 1 to 7.
#[must_use]
pub fn parse(day: i32, text: &str) -> Option<Span> {
    let (opens, closes) = text.split_once('-')?;
    let (opens, closes) = (minute(opens.trim())?, minute(closes.trim())?);
    let closes = if closes <= opens { closes + DAY } else { closes };
    Some(Span { day, opens, closes }).filter(is_span)
}

/// A minute of a day as a clock shows it.
#[must_use]
pub fn clock(minute: i32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Reads what [`clock`] writes, up to `24:00`.
#[must_use]
pub fn minute(text: &str) -> Option<i32> {
    let (hour, minute) = text.split_once(':')?;
    let number = |part: &str| part.parse::<i32>().ok().filter(|_| part.len() == 2 && !part.starts_with(['+', '-']));
    let (hour, minute) = (number(hour)?, number(minute)?);
    let minute = (minute < 60).then_some(hour * 60 + minute)?;
    (minute <= DAY).then_some(minute)
}

/// Whether it keeps the contract's limits.
#[must_use]
pub fn is_span(span: &Span) -> bool {
    (1..=7).contains(&span.day) && (0..DAY).contains(&span.opens) && (span.opens + 1..=2 * DAY).contains(&span.closes)
}

/// Whether no minute of the week is in two of them.
#[must_use]
pub fn are_apart(spans: &[Span]) -> bool {
    let mut minutes: Vec<_> =
        spans.iter().map(|span| ((span.day - 1) * DAY + span.opens, span.closes - span.opens)).collect();
    minutes.sort_unstable();
    let next = minutes.iter().skip(1).copied().chain(minutes.first().map(|(start, length)| (start + WEEK, *length)));
    minutes.iter().zip(next).all(|((start, length), (next, _))| start + length <= next)
}

/// As spans say it, 1 for Monday.
#[must_use]
pub fn weekday(date: NaiveDate) -> i32 {
    date.weekday().number_from_monday().cast_signed()
}

/// A special day as people read it.
#[must_use]
pub fn special_text(day: &SpecialDay) -> String {
    let spans = day.spans.iter().map(of_day).collect::<Vec<_>>().join(" ");
    format!("{} {}", day.date, if spans.is_empty() { "closed" } else { &spans })
}

/// Whether days in their order keep the contract's limits.
#[must_use]
pub fn are_special_days(days: &[SpecialDay]) -> bool {
    let is_one = |day: &SpecialDay| {
        day.spans.len() <= MAX_SPANS_OF_A_DAY && day.spans.iter().all(is_span) && are_apart(&day.spans)
    };
    days.len() <= MAX_SPECIAL_DAYS && days.iter().all(is_one) && days.windows(2).all(|two| two[0].date < two[1].date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(day: i32, opens: i32, closes: i32) -> Span {
        Span { day, opens, closes }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (written, read) in [
            ("07:00-12:30", span(1, 420, 750)),
            ("18:00-02:00", span(1, 1080, 1560)),
            ("00:00-24:00", span(1, 0, 1440)),
            ("09:00-09:00", span(1, 540, 1980)),
        ] {
            assert_eq!(parse(1, written), Some(read), "{written}");
            assert_eq!(of_day(&read), written);
        }
        assert_eq!(text(&span(7, 420, 750)), "sunday 07:00-12:30");
        for wrong in
            ["", "7:00-12:00", "07:00", "07:60-12:00", "25:00-26:00", "24:00-02:00", "07:00-12:00-13:00", "a-b"]
        {
            assert_eq!(parse(1, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_minute_belongs_to_one_span() {
        assert!(are_apart(&[]) && are_apart(&[span(1, 0, 2880)]));
        assert!(are_apart(&[span(1, 420, 720), span(1, 720, 900), span(2, 0, 60)]));
        assert!(!are_apart(&[span(1, 420, 720), span(1, 719, 900)]));
        assert!(!are_apart(&[span(1, 420, 720), span(1, 420, 720)]));
        assert!(!are_apart(&[span(7, 1080, 1560), span(1, 60, 600)]), "Sunday's night reaches into Monday");
        assert!(are_apart(&[span(7, 1080, 1560), span(1, 120, 600)]));
    }
}
