//! What can happen to a ticket, and what cannot. Pure: no SQL, no clock of its own.

pub mod shop_day;
pub mod stations;

use chrono::{DateTime, TimeDelta, Utc};
use comanda_proto::r#type::v1::{
    Actor,
    OrderState::{self, Cancelled, Collected, Preparing, Ready, Received},
};

/// How long a step can be taken back.
pub const UNDO_WINDOW: TimeDelta = TimeDelta::seconds(60);

/// Something that someone does to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A barista starts it.
    Start,
    /// A barista marks it ready.
    MarkReady,
    /// A barista hands it over.
    MarkCollected,
    /// A barista takes the last step back.
    Revert,
    /// A barista puts it back on the board.
    Reopen,
    /// Nobody has come for it all day.
    NotPickedUp,
    /// The kitchen has seen the cancellation.
    Acknowledge,
    /// The customer or the staff cancels it.
    Cancel(Actor),
}

/// Where a ticket stands before a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub state: OrderState,
    /// Whether its cancellation was seen.
    pub acknowledged: bool,
    /// When it got there.
    pub since: DateTime<Utc>,
    /// Whether the business day of that moment is over.
    pub day_has_ended: bool,
    /// Whether it had been there for long when a business day ended.
    pub is_uncollected: bool,
}

/// Why a step cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// Not from this state.
    Transition,
    /// Too late to take back.
    UndoWindowClosed,
    /// Too late to reopen.
    ReopenWindowClosed,
}

/// The state after a step.
pub fn after(step: Step, ticket: Standing, now: DateTime<Utc>) -> Result<OrderState, Forbidden> {
    match (step, ticket.state) {
        (Step::Start, Received) => Ok(Preparing),
        (Step::MarkReady, Preparing) => Ok(Ready),
        (Step::MarkCollected, Ready) => Ok(Collected),
        (Step::Revert, Preparing | Ready | Collected) if now - ticket.since > UNDO_WINDOW => {
            Err(Forbidden::UndoWindowClosed)
        }
        (Step::Revert, Preparing) => Ok(Received),
        (Step::Revert, Ready) => Ok(Preparing),
        (Step::Revert, Collected) => Ok(Ready),
        (Step::Reopen, Collected) if ticket.day_has_ended => Err(Forbidden::ReopenWindowClosed),
        (Step::Reopen, Collected) => Ok(Ready),
        (Step::NotPickedUp, Ready) if ticket.is_uncollected => Ok(Collected),
        (Step::Acknowledge, Cancelled) if !ticket.acknowledged => Ok(Cancelled),
        (Step::Cancel(Actor::Customer), Received) => Ok(Cancelled),
        (Step::Cancel(Actor::Staff), Received | Preparing | Ready) => Ok(Cancelled),
        _ => Err(Forbidden::Transition),
    }
}

/// The state after a line is set; `is_last` when that leaves none open and the shop wants no other tap.
pub fn after_tick(state: OrderState, done: bool, is_last: bool) -> Result<OrderState, Forbidden> {
    match (state, done) {
        (Preparing, true) if is_last => Ok(Ready),
        (Received | Preparing, _) | (Ready, true) => Ok(state),
        _ => Err(Forbidden::Transition),
    }
}

/// Whether a ticket stands on the board.
pub fn is_open(state: OrderState, acknowledged: bool) -> bool {
    match state {
        Received | Preparing | Ready => true,
        Cancelled => !acknowledged,
        Collected | OrderState::Unspecified => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [OrderState; 5] = [Received, Preparing, Ready, Collected, Cancelled];

    fn standing(state: OrderState) -> Standing {
        let (acknowledged, since) = (false, DateTime::UNIX_EPOCH);
        Standing { state, acknowledged, since, day_has_ended: false, is_uncollected: true }
    }

    /// Every state from which the step is allowed right away, and where it leads.
    fn allowed(step: Step) -> Vec<(OrderState, OrderState)> {
        let after = |state| Some((state, after(step, standing(state), DateTime::UNIX_EPOCH).ok()?));
        STATES.into_iter().filter_map(after).collect()
    }

    #[test]
    fn each_step_has_its_edges_and_no_others() {
        assert_eq!(allowed(Step::Start), [(Received, Preparing)]);
        assert_eq!(allowed(Step::MarkReady), [(Preparing, Ready)]);
        assert_eq!(allowed(Step::MarkCollected), [(Ready, Collected)]);
        assert_eq!(allowed(Step::Revert), [(Preparing, Received), (Ready, Preparing), (Collected, Ready)]);
        assert_eq!(allowed(Step::Reopen), [(Collected, Ready)]);
        assert_eq!(allowed(Step::NotPickedUp), [(Ready, Collected)]);
        assert_eq!(allowed(Step::Acknowledge), [(Cancelled, Cancelled)]);
        assert_eq!(allowed(Step::Cancel(Actor::Customer)), [(Received, Cancelled)]);
        let by_staff = [(Received, Cancelled), (Preparing, Cancelled), (Ready, Cancelled)];
        assert_eq!(allowed(Step::Cancel(Actor::Staff)), by_staff);
        assert_eq!(allowed(Step::Cancel(Actor::System)), []);
    }

    #[test]
    fn a_step_can_be_taken_back_for_a_minute() {
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        assert_eq!(after(Step::Revert, standing(Ready), at(60)), Ok(Preparing));
        assert_eq!(after(Step::Revert, standing(Ready), at(61)), Err(Forbidden::UndoWindowClosed));
        assert_eq!(after(Step::Revert, standing(Cancelled), at(1)), Err(Forbidden::Transition));
    }

    #[test]
    fn what_is_collected_can_be_reopened_until_the_day_ends_and_what_is_ready_is_closed_after() {
        let at = |standing: Standing, step| after(step, standing, standing.since);
        let over = Standing { day_has_ended: true, ..standing(Collected) };
        assert_eq!(at(over, Step::Reopen), Err(Forbidden::ReopenWindowClosed));
        assert_eq!(at(over, Step::Revert), Ok(Ready), "a minute is a minute");
        let fresh = Standing { is_uncollected: false, ..standing(Ready) };
        assert_eq!(at(fresh, Step::NotPickedUp), Err(Forbidden::Transition));
    }

    #[test]
    fn a_cancellation_is_acknowledged_once() {
        let seen = Standing { acknowledged: true, ..standing(Cancelled) };
        assert_eq!(after(Step::Acknowledge, seen, DateTime::UNIX_EPOCH), Err(Forbidden::Transition));
        assert!(is_open(Cancelled, false) && !is_open(Cancelled, true) && !is_open(Collected, false));
    }
}
