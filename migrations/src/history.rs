//! A history table, the same for tickets and for orders: one row for each revision, never changed.

use sea_orm_migration::{prelude::*, schema::*};

/// The table of this name, whose rows belong to `parent` by its `order_id`.
pub fn table(name: &'static str, parent: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(uuid("order_id"))
        .col(big_integer("revision"))
        .col(small_integer("from_state"))
        .col(small_integer("to_state"))
        .col(small_integer("actor"))
        .col(string("reason"))
        .col(timestamp_with_time_zone("changed_at"))
        .primary_key(Index::create().col("order_id").col("revision"))
        .foreign_key(ForeignKey::create().from(name, "order_id").to(parent, "order_id"))
        .to_owned()
}
