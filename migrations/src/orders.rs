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

/// When to ask the kitchen about an order that it says nothing about.
pub struct Audit;

impl MigrationName for Audit {
    fn name(&self) -> &str {
        "m0005_audit"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Audit {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column at a time: SQLite adds no more in one statement.
        for column in [
            timestamp_with_time_zone_null("audit_at"),
            integer("audit_wait").default(30).to_owned(),
            integer("retold").default(0).to_owned(),
        ] {
            manager.alter_table(Table::alter().table("orders").add_column(column).to_owned()).await?;
        }
        let open_ones = "UPDATE orders SET audit_at = updated_at WHERE state IN (1, 2, 3)";
        manager.get_connection().execute_unprepared(open_ones).await?;
        let due = Index::create()
            .name("orders_by_audit")
            .table("orders")
            .col("audit_at")
            .and_where(Expr::col("audit_at").is_not_null())
            .to_owned();
        manager.create_index(due).await?;
        let without_ticket = Index::create()
            .name("orders_without_ticket")
            .table("orders")
            .col("created_at")
            .and_where(Expr::col("ticket_at").is_null())
            .to_owned();
        manager.create_index(without_ticket).await
    }
}

/// What menus that shops look after ask of orders: who prepares each line, and how many orders are open.
pub struct Upkeep;

impl MigrationName for Upkeep {
    fn name(&self) -> &str {
        "m0006_upkeep"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Upkeep {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let stations = json_binary("stations").default("[]").to_owned();
        manager.alter_table(Table::alter().table("order_line").add_column(stations).to_owned()).await?;
        // RECEIVED, PREPARING and READY: those that a shop still has to prepare or to hand over.
        let open = Index::create()
            .name("orders_open")
            .table("orders")
            .col("shop_id")
            .and_where(Expr::col("state").is_in([1, 2, 3]))
            .to_owned();
        manager.create_index(open).await
    }
}

/// Which archived orders still have the first names of their customers.
pub struct Names;

impl MigrationName for Names {
    fn name(&self) -> &str {
        "m0008_names"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Names {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let named = boolean("named").default(true).to_owned();
        manager.alter_table(Table::alter().table("archived_order").add_column(named).to_owned()).await?;
        let named = Index::create()
            .name("archived_order_named")
            .table("archived_order")
            .col("order_id")
            .and_where(Expr::cust("named IS TRUE"))
            .to_owned();
        manager.create_index(named).await
    }
}

/// Where orders go that are long over, each as one row. Only then may their histories leave theirs.
pub struct Archive;

impl MigrationName for Archive {
    fn name(&self) -> &str {
        "m0007_archive"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Archive {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let archived_order = Table::create()
            .table("archived_order")
            .col(uuid("order_id").primary_key())
            .col(timestamp_with_time_zone("created_at"))
            .col(json_binary("story"))
            .to_owned();
        manager.create_table(archived_order).await?;
        let archived = "EXISTS (SELECT 1 FROM archived_order WHERE archived_order.order_id = OLD.order_id)";
        history::may_go(manager, "order_history", archived).await
    }
}
