//! What concerned security, for managers to read: who did what, from where. Callers give names and roles, never a secret;
//! what somebody typed as a login is named only where it is one.

use crate::{
    Identity,
    refusal::Refusal,
    slowing,
    store::{self, entity::security_event},
};
use chrono::{DateTime, Utc};
use comanda_auth::{principal::Principal, role::Role};
use comanda_proto::identity::v1::{ListSecurityEventsResponse, RateLimited, SecurityEvent};
use comanda_storage::{database::Transaction, retention::BATCH_SIZE};
use comanda_types::timestamp::to_proto;
use sea_orm::{DbErr, prelude::Uuid};
use std::net::IpAddr;
use uuid::{NoContext, Timestamp};

/// In one report.
const MAX_REPORTED: usize = 50;

/// Something that is to be recorded.
#[derive(Debug, Clone, Default)]
pub struct Event {
    /// As the contract lists them.
    pub kind: &'static str,
    /// Who did it.
    pub actor: String,
    /// Whom or what it concerns.
    pub subject: String,
    /// From where.
    pub address: Option<IpAddr>,
    /// More about it.
    pub detail: String,
    /// The shops that it concerns; none: only owners see it.
    pub shops: Vec<String>,
}

/// Who does something, and from where.
#[derive(Clone, Copy)]
pub struct Actor<'a> {
    /// As the token says.
    pub principal: &'a Principal,
    /// Where the client is, if it is known.
    pub address: Option<IpAddr>,
}

impl Actor<'_> {
    /// An event of this one's doing.
    pub fn did(&self, kind: &'static str, subject: &str, shops: &[String]) -> Event {
        let (actor, subject) = (self.principal.name().to_owned(), subject.to_owned());
        Event { kind, actor, subject, address: self.address, detail: String::new(), shops: shops.to_vec() }
    }
}

/// Records something in the transaction that did it.
pub async fn record(txn: &Transaction, now: DateTime<Utc>, event: Event) -> Result<(), DbErr> {
    let shops = if event.shops.is_empty() { vec![None] } else { event.shops.iter().cloned().map(Some).collect() };
    let row = |shop_id| security_event::Model {
        event_id: id(now),
        shop_id,
        happened_at: now,
        kind: event.kind.to_owned(),
        actor: event.actor.clone(),
        subject: event.subject.clone(),
        address: event.address.map(|address| address.to_string()).unwrap_or_default(),
        detail: event.detail.clone(),
    };
    metrics::counter!("comanda_security_events_total", "kind" => event.kind).increment(1);
    tracing::info!(kind = event.kind, actor = event.actor, subject = event.subject, "security");
    store::log::insert(txn, shops.into_iter().map(row).collect()).await
}

/// Records whom the gateway has refused, as long as there is room for what concerns nobody in particular.
pub async fn note_limited(identity: &Identity, refusals: Vec<RateLimited>) -> Result<(), Refusal> {
    for RateLimited { address, limit, count } in refusals.into_iter().take(MAX_REPORTED) {
        if !slowing::may_note(&identity.database).await? {
            return Ok(());
        }
        let (txn, now) = identity.database.begin_now().await?;
        let (address, detail) = (address.parse().ok(), format!("{limit} ×{count}"));
        record(&txn, now, Event { kind: "RATE_LIMITED", address, detail, ..Event::default() }).await?;
        txn.commit().await?;
    }
    Ok(())
}

/// Sorts by the database's time.
fn id(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
}

/// A part of the log of a shop, latest first, before that event; owners see what concerns no shop, too.
pub async fn list(
    identity: &Identity,
    caller: &Principal,
    shop: &str,
    before: Option<Uuid>,
    limit: u64,
) -> Result<ListSecurityEventsResponse, Refusal> {
    let owner = caller.role == Role::Owner;
    let mut events = store::log::list(identity.database.reader(), shop, owner, before, limit + 1).await?;
    let more = events.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        events.pop();
    }
    let next = events.last().filter(|_| more).map(|last| last.event_id.to_string());
    let events = events.into_iter().map(to_contract).collect();
    Ok(ListSecurityEventsResponse { events, next_page_token: next.unwrap_or_default() })
}

fn to_contract(event: security_event::Model) -> SecurityEvent {
    SecurityEvent {
        event_time: Some(to_proto(event.happened_at)),
        kind: event.kind,
        actor: event.actor,
        subject: event.subject,
        address: event.address,
        detail: event.detail,
    }
}

/// Removes what is older than that, as much as one pass may.
pub async fn forget(txn: &Transaction, before: DateTime<Utc>) -> Result<u64, DbErr> {
    store::log::remove_old(txn, before, BATCH_SIZE).await
}

#[cfg(test)]
mod tests;
