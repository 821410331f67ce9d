//! Who the caller is, and at a device who may be.

use super::{OWNER, is_at_work, role, to_contract};
use crate::{Identity, devices, refusal::Refusal, store};
use comanda_auth::{principal::Principal, role::Role};
use comanda_proto::identity::v1::{GetMeResponse, Staff};

/// The person and the device; at a device that somebody may sign in at, those who have a PIN.
pub async fn me(identity: &Identity, caller: &Principal) -> Result<GetMeResponse, Refusal> {
    let moment = identity.database.snapshot().await?;
    let mut me = GetMeResponse::default();
    if let Some(person) = &caller.person {
        let person = store::staff::find(&moment, person.id).await?;
        me.staff = person.filter(is_at_work).as_ref().map(to_contract);
    }
    if let Some(device) = &caller.device
        && let Some(device) = store::devices::find(&moment, device.id).await?
    {
        if role(device.role) >= Role::Barista && !device.shop_id.is_empty() {
            let people = store::staff::of_shop(&moment, &device.shop_id, Some(OWNER), false).await?;
            let name = |staff: Staff| Staff { staff_id: staff.staff_id, name: staff.name, ..Staff::default() };
            let with_pin = people.iter().filter(|person| person.row.pin_hash.is_some());
            me.people = with_pin.map(to_contract).map(name).collect();
        }
        me.device = Some(devices::to_contract(device));
    }
    moment.commit().await?;
    Ok(me)
}
