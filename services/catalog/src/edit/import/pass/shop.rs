//! What a file says of the shop itself: name, money, hours and days.

use super::Import;
use crate::{
    edit::file::{MenuFile, Special, at},
    hours,
    store::entity::SpecialDay,
};
use chrono::NaiveDate;
use comanda_types::{currency, time_zone::Zone, validation::is_shop};

const MAX_SPANS: usize = 50;

impl Import<'_> {
    pub(super) fn shop(&mut self, file: &MenuFile) {
        if !is_shop(&file.shop.value) {
            self.fail(
                &file.shop,
                "shop",
                "must be 1 to 40 of a-z, 0-9 and -",
                "deve ter de 1 a 40 caracteres entre a-z, 0-9 e -",
            );
        }
        self.rows.shop.name = self.text(&file.name, "name", 1, 60);
        if !currency::is_known(&file.currency.value) {
            self.fail(
                &file.currency,
                "currency",
                "must be an ISO 4217 code, such as BRL",
                "deve ser um código ISO 4217, como BRL",
            );
        }
        self.rows.shop.currency_code.clone_from(&file.currency.value);
        if Zone::named(&file.time_zone.value).is_none() {
            self.fail(
                &file.time_zone,
                "time_zone",
                "must be an IANA time zone, such as America/Sao_Paulo",
                "deve ser um fuso horário IANA, como America/Sao_Paulo",
            );
        }
        self.rows.shop.time_zone.clone_from(&file.time_zone.value);
        let max = file.max_open_tickets.as_ref();
        if let Some(max) = max.filter(|max| !(0..=10_000).contains(&max.value)) {
            let place = at(max.referenced.line(), "max_open_tickets");
            self.checks.fail(place, "must be 0 to 10000", "deve ser de 0 a 10000");
        }
        self.rows.shop.max_open_tickets = max.map_or(0, |max| max.value);
        let counts = file.ready_counts_minutes.as_ref();
        if let Some(counts) = counts.filter(|counts| !hours::READY_COUNTS.contains(&counts.value)) {
            let place = at(counts.referenced.line(), "ready_counts_minutes");
            self.checks.fail(place, "must be 0 to 1440", "deve ser de 0 a 1440");
        }
        self.rows.shop.ready_counts_minutes = counts.map_or(hours::READY_COUNTS_MINUTES, |counts| counts.value);
        self.rows.shop.ready_with_last_line = file.ready_with_last_line;
        self.rows.shop.day_starts_minute = hours::DAY_STARTS_MINUTE;
        if let Some(starts) = &file.day_starts_at {
            match hours::minute(starts.value.trim()).filter(|minute| hours::DAY_STARTS.contains(minute)) {
                Some(minute) => self.rows.shop.day_starts_minute = minute,
                None => self.fail(starts, "day_starts_at", "must be 00:00 to 12:00", "deve ser de 00:00 a 12:00"),
            }
        }
        self.face(file);
        self.hours(file);
        self.special_days(&file.special_days);
    }

    fn hours(&mut self, file: &MenuFile) {
        let mut spans = Vec::new();
        for ((day, name), texts) in (1..).zip(hours::DAYS).zip(file.opening_hours.days()) {
            for (index, text) in texts.iter().enumerate() {
                let path = format!("opening_hours.{name}[{index}]");
                match hours::parse(day, &text.value) {
                    Some(span) => spans.push(span),
                    None => self.fail(text, &path, "must be like 07:00-12:00", "deve ser como 07:00-12:00"),
                }
            }
        }
        let first = file.opening_hours.days().into_iter().flatten().next();
        if let Some(first) = first.filter(|_| spans.len() > MAX_SPANS || !hours::are_apart(&spans)) {
            self.fail(first, "opening_hours", "must not overlap, at most 50", "não podem se sobrepor, no máximo 50");
        }
        spans.sort_unstable();
        self.rows.shop.opening_hours.0 = spans;
    }

    fn special_days(&mut self, special: &[Special]) {
        let mut days = Vec::new();
        for (index, day) in special.iter().enumerate() {
            let path = format!("special_days[{index}]");
            let Ok(date) = NaiveDate::parse_from_str(&day.date.value, "%Y-%m-%d") else {
                let (english, portuguese) = ("must be a day such as 2026-12-25", "deve ser um dia, como 2026-12-25");
                self.fail(&day.date, &format!("{path}.date"), english, portuguese);
                continue;
            };
            let mut spans = Vec::new();
            for (index, text) in day.hours.iter().enumerate() {
                match hours::parse(hours::weekday(date), &text.value) {
                    Some(span) => spans.push(span),
                    None => {
                        let path = format!("{path}.hours[{index}]");
                        self.fail(text, &path, "must be like 07:00-12:00", "deve ser como 07:00-12:00");
                    }
                }
            }
            spans.sort_unstable();
            days.push(SpecialDay { date, spans });
        }
        days.sort_unstable();
        if let Some(first) = special.first().filter(|_| !hours::are_special_days(&days)) {
            let [english, portuguese] = hours::SPECIAL_DAYS;
            self.fail(&first.date, "special_days", english, portuguese);
        }
        self.rows.shop.special_days.0 = days;
    }
}
