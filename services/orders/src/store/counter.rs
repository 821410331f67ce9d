//! The counter of each shop: the order in which its orders were accepted, and the short numbers that people call.

use chrono::NaiveDate;
use comanda_mesh::rounds::rounds;
use sea_orm::{
    ActiveValue::Set,
    DbErr, ExprTrait,
    entity::prelude::*,
    sea_query::{CaseStatement, OnConflict},
};

/// One shop's counter.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shop_counter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub shop_id: String,
    /// The order of acceptance, from 1, without end: the last number given.
    pub accepted_seq: i64,
    /// The shop's day of the last order.
    pub day: NaiveDate,
    /// `accepted_seq` before the first order of that day.
    pub day_start: i64,
}

impl ActiveModelBehavior for ActiveModel {}

/// The next numbers of a shop that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub shop_id: String,
    pub today: NaiveDate,
    pub count: i64,
}

/// Takes the next numbers of each shop and says where its counter stands then. Its row stays locked until the transaction
/// ends, so numbers follow commits; rows are locked in the order given, which must be the same for all.
pub async fn take(connection: &impl ConnectionTrait, wanted: Vec<Wanted>) -> Result<Vec<Model>, DbErr> {
    let old = |column| Expr::col((Entity, column));
    let asked = |column: Column| Expr::col(("excluded", column));
    let a_new_day = || old(Column::Day).lt(asked(Column::Day));
    let mut counters = Vec::with_capacity(wanted.len());
    for wanted in rounds(wanted) {
        let first = |Wanted { shop_id, today, count }| ActiveModel {
            shop_id: Set(shop_id),
            accepted_seq: Set(count),
            day: Set(today),
            day_start: Set(0),
        };
        let next = OnConflict::column(Column::ShopId)
            .value(Column::AcceptedSeq, old(Column::AcceptedSeq).add(asked(Column::AcceptedSeq)))
            .value(
                Column::DayStart,
                CaseStatement::new().case(a_new_day(), old(Column::AcceptedSeq)).finally(old(Column::DayStart)),
            )
            .value(Column::Day, CaseStatement::new().case(a_new_day(), asked(Column::Day)).finally(old(Column::Day)))
            .to_owned();
        let insert = Entity::insert_many(wanted.into_iter().map(first)).on_conflict(next);
        counters.extend(insert.exec_with_returning(connection).await?);
    }
    Ok(counters)
}

/// Gives back the last numbers taken, which no order has got.
pub async fn give_back(connection: &impl ConnectionTrait, shop_id: &str, count: i64) -> Result<(), DbErr> {
    let back = Entity::update_many().col_expr(Column::AcceptedSeq, Expr::col(Column::AcceptedSeq).sub(count));
    back.filter(Column::ShopId.eq(shop_id)).exec(connection).await.map(drop)
}
