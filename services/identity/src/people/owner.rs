//! The first owner, whom nobody can make by a call: whoever has the machine makes a link that signs him or her in.

use super::{OWNER, update::end_all};
use crate::{
    secrets::{self, fast_hash},
    security_log::{self, Event},
    store::{
        self,
        entity::{sign_in_link, staff},
        staff::Person,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_storage::database::{Database, Transaction};
use sea_orm::{DbErr, prelude::Uuid};

const LINK: TimeDelta = TimeDelta::hours(24);
const LOGIN: &str = "owner";
const NAME: &str = "Owner";

/// The secret of a link that signs the first owner in once, within 24 hours; earlier ones end, sessions do not. Makes the
/// owner, without a password, if there is none. With `reset`, forgets that owner's password and PIN and ends all sessions:
/// every process knows within two seconds.
///
/// # Errors
/// The database failed, or the system has no randomness.
pub async fn owner_link(database: &Database, reset: bool) -> Result<String, DbErr> {
    let secret = secrets::token().map_err(|fault| DbErr::Custom(fault.reason.to_owned()))?;
    let (txn, now) = database.begin_now().await?;
    store::sessions::lock(&txn).await?;
    let owner = first_owner(&txn, now).await?;
    let login = owner.row.login.clone();
    let staff_id = owner.row.staff_id;
    let event = |kind, subject| Event { kind, subject, ..Event::default() };
    if reset {
        forget_secrets(&txn, now, owner).await?;
        security_log::record(&txn, now, event("OWNER_RESET", login.clone())).await?;
    }
    let link_hash = fast_hash(&secret);
    let link = sign_in_link::Model { link_hash, staff_id, expires_at: now + LINK, used_at: None };
    store::links::replace(&txn, link).await?;
    security_log::record(&txn, now, event("OWNER_LINK_CREATED", login)).await?;
    txn.commit().await?;
    Ok(secret)
}

/// Whether an owner has ever signed in.
///
/// # Errors
/// The database failed.
pub async fn is_claimed(database: &Database) -> Result<bool, DbErr> {
    store::staff::has_signed_in(database.reader(), OWNER).await
}

async fn first_owner(txn: &Transaction, now: DateTime<Utc>) -> Result<Person, DbErr> {
    if let Some(first) = store::staff::of_role(txn, OWNER).await?.into_iter().next()
        && let Some(owner) = store::staff::locked(txn, first.staff_id).await?
    {
        return Ok(owner);
    }
    let staff_id = Uuid::now_v7();
    let login = match store::staff::by_login(txn, LOGIN).await? {
        Some(_) => format!("{LOGIN}-{staff_id}"),
        None => LOGIN.to_owned(),
    };
    let row = staff::Model {
        staff_id,
        name: NAME.to_owned(),
        login,
        role: OWNER,
        password_hash: None,
        pin_hash: None,
        revision: 1,
        created_at: now,
        signed_in_at: None,
        archived_at: None,
        issuer: None,
        subject: None,
    };
    let owner = Person { row, shops: vec![] };
    store::staff::insert(txn, &owner).await?;
    Ok(owner)
}

async fn forget_secrets(txn: &Transaction, now: DateTime<Utc>, mut owner: Person) -> Result<(), DbErr> {
    (owner.row.password_hash, owner.row.pin_hash) = (None, None);
    owner.row.revision += 1;
    store::staff::save(txn, &owner).await?;
    end_all(txn, now, owner.row.staff_id).await
}
