//! A person leaves. The row stays, because histories name it and nobody else may have its login; name and login go if that
//! is asked for.

use super::{check_another_owner, is_at_work, may_change, update::end_all};
use crate::{
    Identity,
    refusal::Refusal,
    security_log::{self, Actor},
    session::{self, revocations},
    store::{self, staff::Person},
};
use sea_orm::prelude::Uuid;

/// Whoever is forgotten is called so.
const NAMELESS: &str = "—";

/// Lets a person go; a second time changes nothing.
pub async fn archive(identity: &Identity, actor: Actor<'_>, id: Uuid, erase: bool) -> Result<Person, Refusal> {
    let (txn, now) = session::begin(identity, actor).await?;
    let mut person = store::staff::locked(&txn, id).await?.ok_or(Refusal::NoStaff)?;
    may_change(actor.principal, &person)?;
    let erased = format!("erased-{id}");
    let (leaves, forgotten) = (is_at_work(&person), erase && person.row.login != erased);
    if !leaves && !forgotten {
        return Ok(person);
    }
    person.row.revision += 1;
    if leaves {
        check_another_owner(&txn, &person).await?;
        person.row.archived_at = Some(now);
        (person.row.password_hash, person.row.pin_hash) = (None, None);
        end_all(&txn, now, id).await?;
        store::places::forget(&txn, id).await?;
        security_log::record(&txn, now, actor.did("STAFF_ARCHIVED", &person.row.login, &person.shops)).await?;
    }
    if forgotten {
        person.row.name = NAMELESS.to_owned();
        person.row.login = erased;
        security_log::record(&txn, now, actor.did("STAFF_ERASED", &person.row.login, &person.shops)).await?;
    }
    store::staff::save(&txn, &person).await?;
    txn.commit().await?;
    revocations::read_at_once(&identity.database, &identity.revocations).await;
    Ok(person)
}
