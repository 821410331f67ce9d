//! What pairs a device: eight characters to be typed within ten minutes, or as many as cannot be guessed in a link.

use crate::{
    Identity,
    devices::shops,
    people::{may_make, number},
    refusal::Refusal,
    secrets::{self, LONG_CODE, TYPED_CODE, fast_hash},
    security_log::{self, Actor},
    session,
    store::{
        self,
        entity::{Words, pairing_code},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_auth::role::Role;
use comanda_storage::database::Database;
use comanda_types::validation::DEFAULT_SHOP;
use sea_orm::DbErr;

const TYPED: TimeDelta = TimeDelta::minutes(10);
const LONG: TimeDelta = TimeDelta::hours(24);

/// What a device will be.
pub struct Wanted {
    pub name: String,
    pub shop: String,
    pub role: Role,
    pub stations: Vec<String>,
}

/// A code for somebody to type, and when it ends.
pub async fn create(identity: &Identity, actor: Actor<'_>, wanted: Wanted) -> Result<(String, DateTime<Utc>), Refusal> {
    let theirs = shops(shop_of(wanted.role, &wanted.shop));
    may_make(actor.principal, wanted.role, &theirs)?;
    let code = secrets::code(TYPED_CODE)?;
    let (txn, now) = identity.database.begin_now().await?;
    session::check_live(&txn, actor.principal).await?;
    let mut event = actor.did("PAIRING_CODE_CREATED", &wanted.name, &theirs);
    event.detail = format!("role: {}", wanted.role.name().to_uppercase());
    let made_by = actor.principal.person.as_ref().or(actor.principal.device.as_ref()).map(|by| by.id);
    let row = row(&code, wanted, now + TYPED);
    let expires = row.expires_at;
    store::devices::insert_code(&txn, pairing_code::Model { created_by: made_by, ..row }).await?;
    security_log::record(&txn, now, event).await?;
    txn.commit().await?;
    Ok((code, expires))
}

/// A long code that pairs one device with the shop main, within 24 hours; an owner's machine with every shop. Earlier ones of
/// this name that nobody has used end. For the links that a shop in a box prints when it starts.
///
/// # Errors
/// The database failed, or the system has no randomness.
pub async fn start_code(database: &Database, role: Role, name: &str) -> Result<String, DbErr> {
    let code = secrets::code(LONG_CODE).map_err(|fault| DbErr::Custom(fault.reason.to_owned()))?;
    let (txn, now) = database.begin_now().await?;
    store::devices::end_codes(&txn, Err(name)).await?;
    let wanted = Wanted { name: name.to_owned(), shop: DEFAULT_SHOP.to_owned(), role, stations: vec![] };
    store::devices::insert_code(&txn, row(&code, wanted, now + LONG)).await?;
    txn.commit().await?;
    Ok(code)
}

/// Owners' machines have every shop.
fn shop_of(role: Role, shop: &str) -> &str {
    if role == Role::Owner { "" } else { shop }
}

fn row(code: &str, wanted: Wanted, expires_at: DateTime<Utc>) -> pairing_code::Model {
    pairing_code::Model {
        code_hash: fast_hash(code),
        shop_id: shop_of(wanted.role, &wanted.shop).to_owned(),
        name: wanted.name,
        role: number(wanted.role),
        stations: Words(wanted.stations),
        created_by: None,
        expires_at,
        used_at: None,
    }
}
