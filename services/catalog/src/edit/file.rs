//! A menu as a file: YAML that a shop keeps beside its other papers, in git if it likes. `docs/menu-file.md` is its
//! reference. Reads and writes the form only; what it says is judged by [`crate::edit::import`].

mod translations;
mod unreadable;

pub use translations::{ByLanguage, TranslatedMenu, TranslatedName, TranslatedProduct};

use crate::{
    hours,
    menu::face,
    money,
    rows::{Keyed, Rows},
    store::entity::{SpecialDay, product, product_option},
};
use comanda_context::error::ApiError;
use comanda_types::validation::Checks;
use serde::{Deserialize, Serialize};
use serde_saphyr::{Location, Spanned};
use std::collections::HashMap;
use uuid::Uuid;

/// Text that knows its line.
pub type Text = Spanned<String>;

/// The whole file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuFile {
    /// The shop's slug.
    pub shop: Text,
    /// As customers know it.
    pub name: Text,
    /// ISO 4217.
    pub currency: Text,
    /// IANA.
    pub time_zone: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_open_tickets: Option<Spanned<i32>>,
    /// `HH:MM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_starts_at: Option<Text>,
    /// Otherwise by a tap of its own.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ready_with_last_line: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_counts_minutes: Option<Spanned<i32>>,
    /// An https address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Text>,
    /// The same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Text>,
    /// `#1d5a4b`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand_color: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_text: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_minutes: Option<Spanned<i32>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_minutes: Option<Spanned<i32>>,
    /// BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Text>,
    #[serde(default, skip_serializing_if = "ByLanguage::is_empty")]
    pub translations: ByLanguage<TranslatedMenu>,
    #[serde(default, skip_serializing_if = "Week::is_empty")]
    pub opening_hours: Week,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special_days: Vec<Special>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub option_groups: Vec<Group>,
    pub categories: Vec<Category>,
}

/// A day with other hours; with none it is closed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Special {
    /// `2026-12-25`.
    pub date: Text,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<Text>,
}

/// Spans such as `07:00-12:00`, by day.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Week {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    monday: Vec<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tuesday: Vec<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    wednesday: Vec<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    thursday: Vec<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    friday: Vec<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    saturday: Vec<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sunday: Vec<Text>,
}

/// A choice, such as the size.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub key: Text,
    pub name: Text,
    #[serde(default = "nothing", skip_serializing_if = "is_zero")]
    pub min: Spanned<i32>,
    pub max: Spanned<i32>,
    #[serde(default, skip_serializing_if = "ByLanguage::is_empty")]
    pub translations: ByLanguage<TranslatedName>,
    pub options: Vec<Choice>,
}

/// One answer to it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub key: Text,
    pub name: Text,
    /// Such as `2.50`; nothing when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_delta: Option<Text>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub default: bool,
    #[serde(default, skip_serializing_if = "ByLanguage::is_empty")]
    pub translations: ByLanguage<TranslatedName>,
}

/// Products that stand together.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub key: Text,
    pub name: Text,
    #[serde(default, skip_serializing_if = "ByLanguage::is_empty")]
    pub translations: ByLanguage<TranslatedName>,
    #[serde(default)]
    pub products: Vec<Product>,
}

/// Something to order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    pub key: Text,
    pub name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// Such as `12.50`.
    pub price: Text,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allergens: Vec<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Text>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stations: Vec<Text>,
    /// Keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub option_groups: Vec<Text>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick_notes: Vec<Text>,
    #[serde(default, skip_serializing_if = "ByLanguage::is_empty")]
    pub translations: ByLanguage<TranslatedProduct>,
}

impl MenuFile {
    /// Reads the form of a file.
    ///
    /// # Errors
    /// INVALID_ARGUMENT FIELD_INVALID, naming line and field of the first thing that does not belong there.
    pub fn parse(file: &str) -> Result<Self, ApiError> {
        let mut path = String::new();
        let read = serde_saphyr::with_deserializer_from_str(file, |yaml| {
            serde_path_to_error::deserialize(yaml).map_err(|error| {
                path = error.path().to_string();
                // Where the library keeps the value beside its line.
                path.truncate(path.strip_suffix(".value").map_or(path.len(), str::len));
                error.into_inner()
            })
        });
        read.map_err(|error| {
            let line = error.location().map_or(1, |location| location.line());
            let [english, portuguese] = unreadable::explained(&error);
            let mut checks = Checks::default();
            checks.fail(at(line, &path), english, portuguese);
            checks.done().err().unwrap_or_else(ApiError::internal)
        })
    }

