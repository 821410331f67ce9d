//! What concerned security.

use super::entity::security_event::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use comanda_storage::database::Transaction;
use sea_orm::{
    Condition, ConnectionTrait, DbErr, IntoActiveModel, QueryOrder, QuerySelect, entity::prelude::*, sea_query::Query,
};

/// Adds events.
pub async fn insert(txn: &Transaction, events: Vec<Model>) -> Result<(), DbErr> {
    let events = Entity::insert_many(events.into_iter().map(IntoActiveModel::into_active_model));
    events.exec_without_returning(txn).await.map(drop)
}

/// Of a shop, and what concerns none if that is wanted, latest first.
pub async fn list(
    connection: &impl ConnectionTrait,
    shop: &str,
    with_others: bool,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut which = Condition::any().add(Column::ShopId.eq(shop));
    if with_others {
        which = which.add(Column::ShopId.is_null());
    }
    let mut events = Entity::find().filter(which);
    if let Some(before) = before {
        events = events.filter(Column::EventId.lt(before));
    }
    events.order_by_desc(Column::EventId).limit(limit).all(connection).await
}

/// Removes what is older, at most so many; says how many.
pub async fn remove_old(txn: &Transaction, before: DateTime<Utc>, limit: u64) -> Result<u64, DbErr> {
    let old = Query::select()
        .column(Column::EventId)
        .from(Entity)
        .and_where(Column::HappenedAt.lt(before))
        .order_by(Column::EventId, sea_orm::Order::Asc)
        .limit(limit)
        .to_owned();
    Ok(Entity::delete_many().filter(Column::EventId.in_subquery(old)).exec(txn).await?.rows_affected)
}
