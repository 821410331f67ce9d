//! The schemas of Comanda's databases: one migrator per service, and one shared migration for the tables of delivery.
//!
//! Migrations only add, so that a role of the release before still runs on the newer schema. Each service has a database
//! of its own and never reads another's.

mod catalog;
mod day_end;
mod delivery;
mod estimate;
mod face;
mod history;
mod identity;
mod kitchen;
mod lines;
mod orders;
mod places;
mod provider;

use sea_orm_migration::{MigrationTrait, sea_orm::ConnectionTrait, sea_orm::Statement};
pub use sea_orm_migration::{MigratorTrait, sea_orm::DatabaseConnection, sea_orm::DbErr};

/// Schema of the Catalog's database.
pub struct Catalog;
/// Schema of Orders' database.
pub struct Orders;
/// Schema of the Kitchen's database.
pub struct Kitchen;
/// Schema of Identity's database.
pub struct Identity;

impl MigratorTrait for Catalog {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(catalog::Menu),
            Box::new(catalog::Upkeep),
            Box::new(catalog::BusinessDay),
            Box::new(catalog::Authors),
            Box::new(delivery::Revocations),
            Box::new(lines::Shop),
            Box::new(day_end::Shop),
            Box::new(face::Shop),
        ]
    }
}

impl MigratorTrait for Orders {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(delivery::Delivery),
            Box::new(orders::Orders),
            Box::new(history::AppendOnly { table: "order_history" }),
            Box::new(delivery::Subject),
            Box::new(orders::Audit),
            Box::new(orders::Upkeep),
            Box::new(orders::Archive),
            Box::new(orders::Names),
            Box::new(history::Authors { table: "order_history" }),
            Box::new(delivery::Revocations),
            Box::new(lines::Orders),
            Box::new(lines::Allergy),
            Box::new(day_end::Orders),
            Box::new(estimate::Orders),
        ]
    }
}

impl MigratorTrait for Kitchen {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(delivery::Delivery),
            Box::new(kitchen::Tickets),
            Box::new(history::AppendOnly { table: "ticket_history" }),
            Box::new(delivery::Subject),
            Box::new(kitchen::Retention),
            Box::new(history::Authors { table: "ticket_history" }),
            Box::new(delivery::Revocations),
            Box::new(lines::Tickets),
            Box::new(day_end::Tickets),
        ]
    }
}

impl MigratorTrait for Identity {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(identity::People),
            Box::new(identity::Sessions),
            Box::new(identity::SecurityLog),
            Box::new(provider::People),
            Box::new(places::SignIn),
        ]
    }
}

/// Whether the database has every migration that this program knows. A newer schema is current too.
///
/// # Errors
/// The database does not answer.
pub async fn is_current<M: MigratorTrait>(database: &DatabaseConnection) -> Result<bool, DbErr> {
    let table = "seaql_migrations";
    if !sea_orm_migration::SchemaManager::new(database).has_table(table).await? {
        return Ok(false);
    }
    let backend = database.get_database_backend();
    let rows = database.query_all_raw(Statement::from_string(backend, format!("SELECT version FROM {table}"))).await?;
    let applied = rows.iter().map(|row| row.try_get::<String>("", "version")).collect::<Result<Vec<_>, _>>()?;
    Ok(M::migrations().iter().all(|migration| applied.iter().any(|version| version == migration.name())))
}

/// Whether the database holds no table of ours yet.
///
/// # Errors
/// The database does not answer.
pub async fn is_empty(database: &DatabaseConnection) -> Result<bool, DbErr> {
    sea_orm_migration::SchemaManager::new(database).has_table("seaql_migrations").await.map(|has| !has)
}

/// Copies a SQLite database to a new file.
///
/// # Errors
/// The file exists, or cannot be written.
pub async fn copy_to(database: &DatabaseConnection, file: &str) -> Result<(), DbErr> {
    let copy = Statement::from_sql_and_values(database.get_database_backend(), "VACUUM INTO ?", [file.into()]);
    database.execute_raw(copy).await.map(drop)
}
