//! A barista's tap: one step of one ticket, a compare-and-swap against the revision that the barista saw (optimistic
//! concurrency). What was ticked since does not count.

pub mod complete_line;
pub mod uncollected;

use crate::{
    store::{self, Lines, ticket, ticket_history},
    ticket::{Forbidden, Step, after, is_open},
};
use chrono::{DateTime, Utc};
use comanda_auth::caller::Caller;
use comanda_context::error::ApiError;
use comanda_events::{outbox, relay::CommitEffects};
use comanda_proto::{
    events::v1::{Hint, HintKind, TicketChanged, event::Payload},
    kitchen::v1::Ticket,
    r#type::v1::{Actor, LineMark, OrderState, Transition},
};
use comanda_storage::{
    database::{self, Transaction},
    history::{Author, By},
    idempotency::IdempotentCommand,
};
use comanda_telemetry::trace;
use sea_orm::{DbErr, prelude::Uuid};
use thiserror::Error;
use tonic::Code;

/// One tap.
pub struct Advance {
    /// The ticket.
    pub order_id: Uuid,
    /// The revision that the barista saw.
    pub seen: i64,
    /// What to do.
    pub step: Step,
    /// Who taps.
    pub caller: Caller,
    /// Why, when the barista has to say; empty otherwise.
    pub reason: String,
}

/// Why a ticket does not move.
#[derive(Debug, Error)]
pub enum AdvanceError {
    /// No such ticket.
    #[error("no such ticket")]
    NotFound,
    /// It has no such line.
    #[error("no such line")]
    NoLine,
    /// Someone else came first.
    #[error("the ticket has changed")]
    Changed {
        /// Who.
        by: By,
        /// The state now.
        state: OrderState,
        /// The revision now.
        revision: i64,
    },
    /// Not from this state.
    #[error("not from {state:?}")]
    Forbidden {
        /// The state now.
        state: OrderState,
    },
    /// Too late to take back.
    #[error("too late to take back")]
    UndoWindowClosed,
    /// Too late to reopen.
    #[error("too late to reopen")]
    ReopenWindowClosed,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl IdempotentCommand for Advance {
    type Reply = Ticket;
    type Error = AdvanceError;
    type Update = CommitEffects;

    async fn decide(&self, txn: &Transaction, now: DateTime<Utc>) -> Result<(Ticket, CommitEffects), AdvanceError> {
        let ticket = store::find_for_update(txn, self.order_id).await?;
        let ticket = ticket.filter(|ticket| self.caller.may_shop(&ticket.shop_id)).ok_or(AdvanceError::NotFound)?;
        if !(ticket.state_revision..=ticket.revision).contains(&self.seen) {
            return Err(changed(txn, &ticket).await?);
        }
        move_on(txn, now, ticket, self.step, By::staff(self.caller.author()), &self.reason).await
    }
}

/// Makes a step and stores it, with its history and its event.
pub async fn move_on(
    txn: &Transaction,
    now: DateTime<Utc>,
    before: ticket::Model,
    step: Step,
    by: By,
    reason: &str,
) -> Result<(Ticket, CommitEffects), AdvanceError> {
    let state = before.order_state();
    let to = after(step, before.standing(now), now).map_err(|forbidden| match forbidden {
        Forbidden::Transition => AdvanceError::Forbidden { state },
        Forbidden::UndoWindowClosed => AdvanceError::UndoWindowClosed,
        Forbidden::ReopenWindowClosed => AdvanceError::ReopenWindowClosed,
    })?;
    let acknowledged = before.acknowledged || step == Step::Acknowledge;
    let mut lines = before.lines.clone();
    let mark = if step == Step::Revert { take_back_mark(txn, &before, &mut lines).await? } else { None };
    let cancel_reason = if matches!(step, Step::Cancel(_)) { reason.to_owned() } else { before.cancel_reason.clone() };
    let revision = before.revision + 1;
    let after = ticket::Model {
        state: to as i16,
        lines,
        revision,
        state_revision: revision,
        open: is_open(to, acknowledged),
        acknowledged,
        cancel_reason,
        updated_at: now,
        ..before
    };
    store_change(txn, now, after, Change { from: state, by, reason, mark }).await
}

/// The line whose tick made the ticket READY is open again when that is taken back.
async fn take_back_mark(
    txn: &Transaction,
    before: &ticket::Model,
    lines: &mut Lines,
) -> Result<Option<LineMark>, DbErr> {
    let last = store::step(txn, before.order_id, before.state_revision).await?;
    let mark = last.and_then(|step| Transition::from(&step).line).filter(|mark| mark.done);
    let Some(LineMark { index, .. }) = mark else { return Ok(None) };
    let line = usize::try_from(index).ok().and_then(|at| lines.0.get_mut(at));
    Ok(line.map(|line| {
        line.done = false;
        LineMark { index, done: false }
    }))
}

/// What a history says of a change besides where it led.
pub struct Change<'a> {
    pub from: OrderState,
    pub by: By,
    pub reason: &'a str,
    pub mark: Option<LineMark>,
}

/// Stores a ticket as it is after a change, with its history and its event.
pub async fn store_change(
    txn: &Transaction,
    now: DateTime<Utc>,
    after: ticket::Model,
    change: Change<'_>,
) -> Result<(Ticket, CommitEffects), AdvanceError> {
    if !store::advance(txn, &after).await? {
        let current = store::find(txn, after.order_id).await?.ok_or(AdvanceError::NotFound)?;
        return Err(changed(txn, &current).await?);
    }
    let history = ticket_history::Model {
        order_id: after.order_id,
        revision: after.revision,
        from_state: change.from as i16,
        to_state: after.state,
        actor: change.by.actor as i16,
        author: change.by.stored(),
        reason: change.reason.to_owned(),
        changed_at: now,
        trace_id: trace::id(),
        line: change.mark.map_or(0, |mark| mark.index + 1),
        line_done: change.mark.is_some_and(|mark| mark.done),
    };
    store::add_step(txn, history).await?;
    Ok(publish(txn, now, &after).await?)
}

