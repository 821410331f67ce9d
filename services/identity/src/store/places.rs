//! The networks that people have signed in from.

use super::entity::sign_in_place::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use comanda_storage::database::Transaction;
use sea_orm::{
    ConnectionTrait, DbErr, IntoActiveModel, QueryOrder, QuerySelect, entity::prelude::*, sea_query::OnConflict,
};

/// Whether somebody has signed in from there since then.
pub async fn is_known(
    connection: &impl ConnectionTrait,
    staff: Uuid,
    network: &str,
    since: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let place = Entity::find_by_id((staff, network.to_owned())).filter(Column::UsedAt.gt(since));
    Ok(place.one(connection).await?.is_some())
}

/// Somebody has signed in from there; of his or her places the latest stay, so many.
pub async fn note(txn: &Transaction, place: Model, most: u64) -> Result<(), DbErr> {
    let staff = place.staff_id;
    let again = OnConflict::columns([Column::StaffId, Column::Network]).update_column(Column::UsedAt).to_owned();
    Entity::insert(place.into_active_model()).on_conflict(again).exec_without_returning(txn).await?;
    let own = Entity::find().select_only().column(Column::Network).filter(Column::StaffId.eq(staff));
    let latest_first = own.order_by_desc(Column::UsedAt).order_by_desc(Column::Network);
    let over = latest_first.offset(most).limit(most).into_tuple::<String>().all(txn).await?;
    if !over.is_empty() {
        let over = Entity::delete_many().filter(Column::StaffId.eq(staff)).filter(Column::Network.is_in(over));
        over.exec(txn).await?;
    }
    Ok(())
}

/// Takes a person's places away.
pub async fn forget(txn: &Transaction, staff: Uuid) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::StaffId.eq(staff)).exec(txn).await.map(drop)
}

/// Removes places that nobody has signed in from since then, at most so many; says how many.
pub async fn remove_old(txn: &Transaction, before: DateTime<Utc>, limit: u64) -> Result<u64, DbErr> {
    let old = Entity::find().filter(Column::UsedAt.lt(before)).limit(limit).all(txn).await?;
    let mut removed = 0;
    for place in old {
        removed += Entity::delete_by_id((place.staff_id, place.network)).exec(txn).await?.rows_affected;
    }
    Ok(removed)
}
