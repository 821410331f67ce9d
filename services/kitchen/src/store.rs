//! All SQL of the kitchen.

use crate::ticket::{Standing, shop_day::ShopDay};
use chrono::{DateTime, Utc};
use comanda_proto::{
    kitchen::v1::{Ticket, TicketLine},
    r#type::v1::{AtTable, OrderState, ServiceMode, TakeAway, Transition, service_mode::Mode},
};
use comanda_storage::{bulk_insert, chunk::pad_to_pow2};
use comanda_types::timestamp::{first_id, to_proto};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    DbBackend, DbErr, FromJsonQueryResult, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{InsertStatement, LockBehavior, LockType, OnConflict},
};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The tickets.
pub mod ticket {
    use super::*;

    /// One ticket.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "ticket")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: Uuid,
        pub shop_id: String,
        pub number: i64,
        pub accepted_seq: i64,
        /// The number of the `OrderState`.
        pub state: i16,
        pub revision: i64,
        /// That of the last step; ticks of lines raise `revision` alone.
        pub state_revision: i64,
        /// Whether it stands on the board.
        pub open: bool,
        pub customer_name: String,
        pub at_table: Option<String>,
        pub lines: Lines,
        pub cancel_reason: String,
        pub acknowledged: bool,
        pub ready_with_last_line: bool,
        pub time_zone: String,
        pub day_starts_minute: i32,
        pub accepted_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Every step of every ticket, never changed.
pub mod ticket_history {
    comanda_storage::history_table!("ticket_history");
}

/// What to prepare, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Lines(pub Vec<Line>);

/// One product to prepare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub name: String,
    pub quantity: i32,
    pub options: Vec<String>,
    pub note: String,
    /// Not in rows of releases that knew no stations.
    #[serde(default)]
    pub stations: Vec<String>,
    /// Ticked.
    #[serde(default)]
    pub done: bool,
    #[serde(default)]
    pub allergy: String,
}

