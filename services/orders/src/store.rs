//! All SQL of Orders.

pub mod archive;
pub mod audit;
pub mod counter;
pub mod open;
pub mod waits;

use chrono::{DateTime, TimeDelta, Utc};
use comanda_proto::{
    orders::v1::{ChosenOption, Order, OrderLine},
    r#type::v1::{AtTable, Money, OrderState, ServiceMode, TakeAway, service_mode::Mode},
};
use comanda_storage::{bulk_insert, chunk::pad_to_pow2};
use comanda_types::{currency, timestamp::to_proto};
use sea_orm::{
    ActiveValue::NotSet,
    DbBackend, DbErr, ExprTrait, FromJsonQueryResult, QueryOrder, QuerySelect, StatementBuilder,
    entity::prelude::*,
    sea_query::{CommonTableExpression, InsertStatement, OnConflict, Query, UpdateStatement, WithClause, WithQuery},
};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The orders.
pub mod orders {
    use super::*;

    /// One order.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
    #[sea_orm(table_name = "orders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: Uuid,
        pub shop_id: String,
        pub number: i64,
        pub accepted_seq: i64,
        /// The number of the `OrderState`.
        pub state: i16,
        pub revision: i64,
        pub customer_name: String,
        pub at_table: Option<String>,
        pub currency_code: String,
        pub total_minor: i64,
        pub menu_version: i64,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
        pub ticket_at: Option<DateTime<Utc>>,
        pub cancel_reason: String,
        /// When to ask the kitchen about it; never, if it is at its end.
        pub audit_at: Option<DateTime<Utc>>,
        /// Seconds between the last change, or the last question, and that.
        pub audit_wait: i32,
        /// How often the audit told it again.
        pub retold: i32,
        /// What its shop chose; not in archives of releases that knew no ticks.
        #[serde(default)]
        pub ready_with_last_line: bool,
        /// Its shop's, as the next: not in archives of releases that did not keep them.
        #[serde(default)]
        pub time_zone: String,
        #[serde(default)]
        pub day_starts_minute: i32,
        /// When it was said to be ready, in seconds from its acceptance; 0 where nothing was said.
        #[serde(default)]
        pub ready_earliest: i32,
        #[serde(default)]
        pub ready_latest: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// The lines of each order.
pub mod order_line {
    use super::*;

    /// One line.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
    #[sea_orm(table_name = "order_line")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub product_id: Uuid,
        pub name: String,
        pub quantity: i32,
        pub unit_price_minor: i64,
        pub options: Options,
        pub note: String,
        /// Not in archives of releases that knew none.
        #[serde(default)]
        pub allergy: String,
        pub stations: Stations,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Every step of every order, never changed.
pub mod order_history {
    comanda_storage::history_table!("order_history");
}

/// The chosen options of a line, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Options(pub Vec<Choice>);

/// One chosen option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub option_id: String,
    pub name: String,
}

/// The stations that prepare a line, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Stations(pub Vec<String>);

/// What stores new orders, each with its lines and the first step of its history.
pub fn inserts(
    backend: DbBackend,
    orders: Vec<orders::Model>,
    lines: Vec<order_line::Model>,
    steps: Vec<order_history::Model>,
) -> Result<Vec<InsertStatement>, DbErr> {
    // No ticket yet.
    let new = |order| orders::ActiveModel { ticket_at: NotSet, ..orders::ActiveModel::from(order) };
    let orders = bulk_insert::inserts(backend, orders.into_iter().map(new).collect(), None)?;
    let lines = lines.into_iter().map(order_line::ActiveModel::from).collect();
    let steps = steps.into_iter().map(order_history::ActiveModel::from).collect();
    Ok([orders, bulk_insert::inserts(backend, lines, None)?, bulk_insert::inserts(backend, steps, None)?].concat())
}

/// Adds those steps of histories that are not there yet.
pub async fn add_history(connection: &impl ConnectionTrait, steps: Vec<order_history::Model>) -> Result<(), DbErr> {
    bulk_insert::store(connection, history_inserts(connection.get_database_backend(), steps)?).await
}

fn history_inserts(backend: DbBackend, steps: Vec<order_history::Model>) -> Result<Vec<InsertStatement>, DbErr> {
    use order_history::{ActiveModel, Column};
    let mut inserts = bulk_insert::inserts(backend, steps.into_iter().map(ActiveModel::from).collect(), None)?;
    for insert in &mut inserts {
        insert.on_conflict(OnConflict::columns([Column::OrderId, Column::Revision]).do_nothing().to_owned());
    }
    Ok(inserts)
}

/// Seconds after which an order that has its ticket, and does not change, is asked for. Longer than a step can be taken
/// back, so that what is final then stays so.
const SILENT_AFTER: i32 = 90;

/// What a ticket says about its order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    pub state: OrderState,
    pub revision: i64,
    pub cancel_reason: String,
}

