//! What differs between two states of a menu, value by value, in the words of menu files: for histories, for dry runs,
//! and for whoever came second. Pure.

use crate::{
    money,
    rows::{Keyed, Rows},
    store::entity::{Difference, Translations, product, shop},
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Values by path, such as `products.espresso.price`.
pub type Values = BTreeMap<String, String>;

/// What changed from one state to the other, by path.
#[must_use]
pub fn between(before: &Values, after: &Values) -> Vec<Difference> {
    let paths = before.keys().chain(after.keys().filter(|path| !before.contains_key(*path)));
    let value = |values: &Values, path: &String| values.get(path).cloned().unwrap_or_default();
    let differs = |path: &&String| value(before, path) != value(after, path);
    let difference =
        |path: &String| Difference { path: path.clone(), before: value(before, path), after: value(after, path) };
    let mut differences: Vec<_> = paths.filter(differs).map(difference).collect();
    differences.sort_by(|a, b| a.path.cmp(&b.path));
    differences
}

/// Every value of a menu; what is archived is not there.
#[must_use]
pub fn values(rows: &Rows) -> Values {
    let mut values = of_shop(&rows.shop);
    values.extend(of_translations("shop", &rows.shop.translations));
    let currency = &rows.shop.currency_code;
    let group_keys: HashMap<Uuid, String> = rows.option_groups.iter().map(|row| (row.id(), row.key())).collect();
    for row in rows.option_groups.iter().filter(|row| !row.is_archived()) {
        let path = format!("option_groups.{}", row.key());
        values.insert(format!("{path}.name"), row.name.clone());
        values.insert(format!("{path}.choices"), format!("{} to {}", row.min_choices, row.max_choices));
        values.extend(of_translations(&path, &row.translations));
    }
    for (group, keys) in in_order(&rows.options, |row| row.option_group_id, |row| row.position) {
        values.insert(format!("option_groups.{}.options", name_of(&group_keys, group)), keys);
    }
    for row in rows.options.iter().filter(|row| !row.is_archived()) {
        let path = format!("option_groups.{}.options.{}", name_of(&group_keys, row.option_group_id), row.key());
        values.insert(format!("{path}.name"), row.name.clone());
        values.insert(format!("{path}.price_delta"), money::text(currency, row.price_delta_minor));
        values.insert(format!("{path}.default"), yes_or_no(row.chosen_by_default));
        values.extend(of_translations(&path, &row.translations));
    }
    let category_keys: HashMap<Uuid, String> = rows.categories.iter().map(|row| (row.id(), row.key())).collect();
    for (_, keys) in in_order(&rows.categories, |_| Uuid::nil(), |row| row.position) {
        values.insert("categories".into(), keys);
    }
    for row in rows.categories.iter().filter(|row| !row.is_archived()) {
        let path = format!("categories.{}", row.key());
        values.insert(format!("{path}.name"), row.name.clone());
        values.extend(of_translations(&path, &row.translations));
    }
    for (category, keys) in in_order(&rows.products, |row| row.category_id, |row| row.position) {
        values.insert(format!("categories.{}.products", name_of(&category_keys, category)), keys);
    }
    let mut offered: HashMap<Uuid, Vec<(i32, &Uuid)>> = HashMap::new();
    for link in &rows.links {
        offered.entry(link.product_id).or_default().push((link.position, &link.option_group_id));
    }
    for row in rows.products.iter().filter(|row| !row.is_archived()) {
        let mut groups = offered.remove(&row.product_id).unwrap_or_default();
        groups.sort_unstable();
        let keys: Vec<_> = groups.into_iter().map(|(_, group)| name_of(&group_keys, *group)).collect();
        values.extend(of_product(row, currency, &keys.join(", ")));
        values.extend(of_translations(&format!("products.{}", row.key()), &row.translations));
    }
    values
}

/// Every setting of a shop, but for translations: whoever came second gets no more than a refusal may carry.
#[must_use]
pub fn of_shop(row: &shop::Model) -> Values {
    let until = row.pause_until.map(|until| format!(" until {}", until.to_rfc3339())).unwrap_or_default();
    let pause = if row.paused { format!("yes{until}: {}", row.pause_reason) } else { "no".into() };
    let hours = row.opening_hours.0.iter().map(crate::hours::text).collect::<Vec<_>>().join(", ");
    let special_days = row.special_days.0.iter().map(crate::hours::special_text).collect::<Vec<_>>().join(", ");
    let pairs = [
        ("name", row.name.clone()),
        ("currency", row.currency_code.clone()),
        ("time_zone", row.time_zone.clone()),
        ("opening_hours", hours),
        ("special_days", special_days),
        ("max_open_tickets", row.max_open_tickets.to_string()),
        ("day_starts_at", crate::hours::clock(row.day_starts_minute)),
        ("ready_with_last_line", yes_or_no(row.ready_with_last_line)),
        ("ready_counts_minutes", row.ready_counts_minutes.to_string()),
        ("logo", row.logo_url.clone()),
        ("cover", row.cover_url.clone()),
        ("brand_color", row.brand_color.clone()),
        ("payment_text", row.payment_text.clone()),
        ("warn_minutes", row.warn_minutes.to_string()),
        ("late_minutes", row.late_minutes.to_string()),
        ("language", row.language_code.clone()),
        ("paused", pause),
    ];
    pairs.into_iter().map(|(name, value)| (format!("shop.{name}"), value)).collect()
}

/// Every field of a product, but for translations.
#[must_use]
pub fn of_product(row: &product::Model, currency: &str, option_groups: &str) -> Values {
    let available = match (row.available, row.available_again_at) {
        (true, _) => "yes".into(),
        (false, None) => "no".into(),
        (false, Some(again)) => format!("from {}", again.to_rfc3339()),
    };
    let pairs = [
        ("name", row.name.clone()),
        ("description", row.description.clone()),
        ("price", money::text(currency, row.price_minor)),
        ("allergens", row.allergens.0.join(", ")),
        ("picture", row.picture_url.clone()),
        ("stations", listed(&row.stations.0)),
        ("quick_notes", listed(&row.quick_notes.0)),
        ("option_groups", option_groups.to_owned()),
        ("available", available),
    ];
    pairs.into_iter().map(|(name, value)| (format!("products.{}.{name}", row.key()), value)).collect()
}

/// What something says in other languages.
fn of_translations(path: &str, translations: &Translations) -> Values {
    let texts = translations.0.iter().flat_map(|(language, said)| {
        let texts = [
            ("name", said.name.clone()),
            ("description", said.description.clone()),
            ("quick_notes", listed(&said.quick_notes)),
            ("payment_text", said.payment_text.clone()),
        ];
        texts.map(|(field, text)| (format!("{path}.translations.{language}.{field}"), text))
    });
    texts.filter(|(_, text)| !text.is_empty()).collect()
}

/// The keys of what is not archived, in order of display, by owner.
fn in_order<T: Keyed>(list: &[T], owner: impl Fn(&T) -> Uuid, position: impl Fn(&T) -> i32) -> BTreeMap<Uuid, String> {
    let mut owned: BTreeMap<Uuid, Vec<&T>> = BTreeMap::new();
    for row in list.iter().filter(|row| !row.is_archived()) {
        owned.entry(owner(row)).or_default().push(row);
    }
    let keys = |mut rows: Vec<&T>| {
        rows.sort_by_key(|row| (position(row), row.id()));
        rows.into_iter().map(Keyed::key).collect::<Vec<_>>().join(", ")
    };
    owned.into_iter().map(|(owner, rows)| (owner, keys(rows))).collect()
}

/// Words that people wrote. No two lists look the same: what has a comma of its own is quoted.
fn listed(words: &[String]) -> String {
    let plain = |word: &String| !word.contains([',', '"']);
    let words = words.iter().map(|word| if plain(word) { word.clone() } else { format!("{word:?}") });
    words.collect::<Vec<_>>().join(", ")
}

fn name_of(keys: &HashMap<Uuid, String>, id: Uuid) -> String {
    keys.get(&id).cloned().unwrap_or_else(|| id.to_string())
}

fn yes_or_no(yes: bool) -> String {
    if yes { "yes".into() } else { "no".into() }
}
