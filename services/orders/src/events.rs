//! The door for events: a ticket from the kitchen tells where its order stands.

use crate::apply::{self, TicketNews};
use chrono::{DateTime, Utc};
use comanda_events::{
    consumer::{Handler, Incoming, InvalidEvent},
    relay::CommitEffects,
};
use comanda_proto::events::v1::event::Payload;
use comanda_storage::database::{Database, Transaction};
use sea_orm::DbErr;

/// Handles the queue of tickets.
pub struct Tickets;

impl Handler for Tickets {
    type Input = TicketNews;

    fn check(&self, payload: Payload) -> Result<(String, TicketNews), InvalidEvent> {
        let Payload::TicketChanged(changed) = payload else { return Err("not a ticket".into()) };
        let news = TicketNews::try_from(changed.ticket.ok_or("an event without a ticket")?)?;
        Ok((news.order_id.to_string(), news))
    }

    async fn apply(
        &self,
        txn: &Transaction,
        now: DateTime<Utc>,
        events: &[Incoming<'_, TicketNews>],
    ) -> Result<CommitEffects, DbErr> {
        let news: Vec<_> = events.iter().map(|event| event.input).collect();
        apply::apply(txn, now, &news).await
    }

    async fn apply_at_once(
        &self,
        database: &Database,
        events: &[Incoming<'_, TicketNews>],
    ) -> Option<Result<CommitEffects, DbErr>> {
        let news: Vec<_> = events.iter().map(|event| event.input).collect();
        apply::apply_at_once(database, &news).await
    }
}
