//! The kitchen says where a ticket stands: its order follows. What is old or known already changes nothing.

use crate::store::{self, Standing, order_history};
use chrono::{DateTime, Utc};
use comanda_events::relay::Announcement;
use comanda_mesh::time::from_proto;
use comanda_proto::{
    events::v1::{Hint, HintKind},
    kitchen::v1::Ticket,
    r#type::v1::{OrderState, Transition},
};
use sea_orm::{DatabaseTransaction, DbErr, prelude::Uuid};

/// What a ticket says about its order, checked.
pub struct TicketNews {
    pub order_id: Uuid,
    shop_id: String,
    standing: Standing,
    history: Vec<order_history::Model>,
}

impl TryFrom<Ticket> for TicketNews {
    type Error = String;

    fn try_from(ticket: Ticket) -> Result<Self, String> {
        let order_id = Uuid::try_parse(&ticket.order_id).map_err(|_| "a ticket without an order")?;
        let state = OrderState::try_from(ticket.state).map_err(|_| "a ticket in an unknown state")?;
        if state == OrderState::Unspecified || ticket.transitions.is_empty() {
            return Err("a ticket without its state or history".into());
        }
        let steps = ticket.transitions.iter().map(|step| history(order_id, step));
        Ok(Self {
            order_id,
            shop_id: ticket.shop_id,
            standing: Standing { state, revision: of_order(ticket.revision), cancel_reason: ticket.cancel_reason },
            history: steps.collect::<Option<_>>().ok_or("a ticket with an impossible history")?,
        })
    }
}

/// An order's first revision is its own; each one of its ticket is one further.
fn of_order(ticket_revision: i64) -> i64 {
    ticket_revision.saturating_add(1)
}

fn history(order_id: Uuid, step: &Transition) -> Option<order_history::Model> {
    // The ticket's first step is not the order's.
    let from_state = match step.from_state() {
        OrderState::Unspecified => OrderState::Received,
        state => state,
    };
    Some(order_history::Model {
        order_id,
        revision: of_order(step.revision),
        from_state: from_state as i16,
        to_state: step.to_state() as i16,
        actor: step.actor() as i16,
        reason: step.reason.clone(),
        changed_at: step.transition_time.as_ref().and_then(from_proto)?,
    })
}

/// Stores what is new.
pub async fn apply(txn: &DatabaseTransaction, now: DateTime<Utc>, news: &TicketNews) -> Result<Announcement, DbErr> {
    store::add_history(txn, news.history.clone()).await?;
    let changed = store::advance(txn, news.order_id, &news.standing, now).await?;
    let hint = Hint {
        kind: HintKind::Order.into(),
        shop_id: news.shop_id.clone(),
        order_id: news.order_id.to_string(),
        revision: news.standing.revision,
    };
    Ok(Announcement { events: vec![], hints: if changed { vec![hint] } else { vec![] } })
}
