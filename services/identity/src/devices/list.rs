//! The devices of a shop.

use super::to_contract;
use crate::{Identity, refusal::Refusal, store};
use chrono::TimeDelta;
use comanda_auth::{principal::Principal, role::Role};
use comanda_proto::identity::v1::Device;
use comanda_storage::database::now;

/// How long a revoked device is still told of.
const REVOKED_SHOWN: TimeDelta = TimeDelta::days(30);

/// Latest first; owners see their machines among them.
pub async fn list(identity: &Identity, caller: &Principal, shop: &str) -> Result<Vec<Device>, Refusal> {
    let shops: &[&str] = if caller.role == Role::Owner { &[shop, ""] } else { &[shop] };
    let reader = identity.database.reader();
    let since = now(reader).await? - REVOKED_SHOWN;
    let devices = store::devices::of_shops(reader, shops, since).await?;
    Ok(devices.into_iter().map(to_contract).collect())
}
