//! What a service last heard is revoked, as one row of its own database: sessions and devices by id, each with the second
//! since 1970 after which it is no longer needed.

use crate::database::Database;
use sea_orm::{
    ActiveValue::Set,
    DbErr, FromJsonQueryResult,
    entity::prelude::*,
    sea_query::{ExprTrait, OnConflict},
};
use serde::{Deserialize, Serialize};

/// There is only one row.
const ONLY: i16 = 1;

/// The row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "heard_revocations")]
pub struct Model {
    /// Always the same.
    #[sea_orm(primary_key, auto_increment = false)]
    pub only: i16,
    /// Of the list.
    pub version: i64,
    /// The list.
    pub list: List,
}

impl ActiveModelBehavior for ActiveModel {}

/// The list as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct List(pub Vec<(Uuid, u64)>);

/// The version and the list; `None` where nothing was heard yet.
///
/// # Errors
/// The database failed.
pub async fn load(database: &Database) -> Result<Option<(i64, Vec<(Uuid, u64)>)>, DbErr> {
    let row = Entity::find_by_id(ONLY).one(database.reader()).await?;
    Ok(row.map(|row| (row.version, row.list.0)))
}

/// Keeps a list, unless a newer one is there.
///
/// # Errors
/// The database failed.
pub async fn store(database: &Database, version: i64, list: &[(Uuid, u64)]) -> Result<(), DbErr> {
    let row = ActiveModel { only: Set(ONLY), version: Set(version), list: Set(List(list.to_vec())) };
    let newer = OnConflict::column(Column::Only)
        .update_columns([Column::Version, Column::List])
        .action_and_where(ExprTrait::lt(Expr::col((Entity, Column::Version)), version))
        .to_owned();
    let txn = database.begin().await?;
    Entity::insert(row).on_conflict(newer).exec_without_returning(&txn).await?;
    txn.commit().await
}
