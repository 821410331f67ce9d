//! Sessions, what they go on by, and what ended them.

use super::entity::{Hash, refresh_token, revocation, revocation_version, session};
use chrono::{DateTime, Utc};
use comanda_storage::database::Transaction;
use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, DbErr, IntoActiveModel, QuerySelect,
    entity::prelude::*,
    sea_query::{ExprTrait, OnConflict},
};

/// Adds a session.
pub async fn insert(txn: &Transaction, session: &session::Model) -> Result<(), DbErr> {
    session::Entity::insert(session.clone().into_active_model()).exec_without_returning(txn).await.map(drop)
}

/// By id, and nobody else changes it until the transaction ends.
pub async fn locked(txn: &Transaction, id: Uuid) -> Result<Option<session::Model>, DbErr> {
    session::Entity::find_by_id(id).lock_exclusive().one(txn).await
}

/// Until when it is good from now on.
pub async fn extend(
    txn: &Transaction,
    id: Uuid,
    access_until: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::AccessUntil, Expr::value(access_until))
        .col_expr(session::Column::ExpiresAt, Expr::value(expires_at))
        .filter(session::Column::SessionId.eq(id))
        .exec(txn)
        .await
        .map(drop)
}

/// Adds a refresh token.
pub async fn insert_token(txn: &Transaction, hash: Hash, session_id: Uuid) -> Result<(), DbErr> {
    let token = refresh_token::ActiveModel { token_hash: Set(hash), session_id: Set(session_id), spent_at: Set(None) };
    refresh_token::Entity::insert(token).exec_without_returning(txn).await.map(drop)
}

/// Spends a refresh token: its session, and whether this was its first use.
pub async fn spend(txn: &Transaction, hash: &Hash, now: DateTime<Utc>) -> Result<Option<(Uuid, bool)>, DbErr> {
    use refresh_token::{Column, Entity};
    let spent = Entity::update_many()
        .col_expr(Column::SpentAt, Expr::value(now))
        .filter(Column::TokenHash.eq(hash.clone()))
        .filter(Column::SpentAt.is_null())
        .exec(txn)
        .await?;
    let token = Entity::find_by_id(hash.clone()).one(txn).await?;
    Ok(token.map(|token| (token.session_id, spent.rows_affected == 1)))
}

/// Which sessions end.
pub enum Whose {
    /// One session.
    Session(Uuid),
    /// All of a person.
    Staff(Uuid),
    /// All at a device.
    Device(Uuid),
}

/// Ends sessions, so that nothing of them is good; returns them.
pub async fn end(txn: &Transaction, whose: Whose, now: DateTime<Utc>) -> Result<Vec<session::Model>, DbErr> {
    use session::{Column, Entity};
    let which = match whose {
        Whose::Session(id) => Column::SessionId.eq(id),
        Whose::Staff(id) => Column::StaffId.eq(id),
        Whose::Device(id) => Column::DeviceId.eq(id),
    };
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(which)
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec_with_returning(txn)
        .await
}

/// Takes the lock that those who change people and revocations take in turn, first of all.
pub async fn lock(txn: &Transaction) -> Result<i64, DbErr> {
    let row = revocation_version::Entity::find_by_id(1).lock_exclusive().one(txn).await?;
    row.map(|row| row.version).ok_or_else(|| DbErr::RecordNotFound("revocation_version".to_owned()))
}

/// Revokes these until then, under the lock. Versions rise even over a database that was restored from a copy.
pub async fn revoke(txn: &Transaction, revoked: Vec<(Uuid, DateTime<Utc>)>, now: DateTime<Utc>) -> Result<(), DbErr> {
    if revoked.is_empty() {
        return Ok(());
    }
    let version = Ord::max(lock(txn).await? + 1, now.timestamp_millis());
    let rows = revoked.into_iter().map(|(id, until)| revocation::ActiveModel { id: Set(id), expires_at: Set(until) });
    let latest = OnConflict::column(revocation::Column::Id).update_column(revocation::Column::ExpiresAt).to_owned();
    revocation::Entity::insert_many(rows).on_conflict(latest).exec_without_returning(txn).await?;
    let raised = revocation_version::Entity::update_many()
        .col_expr(revocation_version::Column::Version, Expr::value(version))
        .filter(revocation_version::Column::Id.eq(1));
    raised.exec(txn).await.map(drop)
}

/// The version of the list.
pub async fn version(connection: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let row = revocation_version::Entity::find_by_id(1).one(connection).await?;
    row.map(|row| row.version).ok_or_else(|| DbErr::RecordNotFound("revocation_version".to_owned()))
}

/// The list.
pub async fn revocations(
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Vec<revocation::Model>, DbErr> {
    revocation::Entity::find().filter(revocation::Column::ExpiresAt.gt(now)).all(connection).await
}

/// Removes revocations that are over; says how many.
pub async fn remove_old_revocations(txn: &Transaction, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let over = revocation::Entity::delete_many().filter(revocation::Column::ExpiresAt.lt(before));
    Ok(over.exec(txn).await?.rows_affected)
}

/// Removes sessions that were over before that, with their tokens, at most so many; says how many.
pub async fn remove_old(txn: &Transaction, before: DateTime<Utc>, limit: u64) -> Result<u64, DbErr> {
    use session::{Column, Entity};
    let over = Entity::find()
        .select_only()
        .column(Column::SessionId)
        .filter(Column::ExpiresAt.lt(before).or(Column::EndedAt.lt(before)))
        .limit(limit)
        .into_tuple::<Uuid>()
        .all(txn)
        .await?;
    if over.is_empty() {
        return Ok(0);
    }
    let tokens = refresh_token::Entity::delete_many();
    tokens.filter(refresh_token::Column::SessionId.is_in(over.clone())).exec(txn).await?;
    Ok(Entity::delete_many().filter(Column::SessionId.is_in(over)).exec(txn).await?.rows_affected)
}