    /// The file of this menu, without what is archived.
    #[must_use]
    pub fn of(rows: &Rows) -> Self {
        let shop = &rows.shop;
        let (max, day_starts) = (shop.max_open_tickets, shop.day_starts_minute);
        let ready_counts = Some(shop.ready_counts_minutes).filter(|minutes| *minutes != hours::READY_COUNTS_MINUTES);
        let keys: HashMap<Uuid, String> = rows.option_groups.iter().map(|row| (row.id(), row.key())).collect();
        let groups = rows.option_groups.iter().filter(|row| !row.is_archived()).map(|row| Group {
            key: text(row.key()),
            name: text(&row.name),
            min: number(row.min_choices),
            max: number(row.max_choices),
            translations: ByLanguage::of(&row.translations),
            options: choices(rows, row.option_group_id),
        });
        let categories = in_order(rows.categories.iter(), |row| row.position);
        let categories = categories.into_iter().map(|row| {
            let products = rows.products.iter().filter(|product| product.category_id == row.category_id);
            let products = in_order(products, |product| product.position);
            let products = products.into_iter().map(|product| of_product(rows, product, &keys)).collect();
            Category {
                key: text(row.key()),
                name: text(&row.name),
                translations: ByLanguage::of(&row.translations),
                products,
            }
        });
        let mut option_groups: Vec<_> = groups.collect();
        option_groups.sort_by(|a, b| a.key.value.cmp(&b.key.value));
        Self {
            shop: text(&shop.shop_id),
            name: text(&shop.name),
            currency: text(&shop.currency_code),
            time_zone: text(&shop.time_zone),
            max_open_tickets: (max > 0).then(|| number(max)),
            ready_with_last_line: shop.ready_with_last_line,
            ready_counts_minutes: ready_counts.map(number),
            day_starts_at: (day_starts != hours::DAY_STARTS_MINUTE).then(|| text(hours::clock(day_starts))),
            logo: given(&shop.logo_url),
            cover: given(&shop.cover_url),
            brand_color: given(&shop.brand_color),
            payment_text: given(&shop.payment_text),
            warn_minutes: (shop.warn_minutes != face::WARN_MINUTES).then(|| number(shop.warn_minutes)),
            late_minutes: (shop.late_minutes != face::LATE_MINUTES).then(|| number(shop.late_minutes)),
            language: (shop.language_code != face::LANGUAGE).then(|| text(&shop.language_code)),
            translations: ByLanguage::of(&shop.translations),
            opening_hours: Week::of(rows),
            special_days: shop.special_days.0.iter().map(Special::of).collect(),
            option_groups,
            categories: categories.collect(),
        }
    }

    /// The text of the file.
    ///
    /// # Errors
    /// The library's; there is no reason that we know of.
    pub fn render(&self) -> Result<String, serde_saphyr::ser::Error> {
        let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
        serde_saphyr::to_string_with_options(self, options)
    }
}

impl Special {
    fn of(day: &SpecialDay) -> Self {
        let hours = day.spans.iter().map(|span| text(hours::of_day(span))).collect();
        Self { date: text(day.date.to_string()), hours }
    }
}

impl Week {
    /// The spans of each day, Monday first.
    #[must_use]
    pub fn days(&self) -> [&[Text]; 7] {
        let Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = self;
        [monday, tuesday, wednesday, thursday, friday, saturday, sunday].map(Vec::as_slice)
    }

    fn is_empty(&self) -> bool {
        self.days().iter().all(|spans| spans.is_empty())
    }

    fn of(rows: &Rows) -> Self {
        let of = |day| {
            let spans = rows.shop.opening_hours.0.iter().filter(|span| span.day == day);
            spans.map(|span| text(hours::of_day(span))).collect()
        };
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = [1, 2, 3, 4, 5, 6, 7].map(of);
        Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday }
    }
}

/// Where something stands in a file, as violations say it.
#[must_use]
pub fn at(line: u64, path: &str) -> String {
    if matches!(path, "" | ".") { format!("line {line}") } else { format!("line {line}, {path}") }
}

fn choices(rows: &Rows, group: Uuid) -> Vec<Choice> {
    let options = rows.options.iter().filter(|option| option.option_group_id == group);
    let choice = |option: &product_option::Model| Choice {
        key: text(option.key()),
        name: text(&option.name),
        price_delta: (option.price_delta_minor != 0)
            .then(|| text(money::text(&rows.shop.currency_code, option.price_delta_minor))),
        default: option.chosen_by_default,
        translations: ByLanguage::of(&option.translations),
    };
    in_order(options, |option| option.position).into_iter().map(choice).collect()
}

fn of_product(rows: &Rows, row: &product::Model, groups: &HashMap<Uuid, String>) -> Product {
    let offered = rows.groups_of(row.product_id);
    Product {
        key: text(row.key()),
        name: text(&row.name),
        description: given(&row.description),
        price: text(money::text(&rows.shop.currency_code, row.price_minor)),
        allergens: row.allergens.0.iter().map(text).collect(),
        picture: given(&row.picture_url),
        stations: row.stations.0.iter().map(text).collect(),
        option_groups: offered.iter().filter_map(|group| groups.get(group)).map(text).collect(),
        quick_notes: row.quick_notes.0.iter().map(text).collect(),
        translations: ByLanguage::of(&row.translations),
    }
}

fn in_order<'a, T: Keyed>(rows: impl Iterator<Item = &'a T>, position: impl Fn(&T) -> i32) -> Vec<&'a T> {
    let mut rows: Vec<_> = rows.filter(|row| !row.is_archived()).collect();
    rows.sort_by_key(|row| (position(row), row.id()));
    rows
}

fn text(value: impl AsRef<str>) -> Text {
    Spanned::new(value.as_ref().to_owned(), Location::UNKNOWN, Location::UNKNOWN)
}

fn given(value: &String) -> Option<Text> {
    (!value.is_empty()).then(|| text(value))
}

fn number(value: i32) -> Spanned<i32> {
    Spanned::new(value, Location::UNKNOWN, Location::UNKNOWN)
}

fn nothing() -> Spanned<i32> {
    number(0)
}

fn is_zero(number: &Spanned<i32>) -> bool {
    number.value == 0
}

fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests;