/// Stores where orders stand now, all of them alike; tells of which nothing as new was stored already.
pub async fn advance(
    connection: &impl ConnectionTrait,
    order_ids: Vec<Uuid>,
    standing: &Standing,
    now: DateTime<Utc>,
) -> Result<HashSet<Uuid>, DbErr> {
    advanced(
        connection,
        &advance_statement(order_ids, standing, (Expr::val(now), Expr::val(audit::after(now, SILENT_AFTER)))),
    )
    .await
}

/// The same, together with those steps of histories that are not there yet, in one statement of PostgreSQL's.
pub async fn advance_with_history(
    connection: &impl ConnectionTrait,
    order_ids: Vec<Uuid>,
    standing: &Standing,
    steps: Vec<order_history::Model>,
) -> Result<HashSet<Uuid>, DbErr> {
    let mut with = WithClause::new();
    for (number, insert) in history_inserts(connection.get_database_backend(), steps)?.into_iter().enumerate() {
        with.cte(CommonTableExpression::new().query(insert).table_name(format!("steps_{number}")).to_owned());
    }
    let mut both = WithQuery::new();
    let later = Expr::cust(format!("statement_timestamp() + INTERVAL '{SILENT_AFTER} seconds'"));
    let update = advance_statement(order_ids, standing, (Expr::cust("statement_timestamp()"), later));
    both.with_clause(with).query(update);
    advanced(connection, &both).await
}

fn advance_statement(order_ids: Vec<Uuid>, standing: &Standing, (now, later): (Expr, Expr)) -> UpdateStatement {
    use orders::{Column, Entity};
    // A tick of a line changes no state.
    let is_there = Expr::col(Column::State).eq(standing.state as i16);
    Query::update()
        .table(Entity)
        .value(Column::State, standing.state as i16)
        .value(Column::Revision, standing.revision)
        .value(Column::CancelReason, standing.cancel_reason.clone())
        .value(Column::UpdatedAt, Expr::case(is_there, Expr::col(Column::UpdatedAt)).finally(now.clone()))
        .value(Column::AuditAt, later)
        .value(Column::AuditWait, SILENT_AFTER)
        .value(Column::TicketAt, Expr::col(Column::TicketAt).if_null(now))
        .and_where(Column::OrderId.is_in(pad_to_pow2(order_ids)))
        .and_where(Column::Revision.lt(standing.revision))
        .returning_col(Column::OrderId)
        .to_owned()
}

async fn advanced(connection: &impl ConnectionTrait, update: &impl StatementBuilder) -> Result<HashSet<Uuid>, DbErr> {
    let rows = connection.query_all(update).await?;
    rows.iter().map(|row| row.try_get("", orders::Column::OrderId.as_str())).collect()
}

