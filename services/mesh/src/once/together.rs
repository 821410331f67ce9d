//! Answers to requests of several callers that are made in one transaction: their keys are taken first, the answers are
//! written when they are known. Whoever decides in between must answer every key that was taken, or roll back.

use super::{ActiveModel, Column, Entity, RequestKey};
use crate::{database::now, rounds::rounds};
use chrono::{DateTime, Utc};
use prost::Message;
use sea_orm::{
    ActiveValue::Set,
    DatabaseTransaction, DbBackend, DbErr,
    entity::prelude::*,
    sea_query::{InsertStatement, OnConflict, Query},
};
use std::collections::HashSet;
use tonic::{Code, Status};

/// Keys that nobody had taken before, and the database's time when they were.
pub struct Taken {
    /// Which ones.
    pub new: HashSet<Uuid>,
    /// When.
    pub now: DateTime<Utc>,
}

/// Takes those of the keys that are free; the others have been answered before. `None` when all have. In the order of the
/// keys, so that two transactions that want the same ones do not wait for each other.
///
/// # Errors
/// The database failed.
pub async fn take(txn: &DatabaseTransaction, keys: impl Iterator<Item = &RequestKey>) -> Result<Option<Taken>, DbErr> {
    let mut keys: Vec<_> = keys.collect();
    keys.sort_by_key(|key| key.id);
    // Postgres says the time in the same round trip.
    let now = match txn.get_database_backend() {
        DbBackend::Postgres => Expr::cust("statement_timestamp()"),
        _ => Expr::val(now(txn).await?),
    };
    let mut taken: Option<Taken> = None;
    for keys in rounds(keys) {
        for row in txn.query_all(&insert(&keys, &now)?).await? {
            let at = row.try_get("", Column::AnsweredAt.as_str())?;
            let taken = taken.get_or_insert_with(|| Taken { new: HashSet::new(), now: at });
            taken.new.insert(row.try_get("", Column::RequestId.as_str())?);
        }
    }
    Ok(taken)
}

/// Rows that nobody ever sees: they are answered before the commit.
fn insert(keys: &[&RequestKey], now: &Expr) -> Result<InsertStatement, DbErr> {
    use Column::{AnsweredAt, Body, Code, RequestHash, RequestId};
    let mut insert = Query::insert();
    insert.into_table(Entity).columns([RequestId, RequestHash, Code, Body, AnsweredAt]);
    for key in keys {
        let (hash, code, body) = (key.hash.clone(), tonic::Code::Unknown as i32, Vec::<u8>::new());
        let row = [key.id.into(), hash.into(), code.into(), body.into(), now.clone()];
        insert.values(row).map_err(|error| DbErr::Custom(error.to_string()))?;
    }
    insert.on_conflict(OnConflict::column(RequestId).do_nothing().to_owned());
    insert.returning(Query::returning().columns([RequestId, AnsweredAt]));
    Ok(insert)
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
