//! What stands in the two databases, read as plain rows, so that nothing of the program judges itself.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};

/// All that the checker needs of one moment. Ids are 32 hexadecimal digits.
#[derive(Default)]
pub struct DbSnapshot {
    pub orders: HashMap<String, Entry>,
    pub tickets: HashMap<String, Entry>,
    /// Ids of orders or tickets that stand in more than one row.
    pub doubles: Vec<String>,
    /// By order, then by revision.
    pub order_history: Histories,
    pub ticket_history: Histories,
    pub dead_letters: i64,
    /// Events that wait, in both outboxes.
    pub waiting: i64,
}

pub type Histories = HashMap<String, BTreeMap<i64, Step>>;

/// An order, or a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key of the intent.
    pub customer_name: String,
    pub accepted_seq: i64,
    pub state: i32,
    pub revision: i64,
    /// Quantity and note of its one line.
    pub content: (i64, String),
    /// Whether the kitchen has answered; whether it stands on the board.
    pub flag: bool,
    /// How often the audit told it again; never for a ticket.
    pub retold: i64,
}

/// One row of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub from: i32,
    pub to: i32,
    /// Whether it set a line.
    pub ticks: bool,
}

impl DbSnapshot {
    /// Reads the kitchen first: what it knows, Orders must have known before.
    pub async fn read(orders: &DatabaseConnection, kitchen: &DatabaseConnection) -> Result<Self, DbErr> {
        let (tickets, mut doubles) = entries(kitchen, TICKETS).await?;
        let ticket_history = histories(kitchen, "ticket_history").await?;
        let (of_orders, double_orders) = entries(orders, ORDERS).await?;
        doubles.extend(double_orders);
        Ok(Self {
            orders: of_orders,
            order_history: histories(orders, "order_history").await?,
            tickets,
            doubles,
            ticket_history,
            dead_letters: count(orders, "dead_letter").await? + count(kitchen, "dead_letter").await?,
            waiting: count(orders, "outbox").await? + count(kitchen, "outbox").await?,
        })
    }
}

/// `{id}` is the order's id, `{json}` takes a field of the first line.
const ORDERS: &str = "SELECT {id} AS id, o.customer_name, o.accepted_seq, o.state, o.revision, \
    CAST(l.quantity AS bigint) AS quantity, l.note, o.ticket_at IS NOT NULL AS flag, CAST(o.retold AS bigint) AS retold \
    FROM orders o JOIN order_line l ON l.order_id = o.order_id AND l.position = 0";
const TICKETS: &str = "SELECT {id} AS id, o.customer_name, o.accepted_seq, o.state, o.revision, \
    CAST({quantity} AS bigint) AS quantity, {note} AS note, o.open AS flag, CAST(0 AS bigint) AS retold FROM ticket o";

/// By id, and the ids that came again.
async fn entries(database: &DatabaseConnection, query: &str) -> Result<(HashMap<String, Entry>, Vec<String>), DbErr> {
    let query = match database.get_database_backend() {
        DbBackend::Postgres => query
            .replace("{id}", "replace(CAST(o.order_id AS text), '-', '')")
            .replace("{quantity}", "o.lines->0->>'quantity'")
            .replace("{note}", "o.lines->0->>'note'"),
        _ => query
            .replace("{id}", "lower(hex(o.order_id))")
            .replace("{quantity}", "json_extract(o.lines, '$[0].quantity')")
            .replace("{note}", "json_extract(o.lines, '$[0].note')"),
    };
    let entry = |row: &QueryResult| {
        let entry = Entry {
            customer_name: row.try_get("", "customer_name")?,
            accepted_seq: row.try_get("", "accepted_seq")?,
            state: i32::from(row.try_get::<i16>("", "state")?),
            revision: row.try_get("", "revision")?,
            content: (row.try_get("", "quantity")?, row.try_get("", "note")?),
            flag: row.try_get("", "flag")?,
            retold: row.try_get("", "retold")?,
        };
        Ok::<_, DbErr>((row.try_get("", "id")?, entry))
    };
    let (mut entries, mut doubles) = (HashMap::new(), Vec::new());
    for row in rows(database, query).await? {
        let (id, entry): (String, _) = entry(&row)?;
        if entries.insert(id.clone(), entry).is_some() {
            doubles.push(id);
        }
    }
    Ok((entries, doubles))
}

async fn histories(database: &DatabaseConnection, table: &str) -> Result<Histories, DbErr> {
    let id = match database.get_database_backend() {
        DbBackend::Postgres => "replace(CAST(order_id AS text), '-', '')",
        _ => "lower(hex(order_id))",
    };
    let query = format!("SELECT {id} AS id, revision, from_state, to_state, line > 0 AS ticks FROM {table}");
    let mut histories = Histories::new();
    for row in rows(database, query).await? {
        let state = |column| row.try_get::<i16>("", column).map(i32::from);
        let step = Step { from: state("from_state")?, to: state("to_state")?, ticks: row.try_get("", "ticks")? };
        histories.entry(row.try_get("", "id")?).or_default().insert(row.try_get("", "revision")?, step);
    }
    Ok(histories)
}

/// Whether an order stands there.
pub async fn is_stored(orders: &DatabaseConnection, order_id: &str) -> Result<bool, DbErr> {
    let id = match orders.get_database_backend() {
        DbBackend::Postgres => format!("'{order_id}'"),
        _ => format!("x'{}'", order_id.replace('-', "")),
    };
    Ok(!rows(orders, format!("SELECT 1 FROM orders WHERE order_id = {id}")).await?.is_empty())
}

/// How many rows a table has.
pub async fn count(database: &DatabaseConnection, table: &str) -> Result<i64, DbErr> {
    let counted = rows(database, format!("SELECT count(*) AS number FROM {table}")).await?;
    counted.first().map_or(Ok(0), |row| row.try_get("", "number"))
}

async fn rows(database: &DatabaseConnection, query: String) -> Result<Vec<QueryResult>, DbErr> {
    database.query_all_raw(Statement::from_string(database.get_database_backend(), query)).await
}
