//! An order arrives: it becomes a ticket, once, and Orders is told where its ticket stands, every time.

use crate::{
    advance::ticket_changed,
    store::{self, Line, Lines, ticket, ticket_history},
    ticket::is_open,
};
use chrono::{DateTime, Utc};
use comanda_events::{
    TICKET_RETENTION,
    consumer::{Incoming, InvalidEvent},
    outbox,
    relay::CommitEffects,
};
use comanda_proto::{
    kitchen::v1::Ticket,
    orders::v1::{Order, OrderLine},
    r#type::v1::{Actor, OrderState, Transition, service_mode::Mode},
};
use comanda_storage::{database::Transaction, history::By};
use comanda_telemetry::trace;
use comanda_types::timestamp::from_proto;
use sea_orm::{ConnectionTrait, DbErr, prelude::Uuid};
use std::collections::HashMap;

/// The ticket that an order asks for: RECEIVED, revision 1.
#[derive(Debug, Clone)]
pub struct NewTicket(ticket::Model);

impl NewTicket {
    /// The order's id.
    pub fn order_id(&self) -> Uuid {
        self.0.order_id
    }

    /// Whether it is so old that its ticket may have been forgotten.
    pub fn is_past(&self, now: DateTime<Utc>) -> bool {
        self.0.accepted_at < now - TICKET_RETENTION
    }

    /// The same ticket, stored in another state from the start.
    fn born(&self, state: OrderState, reason: &str, now: DateTime<Utc>) -> ticket::Model {
        // Nobody has seen a ticket that is born cancelled, so nobody need acknowledge it.
        let acknowledged = state == OrderState::Cancelled;
        ticket::Model {
            state: state as i16,
            open: is_open(state, acknowledged),
            acknowledged,
            cancel_reason: reason.to_owned(),
            updated_at: now,
            ..self.0.clone()
        }
    }
}

impl TryFrom<Order> for NewTicket {
    type Error = InvalidEvent;

    fn try_from(order: Order) -> Result<Self, InvalidEvent> {
        let order_id = Uuid::try_parse(&order.order_id).map_err(|_| "an order without an id")?;
        let accepted_at = order.create_time.as_ref().and_then(from_proto).ok_or("an order without its time")?;
        if order.lines.is_empty() {
            return Err("an order without lines".into());
        }
        let at_table = match order.service_mode.and_then(|service| service.mode) {
            Some(Mode::AtTable(at)) => Some(at.table),
            Some(Mode::TakeAway(_)) | None => None,
        };
        Ok(Self(ticket::Model {
            order_id,
            shop_id: order.shop_id,
            number: order.number,
            accepted_seq: order.accepted_seq,
            state: OrderState::Received as i16,
            revision: 1,
            state_revision: 1,
            open: true,
            customer_name: order.customer_name,
            at_table,
            lines: Lines(order.lines.into_iter().map(line).collect()),
            cancel_reason: String::new(),
            acknowledged: false,
            ready_with_last_line: order.ready_with_last_line,
            time_zone: order.time_zone,
            day_starts_minute: order.day_starts_minute,
            accepted_at,
            updated_at: accepted_at,
        }))
    }
}

fn line(line: OrderLine) -> Line {
    let options = line.options.into_iter().map(|option| option.name).collect();
    let OrderLine { name, quantity, note, stations, allergy, .. } = line;
    Line { name, quantity, options, note, stations, done: false, allergy }
}

