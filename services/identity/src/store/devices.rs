//! Devices, and the codes that pair them.

use super::entity::{Hash, device, pairing_code};
use chrono::{DateTime, Utc};
use comanda_storage::database::Transaction;
use sea_orm::{
    ConnectionTrait, DbErr, IntoActiveModel, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{ExprTrait, Query},
};

/// By id, whether revoked or not.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<device::Model>, DbErr> {
    device::Entity::find_by_id(id).one(connection).await
}

/// The same, and nobody else changes it until the transaction ends.
pub async fn locked(txn: &Transaction, id: Uuid) -> Result<Option<device::Model>, DbErr> {
    device::Entity::find_by_id(id).lock_exclusive().one(txn).await
}

/// Of these shops, latest first, but for those that were revoked before that time; the empty shop has owners' machines.
pub async fn of_shops(
    connection: &impl ConnectionTrait,
    shops: &[&str],
    revoked_after: DateTime<Utc>,
) -> Result<Vec<device::Model>, DbErr> {
    use device::Column;
    let shown = Column::RevokedAt.is_null().or(Column::RevokedAt.gt(revoked_after));
    let devices = device::Entity::find().filter(Column::ShopId.is_in(shops.iter().copied())).filter(shown);
    devices.order_by_desc(device::Column::PairedAt).order_by_desc(device::Column::DeviceId).all(connection).await
}

/// Adds a device.
pub async fn insert(txn: &Transaction, device: &device::Model) -> Result<(), DbErr> {
    device::Entity::insert(device.clone().into_active_model()).exec_without_returning(txn).await.map(drop)
}

/// Notes that a device is revoked.
pub async fn revoke(txn: &Transaction, id: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    let revoked = device::Entity::update_many().col_expr(device::Column::RevokedAt, Expr::value(now));
    revoked.filter(device::Column::DeviceId.eq(id)).exec(txn).await.map(drop)
}

/// Adds a code.
pub async fn insert_code(txn: &Transaction, code: pairing_code::Model) -> Result<(), DbErr> {
    pairing_code::Entity::insert(code.into_active_model()).exec_without_returning(txn).await.map(drop)
}

/// Uses a code up; `None` if it is unknown, used or over.
pub async fn use_code(
    txn: &Transaction,
    hash: &Hash,
    now: DateTime<Utc>,
) -> Result<Option<pairing_code::Model>, DbErr> {
    let used = pairing_code::Entity::update_many()
        .col_expr(pairing_code::Column::UsedAt, Expr::value(now))
        .filter(pairing_code::Column::CodeHash.eq(hash.clone()))
        .filter(pairing_code::Column::UsedAt.is_null())
        .filter(pairing_code::Column::ExpiresAt.gt(now))
        .exec(txn)
        .await?;
    match used.rows_affected {
        0 => Ok(None),
        _ => pairing_code::Entity::find_by_id(hash.clone()).one(txn).await,
    }
}

/// Ends the unused codes that somebody made; of the program itself those of this name.
pub async fn end_codes(txn: &Transaction, made_by: Result<Uuid, &str>) -> Result<(), DbErr> {
    let unused = pairing_code::Entity::delete_many().filter(pairing_code::Column::UsedAt.is_null());
    let theirs = match made_by {
        Ok(id) => unused.filter(pairing_code::Column::CreatedBy.eq(id)),
        Err(name) => {
            unused.filter(pairing_code::Column::CreatedBy.is_null()).filter(pairing_code::Column::Name.eq(name))
        }
    };
    theirs.exec(txn).await.map(drop)
}

/// Removes codes that ended before, at most so many; says how many.
pub async fn remove_old_codes(txn: &Transaction, before: DateTime<Utc>, limit: u64) -> Result<u64, DbErr> {
    use pairing_code::{Column, Entity};
    let old = Query::select()
        .column(Column::CodeHash)
        .from(Entity)
        .and_where(Column::ExpiresAt.lt(before))
        .limit(limit)
        .to_owned();
    Ok(Entity::delete_many().filter(Column::CodeHash.in_subquery(old)).exec(txn).await?.rows_affected)
}

/// Removes devices whose credential ended before that; says how many.
pub async fn remove_old(txn: &Transaction, before: DateTime<Utc>, limit: u64) -> Result<u64, DbErr> {
    use device::{Column, Entity};
    let old = Query::select()
        .column(Column::DeviceId)
        .from(Entity)
        .and_where(Column::ExpiresAt.lt(before))
        .limit(limit)
        .to_owned();
    Ok(Entity::delete_many().filter(Column::DeviceId.in_subquery(old)).exec(txn).await?.rows_affected)
}
