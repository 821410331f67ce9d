//! The verb for a shop's own settings: its name, its hours, how much it takes on, how it looks, and pauses.

mod face;

use crate::{
    edit::{MenuCommand, availability::next_day, difference},
    hours, menu,
    refusal::Refusal,
    rows::Rows,
    store::entity::{Difference, Span, SpecialDay, shop},
};
use chrono::{DateTime, NaiveDate, Utc};
use comanda_proto::catalog::v1::{ShopSettings, TimeSpan, UpdateShopResponse};
use comanda_storage::history::By;
use comanda_types::{text::tidy, time_zone::Zone, timestamp::from_proto, validation::Checks};

/// What a mask may name.
pub const FIELDS: [&str; 17] = [
    "name",
    "time_zone",
    "opening_hours",
    "max_open_tickets",
    "pause",
    "day_starts_minute",
    "special_days",
    "ready_with_last_line",
    "ready_counts_minutes",
    "logo_url",
    "cover_url",
    "brand_color",
    "payment_text",
    "warn_minutes",
    "late_minutes",
    "language_code",
    "translations",
];

/// Changes the settings that the mask names.
#[derive(Debug, Clone)]
pub struct UpdateShop {
    pub shop: String,
    pub settings: ShopSettings,
    pub fields: Vec<String>,
    pub author: By,
}

impl MenuCommand for UpdateShop {
    type Reply = UpdateShopResponse;
    const ACTION: &'static str = "UpdateShop";

    fn shop(&self) -> &str {
        &self.shop
    }

    fn author(&self) -> &By {
        &self.author
    }

    fn apply(&self, rows: &mut Rows, now: DateTime<Utc>) -> Result<(), Refusal> {
        let shop = &mut rows.shop;
        if shop.revision != self.settings.revision {
            return Err(Refusal::RevisionMismatch {
                revision: shop.revision,
                by: shop.edited_by.clone(),
                at: shop.edited_at,
                current: difference::of_shop(shop),
            });
        }
        for field in &self.fields {
            set(shop, &self.settings, field);
        }
        face::check_ages(shop, &self.fields)?;
        // By the clock that the shop has after all that.
        if self.fields.iter().any(|field| field == "pause") {
            pause(shop, &self.settings, now);
        }
        Ok(())
    }

    fn reply(&self, rows: &Rows, _: &[Difference]) -> UpdateShopResponse {
        UpdateShopResponse { shop: Some(settings(&rows.shop)), menu_version: rows.shop.version }
    }
}

/// Judges the named settings.
pub fn check(settings: &ShopSettings, fields: &[&str], checks: &mut Checks) {
    for field in fields {
        let place = format!("shop.{field}");
        match *field {
            "name" => drop(checks.text(place, &settings.name, 1, 60)),
            "time_zone" if Zone::named(&settings.time_zone).is_none() => {
                checks.fail(place, "must be an IANA time zone", "deve ser um fuso horário IANA");
            }
            "opening_hours" => {
                let spans = spans(settings);
                if spans.len() > 50 || !spans.iter().all(hours::is_span) || !hours::are_apart(&spans) {
                    checks.fail(
                        place,
                        "must be at most 50 spans that do not overlap",
                        "devem ser no máximo 50 períodos sem sobreposição",
                    );
                }
            }
            "max_open_tickets" if !(0..=10_000).contains(&settings.max_open_tickets) => {
                checks.fail(place, "must be 0 to 10000", "deve ser de 0 a 10000");
            }
            "special_days" if special_days(settings).is_none() => {
                let [english, portuguese] = hours::SPECIAL_DAYS;
                checks.fail(place, english, portuguese);
            }
            "day_starts_minute" if !hours::DAY_STARTS.contains(&settings.day_starts_minute) => {
                checks.fail(place, "must be 0 to 720", "deve ser de 0 a 720");
            }
            "ready_counts_minutes" if !hours::READY_COUNTS.contains(&settings.ready_counts_minutes) => {
                checks.fail(place, "must be 0 to 1440", "deve ser de 0 a 1440");
            }
            "pause" => {
                let pause = settings.pause.as_ref();
                checks.text(format!("{place}.reason"), pause.map_or("", |pause| &pause.reason), 0, 140);
                let until = pause.and_then(|pause| pause.until_time.as_ref());
                if until.is_some_and(|until| from_proto(until).is_none()) {
                    checks.fail(format!("{place}.until_time"), "must be a time", "deve ser um horário");
                }
            }
            _ => face::check(settings, field, place, checks),
        }
    }
}

