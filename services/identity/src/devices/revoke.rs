//! A device is let in no more, nor who is signed in at it.

use crate::{
    Identity,
    devices::{shops, to_contract},
    people::{may_make, role},
    refusal::Refusal,
    security_log::{self, Actor},
    session::{self, revocations},
    store::{self, sessions::Whose},
};
use comanda_auth::role::Role;
use comanda_proto::identity::v1::Device;
use sea_orm::prelude::Uuid;

/// Revokes a device; a second time changes nothing.
pub async fn revoke(identity: &Identity, actor: Actor<'_>, id: Uuid) -> Result<Device, Refusal> {
    let (txn, now) = identity.database.begin_now().await?;
    store::sessions::lock(&txn).await?;
    session::check_live(&txn, actor.principal).await?;
    let mut device = store::devices::locked(&txn, id).await?.ok_or(Refusal::NoDevice)?;
    let theirs = match device.shop_id.as_str() {
        "" => actor.principal.role == Role::Owner,
        shop => actor.principal.may_shop(shop),
    };
    if !theirs {
        return Err(Refusal::NoDevice);
    }
    may_make(actor.principal, role(device.role), &[])?;
    if device.revoked_at.is_some() {
        return Ok(to_contract(device));
    }
    device.revoked_at = Some(now);
    store::devices::revoke(&txn, id, now).await?;
    session::end(&txn, Whose::Device(id), now).await?;
    store::sessions::revoke(&txn, vec![(id, device.expires_at + revocations::MARGIN)], now).await?;
    store::devices::end_codes(&txn, Ok(id)).await?;
    security_log::record(&txn, now, actor.did("DEVICE_REVOKED", &device.name, &shops(&device.shop_id))).await?;
    txn.commit().await?;
    revocations::read_at_once(&identity.database, &identity.revocations).await;
    Ok(to_contract(device))
}
