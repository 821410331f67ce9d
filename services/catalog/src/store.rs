//! All SQL of the Catalog. Every other file speaks to the database through these functions; none of them commits.

pub mod entity;
mod save;

pub use save::{add_change, save};

use crate::rows::Rows;
use comanda_storage::database::{self, Database, Transaction};
use entity::{category, menu_change, option_group, product, product_option, product_option_group, shop};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, SelectExt,
};

/// The current version of a shop's menu; none when there is no such shop.
pub async fn version(connection: &impl ConnectionTrait, shop: &str) -> Result<Option<i64>, DbErr> {
    let query = shop::Entity::find_by_id(shop).select_only().column(shop::Column::Version);
    query.into_tuple().one(connection).await
}

/// The current versions of many shops in one query; shops that do not exist are left out.
pub async fn versions(connection: &impl ConnectionTrait, shops: Vec<String>) -> Result<Vec<(String, i64)>, DbErr> {
    let query = shop::Entity::find().select_only().column(shop::Column::ShopId).column(shop::Column::Version);
    query.filter(shop::Column::ShopId.is_in(shops)).into_tuple().all(connection).await
}

/// Version and body of one moment, however many changes are under way.
pub async fn menu(database: &Database, shop: &str) -> Result<Option<Rows>, DbErr> {
    let moment = database.snapshot().await?;
    let rows = rows(&moment, shop).await?;
    moment.rollback().await?;
    Ok(rows)
}

/// All that a menu is made of, as this transaction sees it.
pub async fn rows(moment: &Transaction, shop_id: &str) -> Result<Option<Rows>, DbErr> {
    let Some(shop) = shop::Entity::find_by_id(shop_id).one(moment).await? else {
        return Ok(None);
    };
    let categories = category::Entity::find()
        .filter(category::Column::ShopId.eq(shop_id))
        .order_by_asc(category::Column::Position)
        .order_by_asc(category::Column::CategoryId)
        .all(moment);
    let products = product::Entity::find()
        .filter(product::Column::ShopId.eq(shop_id))
        .order_by_asc(product::Column::Position)
        .order_by_asc(product::Column::ProductId)
        .all(moment);
    let of_shop = option_group::Entity::find().filter(option_group::Column::ShopId.eq(shop_id));
    let group_ids = of_shop.clone().select_only().column(option_group::Column::OptionGroupId).into_query();
    let options = product_option::Entity::find()
        .filter(product_option::Column::OptionGroupId.in_subquery(group_ids.clone()))
        .order_by_asc(product_option::Column::Position)
        .order_by_asc(product_option::Column::OptionId)
        .all(moment);
    let links = product_option_group::Entity::find()
        .filter(product_option_group::Column::OptionGroupId.in_subquery(group_ids))
        .order_by_asc(product_option_group::Column::Position)
        .order_by_asc(product_option_group::Column::OptionGroupId)
        .all(moment);
    Ok(Some(Rows {
        shop,
        categories: categories.await?,
        products: products.await?,
        option_groups: of_shop.all(moment).await?,
        options: options.await?,
        links: links.await?,
    }))
}

/// Locks a shop's row until the transaction ends, so that its versions follow one another. SQLite has no row locks and
/// needs none: a transaction that may write is alone there.
pub async fn lock_shop(transaction: &Transaction, shop: &str) -> Result<Option<shop::Model>, DbErr> {
    shop::Entity::find_by_id(shop).lock_exclusive().one(transaction).await
}

/// Whether there is any shop.
pub async fn has_shops(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    shop::Entity::find().exists(connection).await
}

/// The shops in which time has something to change by now.
pub async fn scheduled(connection: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let now = database::now(connection).await?;
    let query = shop::Entity::find().select_only().column(shop::Column::ShopId);
    query.filter(shop::Column::DueAt.lte(now)).into_tuple().all(connection).await
}

/// Who changed a shop's menu, latest first, at most `limit`, and only before this version unless it is 0.
pub async fn changes(
    connection: &impl ConnectionTrait,
    shop: &str,
    before: i64,
    limit: u64,
) -> Result<Vec<menu_change::Model>, DbErr> {
    let mut query = menu_change::Entity::find().filter(menu_change::Column::ShopId.eq(shop));
    if before > 0 {
        query = query.filter(menu_change::Column::Version.lt(before));
    }
    query.order_by_desc(menu_change::Column::Version).limit(limit).all(connection).await
}
