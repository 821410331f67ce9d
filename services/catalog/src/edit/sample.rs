//! The sample menu: a believable coffee shop for whoever starts Comanda for the first time, kept as a file like any shop's
//! own. Never touches a catalog that has a shop.

use crate::{
    edit::{self, file::MenuFile, import::ImportMenu},
    refusal::Refusal,
    store,
};
use comanda_context::error::ApiError;
use comanda_proto::r#type::v1::Actor;
use comanda_storage::database::Database;
use comanda_storage::history::By;
use sea_orm::DbErr;

const SAMPLE: &str = include_str!("sample.yaml");

/// Why the sample menu was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The file inside the program is malformed.
    #[error("the sample menu is malformed: {0:?}")]
    Malformed(ApiError),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
}

/// Loads the sample menu into a catalog that has no shop; returns whether it did.
///
/// # Errors
/// See [`SampleError`].
pub async fn load_sample(database: &Database) -> Result<bool, SampleError> {
    if store::has_shops(database.writer()).await? {
        return Ok(false);
    }
    let file = MenuFile::parse(SAMPLE).map_err(SampleError::Malformed)?;
    let import = ImportMenu { file, known_version: 0, may_open: true, author: By::from(Actor::System) };
    match edit::run(database, &import).await {
        Ok(loaded) => Ok(loaded),
        Err(Refusal::Database(error)) => {
            // Another replica may have been faster.
            if store::has_shops(database.writer()).await? { Ok(false) } else { Err(error.into()) }
        }
        Err(refusal) => Err(SampleError::Malformed(refusal.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{menu, test_db::Menus};
    use comanda_proto::catalog::v1::Translation;
    use std::collections::HashSet;

    #[tokio::test]
    async fn it_is_loaded_once_and_is_a_menu_for_a_whole_day() {
        let test_db = Menus::with_sample().await;
        assert!(!load_sample(&test_db.database).await.expect("an answer"));
        let rows = store::menu(&test_db.database, "main").await.expect("rows").expect("a shop");
        let menu = menu::build(rows.clone());
        let products: Vec<_> = menu.categories.iter().flat_map(|category| &category.products).collect();
        assert!(menu.categories.len() >= 5 && products.len() >= 28);
        let names: HashSet<_> = products.iter().map(|product| &product.name).collect();
        assert_eq!(names.len(), products.len());
        for product in products {
            let price = product.price.as_ref().expect("a price").minor_units;
            assert!(product.available && !product.description.is_empty() && (100..10_000).contains(&price));
            assert!(product.picture_url.is_empty(), "the pages ask nobody else");
        }
        assert!(menu.categories.iter().flat_map(|category| &category.products).any(|p| !p.allergens.is_empty()));
        assert!(!menu.payment_text.is_empty() && menu.logo_url.is_empty() && menu.cover_url.is_empty());
        for group in &rows.option_groups {
            let offered = rows.links.iter().any(|link| link.option_group_id == group.option_group_id);
            assert!(offered, "nobody offers {}", group.name);
        }
    }

    #[tokio::test]
    async fn all_of_it_is_there_in_english() {
        let test_db = Menus::with_sample().await;
        let menu = menu::build(store::menu(&test_db.database, "main").await.expect("rows").expect("a shop"));
        let english = |all: &[Translation]| all.iter().find(|said| said.language_code == "en").cloned();
        assert!(english(&menu.translations).is_some_and(|said| said.payment_text.starts_with("Pay at the counter")));
        for category in &menu.categories {
            assert!(english(&category.translations).is_some_and(|said| !said.name.is_empty()), "{}", category.name);
            for product in &category.products {
                let said = english(&product.translations).unwrap_or_default();
                let whole = !said.name.is_empty() && !said.description.is_empty();
                assert!(whole && said.quick_notes.len() == product.quick_notes.len(), "{}", product.name);
            }
        }
        for group in &menu.option_groups {
            let names = group.options.iter().map(|option| (&option.name, &option.translations));
            for (name, translations) in names.chain([(&group.name, &group.translations)]) {
                assert!(english(translations).is_some_and(|said| !said.name.is_empty()), "{name}");
            }
        }
    }
}
