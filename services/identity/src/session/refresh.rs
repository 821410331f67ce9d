//! New tokens for old ones. A refresh token is good once. Whoever shows a spent one, however old, holds a copy of what
//! somebody else has used, so the session ends for both: which of them is honest cannot be known.

use crate::{
    Identity, people,
    refusal::Refusal,
    secrets::fast_hash,
    security_log::{self, Event},
    session::{self, ACCESS, REFRESH, refresh_token, revocations, signed},
    store::{self, entity::session as row, sessions::Whose},
};
use chrono::{DateTime, Utc};
use comanda_proto::identity::v1::Session;
use comanda_storage::database::Transaction;
use sea_orm::prelude::Uuid;
use std::net::IpAddr;

/// Spends a refresh token.
pub async fn refresh(identity: &Identity, token: &str, address: Option<IpAddr>) -> Result<Session, Refusal> {
    let hash = fast_hash(token);
    let (txn, now) = identity.database.begin_now().await?;
    let (session, first_use) = store::sessions::spend(&txn, &hash, now).await?.ok_or(Refusal::SessionEnded)?;
    if first_use {
        let refreshed = go_on(identity, &txn, session, now).await?;
        txn.commit().await?;
        return Ok(refreshed);
    }
    end_reused(&txn, session, address, now).await?;
    txn.commit().await?;
    revocations::read_at_once(&identity.database, &identity.revocations).await;
    Err(Refusal::SessionEnded)
}

async fn go_on(identity: &Identity, txn: &Transaction, id: Uuid, now: DateTime<Utc>) -> Result<Session, Refusal> {
    let live = |session: &row::Model| session.ended_at.is_none() && session.expires_at > now;
    let session = store::sessions::locked(txn, id).await?.filter(live).ok_or(Refusal::SessionEnded)?;
    let person = store::staff::find(txn, session.staff_id).await?;
    let person = person.filter(people::is_at_work).ok_or(Refusal::SessionEnded)?;
    let device = match session.device_id {
        Some(device) => {
            let device = store::devices::find(txn, device).await?;
            Some(device.filter(|device| device.revoked_at.is_none()).ok_or(Refusal::SessionEnded)?)
        }
        None => None,
    };
    let expires_at = if session.by_provider { session.expires_at } else { now + REFRESH };
    let session = row::Model { access_until: expires_at.min(now + ACCESS), expires_at, ..session };
    store::sessions::extend(txn, id, session.access_until, session.expires_at).await?;
    let refresh_token = refresh_token(txn, id).await?;
    Ok(Session { refresh_token, ..signed(identity, &session, &person, device.as_ref(), now)? })
}

async fn end_reused(txn: &Transaction, id: Uuid, address: Option<IpAddr>, now: DateTime<Utc>) -> Result<(), Refusal> {
    let ended = session::end(txn, Whose::Session(id), now).await?;
    let session = store::sessions::locked(txn, id).await?.filter(|_| ended > 0);
    let Some(session) = session else { return Ok(()) };
    if let Some(person) = store::staff::find(txn, session.staff_id).await? {
        let (actor, subject) = (String::new(), person.row.login);
        let detail = String::new();
        let event = Event { kind: "REFRESH_REUSED", actor, subject, address, detail, shops: person.shops };
        security_log::record(txn, now, event).await?;
    }
    Ok(())
}
