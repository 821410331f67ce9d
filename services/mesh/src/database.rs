//! A service's own database: Postgres, or a SQLite file in the embedded shape. One way to connect, to begin, and to ask
//! for the time.

use crate::{deadline, fault::Fault, trust::Trust};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, QueryResult, RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sea_query::{Condition, Expr},
};
use sqlx::{
    postgres::PgSslMode,
    sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use std::{io, path::Path, time::Duration};

const POSTGRES_CONNECTIONS: u32 = 16;
const SQLITE_READERS: u32 = 4;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// All writers of a SQLite file queue for one connection, each for as long as the disk takes to make a commit durable.
const SQLITE_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);
const PING_AFTER_IDLE: Duration = Duration::from_secs(1);
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const LONGEST_STATEMENT: Duration = Duration::from_secs(5);
const GRACE: Duration = Duration::from_millis(10);
/// A paused replica must not hold up the others.
const POSTGRES_TIMEOUTS: [(&str, &str); 3] =
    [("statement_timeout", "5s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "5s")];

/// A connection pool. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Database {
    /// For SQLite the one connection that writes; for Postgres the same pool as `reader`.
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Database {
    /// Connects to `postgres://…` or `sqlite:…`; a SQLite file is created when missing. Encryption is as the URL says,
    /// with the system's CAs.
    ///
    /// # Errors
    /// The database does not answer, or refuses.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        Self::connect_trusting(url, &Trust::system()).await
    }

    /// The same with CAs of one's own. Postgres must then show a certificate for its name that one of them has signed,
    /// unless the URL's `sslmode` says otherwise.
    ///
    /// # Errors
    /// The database does not answer, refuses, or is not believed.
    pub async fn connect_trusting(url: &str, trust: &Trust) -> Result<Self, DbErr> {
        if url.starts_with("sqlite:") {
            let writer = sea_orm::Database::connect(sqlite(url, 1)).await?;
            let reader = sea_orm::Database::connect(sqlite(url, SQLITE_READERS)).await?;
            return Ok(Self { writer, reader });
        }
        let pool = sea_orm::Database::connect(postgres(url, trust)).await?;
        Ok(Self { writer: pool.clone(), reader: pool })
    }

    /// The same for a role that can serve without its database: Postgres that is away is connected when it is back.
    ///
    /// # Errors
    /// The database refuses, or is not believed.
    pub async fn connect_or_wait(url: &str, trust: &Trust) -> Result<Self, DbErr> {
        match Self::connect_trusting(url, trust).await {
            Err(error) if !url.starts_with("sqlite:") && is_away(&error) => {
                let mut options = postgres(url, trust);
                options.connect_lazy(true);
                let pool = sea_orm::Database::connect(options).await?;
                Ok(Self { writer: pool.clone(), reader: pool })
            }
            connected => connected,
        }
    }

    /// Begins a transaction that may write. SQLite takes the write lock at once, because a lock that is upgraded later
    /// can fail.
    ///
    /// # Errors
    /// No connection can be had in time.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
        self.writer.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..Default::default() }).await
    }

    /// The same for a change whose loss in a crash of the database does no harm: its commit does not wait for the disk.
    ///
    /// # Errors
    /// No connection can be had in time.
    pub async fn begin_forgettable(&self) -> Result<DatabaseTransaction, DbErr> {
        let txn = self.begin().await?;
        if txn.get_database_backend() == DbBackend::Postgres {
            txn.execute_unprepared("SET LOCAL synchronous_commit = off").await?;
        }
        Ok(txn)
    }

    /// What makes such a change of a single statement, with no transaction around it: a condition more, which always holds.
    #[must_use]
    pub fn forgettable(&self) -> Condition {
        let for_postgres = (self.writer.get_database_backend() == DbBackend::Postgres)
            // Asked once, for the transaction that the statement is.
            .then(|| Expr::cust("(SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL"));
        Condition::all().add_option(for_postgres)
    }

    /// Begins a transaction for a change that a caller waits for, and tells the database's time: its statements end with the
    /// call's deadline.
    ///
    /// # Errors
    /// No connection can be had in time.
    pub async fn begin_call(&self) -> Result<(DatabaseTransaction, DateTime<Utc>), DbErr> {
        let txn = self.begin().await?;
        let Some(left) = deadline::left().filter(|_| txn.get_database_backend() == DbBackend::Postgres) else {
            let now = now(&txn).await?;
            return Ok((txn, now));
        };
        // Both in one round trip.
        let ask = "SELECT clock_timestamp() AS now, set_config('statement_timeout', $1, true)";
        let ask = Statement::from_sql_and_values(DbBackend::Postgres, ask, [bounded(left).into()]);
        let now = read_now(txn.query_one_raw(ask).await?)?;
        Ok((txn, now))
    }

    /// Begins a read-only transaction that sees one moment of the database; within a call its statements end with the
    /// deadline.
    ///
    /// # Errors
    /// No connection can be had in time.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = match self.reader.get_database_backend() {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..Default::default()
            },
            // A read transaction of SQLite in WAL mode sees one moment anyway.
            _ => TransactionOptions::default(),
        };
        let txn = self.reader.begin_with_options(options).await?;
        within_call(&txn).await?;
        Ok(txn)
    }

    /// For single reads.
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// For single statements that write.
    #[must_use]
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Closes the pool, waiting for connections in use.
    pub async fn close(self) {
        let _ = self.writer.close().await;
        let _ = self.reader.close().await;
    }
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

