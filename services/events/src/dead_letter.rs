//! Messages that cannot be processed, kept with the reason, so that a person can look at them and nothing waits behind
//! them.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, DbErr, ExprTrait, entity::prelude::*, sea_query::OnConflict};

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
    let again = OnConflict::columns([Column::Queue, Column::Subject])
        .update_columns([Column::Reason, Column::Body, Column::LastAt])
        .value(Column::Repeats, Expr::col((Entity, Column::Repeats)).add(1))
        .to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(connection).await.map(drop)
}
