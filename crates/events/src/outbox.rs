//! The transactional outbox: events wait in the sender's own database, written in the transaction that caused them,
//! until the broker has confirmed them.

use chrono::{DateTime, TimeDelta, Utc};
use comanda_proto::events::v1::{Event, event::Payload};
use comanda_storage::{
    bulk_insert,
    chunk::pad_to_pow2,
    database::{Database, Transaction},
};
use comanda_telemetry::trace;
use prost::Message;
use sea_orm::{
    ActiveValue::Set,
    DbErr, ExprTrait, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{InsertStatement, LockBehavior, LockType},
};
use std::collections::HashSet;

/// How long a replica has for publishing a row before another one tries. Long enough for a broker that hesitates, short
/// enough for a replica that died.
pub const LEASE: TimeDelta = TimeDelta::seconds(10);

/// One event that the broker has not confirmed yet.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// UUIDv7, so rows sort by age; also the message id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    /// Where it goes.
    pub queue: String,
    /// A serialized `comanda.events.v1.Event`.
    pub body: Vec<u8>,
    /// The trace that the event belongs to.
    pub trace_parent: Option<String>,
    /// The order that it is about.
    pub subject: Option<String>,
    /// Until then the replica that wrote or claimed the row sees to it.
    pub lease_until: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Stores an event in the caller's transaction; it exists if and only if that transaction commits. Announce the row
/// after the commit, so that it is published at once.
///
/// # Errors
/// The database failed.
pub async fn append(txn: &Transaction, now: DateTime<Utc>, shop_id: &str, payload: Payload) -> Result<Model, DbErr> {
    let row = event(now, shop_id, payload);
    append_all(txn, vec![row.clone()], vec![]).await?;
    Ok(row)
}

/// The row of an event that is caused here and now, within its trace; [`append_all`] stores it.
#[must_use]
pub fn event(now: DateTime<Utc>, shop_id: &str, payload: Payload) -> Model {
    let event_id = Uuid::now_v7();
    let (queue, subject) = (queue_of(&payload).to_owned(), subject_of(&payload));
    let event = Event { event_id: event_id.to_string(), shop_id: shop_id.to_owned(), payload: Some(payload) };
    let (body, trace_parent) = (event.encode_to_vec(), trace::current());
    Model { event_id, queue, body, trace_parent, subject, lease_until: now + LEASE }
}

/// Stores several events as [`append`] stores one, and rows of other tables with them.
///
/// # Errors
/// The database failed.
pub async fn append_all(txn: &Transaction, rows: Vec<Model>, mut with: Vec<InsertStatement>) -> Result<(), DbErr> {
    let rows = rows.into_iter().map(ActiveModel::from).collect();
    with.extend(bulk_insert::inserts(txn.get_database_backend(), rows, None)?);
    bulk_insert::store(txn, with).await
}

/// Takes over rows whose lease has expired, oldest first, and renews their lease. Two replicas never get the same row.
///
/// # Errors
/// The database failed.
pub async fn claim_expired(
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut expired = Entity::find()
        .select_only()
        .column(Column::EventId)
        // A lease far ahead was given by a clock that has been set back since.
        .filter(Column::LeaseUntil.lt(now).or(Column::LeaseUntil.gt(now + LEASE * 2)))
        .order_by_asc(Column::EventId)
        .limit(limit);
    // SQLite has a single writer and knows no row locks.
    QuerySelect::query(&mut expired).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let mut rows = Entity::update_many()
        .set(ActiveModel { lease_until: Set(now + LEASE), ..Default::default() })
        .filter(Column::EventId.in_subquery(sea_orm::QueryTrait::into_query(expired)))
        .exec_with_returning(connection)
        .await?;
    rows.sort_unstable_by_key(|row| row.event_id);
    Ok(rows)
}

/// Those of the subjects that an event still waits for.
///
/// # Errors
/// The database failed.
pub async fn waiting(connection: &impl ConnectionTrait, subjects: Vec<String>) -> Result<HashSet<String>, DbErr> {
    let rows = Entity::find().select_only().column(Column::Subject).filter(Column::Subject.is_in(subjects));
    rows.into_tuple::<String>().all(connection).await.map(HashSet::from_iter)
}

/// Removes rows that the broker has confirmed. A crash of the database may bring the last of them back.
///
/// # Errors
/// The database failed; the rows will be published again, which does no harm.
pub async fn remove(database: &Database, confirmed: Vec<Uuid>) -> Result<(), DbErr> {
    let remove = Entity::delete_many().filter(Column::EventId.is_in(pad_to_pow2(confirmed)));
    remove.filter(database.async_commit()).exec(database.writer()).await.map(drop)
}

/// How many events wait, and since when the oldest does.
///
/// # Errors
/// The database failed.
pub async fn backlog(connection: &impl ConnectionTrait) -> Result<(u64, Option<DateTime<Utc>>), DbErr> {
    let waiting = Entity::find().count(connection).await?;
    let oldest = Entity::find().order_by_asc(Column::EventId).one(connection).await?;
    let created = oldest.and_then(|row| row.event_id.get_timestamp()).map(|stamp| stamp.to_unix());
    let created = created.and_then(|(seconds, nanos)| DateTime::from_timestamp(seconds.cast_signed(), nanos));
    Ok((waiting, created))
}

fn subject_of(payload: &Payload) -> Option<String> {
    match payload {
        Payload::OrderPlaced(placed) => placed.order.as_ref().map(|order| order.order_id.clone()),
        Payload::TicketChanged(changed) => changed.ticket.as_ref().map(|ticket| ticket.order_id.clone()),
    }
}

fn queue_of(payload: &Payload) -> &'static str {
    match payload {
        Payload::OrderPlaced(_) => crate::broker::KITCHEN_ORDERS,
        Payload::TicketChanged(_) => crate::broker::ORDERS_TICKETS,
    }
}

#[cfg(test)]
mod tests;
