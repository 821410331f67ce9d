//! The Kitchen's own tables.

use crate::history;
use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

pub struct Tickets;

impl MigrationName for Tickets {
    fn name(&self) -> &str {
        "m0002_tickets"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Tickets {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ticket = Table::create()
            .table("ticket")
            .col(uuid("order_id").primary_key())
            .col(string("shop_id"))
            .col(big_integer("number"))
            .col(big_integer("accepted_seq"))
            .col(small_integer("state"))
            .col(big_integer("revision"))
            .col(boolean("open"))
            .col(string("customer_name"))
            .col(string_null("at_table"))
            .col(json_binary("lines"))
            .col(string("cancel_reason"))
            .col(boolean("acknowledged"))
            .col(timestamp_with_time_zone("accepted_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .to_owned();
        manager.create_table(ticket).await?;
        let board = Index::create()
            .name("ticket_board")
            .table("ticket")
            .col("shop_id")
            .col("accepted_seq")
            .and_where(Expr::col("open").is(true))
            .to_owned();
        manager.create_index(board).await?;

        manager.create_table(history::table("ticket_history", "ticket")).await
    }
}

/// The history of a ticket may go once that has been over for 30 days.
pub struct Retention;

impl MigrationName for Retention {
    fn name(&self) -> &str {
        "m0005_retention"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Retention {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let then = match manager.get_database_backend() {
            DbBackend::Postgres => "now() - interval '30 days'",
            _ => "strftime('%Y-%m-%dT%H:%M:%S', 'now', '-30 days')",
        };
        let over = format!(
            "EXISTS (SELECT 1 FROM ticket WHERE ticket.order_id = OLD.order_id AND NOT open AND updated_at < {then})"
        );
        history::may_go(manager, "ticket_history", &over).await
    }
}
