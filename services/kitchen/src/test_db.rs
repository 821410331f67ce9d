//! For tests: a database of its own in a temporary file, gone afterwards, and an order for it.

use crate::receive::NewTicket;
use comanda_migrations::MigratorTrait;
use comanda_proto::orders::v1::{Order, OrderLine};
use comanda_storage::database::Database;
use sea_orm::prelude::Uuid;
use tempfile::TempDir;

pub struct Scratch {
    pub database: Database,
    _folder: TempDir,
}

impl Scratch {
    /// With the schema and nothing in it.
    pub async fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("kitchen.db").display());
        let database = Database::connect(&url).await.expect("a database");
        comanda_migrations::Kitchen::up(database.driver(), None).await.expect("the schema");
        Self { database, _folder: folder }
    }
}

/// An order that came from Orders.
pub fn new_ticket() -> NewTicket {
    let order = Order {
        order_id: Uuid::from_u128(7).to_string(),
        shop_id: "main".into(),
        lines: vec![OrderLine { name: "Café".into(), quantity: 1, ..Default::default() }],
        create_time: Some(Default::default()),
        ..Default::default()
    };
    NewTicket::try_from(order).expect("a whole order")
}
