//! Sold out, and available again: by the staff's word, or because the time has come.

use crate::{
    edit::MenuCommand,
    refusal::Refusal,
    rows::Rows,
    store::entity::{Difference, shop},
};
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use comanda_proto::catalog::v1::SetAvailabilityResponse;
use comanda_storage::history::By;
use comanda_types::time_zone::Zone;
use uuid::Uuid;

/// Says whether a product can be ordered.
#[derive(Debug, Clone)]
pub struct SetAvailability {
    /// The shop's slug.
    pub shop: String,
    /// One of its products.
    pub product: Uuid,
    /// False for sold out.
    pub available: bool,
    /// Sold out until the shop's next business day only.
    pub for_today: bool,
    pub author: By,
}

impl MenuCommand for SetAvailability {
    type Reply = SetAvailabilityResponse;
    const ACTION: &'static str = "SetAvailability";

    fn shop(&self) -> &str {
        &self.shop
    }

    fn author(&self) -> &By {
        &self.author
    }

    fn apply(&self, rows: &mut Rows, now: DateTime<Utc>) -> Result<(), Refusal> {
        let again = (!self.available && self.for_today).then(|| next_day(&rows.shop, now));
        let product = rows.product_mut(self.product).filter(|product| product.archived_at.is_none());
        let product = product.ok_or(Refusal::NoProduct(self.product))?;
        (product.available, product.available_again_at) = (self.available, again);
        Ok(())
    }

    fn reply(&self, rows: &Rows, _: &[Difference]) -> SetAvailabilityResponse {
        SetAvailabilityResponse { menu_version: rows.shop.version }
    }
}

/// Ends what was to last until a time that has come.
#[derive(Debug, Clone)]
pub struct EndDue {
    /// The shop's slug.
    pub shop: String,
    /// Comanda itself.
    pub author: By,
}

impl MenuCommand for EndDue {
    type Reply = ();
    const ACTION: &'static str = "EndDue";

    fn shop(&self) -> &str {
        &self.shop
    }

    fn author(&self) -> &By {
        &self.author
    }

    fn apply(&self, rows: &mut Rows, now: DateTime<Utc>) -> Result<(), Refusal> {
        let is_due = |time: Option<DateTime<Utc>>| time.is_some_and(|time| time <= now);
        for product in rows.products.iter_mut().filter(|product| is_due(product.available_again_at)) {
            (product.available, product.available_again_at) = (true, None);
        }
        let shop = &mut rows.shop;
        if is_due(shop.pause_until) {
            shop.resume();
        }
        Ok(())
    }

    fn reply(&self, _: &Rows, _: &[Difference]) {}
}

/// When the shop's next business day begins.
pub fn next_day(shop: &shop::Model, now: DateTime<Utc>) -> DateTime<Utc> {
    let zone = Zone::named(&shop.time_zone).unwrap_or_else(Zone::utc);
    let today = zone.business_day(now, shop.day_starts_minute);
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today).and_time(NaiveTime::MIN);
    let tomorrow = tomorrow + TimeDelta::minutes(shop.day_starts_minute.into());
    // Where the clock skips that minute, the day begins an hour later.
    let begins = (0..=3).find_map(|hour| zone.moments(tomorrow + TimeDelta::hours(hour)).next());
    begins.unwrap_or(now + TimeDelta::days(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_business_day_begins_by_the_shops_own_clock() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        for (zone, starts, now, begins) in [
            ("America/Sao_Paulo", 240, "2026-11-23T12:00:00Z", "2026-11-24T07:00:00Z"),
            ("America/Sao_Paulo", 240, "2026-11-24T06:59:59Z", "2026-11-24T07:00:00Z"),
            ("America/Sao_Paulo", 240, "2026-11-24T07:00:00Z", "2026-11-25T07:00:00Z"),
            ("America/Sao_Paulo", 0, "2026-11-24T02:59:59Z", "2026-11-24T03:00:00Z"),
            ("Asia/Tokyo", 0, "2026-11-23T15:00:00Z", "2026-11-24T15:00:00Z"),
            ("nowhere", 720, "2026-11-23T15:00:00Z", "2026-11-24T12:00:00Z"),
            // Clocks went from 0:00 to 1:00 that night.
            ("America/Sao_Paulo", 0, "2018-11-03T12:00:00Z", "2018-11-04T03:00:00Z"),
            // From 1:00 to 2:00, and back from 2:00 to 1:00.
            ("Europe/Lisbon", 90, "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"),
            ("Europe/Lisbon", 90, "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
        ] {
            let mut shop = shop::Model::new("main".into());
            (shop.time_zone, shop.day_starts_minute) = (zone.into(), starts);
            assert_eq!(next_day(&shop, at(now)), at(begins), "{zone} {now}");
        }
    }
}
