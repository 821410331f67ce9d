//! Stores what a change made of a menu: only the rows that differ, each list in few statements, however long it is.

use super::entity::{category, menu_change, option_group, product, product_option, product_option_group, shop};
use crate::rows::Rows;
use comanda_storage::database::Transaction;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, PrimaryKeyToColumn, QueryFilter,
    sea_query::OnConflict,
};
use std::{collections::HashSet, slice::from_ref};
use uuid::Uuid;

/// In one statement: databases count the values that one may carry.
const INSERT_BATCH_SIZE: usize = 1_000;

/// Adds a row of history.
pub async fn add_change(transaction: &Transaction, change: menu_change::Model) -> Result<(), DbErr> {
    menu_change::Entity::insert(change.into_active_model()).exec_without_returning(transaction).await.map(drop)
}

/// Stores what differs between two states of a shop whose row is locked; of a new shop, all.
pub async fn save(transaction: &Transaction, before: Option<&Rows>, after: &Rows) -> Result<(), DbErr> {
    let nothing = Rows::new(String::new());
    let known = before.unwrap_or(&nothing);
    match before {
        Some(known) => {
            save_changed::<shop::Entity, _>(transaction, from_ref(&known.shop), from_ref(&after.shop)).await?;
        }
        // Nobody held a lock on a shop that was not there: of two who open it at once, one fails and asks again.
        None => {
            let shop = shop::Entity::insert(after.shop.clone().into_active_model());
            shop.exec_without_returning(transaction).await?;
        }
    }
    save_changed::<category::Entity, _>(transaction, &known.categories, &after.categories).await?;
    save_changed::<product::Entity, _>(transaction, &known.products, &after.products).await?;
    save_changed::<option_group::Entity, _>(transaction, &known.option_groups, &after.option_groups).await?;
    save_changed::<product_option::Entity, _>(transaction, &known.options, &after.options).await?;
    save_links(transaction, &known.links, &after.links).await
}

/// A change keeps rows where they stood and adds new ones at the end, so equal places hold equal rows.
async fn save_changed<E, A>(transaction: &Transaction, before: &[E::Model], after: &[E::Model]) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A> + Clone + PartialEq,
    A: ActiveModelTrait<Entity = E>,
{
    let differs = |(place, row): &(usize, &E::Model)| before.get(*place) != Some(*row);
    let changed: Vec<_> = after.iter().enumerate().filter(differs).map(|(_, row)| row.clone()).collect();
    let keys = || E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
    let is_key = |column: &E::Column| keys().any(|key| column.as_column_ref() == key.as_column_ref());
    for rows in changed.chunks(INSERT_BATCH_SIZE) {
        let replace = OnConflict::columns(keys()).update_columns(E::Column::iter().filter(|c| !is_key(c))).to_owned();
        let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
        E::insert_many(rows).on_conflict(replace).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// What a product offers is replaced as a whole.
async fn save_links(
    transaction: &Transaction,
    before: &[product_option_group::Model],
    after: &[product_option_group::Model],
) -> Result<(), DbErr> {
    let set = |links: &[product_option_group::Model]| -> HashSet<(Uuid, Uuid, i32)> {
        links.iter().map(|link| (link.product_id, link.option_group_id, link.position)).collect()
    };
    let (old, new) = (set(before), set(after));
    let relinked: HashSet<Uuid> = old.symmetric_difference(&new).map(|(product, ..)| *product).collect();
    let products: Vec<_> = relinked.iter().copied().collect();
    for products in products.chunks(INSERT_BATCH_SIZE) {
        let of_these = product_option_group::Column::ProductId.is_in(products.iter().copied());
        product_option_group::Entity::delete_many().filter(of_these).exec(transaction).await?;
    }
    let links: Vec<_> = after.iter().filter(|link| relinked.contains(&link.product_id)).cloned().collect();
    for links in links.chunks(INSERT_BATCH_SIZE) {
        let links = links.iter().cloned().map(IntoActiveModel::into_active_model);
        product_option_group::Entity::insert_many(links).exec_without_returning(transaction).await?;
    }
    Ok(())
}
