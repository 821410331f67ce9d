//! What slows guesses. Each is counted before anything is compared, so that many at once get no further than one after the
//! other; what was no guess is taken back. Counts stand in the database, for all replicas, and leak away with time.

use crate::{
    refusal::Refusal,
    secrets::fast_hash,
    store::{self, entity::sign_in_attempt},
};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_storage::database::{Database, Transaction};
use sea_orm::{DbErr, prelude::Uuid};
use std::net::IpAddr;

/// The longest that anybody has to wait.
const LONGEST: TimeDelta = TimeDelta::minutes(15);
const ACCOUNT: &str = "account:";
const PLACE: &str = "place:";
const PRESENT: &str = "present:";
/// Counts older than this are of no interest any more.
pub const KEPT: TimeDelta = TimeDelta::days(2);

/// What is slowed, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slowed {
    key: String,
    /// Guesses that cost nothing.
    free: i32,
    /// The wait after one more, doubled by each that follows.
    first: TimeDelta,
    longest: TimeDelta,
    /// After which time a guess is forgotten.
    leak: TimeDelta,
}

impl Slowed {
    /// Passwords of one login, whether somebody has it or not, from wherever it is not known.
    pub fn account(login: &str) -> Self {
        // What people type here by mistake may be their password.
        Self::usual(format!("{ACCOUNT}{}", fast_hash(login).0), 5, TimeDelta::hours(1))
    }

    /// Passwords of somebody from one place that the account knows, apart from all others.
    pub fn place(person: Uuid, place: &str) -> Self {
        Self::usual(format!("{PLACE}{person} {place}"), 5, TimeDelta::hours(1))
    }

    /// The present password of somebody who has signed in.
    pub fn present(person: Uuid) -> Self {
        Self::usual(format!("{PRESENT}{person}"), 5, TimeDelta::hours(1))
    }

    /// Passwords and links from one address; many people may sit behind it.
    pub fn address(address: IpAddr) -> Self {
        Self::usual(format!("address:{address}"), 20, TimeDelta::minutes(5))
    }

    /// PINs and passwords at one device, whoever's. A right one forgives none of the wrong ones, or whoever knows one PIN
    /// could guess the others.
    pub fn device(device: Uuid) -> Self {
        Self::usual(format!("device:{device}"), 10, TimeDelta::minutes(15))
    }

    /// Pairing codes from one address.
    pub fn pairing(address: IpAddr) -> Self {
        Self::usual(format!("pairing:{address}"), 5, TimeDelta::minutes(5))
    }

    /// All pairing codes: ten a second come through, of a million millions that there are.
    pub fn all_pairing() -> Self {
        let (first, longest) = (TimeDelta::milliseconds(100), TimeDelta::milliseconds(100));
        Self { key: "pairing".to_owned(), free: 100, first, longest, leak: TimeDelta::milliseconds(100) }
    }

    /// Refusals of nobody in particular that are written down: a thousand at once, then one a minute, or whoever guesses from
    /// many addresses could fill the disk.
    fn noted() -> Self {
        let (key, minute) = ("noted".to_owned(), TimeDelta::minutes(1));
        Self { key, free: 1000, first: minute, longest: minute, leak: minute }
    }

    fn usual(key: String, free: i32, leak: TimeDelta) -> Self {
        Self { key, free, first: TimeDelta::seconds(1), longest: LONGEST, leak }
    }

    /// One more guess; `Err` says how long none is taken.
    fn next(
        &self,
        before: Option<&sign_in_attempt::Model>,
        now: DateTime<Utc>,
    ) -> Result<(i32, DateTime<Utc>), TimeDelta> {
        let Some(before) = before else { return Ok((1, now + self.wait(1))) };
        if before.blocked_until > now {
            return Err(before.blocked_until - now);
        }
        let passed = (now - before.counted_at).num_milliseconds().max(0) / self.leak.num_milliseconds().max(1);
        let left = before.failures.saturating_sub(i32::try_from(passed).unwrap_or(i32::MAX)).max(0);
        let failures = left.saturating_add(1);
        Ok((failures, now + self.wait(failures)))
    }

    fn wait(&self, failures: i32) -> TimeDelta {
        let Ok(beyond) = u32::try_from(failures - self.free) else { return TimeDelta::zero() };
        let doubled = self.first.checked_mul(1 << beyond.min(20));
        doubled.map_or(self.longest, |wait| wait.min(self.longest))
    }
}

/// A guess that was counted.
#[derive(Debug)]
pub struct Counted {
    rows: Vec<sign_in_attempt::Model>,
    /// Whether somebody has to wait from now on who had not before.
    pub slows: bool,
}

/// Counts a guess against all of these.
///
/// # Errors
/// [`Refusal::Slowed`]: it must not be looked at, and was not counted.
pub async fn count(database: &Database, mut slowed: Vec<Slowed>) -> Result<Counted, Refusal> {
    // In one order, so that two who count do not wait for each other.
    slowed.sort_by(|a, b| a.key.cmp(&b.key));
    let (txn, now) = database.begin_now().await?;
    let mut counted = Counted { rows: Vec::new(), slows: false };
    for slowed in slowed {
        let before = store::attempts::locked(&txn, &slowed.key, now).await?;
        let next = slowed.next(before.as_ref(), now);
        let (failures, blocked_until) = next.map_err(|wait| Refusal::Slowed(wait.to_std().unwrap_or_default()))?;
        counted.slows |= failures == slowed.free;
        let row = sign_in_attempt::Model { key: slowed.key, failures, blocked_until, counted_at: now };
        store::attempts::save(&txn, &row).await?;
        counted.rows.push(row);
    }
    txn.commit().await?;
    Ok(counted)
}

/// Whether a refusal that concerns nobody in particular is to be written down.
///
/// # Errors
/// The database failed.
pub async fn may_note(database: &Database) -> Result<bool, DbErr> {
    match count(database, vec![Slowed::noted()]).await {
        Ok(_) => Ok(true),
        Err(Refusal::Database(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

impl Counted {
    /// It was no guess: forgets it, and of an account, there or elsewhere, all that were counted.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget(self, txn: &Transaction) -> Result<(), DbErr> {
        for row in self.rows {
            if [ACCOUNT, PLACE, PRESENT].iter().any(|own| row.key.starts_with(own)) {
                store::attempts::reset(txn, &row.key, row.counted_at).await?;
            } else {
                store::attempts::take_back(txn, &row).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_guess_waits_and_each_after_it_twice_as_long() {
        let slowed = Slowed::account("ana");
        let (mut row, mut now, mut waits) = (None, DateTime::UNIX_EPOCH, vec![]);
        for _ in 0..18 {
            let (failures, blocked_until) = slowed.next(row.as_ref(), now).expect("it waited");
            waits.push((blocked_until - now).num_seconds());
            if blocked_until > now {
                let row = sign_in_attempt::Model { key: String::new(), failures, blocked_until, counted_at: now };
                assert_eq!(slowed.next(Some(&row), now), Err(blocked_until - now));
            }
            row = Some(sign_in_attempt::Model { key: String::new(), failures, blocked_until, counted_at: now });
            now = blocked_until;
        }
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
    }

    #[test]
    fn guesses_are_forgotten_one_by_one() {
        let (slowed, then) = (Slowed::account("ana"), DateTime::UNIX_EPOCH);
        let row = sign_in_attempt::Model { key: String::new(), failures: 9, blocked_until: then, counted_at: then };
        let after = |hours| slowed.next(Some(&row), then + TimeDelta::hours(hours)).expect("long ago").0;
        assert_eq!([after(0), after(3), after(100)], [10, 7, 1]);
    }
}
