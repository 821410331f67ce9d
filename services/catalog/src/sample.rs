//! The sample menu: a believable coffee shop for whoever starts Comanda for the first time. Never touches a catalog that
//! has a shop.

use crate::{
    menu,
    store::{
        self, Rows,
        entity::{category, option_group, product, product_option, product_option_group, shop},
    },
};
use chrono::{DateTime, Utc};
use comanda_mesh::database::{self, Database};
use sea_orm::DbErr;
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

const SAMPLE: &str = include_str!("sample.json");

/// Why the sample menu was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The file inside the program is malformed.
    #[error("the sample menu is malformed: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A product offers an option group that the file does not have.
    #[error("the sample menu has no option group {0}")]
    NoSuchGroup(String),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
}

/// Loads the sample menu into a catalog that has no shop; returns whether it did.
///
/// # Errors
/// See [`SampleError`].
pub async fn load_sample(database: &Database) -> Result<bool, SampleError> {
    let transaction = database.begin().await?;
    if store::has_shops(&transaction).await? {
        transaction.rollback().await?;
        return Ok(false);
    }
    let rows = rows(serde_json::from_str(SAMPLE)?, database::now(&transaction).await?)?;
    // False when another replica was faster.
    let loaded = store::insert(&transaction, rows).await?;
    transaction.commit().await?;
    Ok(loaded)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    shop_id: String,
    name: String,
    currency_code: String,
    time_zone: String,
    /// By the names under which products refer to them.
    option_groups: HashMap<String, Group>,
    categories: Vec<Category>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    min: i32,
    max: i32,
    /// Name and price delta in minor units.
    options: Vec<(String, i64)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Category {
    name: String,
    products: Vec<Product>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Product {
    name: String,
    description: String,
    /// Minor units.
    price: i64,
    #[serde(default)]
    options: Vec<String>,
}

/// Gives everything its id. A group that many products offer becomes one row.
fn rows(sample: Sample, now: DateTime<Utc>) -> Result<Rows, SampleError> {
    let shop = shop::Model {
        name: sample.name,
        currency_code: sample.currency_code,
        time_zone: sample.time_zone,
        version: menu::next_version(0, now),
        ..shop::Model::new(sample.shop_id)
    };
    let (categories, products, links) = (Vec::new(), Vec::new(), Vec::new());
    let mut rows = Rows { shop, categories, products, option_groups: Vec::new(), options: Vec::new(), links };
    let mut group_ids = HashMap::new();
    for (key, group) in sample.option_groups {
        group_ids.insert(key, rows.add_group(group));
    }
    for category in sample.categories {
        let category_id = rows.add_category(category.name);
        for (place, product) in (0..).zip(category.products) {
            rows.add_product(category_id, place, product, &group_ids)?;
        }
    }
    Ok(rows)
}

impl Rows {
    fn add_group(&mut self, group: Group) -> Uuid {
        let (min_choices, max_choices) = (group.min, group.max);
        let fresh = option_group::Model::new(self.shop.shop_id.clone(), None);
        let option_group_id = fresh.option_group_id;
        self.option_groups.push(option_group::Model { name: group.name, min_choices, max_choices, ..fresh });
        self.options.extend((0..).zip(group.options).map(|(position, (name, price_delta_minor))| {
            product_option::Model {
                name,
                price_delta_minor,
                position,
                ..product_option::Model::new(option_group_id, None)
            }
        }));
        option_group_id
    }

    fn add_category(&mut self, name: String) -> Uuid {
        let fresh = category::Model::new(self.shop.shop_id.clone(), None);
        let category_id = fresh.category_id;
        let position = self.categories.last().map_or(0, |last| last.position + 1);
        self.categories.push(category::Model { name, position, ..fresh });
        category_id
    }

    fn add_product(
        &mut self,
        category_id: Uuid,
        position: i32,
        product: Product,
        group_ids: &HashMap<String, Uuid>,
    ) -> Result<(), SampleError> {
        let fresh = product::Model::new(self.shop.shop_id.clone(), None);
        let product_id = fresh.product_id;
        let Product { name, description, price: price_minor, options } = product;
        self.products.push(product::Model { category_id, name, description, price_minor, position, ..fresh });
        for (position, key) in (0..).zip(options) {
            let Some(&option_group_id) = group_ids.get(&key) else {
                return Err(SampleError::NoSuchGroup(key));
            };
            self.links.push(product_option_group::Model { product_id, option_group_id, position });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn sample() -> Rows {
        rows(serde_json::from_str(SAMPLE).expect("JSON"), DateTime::UNIX_EPOCH).expect("rows")
    }

    fn within(text: &str, min: usize, max: usize) -> bool {
        (min..=max).contains(&text.chars().count()) && text.trim() == text && !text.chars().any(char::is_control)
    }

    #[test]
    fn the_file_keeps_the_limits_of_the_contract() {
        let menu = menu::build(sample());
        assert_eq!((menu.shop_id.as_str(), menu.currency_code.as_str()), ("main", "BRL"));
        menu.time_zone.parse::<chrono_tz::Tz>().expect("a time zone");
        let products: Vec<_> = menu.categories.iter().flat_map(|category| &category.products).collect();
        assert!(menu.categories.len() >= 5 && products.len() >= 28);
        assert!(menu.categories.iter().all(|category| within(&category.name, 1, 60) && !category.products.is_empty()));
        for product in products {
            assert!(within(&product.name, 1, 80) && within(&product.description, 1, 400), "{}", product.name);
            let price = product.price.as_ref().expect("a price").minor_units;
            assert!(product.available && (100..10_000).contains(&price), "{}", product.name);
            for group in &product.option_groups {
                let choices = i32::try_from(group.options.len()).expect("few");
                let (min, max) = (group.min_choices, group.max_choices);
                assert!(within(&group.name, 1, 60) && 0 <= min && min <= max && 1 <= max && max <= choices);
                for option in &group.options {
                    let delta = option.price_delta.as_ref().expect("a delta").minor_units;
                    assert!(within(&option.name, 1, 60) && price + delta > 0, "{}", option.name);
                }
            }
        }
    }

    #[test]
    fn no_name_is_used_twice_and_no_group_is_left_over() {
        let rows = sample();
        let names: std::collections::HashSet<_> = rows.products.iter().map(|product| &product.name).collect();
        assert_eq!(names.len(), rows.products.len());
        for group in &rows.option_groups {
            assert!(rows.links.iter().any(|link| link.option_group_id == group.option_group_id), "{}", group.name);
        }
    }

    #[tokio::test]
    async fn a_catalog_that_has_any_shop_is_left_alone() {
        let scratch = Scratch::empty().await;
        scratch.open_shop("other").await;
        assert!(!load_sample(&scratch.database).await.expect("an answer"));
        assert!(store::menu(&scratch.database, "main").await.expect("an answer").is_none());
    }

    #[tokio::test]
    async fn it_is_loaded_once_and_read_back_whole() {
        let scratch = Scratch::with_sample().await;
        assert!(!load_sample(&scratch.database).await.expect("an answer"));
        let stored = menu::build(store::menu(&scratch.database, "main").await.expect("rows").expect("a shop"));
        let count = |menu: &comanda_proto::catalog::v1::Menu| {
            let products = menu.categories.iter().flat_map(|category| category.products.clone());
            let shown = products.map(|p| (p.name, p.price, p.option_groups.into_iter().map(|g| g.name).collect()));
            shown.collect::<Vec<(_, _, Vec<_>)>>()
        };
        assert_eq!(count(&stored), count(&menu::build(sample())));
    }
}
