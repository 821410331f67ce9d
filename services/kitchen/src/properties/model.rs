//! What may reach the kitchen about one order, and what the table says that its database holds afterwards.

use super::{Life, any_step};
use crate::ticket::{Forbidden, Step};
use chrono::{DateTime, Utc};
use comanda_proto::r#type::v1::{
    Actor::{self, Customer, Staff},
    OrderState::{self, Cancelled, Preparing, Ready, Received, Unspecified},
};
use proptest::prelude::*;

/// Something that reaches the kitchen about one order.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    Receive,
    /// A tap on a revision so many before the ticket's own; after it, when negative.
    Tap(Step, i64),
    Cancel(Actor),
    /// A line set; there are [`LINES`].
    Tick(usize, bool),
}

/// Of the order that tests bring.
pub const LINES: usize = 2;

pub fn any_action() -> impl Strategy<Value = Action> {
    let any_seen = prop_oneof![8 => Just(0_i64), 2 => 1..4_i64, 1 => Just(-1_i64)];
    prop_oneof![
        3 => Just(Action::Receive),
        12 => (any_step(), any_seen).prop_map(|(step, behind)| Action::Tap(step, behind)),
        1 => prop_oneof![Just(Customer), Just(Staff)].prop_map(Action::Cancel),
        // Sometimes one that is not there.
        8 => (0..=LINES, any::<bool>()).prop_map(|(line, done)| Action::Tick(line, done || line == 0)),
    ]
}

/// What the database must hold.
#[derive(Debug, Default)]
pub struct Model {
    pub life: Option<Life>,
    /// From, to; the revision is the place, from 1.
    pub path: Vec<(OrderState, OrderState)>,
    pub events: u64,
    /// Whether the shop wants no tap of its own for READY.
    with_last_line: bool,
    /// What is ticked.
    pub done: [bool; LINES],
    /// The revision of the last step.
    step: i64,
    /// The line whose tick was that step.
    last_line: Option<usize>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    /// So many events, and hints at these revisions.
    Yes(usize, Vec<i64>),
    NotFound,
    Changed(i64, OrderState),
    Forbidden(Forbidden),
}

impl Model {
    /// Nothing has come yet.
    pub fn of(with_last_line: bool) -> Self {
        Self { with_last_line, ..Self::default() }
    }

    pub fn revision(&self) -> i64 {
        self.path.len() as i64
    }

    /// What must be said, and what is so from then on.
    pub fn expect(&mut self, action: Action, seen: i64, now: DateTime<Utc>) -> Said {
        let next = match (action, self.life) {
            (Action::Receive, Some(life)) => return self.announce(life),
            (Action::Receive, None) => Ok(Life { state: Received, acknowledged: false, since: now }),
            (Action::Cancel(_), None) => Ok(Life { state: Cancelled, acknowledged: true, since: now }),
            (Action::Tap(..), None) => return Said::NotFound,
            (Action::Tick(..), None) | (Action::Tick(LINES, _), Some(_)) => return Said::NotFound,
            (Action::Tick(line, done), Some(life)) => return self.tick(life, line, done, now),
            (Action::Tap(..), Some(life)) if seen < self.step || seen > self.revision() => {
                return Said::Changed(self.revision(), life.state);
            }
            (Action::Tap(step, _), Some(life)) => life.expect(step, now),
            (Action::Cancel(actor), Some(life)) => life.expect(Step::Cancel(actor), now),
        };
        match next {
            Ok(life) => {
                self.path.push((self.life.map_or(Unspecified, |before| before.state), life.state));
                self.step = self.revision();
                let last_line = self.last_line.take();
                if let (Action::Tap(Step::Revert, _), Some(line)) = (action, last_line) {
                    self.done[line] = false;
                }
                self.announce(life)
            }
            Err(forbidden) => Said::Forbidden(forbidden),
        }
    }

    /// A tick is no step, unless it makes the ticket READY.
    fn tick(&mut self, life: Life, line: usize, done: bool, now: DateTime<Utc>) -> Said {
        if !matches!((life.state, done), (Received | Preparing, _) | (Ready, true)) {
            return Said::Forbidden(Forbidden::Transition);
        }
        if std::mem::replace(&mut self.done[line], done) == done {
            return Said::Yes(0, vec![]);
        }
        let is_last = self.with_last_line && life.state == Preparing && self.done == [true; LINES];
        let after = if is_last { Life { state: Ready, since: now, ..life } } else { life };
        self.path.push((life.state, after.state));
        if is_last {
            (self.step, self.last_line) = (self.revision(), Some(line));
        }
        self.announce(after)
    }

    fn announce(&mut self, life: Life) -> Said {
        self.life = Some(life);
        self.events += 1;
        Said::Yes(1, vec![self.revision()])
    }
}
