//! Lines that are ticked one by one, in all three databases: whether a ticket becomes READY with its last line, and what
//! each step of a history did to a line.

use sea_orm_migration::{prelude::*, schema::*};

/// What a shop chose.
pub struct Shop;
/// What its orders say of it, and their histories of lines.
pub struct Orders;
/// The same of tickets.
pub struct Tickets;
/// What an order's customers must not get, line by line.
pub struct Allergy;

impl MigrationName for Shop {
    fn name(&self) -> &str {
        "m0004_lines"
    }
}

impl MigrationName for Orders {
    fn name(&self) -> &str {
        "m0009_lines"
    }
}

impl MigrationName for Allergy {
    fn name(&self) -> &str {
        "m0010_allergy"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Allergy {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "order_line", string("allergy").default("").to_owned()).await
    }
}

impl MigrationName for Tickets {
    fn name(&self) -> &str {
        "m0006_lines"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Shop {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "shop", chosen()).await
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Orders {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "orders", chosen()).await?;
        marks(manager, "order_history").await
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Tickets {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "ticket", chosen()).await?;
        add(manager, "ticket", big_integer("state_revision").default(0).to_owned()).await?;
        // So far every revision was a step.
        let steps = Query::update().table("ticket").value("state_revision", Expr::col("revision")).to_owned();
        manager.execute(steps).await?;
        marks(manager, "ticket_history").await
    }
}

fn chosen() -> ColumnDef {
    boolean("ready_with_last_line").default(false).to_owned()
}

async fn marks(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    add(manager, table, integer("line").default(0).to_owned()).await?;
    add(manager, table, boolean("line_done").default(false).to_owned()).await
}

/// One column at a time: SQLite adds no more in one statement.
async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}
