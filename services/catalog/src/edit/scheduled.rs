//! What time ends: a product that was sold out for today, a pause until half past four. Nobody asks for it, so every
//! replica looks once a second, and whichever comes first does it by the ordinary way of changing a menu.

use crate::{
    edit::{self, availability::EndDue},
    refusal::Refusal,
    store,
};
use comanda_context::periodic::every;
use comanda_proto::r#type::v1::Actor;
use comanda_storage::database::Database;
use comanda_storage::history::By;
use std::{convert::Infallible, time::Duration};
use tokio::time::timeout;

const POLL_INTERVAL: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_secs(5);

/// Ends what is due, for as long as it is polled.
pub async fn follow(database: &Database) -> Infallible {
    let mut looks = every(POLL_INTERVAL);
    loop {
        looks.tick().await;
        // What is not ended now is due at the next look, too.
        match timeout(TIMEOUT, end_all(database)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "what is due stays as it is for now"),
            Err(_) => tracing::debug!("what is due stays as it is for now"),
        }
    }
}

/// Ends what is due by the database's clock.
pub async fn end_all(database: &Database) -> Result<(), Refusal> {
    for shop in store::scheduled(database.reader()).await? {
        let ended = edit::run(database, &EndDue { shop: shop.clone(), author: By::from(Actor::System) }).await?;
        if ended {
            tracing::info!(shop, "what was to last until now has ended");
        }
    }
    Ok(())
}
