//! Answers to requests of several callers that are made in one transaction: their keys are taken first, the answers are
//! written when they are known. Whoever decides in between must answer every key that was taken, or roll back.

use super::{ActiveModel, Column, Entity, RequestKey};
use crate::rounds::rounds;
use chrono::{DateTime, Utc};
use prost::Message;
use sea_orm::{
    ActiveValue::Set, DatabaseTransaction, DbErr, TryInsertResult, entity::prelude::*, sea_query::OnConflict,
};
use std::collections::HashSet;
use tonic::{Code, Status};

/// Takes the keys that nobody has taken yet, and says which these are; the others have been answered before. In the order
/// of the keys, so that two transactions that want the same ones do not wait for each other.
///
/// # Errors
/// The database failed.
pub async fn take(
    txn: &DatabaseTransaction,
    now: DateTime<Utc>,
    keys: impl Iterator<Item = &RequestKey>,
) -> Result<HashSet<Uuid>, DbErr> {
    // Nobody ever sees these rows: they are answered before the commit.
    let mut rows: Vec<_> = keys.map(|key| row(key, Code::Unknown, Vec::new(), now)).collect();
    rows.sort_by(|one, other| one.request_id.try_as_ref().cmp(&other.request_id.try_as_ref()));
    let mut taken = HashSet::new();
    for rows in rounds(rows) {
        let insert = Entity::insert_many(rows).on_conflict_do_nothing_on([Column::RequestId]);
        if let TryInsertResult::Inserted(ids) = insert.exec_with_returning_keys(txn).await? {
            taken.extend(ids);
        }
    }
    Ok(taken)
}

/// Writes the answers under keys that this transaction has taken.
///
/// # Errors
/// The database failed.
pub async fn answer<'a, R: Message + 'a>(
    txn: &DatabaseTransaction,
    now: DateTime<Utc>,
    answers: impl Iterator<Item = (&'a RequestKey, Result<&'a R, &'a Status>)>,
) -> Result<(), DbErr> {
    let rows = answers.map(|(key, answer)| match answer {
        Ok(reply) => row(key, Code::Ok, reply.encode_to_vec(), now),
        Err(refusal) => row(key, refusal.code(), refusal.details().to_vec(), now),
    });
    for rows in rounds(rows.collect()) {
        // All of them are there: an update of many rows in a form that both databases know.
        let known = OnConflict::column(Column::RequestId).update_columns([Column::Code, Column::Body]).to_owned();
        Entity::insert_many(rows).on_conflict(known).exec_without_returning(txn).await?;
    }
    Ok(())
}

fn row(key: &RequestKey, code: Code, body: Vec<u8>, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        request_id: Set(key.id),
        request_hash: Set(key.hash.clone()),
        code: Set(code as i32),
        body: Set(body),
        answered_at: Set(now),
    }
}
