//! What is long over: a ticket is forgotten once no order so old can become one. Orders keeps its story.

use crate::store;
use chrono::{DateTime, TimeDelta, Utc};
use comanda_events::{TICKET_RETENTION, delivery_attempt, outbox};
use comanda_storage::{database::Database, retention::BATCH_SIZE};
use sea_orm::DbErr;

/// As far as the clocks of Orders' and the kitchen's database may be apart.
const MARGIN: TimeDelta = TimeDelta::days(1);

/// Forgets at most [`BATCH_SIZE`] tickets; says how many.
pub async fn pass(database: Database, now: DateTime<Utc>) -> Result<u64, DbErr> {
    // A crash that undoes it does no harm: it is all done again.
    let txn = database.begin_async_commit().await?;
    let mut over = store::over(&txn, now - TICKET_RETENTION - MARGIN, BATCH_SIZE).await?;
    // What Orders has not heard is not forgotten.
    let waiting = outbox::waiting(&txn, over.iter().map(ToString::to_string).collect()).await?;
    over.retain(|id| !waiting.contains(&id.to_string()));
    let forgotten = store::forget(&txn, over).await?;
    delivery_attempt::forget(&txn, now - TICKET_RETENTION).await?;
    txn.commit().await?;
    metrics::counter!("comanda_tickets_forgotten_total").increment(forgotten);
    Ok(forgotten)
}

#[cfg(test)]
mod tests;
