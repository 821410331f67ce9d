//! Orders' own tables.

use crate::history;
use sea_orm_migration::{prelude::*, schema::*};

pub struct Orders;

impl MigrationName for Orders {
    fn name(&self) -> &str {
        "m0002_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Orders {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let shop_counter = Table::create()
            .table("shop_counter")
            .col(string("shop_id").primary_key())
            .col(big_integer("accepted_seq"))
            .col(date("day"))
            .col(big_integer("day_start"))
            .to_owned();
        manager.create_table(shop_counter).await?;

        let orders = Table::create()
            .table("orders")
            .col(uuid("order_id").primary_key())
            .col(string("shop_id"))
            .col(big_integer("number"))
            .col(big_integer("accepted_seq"))
            .col(small_integer("state"))
            .col(big_integer("revision"))
            .col(string("customer_name"))
            .col(string_null("at_table"))
            .col(string("currency_code"))
            .col(big_integer("total_minor"))
            .col(big_integer("menu_version"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(timestamp_with_time_zone_null("ticket_at"))
            .col(string("cancel_reason"))
            .to_owned();
        manager.create_table(orders).await?;
        let by_seq = Index::create()
            .name("orders_by_seq")
            .table("orders")
            .col("shop_id")
            .col("accepted_seq")
            .unique()
            .to_owned();
        manager.create_index(by_seq).await?;

        let order_line = Table::create()
            .table("order_line")
            .col(uuid("order_id"))
            .col(integer("position"))
            .col(uuid("product_id"))
            .col(string("name"))
            .col(integer("quantity"))
            .col(big_integer("unit_price_minor"))
            .col(json_binary("options"))
            .col(string("note"))
            .primary_key(Index::create().col("order_id").col("position"))
            .foreign_key(ForeignKey::create().from("order_line", "order_id").to("orders", "order_id"))
            .to_owned();
        manager.create_table(order_line).await?;

        manager.create_table(history::table("order_history", "orders")).await
    }
}
