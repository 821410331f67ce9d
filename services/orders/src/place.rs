//! An order is accepted: order, lines, history, answer and outbox row in one transaction, together with the orders of
//! others who wait. Here is what one order becomes; `batch` has the transaction, `group_commit` those who wait for one.

mod batch;
mod group_commit;
mod pending;

use crate::{
    estimate::model::Range,
    order::{Guest, Priced, price_list::PriceList},
    store::{self, Choice, Options, Stations, order_history, order_line, orders},
};
use chrono::{DateTime, NaiveDate, Utc};
use comanda_events::outbox;
use comanda_proto::{
    events::v1::{OrderPlaced, event::Payload},
    orders::v1::{Order, OrderLine},
    r#type::v1::{Actor, OrderState},
};
use comanda_storage::history::Author;
use comanda_telemetry::trace;
use sea_orm::prelude::Uuid;
use std::sync::Arc;

pub use group_commit::OrderBatcher;

/// An order that passed all checks.
pub struct NewOrder {
    pub order_id: Uuid,
    pub shop_id: String,
    pub guest: Guest,
    pub priced: Priced,
    pub menu: Arc<PriceList>,
    /// Seconds after which the audit asks for it.
    pub audit_after: i32,
    /// When it will be ready, if there is a word on it.
    pub ready: Option<Range>,
}

/// A place in the order of acceptance.
#[derive(Debug, Clone, Copy)]
struct Number {
    accepted_seq: i64,
    /// What people call it by.
    short: i64,
}

/// All the rows of an order.
struct Accepted {
    order: orders::Model,
    lines: Vec<order_line::Model>,
    first_step: order_history::Model,
    event: outbox::Model,
    /// As contracts show it.
    shown: Order,
}

impl NewOrder {
    /// The day it is at the shop.
    fn day(&self, now: DateTime<Utc>) -> NaiveDate {
        self.menu.time_zone.business_day(now, self.menu.day_starts_minute)
    }

    /// What is stored of it, within its caller's trace.
    fn accepted(&self, number: Number, now: DateTime<Utc>) -> Accepted {
        let order = self.numbered(number, now);
        let lines = (0..).zip(&self.priced.lines).map(|(position, line)| row(order.order_id, position, line));
        let lines = lines.collect::<Vec<_>>();
        let shown = order.to_proto(&lines);
        let first_step = order_history::Model {
            order_id: order.order_id,
            revision: order.revision,
            from_state: OrderState::Unspecified as i16,
            to_state: order.state,
            actor: Actor::Customer as i16,
            author: Author::default(),
            reason: String::new(),
            changed_at: now,
            trace_id: trace::id(),
            line: 0,
            line_done: false,
        };
        let placed = Payload::OrderPlaced(OrderPlaced { order: Some(shown.clone()) });
        let event = outbox::event(now, &self.shop_id, placed);
        Accepted { order, lines, first_step, event, shown }
    }

    fn numbered(&self, number: Number, now: DateTime<Utc>) -> orders::Model {
        orders::Model {
            order_id: self.order_id,
            shop_id: self.shop_id.clone(),
            number: number.short,
            accepted_seq: number.accepted_seq,
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
            ready_with_last_line: self.menu.ready_with_last_line,
            time_zone: self.menu.time_zone.name().to_owned(),
            day_starts_minute: self.menu.day_starts_minute,
            ready_earliest: self.ready.map_or(0, |ready| ready.earliest),
            ready_latest: self.ready.map_or(0, |ready| ready.latest),
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
        allergy: line.allergy.clone(),
        stations: Stations(line.stations.clone()),
    }
}

#[cfg(test)]
pub mod tests;
