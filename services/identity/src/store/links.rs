//! Links that sign a person in once.

use super::entity::{
    Hash,
    sign_in_link::{Column, Entity, Model},
};
use chrono::{DateTime, Utc};
use comanda_storage::database::Transaction;
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel, entity::prelude::*};

/// Stores a link instead of those that the person had.
pub async fn replace(txn: &Transaction, link: Model) -> Result<(), DbErr> {
    end(txn, link.staff_id).await?;
    Entity::insert(link.into_active_model()).exec_without_returning(txn).await.map(drop)
}

/// Ends a person's links.
pub async fn end(txn: &Transaction, staff: Uuid) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::StaffId.eq(staff)).exec(txn).await.map(drop)
}

/// A link that is good.
pub async fn find(connection: &impl ConnectionTrait, hash: &Hash, now: DateTime<Utc>) -> Result<Option<Model>, DbErr> {
    let link = Entity::find_by_id(hash.clone()).filter(Column::UsedAt.is_null());
    link.filter(Column::ExpiresAt.gt(now)).one(connection).await
}

/// Uses a link up; false if it is unknown, used or over.
pub async fn use_up(txn: &Transaction, hash: &Hash, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::LinkHash.eq(hash.clone()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(txn)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Removes links that are over.
pub async fn remove_old(txn: &Transaction, before: DateTime<Utc>) -> Result<u64, DbErr> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(txn).await?.rows_affected)
}
