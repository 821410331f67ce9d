//! How a shop looks, what it says of paying and of waiting, and what its menu says in other languages.

use sea_orm_migration::{prelude::*, schema::*};

/// The Catalog's.
pub struct Shop;

impl MigrationName for Shop {
    fn name(&self) -> &str {
        "m0006_face"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Shop {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for text in ["logo_url", "cover_url", "brand_color", "payment_text"] {
            add(manager, "shop", string(text).default("").to_owned()).await?;
        }
        add(manager, "shop", integer("warn_minutes").default(5).to_owned()).await?;
        add(manager, "shop", integer("late_minutes").default(8).to_owned()).await?;
        add(manager, "shop", string("language_code").default("pt-BR").to_owned()).await?;
        add(manager, "product", json_binary("quick_notes").default("[]").to_owned()).await?;
        for table in ["shop", "category", "product", "option_group", "product_option"] {
            add(manager, table, json_binary("translations").default("{}").to_owned()).await?;
        }
        Ok(())
    }
}

/// One column at a time: SQLite adds no more in one statement.
async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}
