//! The audit's SQL: which orders are due, who asks for them, and how long until the next time.

use super::orders::{ActiveModel, Column, Entity};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_events::TICKET_RETENTION;
use comanda_proto::r#type::v1::OrderState;
use sea_orm::{
    ActiveValue::Set,
    DbErr, ExprTrait, FromQueryResult, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{LockBehavior, LockType},
};
use std::collections::BTreeMap;

/// The longest pause between two questions about one order, in seconds.
pub const MAX_WAIT: i32 = 3600;

/// An order that this replica has claimed.
#[derive(Debug, FromQueryResult)]
pub struct Due {
    pub order_id: Uuid,
    audit_wait: i32,
    /// Told again before, and still without an answer.
    pub is_probe: bool,
}

/// The ids of orders to ask for: first those that were republished in vain, then the others, longest due first.
pub async fn due(connection: &impl ConnectionTrait, now: DateTime<Utc>, limit: u64) -> Result<Vec<Uuid>, DbErr> {
    let due = Entity::find().select_only().column(Column::OrderId).filter(Column::AuditAt.lte(now));
    let due = due.filter(Column::CreatedAt.gt(now - TICKET_RETENTION)).order_by_asc(Column::AuditAt);
    let probes = due.clone().filter(Column::TicketAt.is_null()).filter(Column::Retold.gt(0)).limit(limit);
    let mut ids: Vec<Uuid> = probes.into_tuple().all(connection).await?;
    let others = due.filter(Column::TicketAt.is_not_null().or(Column::Retold.eq(0)));
    let others = others.limit(limit.saturating_sub(ids.len() as u64)).into_tuple::<Uuid>();
    ids.extend(others.all(connection).await?);
    Ok(ids)
}

/// Takes those of the orders that are still due and that no other replica is taking; each waits twice as long then.
pub async fn claim(connection: &impl ConnectionTrait, now: DateTime<Utc>, asked: &[Uuid]) -> Result<Vec<Due>, DbErr> {
    let mut still_due = Entity::find()
        .select_only()
        .columns([Column::OrderId, Column::AuditWait])
        .expr_as(Column::TicketAt.is_null().and(Column::Retold.gt(0)), "is_probe")
        .filter(Column::OrderId.is_in(asked.iter().copied()))
        .filter(Column::AuditAt.lte(now))
        .order_by_asc(Column::OrderId);
    // SQLite has a single writer and knows no row locks.
    QuerySelect::query(&mut still_due).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let claimed = still_due.into_model::<Due>().all(connection).await?;
    let mut by_wait: BTreeMap<i32, Vec<Uuid>> = BTreeMap::new();
    for due in &claimed {
        by_wait.entry(Ord::min(due.audit_wait.saturating_mul(2), MAX_WAIT)).or_default().push(due.order_id);
    }
    for (wait, ids) in by_wait {
        let next = ActiveModel { audit_at: Set(Some(after(now, wait))), audit_wait: Set(wait), ..Default::default() };
        Entity::update_many().set(next).filter(Column::OrderId.is_in(ids)).exec(connection).await?;
    }
    Ok(claimed)
}

/// Notes that an order was republished.
pub async fn note_told(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<(), DbErr> {
    let once_more = Entity::update_many().col_expr(Column::Retold, Expr::col(Column::Retold).add(1));
    once_more.filter(Column::OrderId.eq(order_id)).exec(connection).await.map(drop)
}

/// Asks no more for an order that nothing can happen to. For one that has said nothing new for so long that its last step
/// can no longer be taken back.
pub async fn close_if_final(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<(), DbErr> {
    let last = [OrderState::Collected, OrderState::Cancelled].map(|state| state as i16);
    let closed = Entity::update_many().set(ActiveModel { audit_at: Set(None), ..Default::default() });
    let closed = closed.filter(Column::OrderId.eq(order_id)).filter(Column::State.is_in(last));
    closed.exec(connection).await.map(drop)
}

/// How many orders were republished, not longer than an hour in vain, and are not answered yet.
pub async fn unanswered_probes(connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let probes = Entity::find().filter(Column::TicketAt.is_null()).filter(Column::Retold.gt(0));
    probes.filter(Column::AuditWait.lt(MAX_WAIT)).count(connection).await
}

/// How many orders accepted before `silent` have no ticket.
pub async fn unaccounted(connection: &impl ConnectionTrait, silent: DateTime<Utc>) -> Result<u64, DbErr> {
    Entity::find().filter(Column::TicketAt.is_null()).filter(Column::CreatedAt.lt(silent)).count(connection).await
}

/// So many seconds later.
pub fn after(now: DateTime<Utc>, seconds: i32) -> DateTime<Utc> {
    now + TimeDelta::seconds(seconds.into())
}
