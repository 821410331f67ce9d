//! One pass over a menu file: judges it and applies it to the rows at once, so that nothing is judged that is not applied.

mod face;
mod shop;
mod translations;

use super::{MAX_PRICE, slots, slots_of};
use crate::{
    edit::{
        file::{Category, Choice, Group, MenuFile, Product, Text, at},
        price::Reductions,
    },
    menu, money,
    rows::Rows,
    store::entity::{category, option_group, product, product_option, product_option_group},
};
use chrono::{DateTime, Utc};
use comanda_types::{text::tidy, validation::Checks};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const MAX_PRODUCTS: usize = 10_000;
const MAX_OTHERS: usize = 1_000;
const MAX_OPTIONS: usize = 50;

/// One pass over a file that judges and applies it; what it applied counts only when nothing was noted.
pub struct Import<'a> {
    pub rows: &'a mut Rows,
    pub now: DateTime<Utc>,
    pub checks: &'a mut Checks,
}

impl Import<'_> {
    pub fn all(&mut self, file: &MenuFile) {
        self.shop(file);
        let groups = self.groups(&file.option_groups);
        self.categories(&file.categories, &groups);
    }

    /// The ids of the groups by their keys.
    fn groups(&mut self, groups: &[Group]) -> HashMap<String, Uuid> {
        let shop_id = self.rows.shop.shop_id.clone();
        self.at_most(MAX_OTHERS, groups.len(), groups.first().map(|group| &group.key), "option_groups");
        let keys: Vec<_> = groups.iter().map(|group| &group.key).collect();
        let places = self.places(&keys, "option_groups");
        let mut rows = std::mem::take(&mut self.rows.option_groups);
        let slots = slots(&mut rows, &keys, self.now, |key| option_group::Model::new(shop_id.clone(), key));
        let mut known = HashMap::new();
        for ((group, path), slot) in groups.iter().zip(&places).zip(slots) {
            let row = &mut rows[slot];
            row.archived_at = None;
            row.name = self.text(&group.name, &format!("{path}.name"), 1, 60);
            (row.min_choices, row.max_choices) = (group.min.value, group.max.value);
            let (id, fits) = (
                row.option_group_id,
                0 <= group.min.value && group.min.value <= group.max.value && 1 <= group.max.value,
            );
            if !fits || usize::try_from(group.max.value).is_ok_and(|max| max > group.options.len()) {
                let place = at(group.max.referenced.line(), &format!("{path}.max"));
                self.checks.fail(
                    place,
                    "must be at least min, at least 1, and no more than there are options",
                    "deve ser pelo menos min, pelo menos 1 e no máximo o número de opções",
                );
            }
            row.translations = self.translated_names(&group.translations, &group.key, path);
            known.insert(group.key.value.clone(), id);
            self.options(id, group, path);
        }
        self.rows.option_groups = rows;
        known
    }

    fn options(&mut self, group_id: Uuid, group: &Group, path: &str) {
        let path = format!("{path}.options");
        self.at_most(MAX_OPTIONS, group.options.len(), Some(&group.key), &path);
        let keys: Vec<_> = group.options.iter().map(|option| &option.key).collect();
        let places = self.places(&keys, &path);
        let all = std::mem::take(&mut self.rows.options);
        // In place, so that what did not change still stands where it stood.
        let mut rows = all;
        let slots = slots_of(
            &mut rows,
            |row| row.option_group_id == group_id,
            &keys,
            self.now,
            |key| product_option::Model::new(group_id, key),
        );
        for (((position, option), path), slot) in (0..).zip(&group.options).zip(&places).zip(slots) {
            self.option(&mut rows[slot], position, option, path);
        }
        self.rows.options = rows;
        let defaults = group.options.iter().filter(|option| option.default).count();
        if i32::try_from(defaults).is_ok_and(|defaults| defaults > group.max.value) {
            self.fail(
                &group.key,
                &path,
                "more are chosen by default than may be chosen",
                "há mais opções pré-selecionadas do que se pode escolher",
            );
        }
    }

    fn option(&mut self, row: &mut product_option::Model, position: i32, option: &Choice, path: &str) {
        row.archived_at = None;
        row.position = position;
        row.name = self.text(&option.name, &format!("{path}.name"), 1, 60);
        row.translations = self.translated_names(&option.translations, &option.key, path);
        row.chosen_by_default = option.default;
        row.price_delta_minor = match &option.price_delta {
            Some(delta) => self.amount(delta, &format!("{path}.price_delta"), -MAX_PRICE),
            None => 0,
        };
    }

    fn categories(&mut self, categories: &[Category], groups: &HashMap<String, Uuid>) {
        let shop_id = self.rows.shop.shop_id.clone();
        self.at_most(MAX_OTHERS, categories.len(), categories.first().map(|category| &category.key), "categories");
        let keys: Vec<_> = categories.iter().map(|category| &category.key).collect();
        let places = self.places(&keys, "categories");
        let mut rows = std::mem::take(&mut self.rows.categories);
        let slots = slots(&mut rows, &keys, self.now, |key| category::Model::new(shop_id.clone(), key));
        let mut wanted = Vec::new();
        for (((position, category), path), slot) in (0..).zip(categories).zip(&places).zip(slots) {
            let row = &mut rows[slot];
            (row.archived_at, row.position) = (None, position);
            row.name = self.text(&category.name, &format!("{path}.name"), 1, 60);
            row.translations = self.translated_names(&category.translations, &category.key, path);
            let products = (0..).zip(&category.products);
            wanted.extend(products.map(|(position, product)| {
                (row.category_id, position, product, format!("{path}.products[{position}]"))
            }));
        }
        self.rows.categories = rows;
        self.products(&wanted, groups);
    }

    fn products(&mut self, wanted: &[(Uuid, i32, &Product, String)], groups: &HashMap<String, Uuid>) {
        let shop_id = self.rows.shop.shop_id.clone();
        self.at_most(MAX_PRODUCTS, wanted.len(), wanted.first().map(|(_, _, product, _)| &product.key), "categories");
        let keys: Vec<_> = wanted.iter().map(|(_, _, product, _)| &product.key).collect();
        let mut seen = HashSet::new();
        for (_, _, product, path) in wanted {
            self.key(&product.key, path, &mut seen);
        }
        let mut rows = std::mem::take(&mut self.rows.products);
        let slots = slots(&mut rows, &keys, self.now, |key| product::Model::new(shop_id.clone(), key));
        let reductions = Reductions::of(self.rows);
        let mut links = HashMap::new();
        for ((category_id, position, product, path), slot) in wanted.iter().zip(slots) {
            let row = &mut rows[slot];
            (row.archived_at, row.category_id, row.position) = (None, *category_id, *position);
            self.product(row, product, path);
            let offered = self.offered(product, path, groups);
            let place = at(product.price.referenced.line(), &format!("{path}.price"));
            reductions.check(place, row.price_minor, &offered, self.checks);
            links.insert(row.product_id, offered);
        }
        self.rows.products = rows;
        self.rows.links.retain(|link| !links.contains_key(&link.product_id));
        self.rows.links.extend(links.into_iter().flat_map(|(product_id, groups)| {
            let link = move |(position, option_group_id)| product_option_group::Model {
                product_id,
                option_group_id,
                position,
            };
            (0..).zip(groups).map(link)
        }));
    }

    fn product(&mut self, row: &mut product::Model, product: &Product, path: &str) {
        row.name = self.text(&product.name, &format!("{path}.name"), 1, 80);
        let description = product.description.as_ref();
        row.description =
            description.map_or_else(String::new, |text| self.text(text, &format!("{path}.description"), 0, 400));
        row.price_minor = self.amount(&product.price, &format!("{path}.price"), 0);
        self.each_once(&product.allergens, &format!("{path}.allergens"));
        for (index, allergen) in product.allergens.iter().enumerate() {
            if menu::allergen(&allergen.value).is_none() {
                self.fail(
                    allergen,
                    &format!("{path}.allergens[{index}]"),
                    "is no allergen that we know",
                    "não é um alérgeno conhecido",
                );
            }
        }
        row.allergens.0 = words(&product.allergens);
        row.picture_url = self.picture(product.picture.as_ref(), &format!("{path}.picture"));
        row.stations.0 = self.words(&product.stations, 30, 10, &product.key, &format!("{path}.stations"));
        row.quick_notes.0 = self.quick_notes(&product.quick_notes, &product.key, &format!("{path}.quick_notes"));
        row.translations = self.translated_product(product, path);
    }

    fn offered(&mut self, product: &Product, path: &str, groups: &HashMap<String, Uuid>) -> Vec<Uuid> {
        let mut offered = Vec::new();
        for (index, key) in product.option_groups.iter().enumerate() {
            match groups.get(&key.value) {
                Some(group) if !offered.contains(group) => offered.push(*group),
                Some(_) => {
                    self.fail(key, &format!("{path}.option_groups[{index}]"), "stands there twice", "está repetido")
                }
                None => self.fail(
                    key,
                    &format!("{path}.option_groups[{index}]"),
                    "names no option group of this file",
                    "não é um grupo de opções deste arquivo",
                ),
            }
        }
        self.at_most(20, offered.len(), Some(&product.key), &format!("{path}.option_groups"));
        offered
    }

    /// The paths of a list's entries, whose keys are judged.
    fn places(&mut self, keys: &[&Text], list: &str) -> Vec<String> {
        let mut seen = HashSet::new();
        let places: Vec<_> = (0..keys.len()).map(|index| format!("{list}[{index}]")).collect();
        for (key, path) in keys.iter().zip(&places) {
            self.key(key, path, &mut seen);
        }
        places
    }

    fn key<'k>(&mut self, key: &'k Text, path: &str, seen: &mut HashSet<&'k str>) {
        let path = format!("{path}.key");
        if !menu::is_key(&key.value) {
            self.fail(
                key,
                &path,
                "must be 1 to 60 of a-z, 0-9 and -",
                "deve ter de 1 a 60 caracteres entre a-z, 0-9 e -",
            );
        } else if !seen.insert(&key.value) {
            self.fail(key, &path, "stands there twice", "está repetido");
        }
    }

    fn text(&mut self, text: &Text, path: &str, min: usize, max: usize) -> String {
        self.checks.text(at(text.referenced.line(), path), &text.value, min, max)
    }

    /// What was written there; nothing when it was left out.
    fn picture(&mut self, url: Option<&Text>, path: &str) -> String {
        if let Some(url) = url.filter(|url| !menu::is_picture(&url.value)) {
            self.fail(
                url,
                path,
                "must be an https address of at most 500 characters",
                "deve ser um endereço https de no máximo 500 caracteres",
            );
        }
        url.map(|url| url.value.clone()).unwrap_or_default()
    }

    /// At most so many, each once and with at most so many characters.
    fn words(&mut self, texts: &[Text], characters: usize, most: usize, owner: &Text, path: &str) -> Vec<String> {
        let read = texts.iter().enumerate();
        let words = read.map(|(index, text)| self.text(text, &format!("{path}[{index}]"), 1, characters)).collect();
        self.each_once(texts, path);
        self.at_most(most, texts.len(), Some(owner), path);
        words
    }

    fn amount(&mut self, text: &Text, path: &str, min: i64) -> i64 {
        let amount = money::parse(&self.rows.shop.currency_code, &text.value);
        amount.filter(|minor| (min..=MAX_PRICE).contains(minor)).unwrap_or_else(|| {
            self.fail(text, path, "must be an amount such as 12.50", "deve ser um valor como 12.50");
            0
        })
    }

    fn each_once(&mut self, texts: &[Text], path: &str) {
        let mut seen = HashSet::new();
        for (index, text) in texts.iter().enumerate() {
            if !seen.insert(tidy(&text.value)) {
                self.fail(text, &format!("{path}[{index}]"), "stands there twice", "está repetido");
            }
        }
    }

    fn at_most(&mut self, most: usize, count: usize, place: Option<&Text>, path: &str) {
        if let Some(place) = place.filter(|_| count > most) {
            self.fail(place, path, format!("must be at most {most}"), format!("deve ter no máximo {most}"));
        }
    }

    fn fail(&mut self, text: &Text, path: &str, english: impl Into<String>, portuguese: impl Into<String>) {
        self.checks.fail(at(text.referenced.line(), path), english, portuguese);
    }
}

fn words(texts: &[Text]) -> Vec<String> {
    texts.iter().map(|text| text.value.clone()).collect()
}