fn set(shop: &mut shop::Model, settings: &ShopSettings, field: &str) {
    match field {
        "name" => tidy(&settings.name).clone_into(&mut shop.name),
        "time_zone" => shop.time_zone.clone_from(&settings.time_zone),
        "opening_hours" => {
            shop.opening_hours.0 = spans(settings);
            shop.opening_hours.0.sort_unstable();
        }
        "max_open_tickets" => shop.max_open_tickets = settings.max_open_tickets,
        "special_days" => shop.special_days.0 = special_days(settings).unwrap_or_default(),
        "ready_with_last_line" => shop.ready_with_last_line = settings.ready_with_last_line,
        "day_starts_minute" => shop.day_starts_minute = settings.day_starts_minute,
        "ready_counts_minutes" => shop.ready_counts_minutes = settings.ready_counts_minutes,
        _ => face::set(shop, settings, field),
    }
}

/// Nothing stands for ever: a pause that has no end of its own ends with the business day.
fn pause(shop: &mut shop::Model, settings: &ShopSettings, now: DateTime<Utc>) {
    shop.resume();
    let Some(pause) = &settings.pause else { return };
    let until = pause.until_time.as_ref().and_then(from_proto);
    shop.paused = true;
    shop.paused_at = Some(now);
    shop.pause_reason = tidy(&pause.reason).to_owned();
    shop.pause_ends_with_day = until.is_none();
    shop.pause_until = until.or_else(|| Some(next_day(shop, now)));
}

fn spans(settings: &ShopSettings) -> Vec<Span> {
    let span = |hours: &comanda_proto::catalog::v1::OpeningHours| Span {
        day: hours.day,
        opens: hours.opens_minute,
        closes: hours.closes_minute,
    };
    settings.opening_hours.iter().map(span).collect()
}

/// In their order; `None` when they break the contract's limits.
fn special_days(settings: &ShopSettings) -> Option<Vec<SpecialDay>> {
    let day = |said: &comanda_proto::catalog::v1::SpecialDay| {
        let date = NaiveDate::parse_from_str(&said.date, "%Y-%m-%d").ok()?;
        let span =
            |span: &TimeSpan| Span { day: hours::weekday(date), opens: span.opens_minute, closes: span.closes_minute };
        let mut spans: Vec<_> = said.spans.iter().map(span).collect();
        spans.sort_unstable();
        Some(SpecialDay { date, spans })
    };
    let mut days = settings.special_days.iter().map(day).collect::<Option<Vec<_>>>()?;
    days.sort_unstable();
    hours::are_special_days(&days).then_some(days)
}

/// A shop's settings as contracts say them.
#[must_use]
pub fn settings(shop: &shop::Model) -> ShopSettings {
    ShopSettings {
        shop_id: shop.shop_id.clone(),
        name: shop.name.clone(),
        time_zone: shop.time_zone.clone(),
        opening_hours: shop.opening_hours.0.iter().copied().map(menu::opening_hours).collect(),
        max_open_tickets: shop.max_open_tickets,
        pause: menu::pause(shop),
        revision: shop.revision,
        day_starts_minute: shop.day_starts_minute,
        ready_with_last_line: shop.ready_with_last_line,
        ready_counts_minutes: shop.ready_counts_minutes,
        special_days: shop.special_days.0.iter().map(menu::special_day).collect(),
        ..face::settings(shop)
    }
}
