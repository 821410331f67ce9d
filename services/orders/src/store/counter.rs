//! The counter of each shop: the order in which its orders were accepted, and the short numbers that people call.

use super::open;
use chrono::{NaiveDate, TimeDelta};
use comanda_storage::chunk::chunks;
use sea_orm::{
    ActiveValue::{NotSet, Set, Unchanged},
    DbErr, ExprTrait,
    entity::prelude::*,
    sea_query::OnConflict,
};
use std::collections::HashMap;

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
///
/// With a new business day the short numbers begin anew, after the highest that an open order still has: nobody is called by
/// another's number. A clock that leaps ahead begins a day; when it comes back, the numbers go on as if it had not, and the
/// next day begins by the right clock. Less than two days back is a clock that was set at midnight, or a shop that moved
/// to another time zone: its day simply lasts longer.
pub async fn take(connection: &impl ConnectionTrait, wanted: Vec<Wanted>) -> Result<Vec<Model>, DbErr> {
    let old = |column| Expr::col((Entity, column));
    let asked = |column: Column| Expr::col(("excluded", column));
    let asked_for: HashMap<_, _> = wanted.iter().map(|shop| (shop.shop_id.clone(), (shop.today, shop.count))).collect();
    let mut counters = Vec::with_capacity(wanted.len());
    for wanted in chunks(wanted) {
        let first = |Wanted { shop_id, today, count }| ActiveModel {
            shop_id: Set(shop_id),
            accepted_seq: Set(count),
            day: Set(today),
            day_start: Set(0),
        };
        let next = OnConflict::column(Column::ShopId)
            .value(Column::AcceptedSeq, old(Column::AcceptedSeq).add(asked(Column::AcceptedSeq)))
            .to_owned();
        let insert = Entity::insert_many(wanted.into_iter().map(first)).on_conflict(next);
        counters.extend(insert.exec_with_returning(connection).await?);
    }
    for counter in &mut counters {
        if let Some((today, count)) = asked_for.get(&counter.shop_id) {
            turn_page(connection, counter, *today, *count).await?;
        }
    }
    Ok(counters)
}

/// Notes that it is another day, if it is, for the last `count` numbers.
async fn turn_page(
    connection: &impl ConnectionTrait,
    counter: &mut Model,
    today: NaiveDate,
    count: i64,
) -> Result<(), DbErr> {
    if counter.day < today {
        let called = open::highest_number(connection, &counter.shop_id).await?;
        counter.day_start = counter.accepted_seq - count - called;
    } else if counter.day - today < TimeDelta::days(2) {
        return Ok(());
    }
    counter.day = today;
    let page = ActiveModel {
        shop_id: Unchanged(counter.shop_id.clone()),
        accepted_seq: NotSet,
        day: Set(counter.day),
        day_start: Set(counter.day_start),
    };
    Entity::update(page).exec(connection).await.map(drop)
}

/// Gives back the last numbers taken, which no order has got.
pub async fn release(connection: &impl ConnectionTrait, shop_id: &str, count: i64) -> Result<(), DbErr> {
    let back = Entity::update_many().col_expr(Column::AcceptedSeq, Expr::col(Column::AcceptedSeq).sub(count));
    back.filter(Column::ShopId.eq(shop_id)).exec(connection).await.map(drop)
}
