//! The door for events: an order from the queue becomes a ticket.

use crate::receive::{self, NewTicket};
use chrono::{DateTime, Utc};
use comanda_events::{
    consumer::{Handler, Incoming, InvalidEvent},
    relay::CommitEffects,
};
use comanda_proto::events::v1::event::Payload;
use comanda_storage::database::Transaction;
use sea_orm::DbErr;

/// Handles the queue of orders.
pub struct Orders;

impl Handler for Orders {
    type Input = NewTicket;

    fn check(&self, payload: Payload) -> Result<(String, NewTicket), InvalidEvent> {
        let Payload::OrderPlaced(placed) = payload else { return Err("not an order".into()) };
        let ticket = NewTicket::try_from(placed.order.ok_or("an event without an order")?)?;
        Ok((ticket.order_id().to_string(), ticket))
    }

    async fn apply(
        &self,
        txn: &Transaction,
        now: DateTime<Utc>,
        events: &[Incoming<'_, NewTicket>],
    ) -> Result<CommitEffects, DbErr> {
        receive::receive(txn, now, events).await
    }
}
