//! What a sign-in gives: an access token for a shift, and a refresh token to go on by. A session that has ended is revoked
//! until its last access token would have ended by itself.

pub mod refresh;
pub mod revocations;
pub mod sign_out;

use crate::{
    Identity, people,
    refusal::Refusal,
    secrets,
    security_log::Actor,
    store::{
        self,
        entity::{device, session},
        sessions::Whose,
        staff::Person,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_auth::{
    principal::{Named, Principal},
    role::Role,
};
use comanda_context::error::ApiError;
use comanda_proto::identity::v1::Session;
use comanda_storage::database::Transaction;
use comanda_types::timestamp::to_proto;
use sea_orm::{DbErr, prelude::Uuid};

/// A shift.
const ACCESS: TimeDelta = TimeDelta::hours(12);
/// How long a session goes on without being refreshed.
const REFRESH: TimeDelta = TimeDelta::days(30);

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By a password or link of ours: the session goes on for as long as it is refreshed.
    Own,
    /// By a PIN: it ends with its shift, and is not refreshed.
    Pin,
    /// By another provider: it ends with its shift, so that the provider is asked again whether he or she still belongs here.
    Provider,
}

/// Opens a session for a person who has proved to be one, at a device maybe.
pub async fn open(
    identity: &Identity,
    txn: &Transaction,
    now: DateTime<Utc>,
    person: &Person,
    device: Option<&device::Model>,
    way: Way,
) -> Result<Session, Refusal> {
    let row = session::Model {
        session_id: Uuid::now_v7(),
        staff_id: person.row.staff_id,
        device_id: device.map(|device| device.device_id),
        by_pin: way == Way::Pin,
        by_provider: way == Way::Provider,
        access_until: now + ACCESS,
        expires_at: now + if way == Way::Own { REFRESH } else { ACCESS },
        ended_at: None,
    };
    store::sessions::insert(txn, &row).await?;
    let refresh_token = if way == Way::Pin { String::new() } else { refresh_token(txn, row.session_id).await? };
    store::staff::signed_in(txn, person.row.staff_id, now).await?;
    Ok(Session { refresh_token, ..signed(identity, &row, person, device, now)? })
}

async fn refresh_token(txn: &Transaction, session: Uuid) -> Result<String, Refusal> {
    let token = secrets::token()?;
    store::sessions::insert_token(txn, secrets::fast_hash(&token), session).await?;
    Ok(token)
}

/// The access token of a session, for as long as the row says.
fn signed(
    identity: &Identity,
    row: &session::Model,
    person: &Person,
    device: Option<&device::Model>,
    now: DateTime<Utc>,
) -> Result<Session, Refusal> {
    let role = people::role(person.row.role);
    let shops = match device {
        // A PIN is short, and so is its reach; an owner's is every shop's all the same.
        Some(device) if row.by_pin && role != Role::Owner => vec![device.shop_id.clone()],
        _ => person.shops.clone(),
    };
    let principal = Principal {
        role,
        shops,
        person: Some(Named { id: person.row.staff_id, name: person.row.name.clone() }),
        device: device.map(|device| Named { id: device.device_id, name: device.name.clone() }),
        session: Some(row.session_id),
        expires: seconds(row.access_until),
    };
    let access_token = sign(identity, &principal, now)?;
    let (expire_time, staff) = (Some(to_proto(row.access_until)), Some(people::to_contract(person)));
    Ok(Session { access_token, expire_time, refresh_token: String::new(), staff })
}

/// Signs who somebody is.
pub fn sign(identity: &Identity, principal: &Principal, now: DateTime<Utc>) -> Result<String, Refusal> {
    identity.signer.sign(principal, seconds(now)).map_err(|error| {
        tracing::error!(%error, "a token cannot be signed");
        ApiError::internal().into()
    })
}

/// Since 1970.
pub fn seconds(time: DateTime<Utc>) -> u64 {
    u64::try_from(time.timestamp()).unwrap_or_default()
}

/// Ends sessions and revokes what they gave; says how many.
pub async fn end(txn: &Transaction, whose: Whose, now: DateTime<Utc>) -> Result<usize, DbErr> {
    store::sessions::lock(txn).await?;
    let ended = store::sessions::end(txn, whose, now).await?;
    let good = ended.iter().filter(|session| session.access_until > now);
    let revoked = good.map(|session| (session.session_id, session.access_until + revocations::MARGIN)).collect();
    store::sessions::revoke(txn, revoked, now).await?;
    Ok(ended.len())
}

/// Begins a change of people by somebody whose session is still good.
pub async fn begin(identity: &Identity, actor: Actor<'_>) -> Result<(Transaction, DateTime<Utc>), Refusal> {
    let (txn, now) = identity.database.begin_now().await?;
    store::sessions::lock(&txn).await?;
    check_live(&txn, actor.principal).await?;
    Ok((txn, now))
}

/// Refuses a caller whose session or device has ended, though this process may not have heard of it yet. One that is not known
/// here was signed by whoever has the key, such as a command on the machine.
pub async fn check_live(txn: &Transaction, caller: &Principal) -> Result<(), Refusal> {
    if let Some(id) = caller.session {
        let session = store::sessions::locked(txn, id).await?;
        if session.is_some_and(|session| session.ended_at.is_some()) {
            return Err(Refusal::SessionEnded);
        }
    }
    if let Some(device) = &caller.device {
        let device = store::devices::find(txn, device.id).await?;
        if device.is_some_and(|device| device.revoked_at.is_some()) {
            return Err(Refusal::SessionEnded);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
