//! The settings of Orders.

use std::time::Duration;

/// An order's wait doubles from here up to an hour.
const LONGEST: Duration = Duration::from_secs(600);

/// What an operator may choose.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// After that long without the kitchen's answer, an order is asked for.
    pub audit_after: Duration,
}

impl Config {
    /// Passes when all values make sense.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self) -> Result<(), String> {
        let fits = (Duration::from_secs(1)..=LONGEST).contains(&self.audit_after);
        if fits { Ok(()) } else { Err(format!("must be 1 to {} seconds", LONGEST.as_secs())) }
    }

    /// The same in whole seconds.
    pub(crate) fn audit_after_seconds(self) -> i32 {
        i32::try_from(self.audit_after.as_secs()).unwrap_or(i32::MAX)
    }
}
