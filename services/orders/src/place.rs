//! An order is accepted: order, lines, history, answer and outbox row in one transaction.

use crate::{
    order::{Guest, Priced},
    price_list::PriceList,
    store::{self, Choice, Options, Stations, order_history, order_line, orders, shop_counter},
    taking::{self, NotNow},
};
use chrono::{DateTime, Utc};
use comanda_events::{outbox, relay::Announcement};
use comanda_mesh::{database, fault::Fault, once::Change, trace};
use comanda_proto::{
    events::v1::{OrderPlaced, event::Payload},
    orders::v1::{Order, OrderLine},
    r#type::v1::{Actor, OrderState},
};
use sea_orm::{DatabaseTransaction, DbErr, prelude::Uuid};
use std::sync::Arc;
use thiserror::Error;

/// An order that passed all checks.
pub struct Place {
    pub shop_id: String,
    pub guest: Guest,
    pub priced: Priced,
    pub menu: Arc<PriceList>,
    /// Seconds after which the audit asks for it.
    pub audit_after: i32,
}

/// Why an order was not stored.
#[derive(Debug, Error)]
pub enum PlaceError {
    /// The shop takes none at this moment.
    #[error(transparent)]
    NotNow(#[from] NotNow),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Change for Place {
    type Reply = Order;
    type Error = PlaceError;
    type News = Announcement;

    async fn decide(&self, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(Order, Announcement), PlaceError> {
        taking::check(&self.menu, now)?;
        let today = now.with_timezone(&self.menu.time_zone).date_naive();
        let counter = store::next_number(txn, &self.shop_id, today).await?;
        // Only now: whoever holds the counter sees every order that came before.
        if store::open::is_full(txn, &self.shop_id, self.menu.max_open_tickets).await? {
            return Err(NotNow::Busy.into());
        }
        let order = self.numbered(&counter, now);
        let lines = (0..).zip(&self.priced.lines).map(|(position, line)| row(order.order_id, position, line));
        let lines = lines.collect::<Vec<_>>();
        let placed = order.to_proto(&lines);
        let first = order_history::Model {
            order_id: order.order_id,
            revision: order.revision,
            from_state: OrderState::Unspecified as i16,
            to_state: order.state,
            actor: Actor::Customer as i16,
            reason: String::new(),
            changed_at: now,
            trace_id: trace::id(),
        };
        store::insert(txn, order, lines).await?;
        store::add_history(txn, vec![first]).await?;
        let event = Payload::OrderPlaced(OrderPlaced { order: Some(placed.clone()) });
        let outbox_row = outbox::append(txn, now, &self.shop_id, event).await?;
        Ok((placed, Announcement { events: vec![outbox_row], hints: vec![] }))
    }
}

impl Place {
    /// The order with its place in the order of acceptance.
    fn numbered(&self, counter: &shop_counter::Model, now: DateTime<Utc>) -> orders::Model {
        orders::Model {
            order_id: Uuid::now_v7(),
            shop_id: self.shop_id.clone(),
            number: counter.accepted_seq - counter.day_start,
            accepted_seq: counter.accepted_seq,
            state: OrderState::Received as i16,
            revision: 1,
            customer_name: self.guest.name.clone(),
            at_table: self.guest.table.clone(),
            currency_code: self.menu.currency_code.clone(),
            total_minor: self.priced.total,
            menu_version: self.menu.version,
            created_at: now,
            updated_at: now,
            ticket_at: None,
            cancel_reason: String::new(),
            audit_at: Some(store::audit::after(now, self.audit_after)),
            audit_wait: self.audit_after,
            retold: 0,
        }
    }
}

fn row(order_id: Uuid, position: i32, line: &OrderLine) -> order_line::Model {
    let choice = |option: &comanda_proto::orders::v1::ChosenOption| Choice {
        option_id: option.option_id.clone(),
        name: option.name.clone(),
    };
    order_line::Model {
        order_id,
        position,
        product_id: Uuid::try_parse(&line.product_id).unwrap_or_default(),
        name: line.name.clone(),
        quantity: line.quantity,
        unit_price_minor: line.unit_price.as_ref().map_or(0, |price| price.minor_units),
        options: Options(line.options.iter().map(choice).collect()),
        note: line.note.clone(),
        stations: Stations(line.stations.clone()),
    }
}

impl From<PlaceError> for Fault {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::NotNow(refusal) => refusal.into(),
            PlaceError::Database(error) => database::fault(&error),
        }
    }
}

#[cfg(test)]
mod tests;
