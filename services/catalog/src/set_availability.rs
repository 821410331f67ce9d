//! The verb that marks a product as sold out or available again. It owns its transaction.

use crate::{menu, read::Reader, store};
use comanda_mesh::database::{self, Database};
use sea_orm::DbErr;
use std::sync::Arc;
use uuid::Uuid;

/// What is to be so.
#[derive(Debug, Clone)]
pub struct SetAvailability {
    /// The shop's slug.
    pub shop: String,
    /// One of its products.
    pub product: Uuid,
    /// False for sold out.
    pub available: bool,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SetAvailabilityError {
    /// The shop has no such product, or there is no such shop.
    #[error("no product {0}")]
    ProductNotFound(Uuid),
    /// The database failed. Whether the change was stored is then not known; setting it again does no harm.
    #[error("the database failed")]
    Database(#[from] DbErr),
}

/// Stores the change and returns the version of the menu that shows it. From then on this process shows it; the other
/// replicas do within a second.
///
/// # Errors
/// See [`SetAvailabilityError`].
pub async fn set_availability(
    database: &Database,
    reader: &Arc<Reader>,
    change: SetAvailability,
) -> Result<i64, SetAvailabilityError> {
    let version = store_change(database, &change).await?;
    reader.show(&change.shop, version).await;
    Ok(version)
}

async fn store_change(database: &Database, change: &SetAvailability) -> Result<i64, SetAvailabilityError> {
    let not_found = || SetAvailabilityError::ProductNotFound(change.product);
    let transaction = database.begin().await?;
    // The shop first, always: whoever changes a menu holds this lock, so versions rise in the order of the commits.
    let shop = store::lock_shop(&transaction, &change.shop).await?.ok_or_else(not_found)?;
    let product = store::product(&transaction, &change.shop, change.product).await?.ok_or_else(not_found)?;
    if product.available == change.available {
        transaction.rollback().await?;
        return Ok(shop.version);
    }
    let version = menu::next_version(shop.version, database::now(&transaction).await?);
    store::set_version(&transaction, shop, version).await?;
    store::set_available(&transaction, product, change.available).await?;
    transaction.commit().await?;
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cache::Cache, scratch::Scratch};

    #[tokio::test]
    async fn a_change_raises_the_version_and_is_shown_at_once() {
        let scratch = Scratch::with_sample().await;
        let reader = Reader::new(scratch.database.clone(), Cache::Memory);
        let before = reader.menu("main", 0).await.expect("a menu").menu;
        let product = before.categories[0].products[0].clone();
        assert!(product.available);

        let version = set(&scratch, &reader, "main", &product.product_id, false).await.expect("stored");
        assert!(version > before.version);
        let after = reader.menu("main", 0).await.expect("a menu").menu;
        assert_eq!(after.version, version);
        assert!(!after.categories[0].products[0].available);
    }

    #[tokio::test]
    async fn what_is_so_already_changes_nothing() {
        let scratch = Scratch::with_sample().await;
        let reader = Reader::new(scratch.database.clone(), Cache::Memory);
        let before = reader.menu("main", 0).await.expect("a menu").menu;
        let product = &before.categories[0].products[0].product_id;

        let version = set(&scratch, &reader, "main", product, true).await.expect("already so");
        assert_eq!(version, before.version);
        assert_eq!(store::version(scratch.database.reader(), "main").await.expect("a version"), Some(version));
    }

    #[tokio::test]
    async fn a_product_of_nobody_or_of_another_shop_is_not_found() {
        let scratch = Scratch::with_sample().await;
        scratch.open_shop("other").await;
        let reader = Reader::new(scratch.database.clone(), Cache::Memory);
        let before = reader.menu("main", 0).await.expect("a menu").menu;
        let product = &before.categories[0].products[0].product_id;

        let nobodys = Uuid::from_u128(1).to_string();
        for (shop, product) in [("main", &nobodys), ("other", product), ("none", product)] {
            let refused = set(&scratch, &reader, shop, product, false).await;
            assert!(matches!(refused, Err(SetAvailabilityError::ProductNotFound(_))), "{refused:?}");
        }
        let version = store::version(scratch.database.reader(), "main").await.expect("a version");
        assert_eq!(version, Some(before.version));
    }

    async fn set(
        scratch: &Scratch,
        reader: &Arc<Reader>,
        shop: &str,
        product: &str,
        available: bool,
    ) -> Result<i64, SetAvailabilityError> {
        let change = SetAvailability { shop: shop.to_owned(), product: product.parse().expect("a UUID"), available };
        set_availability(&scratch.database, reader, change).await
    }
}
