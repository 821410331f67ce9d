//! From where somebody comes with a password. Who knows a login could otherwise keep its owner out by guessing: so a place
//! that the account knows is slowed by itself, and strangers all together, wherever they are. Places are networks from which
//! the account has signed in, and paired devices of its shops.

use super::Door;
use crate::{
    Identity,
    people::role,
    slowing::Slowed,
    store::{self, entity::sign_in_place, staff::Person},
};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_auth::{principal::Principal, role::Role};
use comanda_storage::database::{Transaction, now};
use sea_orm::{DbErr, prelude::Uuid};
use std::net::IpAddr;

/// How long a network is known after somebody has last signed in from it.
pub const KNOWN: TimeDelta = TimeDelta::days(90);
/// Each is one more from where guesses are taken.
const MOST: u64 = 10;

/// What a password for this login counts against.
pub async fn slowed(
    identity: &Identity,
    login: &str,
    person: Option<&Person>,
    door: Door<'_>,
) -> Result<Vec<Slowed>, DbErr> {
    if let Some(person) = person
        && let Some(device) = own_device(person, door)
    {
        // Not the address: whoever is near may guess from it, too.
        return Ok(vec![Slowed::place(person.row.staff_id, &device.to_string()), Slowed::device(device)]);
    }
    let Some(address) = door.address else { return Ok(vec![Slowed::account(login)]) };
    // Nobody's, too, is looked up: an unknown login takes no other time.
    let staff = person.map_or(Uuid::nil(), |person| person.row.staff_id);
    let reader = identity.database.reader();
    let known = store::places::is_known(reader, staff, &address.to_string(), now(reader).await? - KNOWN).await?;
    let account = if known { Slowed::place(staff, &address.to_string()) } else { Slowed::account(login) };
    Ok(vec![account, Slowed::address(address)])
}

/// A tablet of a shop where the person works.
fn own_device(person: &Person, door: Door<'_>) -> Option<Uuid> {
    let works_at = |device: &&Principal| {
        let theirs = |shop: &String| role(person.row.role) == Role::Owner || person.shops.contains(shop);
        device.role >= Role::Barista && device.shops.iter().any(theirs)
    };
    door.device.filter(works_at)?;
    door.device_id()
}

/// Knows from now on from where somebody has signed in.
pub async fn note(txn: &Transaction, person: &Person, door: Door<'_>, now: DateTime<Utc>) -> Result<(), DbErr> {
    let Some(network) = door.address.as_ref().map(IpAddr::to_string) else { return Ok(()) };
    let place = sign_in_place::Model { staff_id: person.row.staff_id, network, used_at: now };
    store::places::note(txn, place, MOST).await
}
