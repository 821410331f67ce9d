//! Answers to requests of several callers that are made in one transaction: their keys are taken first, each with the
//! answer that it gets unless it is refused. Whoever decides after that must keep to it, or roll back.

use super::{ActiveModel, Column, Entity, IdempotencyKey};
use crate::{
    bulk_insert,
    database::{Transaction, now},
};
use chrono::{DateTime, Utc};
use prost::Message;
use sea_orm::{
    ActiveValue::{NotSet, Set, Unchanged},
    DbBackend, DbErr,
    entity::prelude::*,
    sea_query::{OnConflict, Query},
};
use std::collections::HashSet;
use tonic::Status;

/// Keys that nobody had taken before, and the database's time when they were.
pub struct Taken {
    /// Which ones.
    pub new: HashSet<Uuid>,
    /// When.
    pub now: DateTime<Utc>,
}

/// Takes those of the keys that are free, and keeps their answers; the others have been answered before. `None` when all
/// have. In the order of the keys, so that two transactions that want the same ones do not wait for each other.
///
/// # Errors
/// The database failed.
pub async fn take<'a, R: Message>(
    txn: &Transaction,
    answers: impl Iterator<Item = (&'a IdempotencyKey, R)>,
) -> Result<Option<Taken>, DbErr> {
    let backend = txn.get_database_backend();
    let mut answers: Vec<_> = answers.collect();
    answers.sort_by_key(|(key, _)| key.id);
    let answers = answers.into_iter().map(|(key, reply)| ActiveModel {
        request_id: Set(key.id),
        request_hash: Set(key.hash.clone()),
        code: Set(tonic::Code::Ok as i32),
        body: Set(reply.encode_to_vec()),
        answered_at: NotSet,
    });
    // Postgres says the time in the same round trip.
    let now = match backend {
        DbBackend::Postgres => Expr::cust("statement_timestamp()"),
        _ => Expr::val(now(txn).await?),
    };
    let mut taken: Option<Taken> = None;
    for mut insert in bulk_insert::inserts(backend, answers.collect(), Some((Column::AnsweredAt, now)))? {
        insert.on_conflict(OnConflict::column(Column::RequestId).do_nothing().to_owned());
        insert.returning(Query::returning().columns([Column::RequestId, Column::AnsweredAt]));
        for row in txn.query_all(&insert).await? {
            let at = row.try_get("", Column::AnsweredAt.as_str())?;
            let taken = taken.get_or_insert_with(|| Taken { new: HashSet::new(), now: at });
            taken.new.insert(row.try_get("", Column::RequestId.as_str())?);
        }
    }
    Ok(taken)
}

/// Keeps a refusal instead, under a key that this transaction has taken.
///
/// # Errors
/// The database failed.
pub async fn refuse(txn: &Transaction, key: &IdempotencyKey, refusal: &Status) -> Result<(), DbErr> {
    let (code, body) = (Set(refusal.code() as i32), Set(refusal.details().to_vec()));
    let stored = ActiveModel { request_id: Unchanged(key.id), code, body, ..Default::default() };
    Entity::update(stored).exec(txn).await.map(drop)
}
