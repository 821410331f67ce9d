//! A new person.

use super::{Wanted, may_make, number};
use crate::{
    Identity,
    refusal::Refusal,
    security_log::{self, Actor},
    session,
    store::{
        self,
        entity::{Hash, staff},
        staff::Person,
    },
};
use sea_orm::prelude::Uuid;

/// Adds a person.
pub async fn create(identity: &Identity, actor: Actor<'_>, wanted: Wanted) -> Result<Person, Refusal> {
    may_make(actor.principal, wanted.role, &wanted.shops)?;
    let password_hash = hashed(identity, wanted.password).await?;
    let pin_hash = hashed(identity, wanted.pin).await?;
    let (txn, now) = session::begin(identity, actor).await?;
    if store::staff::by_login(&txn, &wanted.login).await?.is_some() {
        return Err(Refusal::LoginTaken);
    }
    let row = staff::Model {
        staff_id: Uuid::now_v7(),
        name: wanted.name,
        login: wanted.login,
        role: number(wanted.role),
        password_hash,
        pin_hash,
        revision: 1,
        created_at: now,
        signed_in_at: None,
        archived_at: None,
        issuer: None,
        subject: None,
    };
    let person = Person { row, shops: wanted.shops };
    store::staff::insert(&txn, &person).await?;
    let mut event = actor.did("STAFF_CREATED", &person.row.login, &person.shops);
    event.detail = format!("role: {}", wanted.role.name().to_uppercase());
    security_log::record(&txn, now, event).await?;
    txn.commit().await?;
    Ok(person)
}

/// The hash of a secret, if there is one.
pub async fn hashed(identity: &Identity, secret: Option<String>) -> Result<Option<Hash>, Refusal> {
    match secret {
        Some(secret) => Ok(Some(identity.hasher.hash(secret).await?)),
        None => Ok(None),
    }
}
