//! People of an OpenID Connect provider, in Identity's database: who they are there, and which sessions it stands for.

use sea_orm_migration::{prelude::*, schema::*};

/// Issuer and subject name a person, for ever; nothing else does.
pub struct People;

impl MigrationName for People {
    fn name(&self) -> &str {
        "m0004_provider"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for People {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "staff", string_null("issuer")).await?;
        add(manager, "staff", string_null("subject")).await?;
        let once =
            Index::create().name("staff_by_subject").table("staff").col("issuer").col("subject").unique().to_owned();
        manager.create_index(once).await?;
        add(manager, "session", boolean("by_provider").default(false).to_owned()).await
    }
}

/// One column at a time: SQLite adds no more in one statement.
async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}
