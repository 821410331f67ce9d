//! How many of a shop's orders are open, by an index that holds no others.

use super::orders::{Column, Entity};
use chrono::{DateTime, Utc};
use comanda_proto::r#type::v1::OrderState;
use sea_orm::{DbErr, ExprTrait, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*, sea_query::Query};

/// How many orders a shop has open, counted no further than `most`, without those that have been READY since before that
/// time. Reads no more than so many others by the index that holds the open ones.
pub async fn count(
    connection: &impl ConnectionTrait,
    shop_id: &str,
    most: u64,
    ready_since: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let counts = Column::State.ne(OrderState::Ready as i16).or(Column::UpdatedAt.gte(ready_since));
    let open = QuerySelect::limit(open_orders(shop_id).filter(counts), most).into_query();
    let count = Query::select().expr_as(Expr::cust("count(*)"), "open").from_subquery(open, "some").to_owned();
    let row = connection.query_one(&count).await?.ok_or_else(|| DbErr::RecordNotFound("count".into()))?;
    Ok(row.try_get::<i64>("", "open")?.try_into().unwrap_or_default())
}

/// The highest number that an open order of the shop is called by; 0 when none is open.
pub async fn highest_number(connection: &impl ConnectionTrait, shop_id: &str) -> Result<i64, DbErr> {
    let numbers = open_orders(shop_id).select_only().column(Column::Number);
    let highest = numbers.order_by_desc(Column::Number).into_tuple::<i64>().one(connection).await?;
    Ok(highest.unwrap_or_default())
}

/// The ids of a shop's orders that are RECEIVED, PREPARING or READY.
pub fn open_orders(shop_id: &str) -> Select<Entity> {
    Entity::find()
        .select_only()
        .column(Column::OrderId)
        .filter(Column::ShopId.eq(shop_id))
        // In the words of the index, so that no plan goes without it.
        .filter(Expr::cust("state IN (1, 2, 3)"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use comanda_storage::test_db::TestDb;
    use sea_orm::Statement;

    #[tokio::test]
    async fn open_orders_are_found_by_their_index() {
        let test_db = TestDb::with::<comanda_migrations::Orders>().await;
        let database = &test_db.database;
        let asked = open_orders("main").build(database.reader().get_database_backend());
        let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", asked.sql), ..asked };
        let plan = database.reader().query_one_raw(explain).await.expect("a plan").expect("a step");
        let plan: String = plan.try_get("", "detail").expect("text");
        assert!(plan.contains("INDEX orders_open"), "{plan}");
    }
}
