//! A changed person. Managers change others; everybody the own name, password and PIN, showing that it is really him or her.
//! Whatever was signed in with what is no longer so ends.

use super::{Wanted, check_another_owner, create::hashed, is_at_work, may_change, may_make, number, role};
use crate::{
    Identity,
    refusal::Refusal,
    security_log::{self, Actor},
    session::{self, revocations},
    slowing::{self, Slowed},
    store::{self, entity::Hash, sessions::Whose, staff::Person},
};
use chrono::{DateTime, Utc};
use comanda_auth::role::Role;
use comanda_storage::database::Transaction;
use sea_orm::{DbErr, prelude::Uuid};

/// What is to change.
pub struct Update {
    pub staff_id: Uuid,
    /// The revision that the caller saw.
    pub seen: i64,
    pub wanted: Wanted,
    /// Of who changes himself or herself.
    pub present_password: String,
}

/// Changes a person.
pub async fn update(identity: &Identity, actor: Actor<'_>, update: Update) -> Result<Person, Refusal> {
    let before = check(actor, &update, store::staff::find(identity.database.reader(), update.staff_id).await?)?;
    if is_self(actor, update.staff_id) {
        prove(identity, actor, &before, update.present_password.clone()).await?;
    }
    let password_hash = hashed(identity, update.wanted.password.clone()).await?;
    let pin_hash = hashed(identity, update.wanted.pin.clone()).await?;

    let (txn, now) = session::begin(identity, actor).await?;
    // The revision says that it is still the person who was looked at.
    let before = check(actor, &update, store::staff::locked(&txn, update.staff_id).await?)?;
    let after = changed(&before, update.wanted, password_hash, pin_hash);
    if after == before {
        return Ok(before);
    }
    store_change(&txn, now, actor, &before, &after).await?;
    txn.commit().await?;
    revocations::read_at_once(&identity.database, &identity.revocations).await;
    Ok(after)
}

fn is_self(actor: Actor<'_>, id: Uuid) -> bool {
    actor.principal.person.as_ref().is_some_and(|person| person.id == id)
}

/// The person, if the caller may change him or her so.
fn check(actor: Actor<'_>, update: &Update, person: Option<Person>) -> Result<Person, Refusal> {
    let person = person.filter(is_at_work).ok_or(Refusal::NoStaff)?;
    let wanted = &update.wanted;
    if is_self(actor, update.staff_id) && actor.principal.role < Role::Owner {
        let same = (&person.row.login, role(person.row.role), &person.shops);
        if same != (&wanted.login, wanted.role, &wanted.shops) {
            return Err(Refusal::Role);
        }
        // Or whoever has left the provider would still get in.
        if person.row.subject.is_some() && wanted.password.is_some() {
            return Err(Refusal::Role);
        }
    } else {
        may_change(actor.principal, &person)?;
        may_make(actor.principal, wanted.role, &wanted.shops)?;
    }
    match person.row.revision == update.seen {
        true => Ok(person),
        false => Err(Refusal::RevisionMismatch(person.row.revision)),
    }
}

/// The password, or the PIN of who has no password: slowed as if somebody signed in.
async fn prove(identity: &Identity, actor: Actor<'_>, person: &Person, present: String) -> Result<(), Refusal> {
    let hash = person.row.password_hash.clone().or_else(|| person.row.pin_hash.clone());
    let Some(hash) = hash else { return Ok(()) };
    // Not the login's: whoever guesses at the door holds nobody up who is inside.
    let slowed = vec![Slowed::present(person.row.staff_id)];
    let counted = slowing::count(&identity.database, slowed).await?;
    let proved = identity.hasher.matches(present, Some(hash)).await?;
    let (txn, now) = identity.database.begin_now().await?;
    if proved {
        counted.forget(&txn).await?;
    } else {
        let event = actor.did("SIGN_IN_REFUSED", &person.row.login, &person.shops);
        security_log::record(&txn, now, event).await?;
    }
    txn.commit().await?;
    if proved { Ok(()) } else { Err(Refusal::PresentPassword) }
}

fn changed(before: &Person, wanted: Wanted, password: Option<Hash>, pin: Option<Hash>) -> Person {
    let mut after = before.clone();
    (after.row.name, after.row.login, after.shops) = (wanted.name, wanted.login, wanted.shops);
    after.row.role = number(wanted.role);
    after.row.password_hash = password.or(after.row.password_hash);
    after.row.pin_hash = pin.or(after.row.pin_hash);
    if after != *before {
        after.row.revision += 1;
    }
    after
}

async fn store_change(
    txn: &Transaction,
    now: DateTime<Utc>,
    actor: Actor<'_>,
    before: &Person,
    after: &Person,
) -> Result<(), Refusal> {
    if before.row.login != after.row.login && store::staff::by_login(txn, &after.row.login).await?.is_some() {
        return Err(Refusal::LoginTaken);
    }
    if before.row.role != after.row.role {
        check_another_owner(txn, before).await?;
    }
    store::staff::save(txn, after).await?;
    if ends_sessions(before, after) {
        end_all(txn, now, before.row.staff_id).await?;
    }
    let mut shops = [before.shops.clone(), after.shops.clone()].concat();
    shops.sort();
    shops.dedup();
    let mut event = actor.did("STAFF_UPDATED", &after.row.login, &shops);
    event.detail = differences(before, after);
    Ok(security_log::record(txn, now, event).await?)
}

fn ends_sessions(before: &Person, after: &Person) -> bool {
    let counts = |person: &Person| {
        let row = person.row.clone();
        (row.role, person.shops.clone(), row.password_hash, row.pin_hash)
    };
    counts(before) != counts(after)
}

/// Ends all that a person has signed in to, and what would let others in by his or her doing.
pub async fn end_all(txn: &Transaction, now: DateTime<Utc>, staff_id: Uuid) -> Result<(), DbErr> {
    session::end(txn, Whose::Staff(staff_id), now).await?;
    store::devices::end_codes(txn, Ok(staff_id)).await?;
    store::links::end(txn, staff_id).await
}

/// For the security log: what was what, and of secrets that they are others now.
pub fn differences(before: &Person, after: &Person) -> String {
    let names = |person: &Person| {
        let role = role(person.row.role).name().to_uppercase();
        [person.row.name.clone(), person.row.login.clone(), role, person.shops.join(", ")]
    };
    let told = ["name", "login", "role", "shops"].into_iter().zip(names(before)).zip(names(after));
    let told = told.filter(|((_, old), new)| old != new).map(|((field, old), new)| format!("{field}: {old} → {new}"));
    let secrets = [
        ("password: changed", before.row.password_hash != after.row.password_hash),
        ("PIN: changed", before.row.pin_hash != after.row.pin_hash),
    ];
    let secrets = secrets.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what.to_owned());
    told.chain(secrets).collect::<Vec<_>>().join("; ")
}
