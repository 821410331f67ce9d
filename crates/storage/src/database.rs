//! A service's own database: Postgres, or a SQLite file in the embedded shape. One way to connect, to begin, and to ask
//! for the time.

mod connection;
mod finish;
mod limit;
mod options;
mod pool;
mod slots;
mod transaction;

pub use pool::Pool;
pub use transaction::Transaction;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use comanda_context::{deadline, error::ApiError};
use comanda_tls::ca_roots::CaRoots;
use pool::Kind;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, RuntimeErr, Statement,
    sea_query::{Condition, Expr},
};
use slots::Slots;
use std::{io, sync::Arc};
use tokio::sync::Semaphore;

/// A database. Cloning shares its connections.
#[derive(Debug, Clone)]
pub struct Database {
    calls: Lane,
    delivery: Lane,
    /// A connection of the driver's own, made when it is used and closed soon after.
    driver: DatabaseConnection,
}

/// How to connect.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which CAs may vouch for Postgres.
    pub ca_roots: CaRoots,
    /// Connections to Postgres, a quarter of them for [`Database::for_delivery`].
    pub connections: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { ca_roots: CaRoots::system(), connections: options::POSTGRES_CONNECTIONS }
    }
}

/// Connections of one purpose, which others cannot take.
#[derive(Debug, Clone)]
struct Lane {
    /// For SQLite the one connection that writes; for Postgres the same pool as `reader`.
    writer: Pool,
    reader: Pool,
}

impl Database {
    /// Connects to `postgres://…` or `sqlite:…`; a SQLite file is created when missing. Encryption is as the URL says,
    /// with the system's CAs.
    ///
    /// # Errors
    /// The database does not answer, or refuses.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        Self::connect_with(url, &Options::default()).await
    }

    /// The same with CAs of one's own. Postgres must then show a certificate for its name that one of them has signed,
    /// unless the URL's `sslmode` says otherwise.
    ///
    /// # Errors
    /// The database does not answer, refuses, or is not believed.
    pub async fn connect_with(url: &str, options: &Options) -> Result<Self, DbErr> {
        Self::open(url, options, false).await
    }

    /// The same for a role that can serve without its database: Postgres that is away is connected when it is back.
    ///
    /// # Errors
    /// The database refuses, or is not believed.
    pub async fn connect_or_wait(url: &str, options: &Options) -> Result<Self, DbErr> {
        match Self::open(url, options, false).await {
            Err(error) if !url.starts_with("sqlite:") && is_away(&error) => Self::open(url, options, true).await,
            connected => connected,
        }
    }

    async fn open(url: &str, asked: &Options, lazy: bool) -> Result<Self, DbErr> {
        let connect = async |mut options: sea_orm::ConnectOptions, lazy| {
            options.connect_lazy(lazy);
            sea_orm::Database::connect(options).await
        };
        if url.starts_with("sqlite:") {
            // All who write queue for one connection. Callers among themselves, so that delivery never waits behind them.
            let one = connect(options::sqlite(url, 1), lazy).await?;
            let one = Slots::new(one.get_sqlite_connection_pool().clone());
            let queue = Some(Arc::new(Semaphore::new(1)));
            let (writer, delivering) = (Pool(Kind::Sqlite(one.clone(), queue)), Pool(Kind::Sqlite(one, None)));
            let readers = connect(options::sqlite(url, options::SQLITE_READERS), lazy).await?;
            let reader = Pool(Kind::Sqlite(Slots::new(readers.get_sqlite_connection_pool().clone()), None));
            let delivery = connect(options::sqlite(url, options::SQLITE_DELIVERY_READERS), true).await?;
            let delivery = Pool(Kind::Sqlite(Slots::new(delivery.get_sqlite_connection_pool().clone()), None));
            let driver = connect(options::brief(options::sqlite(url, 1)), true).await?;
            let calls = Lane { writer, reader };
            return Ok(Self { calls, delivery: Lane { writer: delivering, reader: delivery }, driver });
        }
        let for_delivery = (asked.connections / 4).max(1);
        let calls = connect(options::postgres(url, &asked.ca_roots, asked.connections - for_delivery), lazy).await?;
        let delivery = connect(options::postgres(url, &asked.ca_roots, for_delivery), lazy).await?;
        let driver = connect(options::brief(options::postgres(url, &asked.ca_roots, 1)), true).await?;
        let [calls, delivery] = [&calls, &delivery].map(|pool| {
            let pool = Pool(Kind::Postgres(Slots::new(pool.get_postgres_connection_pool().clone())));
            Lane { writer: pool.clone(), reader: pool }
        });
        Ok(Self { calls, delivery, driver })
    }

    /// The same database by connections that no caller can take: what was accepted must get through however many calls
    /// wait. For the relay, consumers, audit, health and boards.
    #[must_use]
    pub fn for_delivery(&self) -> Self {
        Self { calls: self.delivery.clone(), ..self.clone() }
    }

    /// Begins a transaction that may write. SQLite takes the write lock at once, because a lock that is upgraded later
    /// can fail.
    ///
    /// # Errors
    /// No connection can be had in time.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        let (txn, _) = Transaction::begin(&self.calls.writer, self.script(Begin::Write, "")).await?;
        Ok(txn)
    }

    /// The same for a change whose loss in a crash of the database does no harm: its commit does not wait for the disk.
    ///
    /// # Errors
    /// No connection can be had in time.
    pub async fn begin_async_commit(&self) -> Result<Transaction, DbErr> {
        let more = if self.is_postgres() { "; SET LOCAL synchronous_commit = off" } else { "" };
        let (txn, _) = Transaction::begin(&self.calls.writer, self.script(Begin::Write, more)).await?;
        Ok(txn)
    }

    /// What makes such a change of a single statement, with no transaction around it: a condition more, which always holds.
    /// It lasts as long as that statement.
    #[must_use]
    pub fn async_commit(&self) -> Condition {
        let for_postgres = self
            .is_postgres()
            // Asked once, for the transaction that the statement is.
            .then(|| Expr::cust("(SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL"));
        Condition::all().add_option(for_postgres)
    }

    /// Begins a transaction and tells the database's time, in one round trip. Within a call its statements end with the
    /// call's deadline.
    ///
    /// # Errors
    /// No connection can be had in time.
    pub async fn begin_now(&self) -> Result<(Transaction, DateTime<Utc>), DbErr> {
        if !self.is_postgres() {
            let txn = self.begin().await?;
            let now = now(&txn).await?;
            return Ok((txn, now));
        }
        let script = self.script(Begin::Write, "; SELECT clock_timestamp() AS now");
        let (txn, rows) = Transaction::begin(&self.calls.writer, script).await?;
        let now = read_now(rows.into_iter().next_back())?;
        Ok((txn, now))
    }

    /// Begins a read-only transaction that sees one moment of the database; within a call its statements end with the
    /// deadline.
    ///
    /// # Errors
    /// No connection can be had in time.
    pub async fn snapshot(&self) -> Result<Transaction, DbErr> {
        let (txn, _) = Transaction::begin(&self.calls.reader, self.script(Begin::Snapshot, "")).await?;
        Ok(txn)
    }

    /// The statements that begin a transaction. The time-outs are said here, because a pooler between may have lost
    /// those of the session.
    fn script(&self, kind: Begin, more: &str) -> String {
        let begin = match (self.is_postgres(), kind) {
            (true, Begin::Write) => "BEGIN ISOLATION LEVEL READ COMMITTED",
            (true, Begin::Snapshot) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            (false, Begin::Write) => "BEGIN IMMEDIATE",
            // A read transaction of SQLite in WAL mode sees one moment anyway.
            (false, Begin::Snapshot) => "BEGIN",
        };
        let timeouts = if self.is_postgres() { options::transaction_timeouts() } else { String::new() };
        format!("{begin}{timeouts}{more}")
    }

    fn is_postgres(&self) -> bool {
        matches!(self.calls.writer.0, Kind::Postgres(_))
    }

    /// For single reads.
    #[must_use]
    pub fn reader(&self) -> &Pool {
        &self.calls.reader
    }

    /// For single statements that write.
    #[must_use]
    pub fn writer(&self) -> &Pool {
        &self.calls.writer
    }

    /// A connection of the driver's own, for migrations. What runs on it must not be dropped half way.
    #[must_use]
    pub fn driver(&self) -> &DatabaseConnection {
        &self.driver
    }

    /// Closes the pools, waiting for connections in use.
    pub async fn close(self) {
        for lane in [self.calls, self.delivery] {
            lane.writer.close().await;
            lane.reader.close().await;
        }
        // Ends with the process anyway.
        let _ = self.driver.close().await;
    }
}

