//! An order is accepted: order, lines, history, answer and outbox row in one transaction.

use crate::{
    order::{Guest, PriceChange, Priced, Refusal},
    store::{self, Choice, Options, order_history, order_line, orders},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use comanda_events::{outbox, relay::Announcement};
use comanda_mesh::{database, fault::Fault, once::Change, trace};
use comanda_proto::{
    catalog::v1::Menu,
    events::v1::{OrderPlaced, event::Payload},
    orders::v1::{Order, OrderLine},
    r#type::v1::{Actor, OrderState},
};
use sea_orm::{DatabaseTransaction, DbErr, prelude::Uuid};
use std::sync::Arc;
use thiserror::Error;
use tonic::Code;

/// An order that passed all checks.
pub struct Place {
    pub shop_id: String,
    pub guest: Guest,
    pub priced: Priced,
    pub menu: Arc<Menu>,
    /// Seconds after which the audit asks for it.
    pub audit_after: i32,
}

/// Why an order was not stored.
#[derive(Debug, Error)]
pub enum PlaceError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Change for Place {
    type Reply = Order;
    type Error = PlaceError;
    type News = Announcement;

    async fn decide(&self, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(Order, Announcement), PlaceError> {
        let time_zone: Tz = self.menu.time_zone.parse().unwrap_or(Tz::UTC);
        let counter = store::next_number(txn, &self.shop_id, now.with_timezone(&time_zone).date_naive()).await?;
        let order = orders::Model {
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
        };
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
    }
}

impl From<PlaceError> for Fault {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::Database(error) => database::fault(&error),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UnknownProduct { line, product_id } => Self::new(
                Code::NotFound,
                "PRODUCT_NOT_FOUND",
                format!("line {line} names no product of this menu"),
                "um produto do pedido não está no cardápio",
            )
            .meta("line", line)
            .meta("product_id", product_id),
            Refusal::SoldOut(lines) => {
                let names = lines.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
                let fault = Self::new(
                    Code::FailedPrecondition,
                    "PRODUCT_SOLD_OUT",
                    format!("sold out: {names}"),
                    format!("esgotado: {names}"),
                );
                lines.iter().fold(fault, |fault, (line, name)| fault.meta(&format!("lines[{line}].name"), name))
            }
            Refusal::PriceChanged(changes) => price_changed(&changes),
            Refusal::TotalTooLarge => {
                let mut checks = comanda_mesh::check::Checks::default();
                checks.fail("lines", "the total is too large", "o total é grande demais");
                checks.done().err().unwrap_or_else(Self::internal)
            }
        }
    }
}

fn price_changed(changes: &[PriceChange]) -> Fault {
    let names = changes.iter().map(|change| change.name.as_str()).collect::<Vec<_>>().join(", ");
    let fault = Fault::new(
        Code::FailedPrecondition,
        "PRICE_CHANGED",
        format!("prices have changed: {names}"),
        format!("o preço mudou: {names}"),
    );
    changes.iter().fold(fault, |fault, change| {
        let line = change.line;
        fault
            .meta(&format!("lines[{line}].name"), &change.name)
            .meta(&format!("lines[{line}].seen"), change.seen)
            .meta(&format!("lines[{line}].current"), change.current)
    })
}
