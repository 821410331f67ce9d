//! What is over: sessions, codes and links that have ended, guesses that slow nobody any more, devices whose credential would
//! have ended by itself, places that nobody signs in from any more, and what concerned security a year ago.

use crate::{security_log, sign_in::place::KNOWN, slowing, store};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_storage::{database::Database, retention::BATCH_SIZE};
use sea_orm::DbErr;

/// A day, in which a late second use of a refresh token is still known for what it is.
const OVER: TimeDelta = TimeDelta::days(1);
/// The database itself refuses to remove what is younger than a year.
const EVENTS: TimeDelta = TimeDelta::days(366);

/// Removes at most [`BATCH_SIZE`] of each; says how many of that which there was most of.
pub async fn pass(database: Database, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let txn = database.begin_async_commit().await?;
    let removed = [
        store::sessions::remove_old(&txn, now - OVER, BATCH_SIZE).await?,
        store::sessions::remove_old_revocations(&txn, now).await?,
        store::devices::remove_old_codes(&txn, now - OVER, BATCH_SIZE).await?,
        store::links::remove_old(&txn, now - OVER).await?,
        store::devices::remove_old(&txn, now - OVER, BATCH_SIZE).await?,
        store::places::remove_old(&txn, now - KNOWN, BATCH_SIZE).await?,
        store::attempts::remove_old(&txn, now - slowing::KEPT, BATCH_SIZE).await?,
        security_log::forget(&txn, now - EVENTS).await?,
    ];
    txn.commit().await?;
    Ok(removed.into_iter().max().unwrap_or_default())
}

#[cfg(test)]
mod tests;