/// From now on the transaction's statements end with the deadline of the call under way, if that comes sooner than they
/// would end anyway.
///
/// # Errors
/// The database does not answer.
pub async fn within_call(txn: &DatabaseTransaction) -> Result<(), DbErr> {
    let left = deadline::left().filter(|left| *left < LONGEST_STATEMENT);
    if let Some(left) = left.filter(|_| txn.get_database_backend() == DbBackend::Postgres) {
        let set = "SELECT set_config('statement_timeout', $1, true)";
        txn.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, set, [bounded(left).into()])).await?;
    }
    Ok(())
}

fn read_now(row: Option<QueryResult>) -> Result<DateTime<Utc>, DbErr> {
    row.ok_or_else(|| DbErr::RecordNotFound("now".into()))?.try_get("", "now")
}

/// A time-out for statements in milliseconds: what is left, but never "none", and never more than usual. A little more
/// than that, so that a caller who is too late hears so, and not that the database failed.
fn bounded(left: Duration) -> String {
    (left + GRACE).as_millis().min(LONGEST_STATEMENT.as_millis()).to_string()
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
pub fn fault(error: &DbErr) -> Fault {
    tracing::warn!(%error, "the database failed");
    Fault::unavailable("database")
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    tuned(&mut options, connections, SQLITE_ACQUIRE_TIMEOUT);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true)
    });
    options
}

fn postgres(url: &str, trust: &Trust) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    tuned(&mut options, POSTGRES_CONNECTIONS, ACQUIRE_TIMEOUT);
    // The driver reads the file for each connection, and believes the system's CAs besides.
    let (ca_file, says) = (trust.file().map(Path::to_owned), says_of_tls(url));
    options.map_sqlx_postgres_opts(move |mut postgres| {
        if let Some(path) = ca_file.as_ref().filter(|_| !says.ca) {
            postgres = postgres.ssl_root_cert(path);
        }
        // The driver's own default falls back to plaintext when a server offers nothing else.
        if ca_file.is_some() && !says.mode {
            postgres = postgres.ssl_mode(PgSslMode::VerifyFull);
        }
        postgres.options(POSTGRES_TIMEOUTS)
    });
    options
}

/// Which of our defaults the URL of a Postgres overrules.
struct SaysOfTls {
    mode: bool,
    ca: bool,
}

fn says_of_tls(url: &str) -> SaysOfTls {
    let query = url.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let named = |names: &[&str]| query.split('&').any(|pair| names.contains(&pair.split('=').next().unwrap_or(pair)));
    SaysOfTls { mode: named(&["sslmode", "ssl-mode"]), ca: named(&["sslrootcert", "ssl-root-cert", "ssl-ca"]) }
}

fn tuned(options: &mut ConnectOptions, connections: u32, patience: Duration) {
    options
        .max_connections(connections)
        .acquire_timeout(patience)
        .connect_timeout(patience)
        // A ping before every use would cost a round trip each; connections die while nobody uses them.
        .test_before_acquire_if_idle_for(PING_AFTER_IDLE)
        .sqlx_logging(false);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_overrules_only_what_it_names() {
        for (url, mode, ca) in [
            ("postgres://a:sslmode=x@host/db", false, false),
            ("postgres://host/db?application_name=sslmode", false, false),
            ("postgres://host/db?sslmode=require", true, false),
            ("postgres://host/db?x=1&sslrootcert=/ca.crt&ssl-mode=verify-ca", true, true),
        ] {
            let says = says_of_tls(url);
            assert_eq!((says.mode, says.ca), (mode, ca), "{url}");
        }
    }
}
