//! When an order was said to be ready.

use sea_orm_migration::{prelude::*, schema::*};

/// In seconds from its acceptance; 0 where nothing was said.
pub struct Orders;

impl MigrationName for Orders {
    fn name(&self) -> &str {
        "m0012_ready_estimate"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Orders {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column in a statement.
        for column in ["ready_earliest", "ready_latest"] {
            let column = integer(column).default(0).to_owned();
            manager.alter_table(Table::alter().table("orders").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
