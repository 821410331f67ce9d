//! For tests: a database of the kitchen, and an order for it.

use crate::receive::NewTicket;
use comanda_proto::orders::v1::{Order, OrderLine};
use comanda_storage::test_db::TestDb;
use sea_orm::prelude::Uuid;

/// With the schema and nothing in it.
pub async fn empty() -> TestDb {
    TestDb::with::<comanda_migrations::Kitchen>().await
}

/// An order that came from Orders, of two lines.
pub fn new_ticket() -> NewTicket {
    NewTicket::try_from(order()).expect("a whole order")
}

/// The same of another order.
pub fn new_ticket_of(id: u128) -> NewTicket {
    NewTicket::try_from(Order { order_id: Uuid::from_u128(id).to_string(), ..order() }).expect("a whole order")
}

/// The same from a shop that wants no tap of its own for READY.
pub fn ready_with_last_line() -> NewTicket {
    NewTicket::try_from(Order { ready_with_last_line: true, ..order() }).expect("a whole order")
}

fn order() -> Order {
    let line = |name: &str| OrderLine {
        name: name.into(),
        quantity: 1,
        note: "sem açúcar".into(),
        allergy: "leite".into(),
        ..Default::default()
    };
    Order {
        order_id: Uuid::from_u128(7).to_string(),
        shop_id: "main".into(),
        customer_name: "Bia".into(),
        lines: ["Café", "Bolo"].map(line).into(),
        create_time: Some(Default::default()),
        time_zone: "UTC".into(),
        day_starts_minute: 240,
        ..Default::default()
    }
}
