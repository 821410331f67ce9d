//! For tests: a database of its own in a temporary file, gone afterwards.

use crate::edit::{self, Author, file::MenuFile, import::ImportMenu};
use comanda_migrations::MigratorTrait;
use comanda_storage::database::Database;
use std::path::PathBuf;
use uuid::Uuid;

pub struct Scratch {
    pub database: Database,
    folder: PathBuf,
}

impl Scratch {
    /// With the schema and nothing in it.
    pub async fn empty() -> Self {
        let folder = std::env::temp_dir().join(format!("comanda-catalog-{}", Uuid::now_v7()));
        std::fs::create_dir(&folder).expect("a folder");
        let url = format!("sqlite:{}", folder.join("catalog.db").display());
        let database = Database::connect(&url).await.expect("a database");
        comanda_migrations::Catalog::up(database.driver(), None).await.expect("the schema");
        Self { database, folder }
    }

    /// With the sample menu.
    pub async fn with_sample() -> Self {
        let test_db = Self::empty().await;
        assert!(crate::load_sample(&test_db.database).await.expect("the sample"));
        test_db
    }

    /// Adds a shop that sells nothing yet.
    pub async fn open_shop(&self, shop: &str) {
        let file = format!("shop: {shop}\nname: Other\ncurrency: BRL\ntime_zone: America/Sao_Paulo\ncategories: []\n");
        let file = MenuFile::parse(&file).expect("a file");
        let import = ImportMenu { file, known_version: 0, author: Author::system() };
        assert!(edit::run(&self.database, &import).await.expect("stored"));
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
