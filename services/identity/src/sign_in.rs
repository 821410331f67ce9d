//! The ways in. Each says whom it found and by which stored hash (`password`, `pin`, `link`), or by whose word (`oidc`); here that one is locked, found
//! unchanged, and gets a session. What is refused is refused in the same words, whatever was wrong.

mod link;
pub mod oidc;
mod password;
mod pin;
pub mod place;

use crate::{
    Identity, people,
    refusal::Refusal,
    security_log::{self, Event},
    session::{self, Way},
    slowing::{self, Counted},
    store::{
        self,
        entity::{Hash, device},
        staff::Person,
    },
};
use chrono::{DateTime, Utc};
use comanda_auth::principal::Principal;
use comanda_proto::identity::v1::{OidcProof, Session};
use comanda_storage::database::Transaction;
use sea_orm::{DbErr, prelude::Uuid};
use std::net::IpAddr;

/// What somebody shows.
pub enum Proof {
    /// A login and a password.
    Password(String, String),
    /// A person and a PIN, at a device.
    Pin(Uuid, String),
    /// A code of an OpenID Connect provider.
    Oidc(OidcProof),
    /// The secret of a link.
    Link(String),
}

/// Who shows it.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    /// The device that was paired, where one is used.
    pub device: Option<&'a Principal>,
    /// Where it is, if that is known.
    pub address: Option<IpAddr>,
}

impl Door<'_> {
    fn device_id(&self) -> Option<Uuid> {
        self.device.and_then(|device| device.device.as_ref()).map(|device| device.id)
    }
}

/// Somebody who has proved to be a person.
pub struct Proved {
    staff_id: Uuid,
    by: By,
    counted: Counted,
}

/// By what: it must still be so when the session is opened.
pub enum By {
    Password(Hash),
    Pin(Hash),
    Link(Hash),
    /// Nothing that is stored.
    Provider,
}

/// Signs somebody in.
pub async fn sign_in(identity: &Identity, proof: Proof, door: Door<'_>) -> Result<Session, Refusal> {
    let proved = match proof {
        Proof::Password(login, password) => password::prove(identity, &login, password, door).await?,
        Proof::Pin(person, pin) => pin::prove(identity, person, pin, door).await?,
        Proof::Link(secret) => link::prove(identity, &secret, door).await?,
        Proof::Oidc(proof) => oidc::prove(identity, proof, door).await?,
    };
    enter(identity, proved, door).await
}

/// Opens the session of somebody who has proved to be a person, unless that is so no more.
async fn enter(identity: &Identity, proved: Proved, door: Door<'_>) -> Result<Session, Refusal> {
    let (txn, now) = identity.database.begin_now().await?;
    let person = store::staff::locked(&txn, proved.staff_id).await?.filter(people::is_at_work);
    let person = person.ok_or(Refusal::SignIn)?;
    check_unchanged(&txn, now, &person, &proved.by).await?;
    let device = device(&txn, door).await?;
    let way = match proved.by {
        By::Pin(_) => Way::Pin,
        By::Provider => Way::Provider,
        By::Password(_) | By::Link(_) => Way::Own,
    };
    let session = session::open(identity, &txn, now, &person, device.as_ref(), way).await?;
    proved.counted.forget(&txn).await?;
    if way != Way::Pin {
        place::note(&txn, &person, door, now).await?;
    }
    let detail = match proved.by {
        By::Password(_) => "password".to_owned(),
        By::Pin(_) => format!("PIN at {}", device.as_ref().map_or("", |device| &device.name)),
        By::Link(_) => "link".to_owned(),
        By::Provider => identity.provider.as_ref().map(|own| own.settings().name.clone()).unwrap_or_default(),
    };
    let (kind, actor, subject) = ("SIGN_IN", person.row.name.clone(), person.row.login.clone());
    let event = Event { kind, actor, subject, address: door.address, detail, shops: person.shops };
    security_log::record(&txn, now, event).await?;
    txn.commit().await?;
    Ok(session)
}

async fn check_unchanged(txn: &Transaction, now: DateTime<Utc>, person: &Person, by: &By) -> Result<(), Refusal> {
    let unchanged = match by {
        By::Password(hash) => person.row.password_hash.as_ref() == Some(hash),
        By::Pin(hash) => person.row.pin_hash.as_ref() == Some(hash),
        By::Link(hash) => store::links::use_up(txn, hash, now).await?,
        By::Provider => true,
    };
    unchanged.then_some(()).ok_or(Refusal::SignIn)
}

/// The device that the session is at, which must not have been revoked.
async fn device(txn: &Transaction, door: Door<'_>) -> Result<Option<device::Model>, Refusal> {
    let Some(id) = door.device_id() else { return Ok(None) };
    let device = store::devices::find(txn, id).await?.filter(|device| device.revoked_at.is_none());
    device.map(Some).ok_or(Refusal::SignIn)
}

/// Records a wrong proof, of a person where one was named, and refuses it.
async fn refuse(identity: &Identity, person: Option<&Person>, counted: &Counted, door: Door<'_>) -> Refusal {
    match record_refusal(identity, person, counted, door, String::new()).await {
        Ok(()) => Refusal::SignIn,
        Err(error) => Refusal::Database(error),
    }
}

async fn record_refusal(
    identity: &Identity,
    person: Option<&Person>,
    counted: &Counted,
    door: Door<'_>,
    detail: String,
) -> Result<(), DbErr> {
    if person.is_none() && door.device.is_none() && !slowing::may_note(&identity.database).await? {
        return Ok(());
    }
    let (subject, shops) = match (person, door.device) {
        (Some(person), _) => (person.row.login.clone(), person.shops.clone()),
        (None, Some(device)) => (String::new(), device.shops.clone()),
        (None, None) => Default::default(),
    };
    let actor = door.device.map(|device| device.name().to_owned()).unwrap_or_default();
    let event = Event { actor, subject, address: door.address, shops, detail, ..Event::default() };
    let (txn, now) = identity.database.begin_now().await?;
    security_log::record(&txn, now, Event { kind: "SIGN_IN_REFUSED", ..event.clone() }).await?;
    if counted.slows {
        security_log::record(&txn, now, Event { kind: "SIGN_IN_SLOWED", ..event }).await?;
    }
    txn.commit().await
}

#[cfg(test)]
mod tests;
