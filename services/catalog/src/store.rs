//! All SQL of the Catalog. Every other file speaks to the database through these functions; none of them commits.

pub mod entity;

use comanda_mesh::database::Database;
use entity::{category, option_group, product, product_option, product_option_group, shop};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait, SelectExt, TryInsertResult,
};
use uuid::Uuid;

/// All that a shop's menu is made of, each list in order of display.
#[derive(Debug, Clone)]
pub struct Rows {
    pub shop: shop::Model,
    pub categories: Vec<category::Model>,
    pub products: Vec<product::Model>,
    pub option_groups: Vec<option_group::Model>,
    pub options: Vec<product_option::Model>,
    pub links: Vec<product_option_group::Model>,
}

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

async fn rows(moment: &DatabaseTransaction, shop_id: &str) -> Result<Option<Rows>, DbErr> {
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
pub async fn lock_shop(transaction: &DatabaseTransaction, shop: &str) -> Result<Option<shop::Model>, DbErr> {
    shop::Entity::find_by_id(shop).lock_exclusive().one(transaction).await
}

/// Stores the version of a shop that [`lock_shop`] locked.
pub async fn set_version(transaction: &DatabaseTransaction, shop: shop::Model, version: i64) -> Result<(), DbErr> {
    let mut shop = shop.into_active_model();
    shop.version = Set(version);
    shop.update(transaction).await.map(drop)
}

/// A product of a shop.
pub async fn product(
    transaction: &DatabaseTransaction,
    shop: &str,
    product: Uuid,
) -> Result<Option<product::Model>, DbErr> {
    product::Entity::find_by_id(product).filter(product::Column::ShopId.eq(shop)).one(transaction).await
}

/// Stores whether a product can be ordered.
pub async fn set_available(
    transaction: &DatabaseTransaction,
    product: product::Model,
    available: bool,
) -> Result<(), DbErr> {
    let mut product = product.into_active_model();
    product.available = Set(available);
    product.update(transaction).await.map(drop)
}

/// Whether there is any shop.
pub async fn has_shops(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    shop::Entity::find().exists(connection).await
}

/// Stores a whole menu; false when the shop is there already, in which case nothing is stored.
pub async fn insert(transaction: &DatabaseTransaction, rows: Rows) -> Result<bool, DbErr> {
    let shop = shop::Entity::insert(rows.shop.into_active_model());
    let shop = shop.on_conflict_do_nothing_on([shop::Column::ShopId]).exec_without_returning(transaction).await?;
    if !matches!(shop, TryInsertResult::Inserted(1..)) {
        return Ok(false);
    }
    insert_all::<category::Entity, _>(transaction, rows.categories).await?;
    insert_all::<product::Entity, _>(transaction, rows.products).await?;
    insert_all::<option_group::Entity, _>(transaction, rows.option_groups).await?;
    insert_all::<product_option::Entity, _>(transaction, rows.options).await?;
    insert_all::<product_option_group::Entity, _>(transaction, rows.links).await?;
    Ok(true)
}

async fn insert_all<E, A>(transaction: &DatabaseTransaction, rows: Vec<E::Model>) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    E::insert_many(rows).exec_without_returning(transaction).await.map(drop)
}
