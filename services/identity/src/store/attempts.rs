//! Guesses.

use super::entity::sign_in_attempt::{ActiveModel, Column, Entity, Model};
use chrono::{DateTime, Utc};
use comanda_storage::database::Transaction;
use sea_orm::{
    ActiveValue::Set,
    DbErr, QuerySelect,
    entity::prelude::*,
    sea_query::{ExprTrait, OnConflict, Query},
};

/// The count under this key, which nobody else changes until the transaction ends; `None` where there was none.
pub async fn locked(txn: &Transaction, key: &str, now: DateTime<Utc>) -> Result<Option<Model>, DbErr> {
    let empty =
        ActiveModel { key: Set(key.to_owned()), failures: Set(0), blocked_until: Set(now), counted_at: Set(now) };
    let nothing = OnConflict::column(Column::Key).do_nothing().to_owned();
    Entity::insert(empty).on_conflict(nothing).exec_without_returning(txn).await?;
    let row = Entity::find_by_id(key).lock_exclusive().one(txn).await?;
    Ok(row.filter(|row| row.failures > 0))
}

/// Stores a count that is locked.
pub async fn save(txn: &Transaction, row: &Model) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Failures, Expr::value(row.failures))
        .col_expr(Column::BlockedUntil, Expr::value(row.blocked_until))
        .col_expr(Column::CountedAt, Expr::value(row.counted_at))
        .filter(Column::Key.eq(&row.key))
        .exec(txn)
        .await
        .map(drop)
}

/// Begins at nothing again. The row stays, because somebody may be about to count on it.
pub async fn reset(txn: &Transaction, key: &str, now: DateTime<Utc>) -> Result<(), DbErr> {
    let nothing = Model { key: key.to_owned(), failures: 0, blocked_until: now, counted_at: now };
    save(txn, &nothing).await
}

/// Takes one guess back, and the wait with it unless somebody guessed after it.
pub async fn take_back(txn: &Transaction, row: &Model) -> Result<(), DbErr> {
    let latest = Entity::update_many()
        .col_expr(Column::Failures, Expr::value(row.failures - 1))
        .col_expr(Column::BlockedUntil, Expr::value(row.counted_at))
        .filter(Column::Key.eq(&row.key))
        .filter(Column::CountedAt.eq(row.counted_at))
        .filter(Column::Failures.eq(row.failures))
        .exec(txn)
        .await?;
    if latest.rows_affected == 0 {
        let one_less = Expr::col(Column::Failures).sub(1);
        let counted = Entity::update_many().col_expr(Column::Failures, one_less).filter(Column::Key.eq(&row.key));
        counted.filter(Column::Failures.gt(0)).exec(txn).await?;
    }
    Ok(())
}

/// Removes counts that nobody added to since then, at most so many; says how many.
pub async fn remove_old(txn: &Transaction, before: DateTime<Utc>, limit: u64) -> Result<u64, DbErr> {
    let old = Query::select()
        .column(Column::Key)
        .from(Entity)
        .and_where(Column::CountedAt.lt(before))
        .limit(limit)
        .to_owned();
    let removed = Entity::delete_many().filter(Column::Key.in_subquery(old)).exec(txn).await?;
    Ok(removed.rows_affected)
}
