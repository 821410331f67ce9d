//! The pure domain: what a menu is made of, and how its version rises. Knows no SQL, no tonic and no clock.

pub mod face;
pub mod translation;

use crate::{
    rows::Rows,
    store::entity::{self, Span, Words, option_group, product, product_option, shop},
};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_proto::{
    catalog::v1::{
        Allergen, Category, Menu, OpeningHours, Option as Choice, OptionGroup, OrderingPause, Product, SpecialDay,
        TimeSpan, UtcOffset,
    },
    r#type::v1::Money,
};
use comanda_types::{currency, time_zone::Zone, timestamp::to_proto};
use prost::Message;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// For how long a menu that nobody changes tells when clocks are set. Not longer, because nobody knows so far ahead.
const FORESIGHT: TimeDelta = TimeDelta::days(10 * 365);

/// The version after `current`: milliseconds since 1970, but always higher, even when the clock went back.
#[must_use]
pub fn next_version(current: i64, now: DateTime<Utc>) -> i64 {
    current.saturating_add(1).max(now.timestamp_millis())
}

/// The menu that these rows describe, in their order, without what is archived.
#[must_use]
pub fn build(rows: Rows) -> Menu {
    let currency = &rows.shop.currency_code;
    let mut groups = option_groups(currency, rows.option_groups, rows.options);
    let mut offered: HashMap<Uuid, Vec<String>> = HashMap::new();
    for link in rows.links.iter().filter(|link| groups.contains_key(&link.option_group_id)) {
        offered.entry(link.product_id).or_default().push(link.option_group_id.to_string());
    }
    let mut products: HashMap<Uuid, Vec<Product>> = HashMap::new();
    for row in rows.products.into_iter().filter(|row| row.archived_at.is_none()) {
        let groups = offered.remove(&row.product_id).unwrap_or_default();
        products.entry(row.category_id).or_default().push(product(currency, row, groups));
    }
    // What is left belongs to archived products.
    let on_sale: HashSet<&String> = products.values().flatten().flat_map(|product| &product.option_group_ids).collect();
    groups.retain(|_, group| on_sale.contains(&group.option_group_id));
    let categories = rows.categories.into_iter().filter(|row| row.archived_at.is_none()).map(|row| Category {
        category_id: row.category_id.to_string(),
        name: row.name,
        products: products.remove(&row.category_id).unwrap_or_default(),
        translations: translation::to_proto(row.translations),
    });
    Menu {
        categories: categories.collect(),
        option_groups: groups.into_values().collect(),
        opening_hours: rows.shop.opening_hours.0.iter().copied().map(opening_hours).collect(),
        pause: pause(&rows.shop),
        max_open_tickets: rows.shop.max_open_tickets,
        day_starts_minute: rows.shop.day_starts_minute,
        ready_with_last_line: rows.shop.ready_with_last_line,
        ready_counts_minutes: rows.shop.ready_counts_minutes,
        special_days: rows.shop.special_days.0.iter().map(special_day).collect(),
        shop_revision: rows.shop.revision,
        shop_id: rows.shop.shop_id,
        version: rows.shop.version,
        shop_name: rows.shop.name,
        currency_digits: Some(currency::digits(&rows.shop.currency_code).into()),
        currency_code: rows.shop.currency_code,
        utc_offsets: utc_offsets(&rows.shop.time_zone, rows.shop.version),
        time_zone: rows.shop.time_zone,
        logo_url: rows.shop.logo_url,
        cover_url: rows.shop.cover_url,
        brand_color: rows.shop.brand_color,
        payment_text: rows.shop.payment_text,
        warn_minutes: rows.shop.warn_minutes,
        late_minutes: rows.shop.late_minutes,
        language_code: rows.shop.language_code,
        translations: translation::to_proto(rows.shop.translations),
    }
}

/// How many bytes that menu takes, encoded, when nothing is sold out and nobody paused the shop: what the day brings is
/// never too much.
#[must_use]
pub fn size(mut rows: Rows) -> usize {
    rows.shop.resume();
    for product in &mut rows.products {
        (product.available, product.available_again_at) = (true, None);
    }
    build(rows).encoded_len()
}