/// The ticket of an order.
pub async fn find(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<Option<ticket::Model>, DbErr> {
    ticket::Entity::find_by_id(order_id).one(connection).await
}

/// The same, and until the transaction ends nobody else changes it: a tick and a step that come together both count.
pub async fn find_for_update(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<ticket::Model>, DbErr> {
    // SQLite has a single writer and knows no row locks.
    ticket::Entity::find_by_id(id).lock(LockType::Update).one(connection).await
}

/// Stores new tickets, and says of which orders: the others have one already.
pub async fn insert(connection: &impl ConnectionTrait, tickets: Vec<ticket::Model>) -> Result<HashSet<Uuid>, DbErr> {
    use ticket::{ActiveModel, Column};
    let mut born = HashSet::new();
    let tickets = tickets.into_iter().map(ActiveModel::from).collect();
    for mut insert in bulk_insert::inserts(connection.get_database_backend(), tickets, None)? {
        insert.on_conflict(OnConflict::column(Column::OrderId).do_nothing().to_owned());
        insert.returning_col(Column::OrderId);
        for row in connection.query_all(&insert).await? {
            born.insert(row.try_get("", Column::OrderId.as_str())?);
        }
    }
    Ok(born)
}

/// Stores a ticket's new standing if its revision is still the one before; false when someone else came first.
pub async fn advance(connection: &impl ConnectionTrait, after: &ticket::Model) -> Result<bool, DbErr> {
    let changes = ticket::ActiveModel {
        order_id: Unchanged(after.order_id),
        state: Set(after.state),
        revision: Set(after.revision),
        state_revision: Set(after.state_revision),
        lines: Set(after.lines.clone()),
        open: Set(after.open),
        cancel_reason: Set(after.cancel_reason.clone()),
        acknowledged: Set(after.acknowledged),
        updated_at: Set(after.updated_at),
        ..Default::default()
    };
    let updated = ticket::Entity::update_many()
        .set(changes)
        .filter(ticket::Column::OrderId.eq(after.order_id))
        .filter(ticket::Column::Revision.eq(after.revision - 1))
        .exec(connection)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// What adds steps to histories.
pub fn steps(backend: DbBackend, steps: Vec<ticket_history::Model>) -> Result<Vec<InsertStatement>, DbErr> {
    bulk_insert::inserts(backend, steps.into_iter().map(ticket_history::ActiveModel::from).collect(), None)
}

/// Adds a step to a history.
pub async fn add_step(connection: &impl ConnectionTrait, step: ticket_history::Model) -> Result<(), DbErr> {
    bulk_insert::store(connection, steps(connection.get_database_backend(), vec![step])?).await
}

/// One step of a ticket.
pub async fn step(
    connection: &impl ConnectionTrait,
    order_id: Uuid,
    revision: i64,
) -> Result<Option<ticket_history::Model>, DbErr> {
    ticket_history::Entity::find_by_id((order_id, revision)).one(connection).await
}

/// A ticket's history, oldest first.
pub async fn history(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<Vec<ticket_history::Model>, DbErr> {
    ticket_history::of([order_id]).all(connection).await
}

/// These tickets, open or not, each with its history.
pub async fn with_histories(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Ticket>, DbErr> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let mut histories: HashMap<Uuid, Vec<Transition>> = HashMap::new();
    for step in ticket_history::of(ids.iter().copied()).all(connection).await? {
        histories.entry(step.order_id).or_default().push(Transition::from(&step));
    }
    let whole = |ticket: ticket::Model| Ticket {
        transitions: histories.remove(&ticket.order_id).unwrap_or_default(),
        ..ticket.to_proto()
    };
    Ok(by_ids(connection, ids).await?.into_iter().map(whole).collect())
}

/// The ids and revisions of a shop's open tickets.
pub async fn open_revisions(connection: &impl ConnectionTrait, shop_id: &str) -> Result<Vec<(Uuid, i64)>, DbErr> {
    open_tickets(shop_id).into_tuple().all(connection).await
}

fn open_tickets(shop_id: &str) -> Select<ticket::Entity> {
    ticket::Entity::find()
        .select_only()
        .columns([ticket::Column::OrderId, ticket::Column::Revision])
        .filter(ticket::Column::ShopId.eq(shop_id))
        // In the words of the index, so that no plan reads all the tickets there ever were.
        .filter(Expr::cust("open IS TRUE"))
}

/// The tickets that are READY since before that time.
pub async fn long_ready(connection: &impl ConnectionTrait, since: DateTime<Utc>) -> Result<Vec<ticket::Model>, DbErr> {
    use ticket::{Column, Entity};
    // In the words of the index.
    let ready = Entity::find().filter(Expr::cust("state = 3")).filter(Column::UpdatedAt.lt(since));
    ready.order_by_asc(Column::UpdatedAt).all(connection).await
}

/// The oldest tickets that have left the board, and that nothing happened to since that time. Ids rise with time, but by
/// the clock of a replica: what decides is the database's.
pub async fn over(connection: &impl ConnectionTrait, before: DateTime<Utc>, limit: u64) -> Result<Vec<Uuid>, DbErr> {
    use ticket::{Column, Entity};
    let mut over = Entity::find()
        .select_only()
        .column(Column::OrderId)
        .filter(Column::OrderId.lt(first_id(before)))
        .filter(Column::AcceptedAt.lt(before))
        .filter(Column::UpdatedAt.lt(before))
        .filter(Column::Open.eq(false))
        .order_by_asc(Column::OrderId)
        .limit(limit);
    // SQLite has a single writer and knows no row locks.
    QuerySelect::query(&mut over).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    over.into_tuple().all(connection).await
}

/// Removes these tickets with their histories; says how many.
pub async fn forget(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<u64, DbErr> {
    if ids.is_empty() {
        return Ok(0);
    }
    let ids = pad_to_pow2(ids);
    let steps = ticket_history::Entity::delete_many();
    steps.filter(ticket_history::Column::OrderId.is_in(ids.clone())).exec(connection).await?;
    let tickets = ticket::Entity::delete_many().filter(ticket::Column::OrderId.is_in(ids));
    Ok(tickets.exec(connection).await?.rows_affected)
}

/// These tickets, open or not.
pub async fn by_ids(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<ticket::Model>, DbErr> {
    const CHUNK: usize = 500;
    let mut tickets = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let found = ticket::Entity::find().filter(ticket::Column::OrderId.is_in(pad_to_pow2(chunk.to_vec())));
        tickets.extend(found.all(connection).await?);
    }
    Ok(tickets)
}

impl ticket::Model {
    /// The state; a number that this release does not know counts as unspecified.
    pub fn order_state(&self) -> OrderState {
        OrderState::try_from(i32::from(self.state)).unwrap_or_default()
    }

    /// Where it stands, before a step is made now.
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        let (state, acknowledged, since) = (self.order_state(), self.acknowledged, self.updated_at);
        let day = ShopDay::new(&self.time_zone, self.day_starts_minute);
        let (day_has_ended, is_uncollected) = (day.has_ended(since, now), day.is_uncollected(since, now));
        Standing { state, acknowledged, since, day_has_ended, is_uncollected }
    }

    /// As contracts show it, without its transitions.
    pub fn to_proto(&self) -> Ticket {
        let mode = match &self.at_table {
            Some(table) => Mode::AtTable(AtTable { table: table.clone() }),
            None => Mode::TakeAway(TakeAway {}),
        };
        // Who says that a ticket is ready says it of every line; what was ticked is kept for whoever takes that back.
        let is_ready = matches!(self.order_state(), OrderState::Ready | OrderState::Collected);
        let line = |(index, line): (i32, &Line)| TicketLine {
            name: line.name.clone(),
            quantity: line.quantity,
            options: line.options.clone(),
            note: line.note.clone(),
            stations: line.stations.clone(),
            index,
            done: line.done || is_ready,
            allergy: line.allergy.clone(),
        };
        Ticket {
            order_id: self.order_id.to_string(),
            shop_id: self.shop_id.clone(),
            number: self.number,
            accepted_seq: self.accepted_seq,
            state: i32::from(self.state),
            revision: self.revision,
            customer_name: self.customer_name.clone(),
            service_mode: Some(ServiceMode { mode: Some(mode) }),
            lines: (0..).zip(&self.lines.0).map(line).collect(),
            accept_time: Some(to_proto(self.accepted_at)),
            update_time: Some(to_proto(self.updated_at)),
            cancel_reason: self.cancel_reason.clone(),
            cancellation_acknowledged: self.acknowledged,
            transitions: Vec::new(),
            state_revision: self.state_revision,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_db;
    use sea_orm::{QueryTrait, Statement};

    #[tokio::test]
    async fn open_tickets_are_found_by_their_index() {
        let test_db = test_db::empty().await;
        let reader = test_db.database.reader();
        let asked = open_tickets("main").build(reader.get_database_backend());
        let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", asked.sql), ..asked };
        let plan = reader.query_one_raw(explain).await.expect("a plan").expect("a step");
        let plan: String = plan.try_get("", "detail").expect("text");
        assert!(plan.contains("INDEX ticket_board"), "{plan}");
    }

    /// As a replica of the release before stores it, and still does while releases are mixed.
    #[test]
    fn a_line_of_a_release_without_stations_is_for_all_and_open() {
        let old = r#"[{"name": "Café", "quantity": 1, "options": [], "note": ""}]"#;
        let lines: Lines = serde_json::from_str(old).expect("still read");
        assert!(lines.0[0].stations.is_empty() && !lines.0[0].done);
    }
}
