//! What is READY and nobody collects: when its business day ends, it becomes COLLECTED by the ordinary way, so that the next
//! day begins with a board of its own. What is not READY yet is never closed.

use crate::{
    advance::{AdvanceError, move_on},
    store,
    ticket::{Step, shop_day::UNCOLLECTED_AFTER},
};
use comanda_context::periodic::every;
use comanda_events::relay::EventPublisher;
use comanda_proto::r#type::v1::Actor;
use comanda_storage::{
    database::{Database, now},
    idempotency,
};
use sea_orm::prelude::Uuid;
use std::{convert::Infallible, time::Duration};

const POLL_INTERVAL: Duration = Duration::from_secs(10);
/// As histories say it.
const REASON: &str = "not picked up";

/// Looks for such tickets for as long as it is polled.
pub async fn run(database: Database, publisher: EventPublisher) -> Infallible {
    let mut looks = every(POLL_INTERVAL);
    loop {
        looks.tick().await;
        // What is not closed now is found at the next look, too.
        match pass(&database, &publisher).await {
            Ok(0) => {}
            Ok(closed) => tracing::info!(closed, "nobody has collected these by the end of the day"),
            Err(error) => tracing::debug!(%error, "what nobody has collected stays for now"),
        }
    }
}

/// Closes them one by one; says how many. Every replica looks, and each ticket is closed by the first.
pub async fn pass(database: &Database, publisher: &EventPublisher) -> Result<usize, AdvanceError> {
    let now = now(database.reader()).await?;
    let mut closed = 0;
    for ticket in store::long_ready(database.reader(), now - UNCOLLECTED_AFTER).await? {
        if ticket.standing(now).is_uncollected {
            closed += usize::from(close(database, publisher, ticket.order_id).await?);
        }
    }
    Ok(closed)
}

/// False when somebody else did something about it.
async fn close(database: &Database, publisher: &EventPublisher, order_id: Uuid) -> Result<bool, AdvanceError> {
    let txn = database.begin().await?;
    let now = now(&txn).await?;
    let Some(ticket) = store::find_for_update(&txn, order_id).await? else { return Ok(false) };
    match move_on(&txn, now, ticket, Step::NotPickedUp, Actor::System.into(), REASON).await {
        Ok((_, effects)) => idempotency::commit(txn, publisher, effects).await?,
        Err(AdvanceError::Forbidden { .. } | AdvanceError::Changed { .. }) => return Ok(false),
        Err(error) => return Err(error),
    }
    Ok(true)
}

#[cfg(test)]
mod tests;
