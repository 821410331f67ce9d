//! Properties of a ticket's life: whatever anyone does, in any order and at any time, it stays on the paths of the
//! table below. The table is written from the contract and not from the code, so that the two can disagree.
//!
//! `machine` holds the pure rules to it, `verbs` what the verbs store; `ticket_changed` says what that must be. A
//! failure is shown as the shortest sequence that fails; written down as an ordinary test it stays.

mod machine;
mod model;
mod verbs;

use crate::ticket::{Forbidden, Step};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_proto::r#type::v1::{
    Actor::{Customer, Staff, System},
    OrderState::{self, Cancelled, Collected, Preparing, Ready, Received},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

/// Who does what in which state leads where; what is not here is forbidden.
const EDGES: [(Step, OrderState, OrderState); 13] = [
    (Step::Start, Received, Preparing),
    (Step::MarkReady, Preparing, Ready),
    (Step::MarkCollected, Ready, Collected),
    (Step::Revert, Preparing, Received),
    (Step::Revert, Ready, Preparing),
    (Step::Revert, Collected, Ready),
    (Step::Reopen, Collected, Ready),
    (Step::NotPickedUp, Ready, Collected),
    (Step::Acknowledge, Cancelled, Cancelled),
    (Step::Cancel(Customer), Received, Cancelled),
    (Step::Cancel(Staff), Received, Cancelled),
    (Step::Cancel(Staff), Preparing, Cancelled),
    (Step::Cancel(Staff), Ready, Cancelled),
];

/// A ticket as the table sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Life {
    state: OrderState,
    acknowledged: bool,
    since: DateTime<Utc>,
}

impl Life {
    /// What the table says of a step.
    fn expect(self, step: Step, now: DateTime<Utc>) -> Result<Self, Forbidden> {
        let edge = EDGES.iter().find(|(by, from, _)| (*by, *from) == (step, self.state));
        let (_, _, to) = edge.ok_or(Forbidden::Transition)?;
        match step {
            Step::Revert if (now - self.since).num_milliseconds() > 60_000 => Err(Forbidden::UndoWindowClosed),
            Step::Reopen if self.day_has_ended(now) => Err(Forbidden::ReopenWindowClosed),
            Step::NotPickedUp if !self.is_uncollected(now) => Err(Forbidden::Transition),
            Step::Acknowledge if self.acknowledged => Err(Forbidden::Transition),
            _ => Ok(Self { state: *to, acknowledged: self.acknowledged || step == Step::Acknowledge, since: now }),
        }
    }

    /// In Greenwich, where tests have their shop, at four.
    fn day_has_ended(self, now: DateTime<Utc>) -> bool {
        business_day(self.since, 0) < business_day(now, 0)
    }

    fn is_uncollected(self, now: DateTime<Utc>) -> bool {
        business_day(self.since, 4) < business_day(now, 0)
    }

    /// Whether someone still has to do something, or to see something.
    fn is_open(self) -> bool {
        let to_do = [Received, Preparing, Ready].contains(&self.state);
        to_do || (self.state == Cancelled && !self.acknowledged)
    }
}

fn business_day(at: DateTime<Utc>, hours_later: i64) -> i64 {
    (at.timestamp() + (hours_later - 4) * 3600).div_euclid(86_400)
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        // As it goes on most days, so that every state is reached often.
        3 => Just(Step::Start),
        3 => Just(Step::MarkReady),
        3 => Just(Step::MarkCollected),
        3 => Just(Step::Revert),
        2 => Just(Step::Acknowledge),
        2 => prop_oneof![Just(Step::Reopen), Just(Step::NotPickedUp)],
        1 => prop_oneof![Just(Customer), Just(Staff), Just(System)].prop_map(Step::Cancel),
    ]
}

/// The time between two steps: often at the edge of the undo window, sometimes backwards, as a clock that is set.
fn any_pause() -> impl Strategy<Value = TimeDelta> {
    let milliseconds = prop_oneof![6 => 0..60_000_i64, 2 => 59_999..60_002_i64, 1 => 60_001..7_200_000_i64, 1 => -90_000..0_i64, 2 => 7_200_000..108_000_000_i64];
    milliseconds.prop_map(TimeDelta::milliseconds)
}

/// Tries a property; a failure shows its shortest example.
fn holds<S: Strategy>(cases: u32, any: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    if let Err(failure) = TestRunner::new(config).run(&any, property) {
        panic!("{failure}");
    }
}
