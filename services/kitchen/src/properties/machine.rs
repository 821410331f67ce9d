//! The pure rules against the table, along any path.

use super::{Life, any_pause, any_step, holds};
use crate::ticket::{Standing, Step, after, is_open};
use chrono::{DateTime, Utc};
use comanda_proto::r#type::v1::OrderState::{Cancelled, Received};
use proptest::{collection::vec, prelude::*};

/// Enough that nearly every edge is met at both sides of the undo window.
const CASES: u32 = 500;
const LONGEST: usize = 40;

fn standing(life: Life, now: DateTime<Utc>) -> Standing {
    let (day_has_ended, is_uncollected) = (life.day_has_ended(now), life.is_uncollected(now));
    let Life { state, acknowledged, since } = life;
    Standing { state, acknowledged, since, day_has_ended, is_uncollected }
}

#[test]
fn every_path_is_one_of_the_table() {
    holds(CASES, vec((any_step(), any_pause()), 0..LONGEST), |steps| {
        let mut now = DateTime::UNIX_EPOCH;
        let mut life = Life { state: Received, acknowledged: false, since: now };
        for (step, pause) in steps {
            now += pause;
            let said = after(step, standing(life, now), now);
            let expected = life.expect(step, now);
            prop_assert_eq!(said, expected.map(|next| next.state), "{:?} at {:?} of {:?}", step, now, life);
            life = expected.unwrap_or(life);
            prop_assert_eq!(is_open(life.state, life.acknowledged), life.is_open(), "{:?}", life);
        }
        Ok(())
    });
}

/// Needs no table: nothing leads out of a cancellation, and one acknowledgement is all that is taken.
#[test]
fn a_cancellation_takes_one_acknowledgement_and_nothing_else() {
    holds(CASES, (any::<bool>(), vec((any_step(), any_pause()), 0..LONGEST)), |(mut acknowledged, steps)| {
        let mut now = DateTime::UNIX_EPOCH;
        for (step, pause) in steps {
            now += pause;
            let life = Life { state: Cancelled, acknowledged, since: now };
            let said = after(step, standing(life, now), now);
            let taken = step == Step::Acknowledge && !acknowledged;
            prop_assert_eq!(said.ok(), taken.then_some(Cancelled));
            acknowledged |= taken;
            prop_assert_eq!(is_open(Cancelled, acknowledged), !acknowledged);
        }
        Ok(())
    });
}