/// What clocks show there, from when this version was made: of the version alone, because its body never changes.
fn utc_offsets(time_zone: &str, version: i64) -> Vec<UtcOffset> {
    let zone = Zone::named(time_zone).unwrap_or_else(Zone::utc);
    let from = DateTime::from_timestamp_millis(version).unwrap_or_default();
    let until = from + FORESIGHT;
    let changes = zone.changes(from).take_while(|(at, _)| *at <= until);
    let all = std::iter::once((from, zone.offset(from))).chain(changes);
    all.map(|(at, seconds)| UtcOffset { from_time: Some(to_proto(at)), seconds }).collect()
}

/// Whether nothing stands there twice.
pub fn is_each_once<T: std::hash::Hash + Eq>(all: impl IntoIterator<Item = T>) -> bool {
    let mut seen = HashSet::new();
    all.into_iter().all(|one| seen.insert(one))
}

/// As contracts say it.
#[must_use]
pub fn opening_hours(span: Span) -> OpeningHours {
    OpeningHours { day: span.day, opens_minute: span.opens, closes_minute: span.closes }
}

/// As contracts say it.
#[must_use]
pub fn special_day(day: &entity::SpecialDay) -> SpecialDay {
    let span = |span: &Span| TimeSpan { opens_minute: span.opens, closes_minute: span.closes };
    SpecialDay { date: day.date.to_string(), spans: day.spans.iter().map(span).collect() }
}

/// The shop's pause, if it takes no orders.
#[must_use]
pub fn pause(shop: &shop::Model) -> Option<OrderingPause> {
    let pause = || OrderingPause {
        reason: shop.pause_reason.clone(),
        until_time: shop.pause_until.map(to_proto),
        set_time: shop.paused_at.map(to_proto),
        ends_with_day: shop.pause_ends_with_day,
    };
    shop.paused.then(pause)
}

fn option_groups(
    currency: &str,
    groups: Vec<option_group::Model>,
    options: Vec<product_option::Model>,
) -> BTreeMap<Uuid, OptionGroup> {
    let mut choices: HashMap<Uuid, Vec<Choice>> = HashMap::new();
    for row in options.into_iter().filter(|row| row.archived_at.is_none()) {
        choices.entry(row.option_group_id).or_default().push(Choice {
            option_id: row.option_id.to_string(),
            name: row.name,
            price_delta: Some(money(currency, row.price_delta_minor)),
            chosen_by_default: row.chosen_by_default,
            translations: translation::to_proto(row.translations),
        });
    }
    let mut group = |row: option_group::Model| OptionGroup {
        option_group_id: row.option_group_id.to_string(),
        name: row.name,
        min_choices: row.min_choices,
        max_choices: row.max_choices,
        options: choices.remove(&row.option_group_id).unwrap_or_default(),
        translations: translation::to_proto(row.translations),
    };
    let on_sale = groups.into_iter().filter(|row| row.archived_at.is_none());
    on_sale.map(|row| (row.option_group_id, group(row))).collect()
}

fn product(currency: &str, row: product::Model, option_group_ids: Vec<String>) -> Product {
    Product {
        product_id: row.product_id.to_string(),
        name: row.name,
        description: row.description,
        price: Some(money(currency, row.price_minor)),
        available: row.available,
        option_group_ids,
        allergens: allergens(&row.allergens),
        picture_url: row.picture_url,
        stations: row.stations.0,
        available_again_time: row.available_again_at.map(to_proto),
        quick_notes: row.quick_notes.0,
        translations: translation::to_proto(row.translations),
    }
}

/// The allergen of this word, such as "milk".
#[must_use]
pub fn allergen(word: &str) -> Option<Allergen> {
    let known = Allergen::from_str_name(&format!("ALLERGEN_{}", word.to_uppercase()));
    known.filter(|known| *known != Allergen::Unspecified && self::word(*known) == word)
}

/// The word of this allergen.
#[must_use]
pub fn word(allergen: Allergen) -> String {
    allergen.as_str_name().trim_start_matches("ALLERGEN_").to_lowercase()
}

