//! What has been over for long makes way, a little at a time: each service says what that is, and this when. Answers that
//! need not be kept any more go the same way in all of them.

use crate::{
    database::{Database, now},
    idempotency,
};
use chrono::{DateTime, Utc};
use comanda_context::periodic::every;
use sea_orm::DbErr;
use sea_orm::prelude::Uuid;
use std::{convert::Infallible, time::Duration};
use tokio::time::sleep;

/// The most rows that a pass deals with: few, so that nobody who waits for one of them notices.
pub const BATCH_SIZE: u64 = 200;
const INTERVAL: Duration = Duration::from_secs(60);
/// Of those that look for old responses: a table of millions is gone through in an hour, and no pass is long.
const PASSES_A_MINUTE: u32 = 20;
/// After a pass that found as many as it takes.
const NEXT_BATCH_DELAY: Duration = Duration::from_millis(100);

/// For as long as it is polled: passes, each told the database's time, that say how many rows they dealt with.
pub async fn run<F>(database: Database, pass: impl Fn(Database, DateTime<Utc>) -> F) -> Infallible
where
    F: Future<Output = Result<u64, DbErr>>,
{
    let all = async {
        let mut passes = every(INTERVAL);
        loop {
            passes.tick().await;
            while attempt(&database, &pass).await >= BATCH_SIZE {
                sleep(NEXT_BATCH_DELAY).await;
            }
        }
    };
    let answers = async {
        let (mut passes, mut after) = (every(INTERVAL), Uuid::nil());
        loop {
            passes.tick().await;
            for _ in 0..PASSES_A_MINUTE {
                let passed = async { idempotency::forget(&database, now(database.reader()).await?, after).await };
                match passed.await {
                    Ok((_, next)) => after = next,
                    Err(error) => tracing::debug!(%error, "old responses stay for now"),
                }
                if after.is_nil() {
                    break;
                }
                sleep(NEXT_BATCH_DELAY).await;
            }
        }
    };
    tokio::join!(all, answers).0
}

/// What does not go today goes another time.
async fn attempt<F>(database: &Database, pass: &impl Fn(Database, DateTime<Utc>) -> F) -> u64
where
    F: Future<Output = Result<u64, DbErr>>,
{
    let passed = async { pass(database.clone(), now(database.reader()).await?).await };
    passed.await.unwrap_or_else(|error| {
        tracing::debug!(%error, "what is over stays for now");
        0
    })
}
