//! Orders that are long over, each with all that is known of it as one row, out of the way of those that are not. They can
//! still be looked at.

use super::{order_history, order_line, orders};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_proto::r#type::v1::OrderState;
use comanda_storage::{bulk_insert, chunk::pad_to_pow2};
use comanda_types::timestamp::first_id;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    DbErr, FromJsonQueryResult, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{LockBehavior, LockType},
};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// No order goes there sooner: no setting is below.
pub const SOONEST: TimeDelta = TimeDelta::days(1);

/// What was COLLECTED can be reopened until its business day ends, and that is no longer than 25 hours; an archived order
/// never changes.
const SETTLED: TimeDelta = TimeDelta::days(1);

/// One order.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "archived_order")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Uuid,
    pub created_at: DateTime<Utc>,
    pub story: Story,
    /// Whether the customer's first name is still in it.
    pub named: bool,
}

impl ActiveModelBehavior for ActiveModel {}

/// The rows that an order had, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Story {
    pub order: orders::Model,
    pub lines: Vec<order_line::Model>,
    pub history: Vec<order_history::Model>,
}

/// An order that is there.
pub async fn find(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<Option<Story>, DbErr> {
    Ok(Entity::find_by_id(order_id).one(connection).await?.map(|archived| archived.story))
}

/// Those of the orders that are there.
pub async fn among(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashSet<Uuid>, DbErr> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let there = Entity::find().select_only().column(Column::OrderId).filter(Column::OrderId.is_in(pad_to_pow2(ids)));
    there.into_tuple::<Uuid>().all(connection).await.map(HashSet::from_iter)
}

/// Moves orders there that were accepted before that time and that nothing can happen to any more; says how many.
pub async fn fill(connection: &impl ConnectionTrait, before: DateTime<Utc>, limit: u64) -> Result<u64, DbErr> {
    let over = over(connection, before, limit).await?;
    if over.is_empty() {
        return Ok(0);
    }
    let ids = pad_to_pow2(over.iter().map(|order| order.order_id).collect::<Vec<_>>());
    let lines = order_line::Entity::find()
        .filter(order_line::Column::OrderId.is_in(ids.clone()))
        .order_by_asc(order_line::Column::Position);
    let mut lines = by_order(lines.all(connection).await?, |line| line.order_id);
    let history = order_history::of(ids.clone()).all(connection).await?;
    let mut history = by_order(history, |step| step.order_id);
    let archived = over.iter().map(|order| {
        let (lines, history) = (lines.remove(&order.order_id), history.remove(&order.order_id));
        let story =
            Story { order: order.clone(), lines: lines.unwrap_or_default(), history: history.unwrap_or_default() };
        ActiveModel::from(Model { order_id: order.order_id, created_at: order.created_at, story, named: true })
    });
    let inserts = bulk_insert::inserts(connection.get_database_backend(), archived.collect(), None)?;
    bulk_insert::store(connection, inserts).await?;
    order_history::Entity::delete_many()
        .filter(order_history::Column::OrderId.is_in(ids.clone()))
        .exec(connection)
        .await?;
    order_line::Entity::delete_many().filter(order_line::Column::OrderId.is_in(ids.clone())).exec(connection).await?;
    let moved = orders::Entity::delete_many().filter(orders::Column::OrderId.is_in(ids)).exec(connection).await?;
    Ok(moved.rows_affected)
}

/// Takes the first names of customers and staff, and allergies, out of what was accepted before that time; says of how many.
/// Nobody is told: what they ordered stays as it was.
pub async fn forget_names(connection: &impl ConnectionTrait, before: DateTime<Utc>, limit: u64) -> Result<u64, DbErr> {
    let mut named = named(before).limit(limit);
    // SQLite has a single writer and knows no row locks.
    QuerySelect::query(&mut named).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let named = named.all(connection).await?;
    let mut count = 0;
    for Model { order_id, mut story, .. } in named {
        story.order.customer_name.clear();
        // What somebody cannot eat tells who it was, too.
        story.lines.iter_mut().for_each(|line| line.allergy.clear());
        story.history.iter_mut().for_each(|step| step.author.forget_person());
        let nameless =
            ActiveModel { order_id: Unchanged(order_id), story: Set(story), named: Set(false), ..Default::default() };
        Entity::update(nameless).exec(connection).await?;
        count += 1;
    }
    Ok(count)
}

/// Takes out of one order what is personal of its customer.
pub async fn erase_customer(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<(), DbErr> {
    // SQLite has a single writer and knows no row locks.
    let archived = Entity::find_by_id(order_id).lock(LockType::Update).one(connection).await?;
    let Some(Model { mut story, .. }) = archived else { return Ok(()) };
    story.order.customer_name.clear();
    for line in &mut story.lines {
        line.allergy.clear();
        line.note.clear();
    }
    let erased = ActiveModel { order_id: Unchanged(order_id), story: Set(story), ..Default::default() };
    Entity::update(erased).exec(connection).await.map(|_| ())
}

fn named(before: DateTime<Utc>) -> Select<Entity> {
    let old = Entity::find().filter(Column::OrderId.lt(first_id(before))).filter(Column::CreatedAt.lt(before));
    // In the words of the index, so that no plan reads all that are there.
    old.filter(Expr::cust("named IS TRUE")).order_by_asc(Column::OrderId)
}

/// Removes for good what was accepted before that time; says how many.
pub async fn empty(connection: &impl ConnectionTrait, before: DateTime<Utc>, limit: u64) -> Result<u64, DbErr> {
    let mut old = Entity::find().select_only().column(Column::OrderId);
    old = old.filter(Column::OrderId.lt(first_id(before))).filter(Column::CreatedAt.lt(before));
    let old = QuerySelect::limit(old.order_by_asc(Column::OrderId), limit).into_query();
    let gone = Entity::delete_many().filter(Column::OrderId.in_subquery(old)).exec(connection).await?;
    Ok(gone.rows_affected)
}

/// The oldest orders that are at their end and that the audit asks for no more. Ids rise with time, but by the clock of a
/// replica: what decides is the database's.
async fn over(
    connection: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<orders::Model>, DbErr> {
    use orders::{Column, Entity};
    let last = [OrderState::Collected, OrderState::Cancelled].map(|state| state as i16);
    let mut over = Entity::find()
        .filter(Column::OrderId.lt(first_id(before)))
        .filter(Column::CreatedAt.lt(before))
        // At least two days ago, with SOONEST.
        .filter(Column::UpdatedAt.lt(before - SETTLED))
        .filter(Column::State.is_in(last))
        .filter(Column::AuditAt.is_null())
        .order_by_asc(Column::OrderId)
        .limit(limit);
    // SQLite has a single writer and knows no row locks.
    QuerySelect::query(&mut over).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    over.all(connection).await
}

fn by_order<T>(rows: Vec<T>, order_id: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut orders: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in rows {
        orders.entry(order_id(&row)).or_default().push(row);
    }
    orders
}
