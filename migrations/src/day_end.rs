//! What ends by itself: a pause without an end with its business day, and with it what nobody has collected.

use sea_orm_migration::{prelude::*, schema::*};

/// When a shop was paused, and how long what is READY counts as open.
pub struct Shop;
/// By which clock an order's shop counts its days: the kitchen asks nobody else.
pub struct Orders;
/// The same of tickets.
pub struct Tickets;

impl MigrationName for Shop {
    fn name(&self) -> &str {
        "m0005_day_end"
    }
}

impl MigrationName for Orders {
    fn name(&self) -> &str {
        "m0011_day_end"
    }
}

impl MigrationName for Tickets {
    fn name(&self) -> &str {
        "m0007_day_end"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Shop {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "shop", timestamp_with_time_zone_null("paused_at")).await?;
        add(manager, "shop", boolean("pause_ends_with_day").default(false).to_owned()).await?;
        add(manager, "shop", integer("ready_counts_minutes").default(30).to_owned()).await
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Orders {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        shop_day(manager, "orders").await
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Tickets {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        shop_day(manager, "ticket").await?;
        let ready = Index::create()
            .name("ticket_ready")
            .table("ticket")
            .col("updated_at")
            .and_where(Expr::col("state").eq(3))
            .to_owned();
        manager.create_index(ready).await
    }
}

async fn shop_day(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    add(manager, table, string("time_zone").default("UTC").to_owned()).await?;
    add(manager, table, integer("day_starts_minute").default(240).to_owned()).await
}

/// One column at a time: SQLite adds no more in one statement.
async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}
