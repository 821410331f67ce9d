//! Messages that cannot be processed, kept with the reason, so that a person can look at them and nothing waits behind
//! them.

use crate::outbox;
use chrono::{DateTime, Utc};
use comanda_proto::events::v1::Event;
use comanda_storage::database::{Database, now};
use prost::Message;
use sea_orm::{
    ActiveValue::Set, DbErr, ExprTrait, PaginatorTrait, QueryOrder, entity::prelude::*, sea_query::OnConflict,
};

/// One message that could not be processed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dead_letter")]
pub struct Model {
    /// The queue it came from.
    #[sea_orm(primary_key, auto_increment = false)]
    pub queue: String,
    /// The order it is about; the message id when that cannot be told.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// Why it was refused, the last time.
    pub reason: String,
    /// The message as it came.
    pub body: Vec<u8>,
    /// How often it came again.
    pub repeats: i32,
    /// When it was refused first.
    pub first_at: DateTime<Utc>,
    /// When it was refused last.
    pub last_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The message, if it is an event of a type that is known here.
    #[must_use]
    pub fn event(&self) -> Option<Event> {
        Event::decode(self.body.as_slice()).ok().filter(|event| event.payload.is_some())
    }
}

/// Keeps a message. One that is there already is counted, not kept twice.
///
/// # Errors
/// The database failed; the message must not be acknowledged.
pub async fn bury(
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
    queue: &str,
    subject: &str,
    reason: &str,
    body: &[u8],
) -> Result<(), DbErr> {
    let row = ActiveModel {
        queue: Set(queue.to_owned()),
        subject: Set(subject.to_owned()),
        reason: Set(reason.to_owned()),
        body: Set(body.to_vec()),
        repeats: Set(0),
        first_at: Set(now),
        last_at: Set(now),
    };
    let redelivered = OnConflict::columns([Column::Queue, Column::Subject])
        .update_columns([Column::Reason, Column::Body, Column::LastAt])
        .value(Column::Repeats, Expr::col((Entity, Column::Repeats)).add(1))
        .to_owned();
    Entity::insert(row).on_conflict(redelivered).exec_without_returning(connection).await.map(drop)
}

/// All of them, by queue, the oldest first.
///
/// # Errors
/// The database failed.
pub async fn all(connection: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    let sorted = Entity::find().order_by_asc(Column::Queue).order_by_asc(Column::FirstAt);
    sorted.order_by_asc(Column::Subject).all(connection).await
}

/// How many there are.
///
/// # Errors
/// The database failed.
pub async fn count(connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().count(connection).await
}

/// One of them.
///
/// # Errors
/// The database failed.
pub async fn find(connection: &impl ConnectionTrait, queue: &str, subject: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((queue.to_owned(), subject.to_owned())).one(connection).await
}

/// Sends a message on its way again: in one transaction it moves into the outbox, whose next sweep publishes it. False
/// when there is no such dead letter (any more).
///
/// # Errors
/// The database failed, and nothing has changed; or it went silent at the commit, and a second try tells.
pub async fn replay(database: &Database, queue: &str, subject: &str) -> Result<bool, DbErr> {
    let txn = database.begin().await?;
    let found = Entity::delete_by_id((queue.to_owned(), subject.to_owned())).exec_with_returning(&txn).await?;
    let Some(letter) = found else { return Ok(false) };
    let row = outbox::ActiveModel {
        // A new id: a row of the old one may still be there, about to be removed.
        event_id: Set(Uuid::now_v7()),
        queue: Set(letter.queue),
        body: Set(letter.body),
        trace_parent: Set(None),
        subject: Set(Some(letter.subject)),
        // Run out already: no replica knows of the row, so whichever sweeps next may have it.
        lease_until: Set(now(&txn).await?),
    };
    outbox::Entity::insert(row).exec_without_returning(&txn).await?;
    txn.commit().await?;
    Ok(true)
}
