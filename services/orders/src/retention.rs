//! What is long over: an order goes to the archive, where only those look who ask for it; later its customer's first name
//! goes, and, if the owner wants that, the order itself.

use crate::{config::Config, store::archive};
use chrono::{DateTime, Utc};
use comanda_events::{TICKET_RETENTION, delivery_attempt};
use comanda_storage::{database::Database, retention::BATCH_SIZE};
use sea_orm::DbErr;

/// Moves and removes some, of each at most [`BATCH_SIZE`]; says how many.
pub async fn pass(database: Database, config: Config, now: DateTime<Utc>) -> Result<u64, DbErr> {
    // A crash that undoes it does no harm: it is all done again.
    let txn = database.begin_async_commit().await?;
    let moved = archive::fill(&txn, now - config.archive_after(), BATCH_SIZE).await?;
    let unnamed = archive::forget_names(&txn, now - config.name_retention(), BATCH_SIZE).await?;
    let removed = match config.retention() {
        Some(retention) => archive::empty(&txn, now - retention, BATCH_SIZE).await?,
        None => 0,
    };
    delivery_attempt::forget(&txn, now - TICKET_RETENTION).await?;
    txn.commit().await?;
    metrics::counter!("comanda_orders_archived_total").increment(moved);
    metrics::counter!("comanda_orders_removed_total").increment(removed);
    metrics::counter!("comanda_orders_unnamed_total").increment(unnamed);
    Ok(moved.max(removed).max(unnamed))
}

#[cfg(test)]
mod tests;
