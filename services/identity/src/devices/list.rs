//! The devices of a shop.

use super::to_contract;
use crate::{Identity, refusal::Refusal, store};
use comanda_auth::{principal::Principal, role::Role};
use comanda_proto::identity::v1::Device;

/// Latest first; owners see their machines among them.
pub async fn list(identity: &Identity, caller: &Principal, shop: &str) -> Result<Vec<Device>, Refusal> {
    let shops: &[&str] = if caller.role == Role::Owner { &[shop, ""] } else { &[shop] };
    let devices = store::devices::of_shops(identity.database.reader(), shops).await?;
    Ok(devices.into_iter().map(to_contract).collect())
}
