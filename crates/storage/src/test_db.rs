//! For tests: a database of its own in a temporary folder, gone afterwards.

use crate::database::Database;
use sea_orm_migration::MigratorTrait;
use tempfile::TempDir;

/// A database in a file.
pub struct TestDb {
    /// Its pools.
    pub database: Database,
    /// For connections of one's own.
    pub url: String,
    _folder: TempDir,
}

impl TestDb {
    /// Without a schema.
    ///
    /// # Panics
    /// When there is no folder for it.
    pub async fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let database = Database::connect(&url).await.expect("a database");
        Self { database, url, _folder: folder }
    }

    /// With the schema of a service and nothing in it.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn with<M: MigratorTrait>() -> Self {
        let made = Self::empty().await;
        M::up(made.database.driver(), None).await.expect("the schema");
        made
    }
}
