//! A person leaves. The row stays, because histories name it and nobody else may have its login.

use super::{check_another_owner, is_at_work, may_change, update::end_all};
use crate::{
    Identity,
    refusal::Refusal,
    security_log::{self, Actor},
    session::{self, revocations},
    store::{self, staff::Person},
};
use sea_orm::prelude::Uuid;

/// Lets a person go; a second time changes nothing.
pub async fn archive(identity: &Identity, actor: Actor<'_>, id: Uuid) -> Result<Person, Refusal> {
    let (txn, now) = session::begin(identity, actor).await?;
    let mut person = store::staff::locked(&txn, id).await?.ok_or(Refusal::NoStaff)?;
    may_change(actor.principal, &person)?;
    if !is_at_work(&person) {
        return Ok(person);
    }
    check_another_owner(&txn, &person).await?;
    person.row.archived_at = Some(now);
    person.row.revision += 1;
    (person.row.password_hash, person.row.pin_hash) = (None, None);
    store::staff::save(&txn, &person).await?;
    end_all(&txn, now, id).await?;
    security_log::record(&txn, now, actor.did("STAFF_ARCHIVED", &person.row.login, &person.shops)).await?;
    txn.commit().await?;
    revocations::read_at_once(&identity.database, &identity.revocations).await;
    Ok(person)
}