/// Appends the whole ticket, history included, as an event for Orders, and hints at it.
pub async fn publish(
    txn: &Transaction,
    now: DateTime<Utc>,
    ticket: &ticket::Model,
) -> Result<(Ticket, CommitEffects), DbErr> {
    let history = store::history(txn, ticket.order_id).await?;
    let whole = Ticket { transitions: history.iter().map(Transition::from).collect(), ..ticket.to_proto() };
    let (event, hint) = ticket_changed(now, whole.clone());
    outbox::append_all(txn, vec![event.clone()], vec![]).await?;
    Ok((whole, CommitEffects { events: vec![event], hints: vec![hint] }))
}

/// What is told of a whole ticket: to Orders, and to those who watch.
pub fn ticket_changed(now: DateTime<Utc>, ticket: Ticket) -> (outbox::Model, Hint) {
    let hint = Hint {
        kind: HintKind::Ticket.into(),
        shop_id: ticket.shop_id.clone(),
        order_id: ticket.order_id.clone(),
        revision: ticket.revision,
        more: vec![],
    };
    let changed = TicketChanged { ticket: Some(ticket) };
    (outbox::event(now, &hint.shop_id, Payload::TicketChanged(changed)), hint)
}

async fn changed(txn: &Transaction, ticket: &ticket::Model) -> Result<AdvanceError, DbErr> {
    let last = store::step(txn, ticket.order_id, ticket.state_revision).await?;
    let by = last.map_or_else(By::default, |step| By {
        actor: Actor::try_from(i32::from(step.actor)).unwrap_or_default(),
        author: (step.author != Author::default()).then_some(step.author),
    });
    Ok(AdvanceError::Changed { by, state: ticket.order_state(), revision: ticket.revision })
}

impl From<AdvanceError> for ApiError {
    fn from(error: AdvanceError) -> Self {
        match error {
            AdvanceError::NotFound => {
                Self::new(Code::NotFound, "TICKET_NOT_FOUND", "no such ticket", "comanda não encontrada")
            }
            AdvanceError::NoLine => {
                Self::new(Code::NotFound, "LINE_NOT_FOUND", "no such line", "item não encontrado na comanda")
            }
            AdvanceError::Changed { by, state, revision } => {
                let name = by.author.as_ref().map_or("", Author::name);
                let (someone, alguem) = if name.is_empty() { ("someone else", "outra pessoa") } else { (name, name) };
                let english = format!("{someone} changed this ticket first");
                let fault = Self::new(
                    Code::Aborted,
                    "REVISION_MISMATCH",
                    english,
                    format!("{alguem} mexeu nesta comanda antes"),
                );
                let fault = fault.meta("revision", revision).meta("state", state.as_str_name());
                let fault = fault.meta("actor", by.actor.as_str_name());
                if name.is_empty() { fault } else { fault.meta("person", name) }
            }
            AdvanceError::Forbidden { state } => Self::new(
                Code::FailedPrecondition,
                "STATE_TRANSITION_FORBIDDEN",
                format!("not possible from {}", state.as_str_name()),
                format!("não é possível: o pedido está {}", label(state)),
            )
            .meta("state", state.as_str_name()),
            AdvanceError::UndoWindowClosed => Self::new(
                Code::FailedPrecondition,
                "UNDO_WINDOW_CLOSED",
                "a step can be taken back for 60 s only",
                "só é possível desfazer nos primeiros 60 segundos",
            ),
            AdvanceError::ReopenWindowClosed => Self::new(
                Code::FailedPrecondition,
                "REOPEN_WINDOW_CLOSED",
                "an order can be reopened until the business day ends",
                "só é possível reabrir um pedido até o fim do dia da loja",
            ),
            AdvanceError::Database(error) => database::fault(&error),
        }
    }
}

fn label(state: OrderState) -> &'static str {
    match state {
        OrderState::Unspecified => "DESCONHECIDO",
        OrderState::Received => "RECEBIDO",
        OrderState::Preparing => "EM PREPARO",
        OrderState::Ready => "PRONTO",
        OrderState::Collected => "ENTREGUE",
        OrderState::Cancelled => "CANCELADO",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        receive::receive_one,
        test_db::{self, new_ticket},
    };

    /// As two transactions that both read before either wrote.
    #[tokio::test]
    async fn of_two_who_read_the_same_revision_one_comes_first() {
        let (test_db, new, now) = (test_db::empty().await, new_ticket(), DateTime::UNIX_EPOCH);
        let txn = test_db.database.begin().await.expect("a transaction");
        receive_one(&txn, now, &new).await.expect("stored");
        let seen = store::find(&txn, new.order_id()).await.expect("an answer").expect("a ticket");
        let start = async || move_on(&txn, now, seen.clone(), Step::Start, Actor::Staff.into(), "").await;
        start().await.expect("the first starts it");
        let late = start().await.expect_err("the second learns that it was started");
        let changed = AdvanceError::Changed { by: Actor::Staff.into(), state: OrderState::Preparing, revision: 2 };
        assert_eq!(late.to_string(), changed.to_string());
        assert_eq!(ApiError::from(late), ApiError::from(changed));
    }
}
