//! For tests: a database of its own in a temporary file, gone afterwards.

use crate::store::{self, Rows, entity::shop};
use comanda_mesh::database::Database;
use comanda_migrations::MigratorTrait;
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
        comanda_migrations::Catalog::up(database.writer(), None).await.expect("the schema");
        Self { database, folder }
    }

    /// With the sample menu.
    pub async fn with_sample() -> Self {
        let scratch = Self::empty().await;
        assert!(crate::load_sample(&scratch.database).await.expect("the sample"));
        scratch
    }

    /// Adds a shop that sells nothing yet.
    pub async fn open_shop(&self, shop_id: &str) {
        let (shop_id, currency_code, time_zone) = (shop_id.to_owned(), "BRL".into(), "America/Sao_Paulo".into());
        let shop = shop::Model { currency_code, time_zone, version: 1, ..shop::Model::new(shop_id) };
        let (categories, products, option_groups, options, links) = Default::default();
        let rows = Rows { shop, categories, products, option_groups, options, links };
        let transaction = self.database.begin().await.expect("a transaction");
        assert!(store::insert(&transaction, rows).await.expect("stored"));
        transaction.commit().await.expect("committed");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
