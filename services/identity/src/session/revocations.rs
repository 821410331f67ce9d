//! The list of what is revoked: this process' own copy, read from the database every second and at once after each change
//! of its own. Other processes ask for it.

use crate::{refusal::Refusal, session::seconds, store};
use chrono::TimeDelta;
use comanda_auth::revocation::Revocations;
use comanda_context::{error::ApiError, periodic::every};
use comanda_proto::identity::v1::{ListRevocationsResponse, Revocation};
use comanda_storage::database::{Database, now};
use prost_types::Timestamp;
use sea_orm::DbErr;
use std::{convert::Infallible, time::Duration};

const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// As long as clocks of others may be behind, and let in by a token that has ended here.
pub const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// Follows the database for as long as it is polled.
pub async fn follow(database: &Database, revocations: &Revocations) -> Infallible {
    let mut polls = every(POLL_INTERVAL);
    loop {
        polls.tick().await;
        if let Err(error) = read(database, revocations).await {
            tracing::debug!(%error, "revocations stay as they are for now");
        }
    }
}

/// Takes the list as it is now, if it is newer.
pub async fn read(database: &Database, revocations: &Revocations) -> Result<(), DbErr> {
    if store::sessions::version(database.reader()).await? <= revocations.version() {
        return Ok(());
    }
    let moment = database.snapshot().await?;
    let version = store::sessions::version(&moment).await?;
    let list = store::sessions::revocations(&moment, now(&moment).await?).await?;
    moment.commit().await?;
    revocations.replace(version, list.into_iter().map(|row| (row.id, seconds(row.expires_at))));
    Ok(())
}

/// After a change of one's own: what cannot be read now comes with the next poll.
pub async fn read_at_once(database: &Database, revocations: &Revocations) {
    if let Err(error) = read(database, revocations).await {
        tracing::debug!(%error, "revocations will be read at the next poll");
    }
}

/// Answers who has that version.
pub fn list(revocations: &Revocations, known: i64) -> Result<ListRevocationsResponse, Refusal> {
    let version = revocations.version();
    if version == 0 {
        // Not read yet, which is not the same as empty.
        return Err(ApiError::unavailable("database").into());
    }
    let listed = if known == version { vec![] } else { revocations.list() };
    let time = |end: u64| Timestamp { seconds: i64::try_from(end).unwrap_or(i64::MAX), nanos: 0 };
    let one = |(id, end): (uuid::Uuid, u64)| Revocation { id: id.to_string(), expire_time: Some(time(end)) };
    Ok(ListRevocationsResponse { version, revocations: listed.into_iter().map(one).collect() })
}