#[derive(Clone, Copy)]
enum Begin {
    Write,
    Snapshot,
}

/// The database's time, in whole microseconds. Every time that decides or is stored comes from here, so the clocks of
/// the replicas do not matter.
///
/// # Errors
/// The database does not answer.
pub async fn now(connection: &impl ConnectionTrait) -> Result<DateTime<Utc>, DbErr> {
    if connection.get_database_backend() == DbBackend::Postgres {
        let ask = Statement::from_string(DbBackend::Postgres, "SELECT clock_timestamp() AS now");
        return read_now(connection.query_one_raw(ask).await?);
    }
    // SQLite has no clock but this process's. It keeps nanoseconds, Postgres microseconds: agree on the coarser.
    let now = Utc::now();
    Ok(now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now))
}

/// From now on the transaction's statements end with the deadline of the call under way, if that comes so much sooner than
/// they would end anyway that it is worth a round trip.
///
/// # Errors
/// The database does not answer.
pub async fn within_call(txn: &Transaction) -> Result<(), DbErr> {
    if !limit::is_usual() && txn.get_database_backend() == DbBackend::Postgres {
        let set = "SELECT set_config('statement_timeout', $1, true)";
        let limit = limit::in_database().to_string();
        txn.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, set, [limit.into()])).await?;
    }
    Ok(())
}

fn read_now(row: Option<QueryResult>) -> Result<DateTime<Utc>, DbErr> {
    row.ok_or_else(|| DbErr::RecordNotFound("now".into()))?.try_get("", "now")
}

/// The SQLSTATE of an error, if the database gave one. SQLite's extended result codes come as they are.
#[must_use]
pub fn sqlstate(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return None;
    };
    cause.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned())
}

/// Whether a connection failed because nobody answered, rather than because of what was asked.
fn is_away(error: &DbErr) -> bool {
    let DbErr::Conn(RuntimeErr::SqlxError(cause)) = error else { return false };
    match cause.as_ref() {
        // What TLS refuses comes as data that makes no sense.
        sqlx::Error::Io(error) => error.kind() != io::ErrorKind::InvalidData,
        sqlx::Error::PoolTimedOut => true,
        // It is starting, or stopping.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}

/// What a caller hears when the database fails: that it may try again. The cause goes to the log.
#[must_use]
pub fn fault(error: &DbErr) -> ApiError {
    if deadline::left().is_some_and(|left| left.is_zero()) {
        tracing::debug!(%error, "the database was not done in time");
        return ApiError::too_late();
    }
    tracing::warn!(%error, "the database failed");
    ApiError::unavailable("database")
}

#[cfg(test)]
mod tests;
