//! Tablets, panels and machines: paired once by a code, they hold a credential of their own for a year, which names a shop and
//! a role and can be revoked.

pub mod code;
pub mod list;
pub mod pair;
pub mod revoke;

use crate::store::entity::device;
use comanda_proto::identity::v1::Device;
use comanda_types::timestamp::to_proto;

/// As contracts show a device.
pub fn to_contract(device: device::Model) -> Device {
    Device {
        device_id: device.device_id.to_string(),
        name: device.name,
        shop_id: device.shop_id,
        role: device.role.into(),
        stations: device.stations.0,
        pair_time: Some(to_proto(device.paired_at)),
        revoke_time: device.revoked_at.map(to_proto),
    }
}

/// As rows say which shops a device is for: an owner's machine is for all, and for none in particular.
pub fn shops(shop: &str) -> Vec<String> {
    Some(shop.to_owned()).filter(|shop| !shop.is_empty()).into_iter().collect()
}

#[cfg(test)]
mod tests;