/// Stores the tickets of those orders that have none yet, and answers each with the ticket there is.
///
/// # Errors
/// The database failed; `DbErr::Custom` for an order so old that its ticket may have been forgotten.
pub async fn receive(
    txn: &Transaction,
    now: DateTime<Utc>,
    orders: &[Incoming<'_, NewTicket>],
) -> Result<CommitEffects, DbErr> {
    if orders.iter().any(|order| order.input.is_past(now)) {
        return Err(DbErr::Custom("the order is older than tickets are kept".into()));
    }
    let tickets = orders.iter().map(|order| order.input.born(OrderState::Received, "", now)).collect::<Vec<_>>();
    let mut born = store::insert(txn, tickets.clone()).await?;
    let mut steps = Vec::with_capacity(born.len());
    let mut whole = HashMap::with_capacity(orders.len());
    for (order, ticket) in orders.iter().zip(tickets) {
        if born.remove(&ticket.order_id) {
            let step = order.span.in_scope(|| first_step(&ticket, Actor::System.into()));
            let transitions = vec![Transition::from(&step)];
            whole.insert(ticket.order_id, Ticket { transitions, ..ticket.to_proto() });
            steps.push(step);
        }
    }
    for ticket in store::with_histories(txn, &missing(orders, &whole)).await? {
        whole.extend(Uuid::try_parse(&ticket.order_id).map(|id| (id, ticket)));
    }
    let mut effects = CommitEffects::default();
    for order in orders {
        let ticket = whole.get(&order.input.order_id()).ok_or_else(|| DbErr::RecordNotFound("ticket".into()))?;
        let (event, hint) = order.span.in_scope(|| ticket_changed(now, ticket.clone()));
        effects.events.push(event);
        effects.hints.push(hint);
    }
    let steps = store::steps(txn.get_database_backend(), steps)?;
    outbox::append_all(txn, effects.events.clone(), steps).await?;
    Ok(effects)
}

/// The orders whose tickets are not known yet.
fn missing(orders: &[Incoming<'_, NewTicket>], known: &HashMap<Uuid, Ticket>) -> Vec<Uuid> {
    orders.iter().map(|order| order.input.order_id()).filter(|id| !known.contains_key(id)).collect()
}

/// Stores a ticket in its first state; `None` when the order has one already.
pub async fn create(
    txn: &Transaction,
    now: DateTime<Utc>,
    new: &NewTicket,
    state: OrderState,
    by: By,
    reason: &str,
) -> Result<Option<ticket::Model>, DbErr> {
    let ticket = new.born(state, reason, now);
    if store::insert(txn, vec![ticket.clone()]).await?.is_empty() {
        return Ok(None);
    }
    store::add_step(txn, first_step(&ticket, by)).await?;
    Ok(Some(ticket))
}

/// How its history begins.
fn first_step(ticket: &ticket::Model, by: By) -> ticket_history::Model {
    ticket_history::Model {
        order_id: ticket.order_id,
        revision: ticket.revision,
        from_state: OrderState::Unspecified as i16,
        to_state: ticket.state,
        actor: by.actor as i16,
        author: by.stored(),
        reason: ticket.cancel_reason.clone(),
        changed_at: ticket.updated_at,
        trace_id: trace::id(),
        line: 0,
        line_done: false,
    }
}

/// One order by itself, as tests bring it.
#[cfg(test)]
pub async fn receive_one(txn: &Transaction, now: DateTime<Utc>, new: &NewTicket) -> Result<CommitEffects, DbErr> {
    receive(txn, now, &[Incoming { input: new, span: tracing::Span::none() }]).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        advance::Advance,
        test_db::{self, new_ticket},
        ticket::Step,
    };
    use comanda_auth::caller::Caller;
    use comanda_storage::idempotency::IdempotentCommand;

    #[tokio::test]
    async fn an_order_that_comes_again_is_answered_with_the_ticket_there_is() {
        let (test_db, new, now) = (test_db::empty().await, new_ticket(), DateTime::UNIX_EPOCH);
        let txn = test_db.database.begin().await.expect("a transaction");
        receive_one(&txn, now, &new).await.expect("stored");
        let start = Advance {
            order_id: new.order_id(),
            seen: 1,
            step: Step::Start,
            reason: String::new(),
            caller: Caller::Service,
        };
        let (started, _) = start.decide(&txn, now).await.expect("started");
        let answer = receive_one(&txn, now, &new).await.expect("no harm");
        assert_eq!((answer.events.len(), answer.hints[0].revision), (1, started.revision));
        // Twice in one batch, beside one that is new.
        let other = NewTicket(ticket::Model { order_id: Uuid::from_u128(8), ..new.0.clone() });
        let again = [&new, &new];
        let both = again.into_iter().chain([&other]).map(|input| Incoming { input, span: tracing::Span::none() });
        let answers = receive(&txn, now, &both.collect::<Vec<_>>()).await.expect("no harm");
        let revisions: Vec<_> = answers.hints.iter().map(|hint| hint.revision).collect();
        assert_eq!(revisions, [started.revision, started.revision, 1]);
        let stored = store::find(&txn, new.order_id()).await.expect("an answer").expect("a ticket");
        assert_eq!((stored.order_state(), stored.revision), (OrderState::Preparing, started.revision));
    }
}