/// An order without its lines, unless it is archived.
pub async fn find(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<Option<orders::Model>, DbErr> {
    orders::Entity::find_by_id(order_id).one(connection).await
}

/// An order as contracts show it.
pub async fn load(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<Option<Order>, DbErr> {
    shown(connection, order_id, |order| order).await
}

/// The same as its customer was shown it when it was accepted.
pub async fn load_as_accepted(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<Option<Order>, DbErr> {
    let accepted = |order: orders::Model| orders::Model {
        state: OrderState::Received as i16,
        revision: 1,
        updated_at: order.created_at,
        ticket_at: None,
        cancel_reason: String::new(),
        ..order
    };
    shown(connection, order_id, accepted).await
}

async fn shown(
    connection: &impl ConnectionTrait,
    order_id: Uuid,
    show: fn(orders::Model) -> orders::Model,
) -> Result<Option<Order>, DbErr> {
    let Some(order) = find(connection, order_id).await? else {
        let story = archive::find(connection, order_id).await?;
        return Ok(story.map(|story| show(story.order).to_proto(&story.lines)));
    };
    let lines = order_line::Entity::find()
        .filter(order_line::Column::OrderId.eq(order_id))
        .order_by_asc(order_line::Column::Position)
        .all(connection)
        .await?;
    Ok(Some(show(order).to_proto(&lines)))
}

/// An order's history, oldest first.
pub async fn history(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<Vec<order_history::Model>, DbErr> {
    let history = order_history::of([order_id]).all(connection).await?;
    if history.is_empty() {
        return Ok(archive::find(connection, order_id).await?.map(|story| story.history).unwrap_or_default());
    }
    Ok(history)
}

/// The revisions of these orders.
pub async fn revisions(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<(Uuid, i64)>, DbErr> {
    orders::Entity::find()
        .select_only()
        .columns([orders::Column::OrderId, orders::Column::Revision])
        .filter(orders::Column::OrderId.is_in(ids))
        .into_tuple()
        .all(connection)
        .await
}

impl orders::Model {
    /// As contracts show it.
    pub fn to_proto(&self, lines: &[order_line::Model]) -> Order {
        let money = |minor_units| Some(Money { currency_code: self.currency_code.clone(), minor_units });
        let mode = match &self.at_table {
            Some(table) => Mode::AtTable(AtTable { table: table.clone() }),
            None => Mode::TakeAway(TakeAway {}),
        };
        let said = |seconds: i32| {
            let time = self.created_at + TimeDelta::seconds(seconds.into());
            (self.ready_latest > 0).then(|| to_proto(time))
        };
        let chosen = |option: &Choice| ChosenOption { option_id: option.option_id.clone(), name: option.name.clone() };
        let line = |line: &order_line::Model| OrderLine {
            product_id: line.product_id.to_string(),
            name: line.name.clone(),
            quantity: line.quantity,
            unit_price: money(line.unit_price_minor),
            options: line.options.0.iter().map(chosen).collect(),
            note: line.note.clone(),
            allergy: line.allergy.clone(),
            stations: line.stations.0.clone(),
        };
        Order {
            order_id: self.order_id.to_string(),
            shop_id: self.shop_id.clone(),
            number: self.number,
            accepted_seq: self.accepted_seq,
            state: i32::from(self.state),
            revision: self.revision,
            customer_name: self.customer_name.clone(),
            service_mode: Some(ServiceMode { mode: Some(mode) }),
            lines: lines.iter().map(line).collect(),
            total: money(self.total_minor),
            menu_version: self.menu_version,
            create_time: Some(to_proto(self.created_at)),
            update_time: Some(to_proto(self.updated_at)),
            ticket_time: self.ticket_at.map(to_proto),
            cancel_reason: self.cancel_reason.clone(),
            currency_digits: Some(currency::digits(&self.currency_code).into()),
            ready_with_last_line: self.ready_with_last_line,
            time_zone: self.time_zone.clone(),
            day_starts_minute: self.day_starts_minute,
            earliest_ready_time: said(self.ready_earliest),
            latest_ready_time: said(self.ready_latest),
        }
    }
}
