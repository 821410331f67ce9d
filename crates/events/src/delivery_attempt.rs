//! How often a message that failed, or was delivered again, has been tried. Counted before the attempt, in a
//! transaction of its own, so that a message that kills its consumer is counted too.

use chrono::{DateTime, Utc};
use comanda_types::timestamp::first_id;
use sea_orm::{ActiveValue::Set, DbErr, ExprTrait, entity::prelude::*, sea_query::OnConflict};

/// The attempts at one message.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt")]
pub struct Model {
    /// The queue it came from.
    #[sea_orm(primary_key, auto_increment = false)]
    pub queue: String,
    /// Its message id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: String,
    /// From 1.
    pub attempts: i32,
}

impl ActiveModelBehavior for ActiveModel {}

/// Counts one more attempt and returns the number so far.
///
/// # Errors
/// The database failed, so the attempt does not count.
pub async fn count(connection: &impl ConnectionTrait, queue: &str, message_id: &str) -> Result<i32, DbErr> {
    let row = ActiveModel { queue: Set(queue.to_owned()), message_id: Set(message_id.to_owned()), attempts: Set(1) };
    let one_more = OnConflict::columns([Column::Queue, Column::MessageId])
        .value(Column::Attempts, Expr::col((Entity, Column::Attempts)).add(1))
        .to_owned();
    Ok(Entity::insert(row).on_conflict(one_more).exec_with_returning(connection).await?.attempts)
}

/// Forgets the attempts at a message that was applied.
///
/// # Errors
/// The database failed.
pub async fn clear(connection: &impl ConnectionTrait, queue: &str, message_id: &str) -> Result<(), DbErr> {
    Entity::delete_by_id((queue.to_owned(), message_id.to_owned())).exec(connection).await.map(drop)
}

/// Forgets attempts at messages from before `before`, by the time in their ids: a message that was buried is never applied.
///
/// # Errors
/// The database failed.
pub async fn forget(connection: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let oldest = first_id(before).to_string();
    let old = Entity::delete_many().filter(Column::MessageId.lt(oldest)).exec(connection).await?;
    Ok(old.rows_affected)
}
