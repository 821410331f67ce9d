//! A barista ticks a line, or takes the tick back. It sets a value, so it names no revision, and it raises the ticket's
//! without being a step: whoever makes one does not lose to it.

use crate::{
    advance::{AdvanceError, Change, store_change},
    store::{self, ticket},
    ticket::{Forbidden, after_tick},
};
use chrono::{DateTime, Utc};
use comanda_auth::caller::Caller;
use comanda_events::relay::CommitEffects;
use comanda_proto::{kitchen::v1::Ticket, r#type::v1::LineMark};
use comanda_storage::{database::Transaction, history::By, idempotency::IdempotentCommand};
use sea_orm::{DbErr, prelude::Uuid};

/// One line, set.
pub struct CompleteLine {
    /// The ticket.
    pub order_id: Uuid,
    /// From 0.
    pub line: i32,
    /// Whether it is prepared.
    pub done: bool,
    /// Who ticks.
    pub caller: Caller,
}

impl IdempotentCommand for CompleteLine {
    type Reply = Ticket;
    type Error = AdvanceError;
    type Update = CommitEffects;

    async fn decide(&self, txn: &Transaction, now: DateTime<Utc>) -> Result<(Ticket, CommitEffects), AdvanceError> {
        let before = store::find_for_update(txn, self.order_id).await?;
        let before = before.filter(|ticket| self.caller.may_shop(&ticket.shop_id)).ok_or(AdvanceError::NotFound)?;
        let mut lines = before.lines.clone();
        let line = usize::try_from(self.line).ok().and_then(|line| lines.0.get_mut(line));
        let was_done = std::mem::replace(&mut line.ok_or(AdvanceError::NoLine)?.done, self.done);
        let state = before.order_state();
        let is_last = before.ready_with_last_line && lines.0.iter().all(|line| line.done);
        let to = after_tick(state, self.done, is_last).map_err(|_: Forbidden| AdvanceError::Forbidden { state })?;
        if was_done == self.done {
            return Ok((as_it_is(txn, &before).await?, CommitEffects::default()));
        }
        let revision = before.revision + 1;
        let step = (to != state).then_some((revision, now));
        let (state_revision, updated_at) = step.unwrap_or((before.state_revision, before.updated_at));
        let after = ticket::Model { state: to as i16, lines, revision, state_revision, updated_at, ..before };
        let mark = Some(LineMark { index: self.line, done: self.done });
        store_change(txn, now, after, Change { from: state, by: By::staff(self.caller.author()), reason: "", mark })
            .await
    }
}

async fn as_it_is(txn: &Transaction, ticket: &ticket::Model) -> Result<Ticket, DbErr> {
    let whole = store::with_histories(txn, &[ticket.order_id]).await?.pop();
    whole.ok_or_else(|| DbErr::RecordNotFound("ticket".into()))
}
