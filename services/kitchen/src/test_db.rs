//! For tests: a database of the kitchen, and an order for it.

use crate::receive::NewTicket;
use comanda_proto::orders::v1::{Order, OrderLine};
use comanda_storage::test_db::TestDb;
use sea_orm::prelude::Uuid;

/// With the schema and nothing in it.
pub async fn empty() -> TestDb {
    TestDb::with::<comanda_migrations::Kitchen>().await
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
