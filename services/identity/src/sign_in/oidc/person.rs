//! Who somebody of a provider is here: whoever has that subject of that issuer, and nothing else counts, least of all an
//! e-mail address. The name is the provider's at first, and what people make of it from then on; role and shops are the
//! provider's at each sign-in.

use super::{id_token::Claims, roles::Granted, settings::Settings};
use crate::{
    Identity,
    people::{
        is_at_work, number,
        update::{differences, end_all},
    },
    refusal::Refusal,
    security_log::{self, Event},
    session::revocations,
    store::{self, entity::staff, staff::Person},
};
use chrono::{DateTime, Utc};
use comanda_storage::database::Transaction;
use comanda_types::validation::Checks;
use sea_orm::{DbErr, prelude::Uuid};
use std::net::IpAddr;

const LONGEST_NAME: usize = 40;
/// What is left of a name beside an id that makes it unique.
const LONGEST_STEM: usize = 20;

/// The person, if there is one already.
pub async fn known(identity: &Identity, settings: &Settings, subject: &str) -> Result<Option<Person>, DbErr> {
    store::staff::by_subject(identity.database.reader(), &settings.issuer, subject).await
}

/// The person with this role and these shops, made where there is none yet; `None` for who has left.
pub async fn updated(
    identity: &Identity,
    settings: &Settings,
    claims: &Claims,
    granted: Granted,
    address: Option<IpAddr>,
) -> Result<Option<Uuid>, Refusal> {
    let (txn, now) = identity.database.begin_now().await?;
    store::sessions::lock(&txn).await?;
    let actor = settings.name.clone();
    let event = |kind, after: &Person, shops, detail| {
        let (actor, subject) = (actor.clone(), after.row.login.clone());
        Event { kind, actor, subject, address, detail, shops }
    };
    let before = store::staff::by_subject(&txn, &settings.issuer, &claims.sub).await?;
    let Some(before) = before else {
        let person = made(&txn, now, settings, claims, granted).await?;
        let detail = format!("role: {}", crate::people::role(person.row.role).name().to_uppercase());
        security_log::record(&txn, now, event("STAFF_CREATED", &person, person.shops.clone(), detail)).await?;
        txn.commit().await?;
        return Ok(Some(person.row.staff_id));
    };
    if !is_at_work(&before) {
        return Ok(None);
    }
    let mut after = before.clone();
    (after.row.role, after.shops) = (number(granted.role), granted.shops);
    if after != before {
        after.row.revision += 1;
        store::staff::save(&txn, &after).await?;
        end_all(&txn, now, after.row.staff_id).await?;
        let mut shops = [before.shops.clone(), after.shops.clone()].concat();
        shops.sort();
        shops.dedup();
        let detail = differences(&before, &after);
        security_log::record(&txn, now, event("STAFF_UPDATED", &after, shops, detail)).await?;
        txn.commit().await?;
        revocations::read_at_once(&identity.database, &identity.revocations).await;
    }
    Ok(Some(after.row.staff_id))
}

async fn made(
    txn: &Transaction,
    now: DateTime<Utc>,
    settings: &Settings,
    claims: &Claims,
    granted: Granted,
) -> Result<Person, DbErr> {
    let staff_id = Uuid::now_v7();
    let row = staff::Model {
        staff_id,
        name: name(claims),
        login: free_login(txn, claims, staff_id).await?,
        role: number(granted.role),
        password_hash: None,
        pin_hash: None,
        revision: 1,
        created_at: now,
        signed_in_at: None,
        archived_at: None,
        issuer: Some(settings.issuer.clone()),
        subject: Some(claims.sub.clone()),
    };
    let person = Person { row, shops: granted.shops };
    store::staff::insert(txn, &person).await?;
    Ok(person)
}

/// What others call him or her, by what the provider tells.
pub fn name(claims: &Claims) -> String {
    let told = [&claims.name, &claims.preferred_username].into_iter().flatten();
    let fits = |text: &String| {
        let (mut checks, short) = (Checks::default(), text.chars().take(LONGEST_NAME).collect::<String>());
        let name = checks.text("name", &short, 1, LONGEST_NAME);
        checks.done().is_ok().then_some(name)
    };
    told.filter_map(fits).next().unwrap_or_else(|| "?".to_owned())
}

/// Like the name there, made unique: it names the person in lists and logs, and signs nobody in without a password.
async fn free_login(txn: &Transaction, claims: &Claims, staff_id: Uuid) -> Result<String, DbErr> {
    let told = claims.preferred_username.as_deref().unwrap_or_default().to_ascii_lowercase();
    let fitting = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '.' };
    let stem = told.chars().map(fitting).take(LONGEST_STEM).collect::<String>();
    let stem = if stem.is_empty() { "oidc".to_owned() } else { stem };
    Ok(match store::staff::by_login(txn, &stem).await? {
        Some(_) => format!("{stem}-{staff_id}"),
        None => stem,
    })
}
