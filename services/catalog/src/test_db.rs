//! For tests: a database of menus.

use crate::edit::{self, file::MenuFile, import::ImportMenu};
use comanda_proto::r#type::v1::Actor;
use comanda_storage::history::By;
use comanda_storage::test_db::TestDb;
use std::ops::Deref;

pub struct Menus(TestDb);

impl Deref for Menus {
    type Target = TestDb;

    fn deref(&self) -> &TestDb {
        &self.0
    }
}

impl Menus {
    /// With the schema and nothing in it.
    pub async fn empty() -> Self {
        Self(TestDb::with::<comanda_migrations::Catalog>().await)
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
        let import = ImportMenu { file, known_version: 0, may_open: true, author: By::from(Actor::System) };
        assert!(edit::run(&self.database, &import).await.expect("stored"));
    }
}
