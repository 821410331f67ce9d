//! The settings of Orders.

use chrono::TimeDelta;
use std::{ops::RangeInclusive, time::Duration};

/// An order's wait doubles from here up to an hour.
const MAX_AUDIT_AFTER: Duration = Duration::from_secs(600);
/// Up to a hundred years.
const DAYS: RangeInclusive<u32> = 1..=36_500;

/// What an operator may choose.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// After that long without the kitchen's answer, an order is asked for.
    pub audit_after: Duration,
    /// So many days after it was accepted, an order that is at its end goes to the archive.
    pub archive_after_days: u32,
    /// So many days after it was accepted, it is removed from there; never, if there is no number.
    pub retention_days: Option<u32>,
    /// So many days after an order has ended, its customer's tokens open it no more.
    pub order_token_days: u32,
    /// So many days after an order was accepted, and not before it is archived, its customer's first name is removed.
    pub name_retention_days: u32,
}

impl Config {
    /// Passes when all values make sense.
    ///
    /// # Errors
    /// Which variable is wrong, and what it must be.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let (archive, most) = (self.archive_after_days, DAYS.end());
        if !(Duration::from_secs(1)..=MAX_AUDIT_AFTER).contains(&self.audit_after) {
            return Err(("COMANDA_AUDIT_AFTER_SECONDS", format!("must be 1 to {}", MAX_AUDIT_AFTER.as_secs())));
        }
        if !DAYS.contains(&archive) {
            return Err(("COMANDA_ARCHIVE_AFTER_DAYS", format!("must be 1 to {most}")));
        }
        if !DAYS.contains(&self.order_token_days) {
            return Err(("COMANDA_ORDER_TOKEN_DAYS", format!("must be 1 to {most}")));
        }
        if !DAYS.contains(&self.name_retention_days) {
            return Err(("COMANDA_NAME_RETENTION_DAYS", format!("must be 1 to {most}")));
        }
        if self.retention_days.is_some_and(|days| !(archive..=*most).contains(&days)) {
            let range = format!("must be {archive} (COMANDA_ARCHIVE_AFTER_DAYS) to {most}");
            return Err(("COMANDA_RETENTION_DAYS", range));
        }
        Ok(())
    }

    /// The same in whole seconds.
    pub(crate) fn audit_after_seconds(self) -> i32 {
        i32::try_from(self.audit_after.as_secs()).unwrap_or(i32::MAX)
    }

    /// How old an order is when it goes to the archive.
    pub(crate) fn archive_after(self) -> TimeDelta {
        TimeDelta::days(self.archive_after_days.into())
    }

    /// How long a token opens an order that has ended.
    pub(crate) fn order_token(self) -> TimeDelta {
        TimeDelta::days(self.order_token_days.into())
    }

    /// How old it is when its customer's name is removed.
    pub(crate) fn name_retention(self) -> TimeDelta {
        TimeDelta::days(self.name_retention_days.into())
    }

    /// How old it is when it is removed from there.
    pub(crate) fn retention(self) -> Option<TimeDelta> {
        self.retention_days.map(|days| TimeDelta::days(days.into()))
    }
}
