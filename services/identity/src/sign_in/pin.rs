//! By PIN, at a paired device of a shop where the person works. Wrong ones slow that device, never the person: whoever wants
//! to keep somebody out would have to steal a tablet. The panel is no place to sign in at.

use super::{By, Door, Proved, refuse};
use crate::{
    Identity,
    people::{self, role},
    refusal::Refusal,
    slowing::{self, Slowed},
    store::{self, entity::device, staff::Person},
};
use comanda_auth::role::Role;
use sea_orm::prelude::Uuid;

/// Whose PIN it is.
pub async fn prove(identity: &Identity, person: Uuid, pin: String, door: Door<'_>) -> Result<Proved, Refusal> {
    let device_id = door.device_id().ok_or(Refusal::SignIn)?;
    let counted = slowing::count(&identity.database, vec![Slowed::device(device_id)]).await?;
    let reader = identity.database.reader();
    let device = store::devices::find(reader, device_id).await?;
    let person = store::staff::find(reader, person).await?.filter(people::is_at_work);
    let person = person.zip(device).filter(|(person, device)| works_there(person, device)).map(|(person, _)| person);
    let hash = person.as_ref().and_then(|person| person.row.pin_hash.clone());
    let matches = identity.hasher.matches(pin, hash.clone()).await?;
    match (person, hash) {
        (Some(person), Some(hash)) if matches => {
            Ok(Proved { staff_id: person.row.staff_id, by: By::Pin(hash), counted })
        }
        (person, _) => Err(refuse(identity, person.as_ref(), &counted, door).await),
    }
}

fn works_there(person: &Person, device: &device::Model) -> bool {
    let theirs = person.shops.contains(&device.shop_id) || role(person.row.role) == Role::Owner;
    theirs && !device.shop_id.is_empty() && role(device.role) >= Role::Barista
}