/// As contracts say them.
#[must_use]
pub fn allergens(words: &Words) -> Vec<i32> {
    words.0.iter().filter_map(|word| allergen(word)).map(i32::from).collect()
}

/// Whether pages may show it: nothing but an https address.
#[must_use]
pub fn is_picture(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '`'));
    let address = text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    text.len() <= 500 && plain && address
}

/// Whether files may call something so.
#[must_use]
pub fn is_key(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=60).contains(&text.len()) && text.bytes().all(plain)
}

fn money(currency: &str, minor_units: i64) -> Money {
    Money { currency_code: currency.to_owned(), minor_units }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::entity::{category, product_option_group, shop};

    #[test]
    fn a_version_follows_the_clock_but_never_goes_back() {
        let at = |ms| DateTime::from_timestamp_millis(ms).expect("a time");
        assert_eq!(next_version(1_000, at(5_000)), 5_000);
        assert_eq!(next_version(5_000, at(5_000)), 5_001);
        assert_eq!(next_version(9_000, at(5_000)), 9_001);
        assert_eq!(next_version(i64::MAX, at(5_000)), i64::MAX);
    }

    #[test]
    fn a_shared_group_appears_in_each_product_and_order_is_kept() {
        let menu = build(rows());
        assert_eq!((menu.shop_id.as_str(), menu.version, menu.currency_code.as_str()), ("main", 7, "BRL"));
        let names: Vec<_> = menu.categories.iter().map(|category| category.name.as_str()).collect();
        assert_eq!(names, ["coffee", "empty"]);
        assert!(menu.categories[1].products.is_empty());
        let [espresso, latte] = menu.categories[0].products.as_slice() else { panic!("two products") };
        let [size, milk] = [21, 22].map(|n| id(n).to_string());
        assert_eq!(espresso.option_group_ids, std::slice::from_ref(&size));
        assert_eq!(latte.option_group_ids, [milk, size]);
        let names: Vec<_> = menu.option_groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["size", "milk"], "each once, and none that nobody offers");
        assert_eq!(menu.option_groups[0].options[1].price_delta, Some(money("BRL", 200)));
        assert_eq!(espresso.price, Some(money("BRL", 700)));
        assert!(espresso.available && !latte.available);
    }

    fn rows() -> Rows {
        let (coffee, espresso, latte, size, milk) = (id(1), id(11), id(12), id(21), id(22));
        Rows {
            shop: shop::Model { currency_code: "BRL".into(), version: 7, ..shop::Model::new("main".into()) },
            categories: vec![category(coffee, "coffee"), category(id(2), "empty")],
            products: vec![product(espresso, coffee, 700, true), product(latte, coffee, 1200, false)],
            option_groups: vec![group(size, "size"), group(milk, "milk"), group(id(23), "unused")],
            options: vec![option(id(31), size, 0), option(id(33), milk, 0), option(id(32), size, 200)],
            links: vec![link(espresso, size), link(latte, milk), link(latte, size)],
        }
    }

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn category(category_id: Uuid, name: &str) -> category::Model {
        category::Model { category_id, name: name.into(), ..category::Model::new("main".into(), None) }
    }

    fn product(product_id: Uuid, category_id: Uuid, price_minor: i64, available: bool) -> product::Model {
        let fresh = product::Model::new("main".into(), None);
        product::Model { product_id, category_id, name: "product".into(), price_minor, available, ..fresh }
    }

    fn group(option_group_id: Uuid, name: &str) -> option_group::Model {
        let fresh = option_group::Model::new("main".into(), None);
        option_group::Model { option_group_id, name: name.into(), ..fresh }
    }

    fn option(option_id: Uuid, option_group_id: Uuid, price_delta_minor: i64) -> product_option::Model {
        let fresh = product_option::Model::new(option_group_id, None);
        product_option::Model { option_id, name: "option".into(), price_delta_minor, ..fresh }
    }

    fn link(product_id: Uuid, option_group_id: Uuid) -> product_option_group::Model {
        product_option_group::Model { product_id, option_group_id, position: 0 }
    }
}
