//! Answers to requests of several callers that are made in one transaction: their keys are taken first, each with the
//! answer that it gets unless it is refused. Whoever decides after that must keep to it, or roll back.

use super::{ActiveModel, Column, Entity, RequestKey};
use crate::{database::now, rounds::rounds};
use chrono::{DateTime, Utc};
use prost::Message;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    DatabaseTransaction, DbBackend, DbErr,
    entity::prelude::*,
    sea_query::{InsertStatement, OnConflict, Query},
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
    txn: &DatabaseTransaction,
    answers: impl Iterator<Item = (&'a RequestKey, R)>,
) -> Result<Option<Taken>, DbErr> {
    let mut answers: Vec<_> = answers.map(|(key, reply)| (key, reply.encode_to_vec())).collect();
    answers.sort_by_key(|(key, _)| key.id);
    // Postgres says the time in the same round trip.
    let now = match txn.get_database_backend() {
        DbBackend::Postgres => Expr::cust("statement_timestamp()"),
        _ => Expr::val(now(txn).await?),
    };
    let mut taken: Option<Taken> = None;
    for answers in rounds(answers) {
        for row in txn.query_all(&insert(answers, &now)?).await? {
            let at = row.try_get("", Column::AnsweredAt.as_str())?;
            let taken = taken.get_or_insert_with(|| Taken { new: HashSet::new(), now: at });
            taken.new.insert(row.try_get("", Column::RequestId.as_str())?);
        }
    }
    Ok(taken)
}

fn insert(answers: Vec<(&RequestKey, Vec<u8>)>, now: &Expr) -> Result<InsertStatement, DbErr> {
    use Column::{AnsweredAt, Body, Code, RequestHash, RequestId};
    let mut insert = Query::insert();
    insert.into_table(Entity).columns([RequestId, RequestHash, Code, Body, AnsweredAt]);
    for (key, body) in answers {
        let code = tonic::Code::Ok as i32;
        let row = [key.id.into(), key.hash.clone().into(), code.into(), body.into(), now.clone()];
        insert.values(row).map_err(|error| DbErr::Custom(error.to_string()))?;
    }
    insert.on_conflict(OnConflict::column(RequestId).do_nothing().to_owned());
    insert.returning(Query::returning().columns([RequestId, AnsweredAt]));
    Ok(insert)
}

/// Keeps a refusal instead, under a key that this transaction has taken.
///
/// # Errors
/// The database failed.
pub async fn refuse(txn: &DatabaseTransaction, key: &RequestKey, refusal: &Status) -> Result<(), DbErr> {
    let (code, body) = (Set(refusal.code() as i32), Set(refusal.details().to_vec()));
    let kept = ActiveModel { request_id: Unchanged(key.id), code, body, ..Default::default() };
    Entity::update(kept).exec(txn).await.map(drop)
}
