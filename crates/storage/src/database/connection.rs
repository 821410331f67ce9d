//! One connection out of the pool. It goes back only if it is known to be at rest: no statement under way, no transaction
//! open. Any other one is closed, and the pool opens a new one.
//!
//! Transactions are begun and ended by plain statements, so that the driver keeps no count of them that could differ from
//! the database's: SQLite rolls back by itself when the disk is full, and a caller who gives up leaves BEGIN unanswered.

use super::{finish::Finish, limit::GRACE, slots::Lease};
use futures_util::{StreamExt, stream::BoxStream};
use sea_orm::{DbErr, ExecResult, QueryResult, RuntimeErr, Statement, sea_query::Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{
    AssertSqlSafe, Either, Executor, PgConnection, Postgres, Sqlite, SqliteConnection, postgres::PgQueryResult,
    sqlite::SqliteQueryResult,
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

/// What is asked of a database.
pub(super) enum Command {
    /// A statement with parameters, prepared.
    Prepared(Statement),
    /// One or more statements without parameters, in one round trip.
    Script(String),
}

/// What it answers.
pub(super) struct Reply {
    pub result: ExecResult,
    pub rows: Vec<QueryResult>,
}

/// As the driver has it.
pub(super) enum Raw {
    Postgres(Lease<Postgres>),
    Sqlite(Lease<Sqlite>),
}

/// What is known of a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// At rest, in no transaction.
    Idle,
    /// At rest, in a transaction.
    InTransaction,
    /// A statement is under way, or was given up, or failed in a way that leaves open what came of it.
    Unknown,
}

/// A connection that is used by one owner.
pub(super) struct Connection {
    /// Taken by `drop` alone.
    raw: Option<Raw>,
    state: State,
    /// Of a queue before the pool.
    _turn: Option<OwnedSemaphorePermit>,
}

impl Connection {
    /// One that was just taken out of its pool, with its owner's turn in the queue before it.
    pub(super) fn new(raw: Raw, turn: Option<OwnedSemaphorePermit>) -> Self {
        Self { raw: Some(raw), state: State::Idle, _turn: turn }
    }

    /// Asks, and reads the whole answer. If that takes longer than the limit, or if this future is dropped, the
    /// connection is never used again.
    pub(super) async fn run(&mut self, command: Command, limit: Duration) -> Result<Reply, DbErr> {
        let before = self.state;
        if before == State::Unknown {
            return Err(broken("the connection is in an unknown state"));
        }
        let (answer, harmless) = self.ask(command, limit).await;
        if harmless {
            self.state = before;
        }
        answer
    }

    /// Begins a transaction by these statements.
    pub(super) async fn begin(&mut self, script: String, limit: Duration) -> Result<Reply, DbErr> {
        self.turn(Command::Script(script), limit, State::Idle, State::InTransaction).await
    }

    /// Ends it, by COMMIT or ROLLBACK. SQLite by itself refuses both outside a transaction.
    pub(super) async fn end(&mut self, how: &str, limit: Duration) -> Result<(), DbErr> {
        let end = Command::Script(how.to_owned());
        self.turn(end, limit, State::InTransaction, State::Idle).await.map(drop)
    }

    /// From one state to the next; on any failure it is unknown which of them it is in.
    async fn turn(&mut self, command: Command, limit: Duration, from: State, to: State) -> Result<Reply, DbErr> {
        if self.state != from {
            return Err(broken("the connection is in another state than it should be"));
        }
        let (answer, _) = self.ask(command, limit).await;
        if answer.is_ok() {
            self.state = to;
        }
        answer
    }

    /// Gives the connection back to the pool, or closes it if that does not succeed.
    async fn roll_back(mut self) {
        let (rolled_back, _) = self.ask(Command::Script("ROLLBACK".to_owned()), GRACE).await;
        self.state = if rolled_back.is_ok() { State::Idle } else { State::Unknown };
    }

    /// Leaves the state unknown. Says besides whether the state is what it was before.
    async fn ask(&mut self, command: Command, limit: Duration) -> (Result<Reply, DbErr>, bool) {
        self.state = State::Unknown;
        let answered = match &mut self.raw {
            Some(Raw::Postgres(connection)) => {
                timeout(limit, Box::pin(async { postgres(connection.get()?, command).await })).await
            }
            Some(Raw::Sqlite(connection)) => {
                timeout(limit, Box::pin(async { sqlite(connection.get()?, command).await })).await
            }
            None => return (Err(broken("the connection is gone")), false),
        };
        let answer = answered.unwrap_or(Err(sqlx::Error::PoolTimedOut));
        let harmless = match (&answer, &self.raw) {
            (Ok(_), _) => true,
            // The protocol goes on after an error of the server's. What ends the connection shows at its next use.
            (Err(sqlx::Error::Database(_)), Some(Raw::Postgres(_))) => true,
            (Err(sqlx::Error::Database(error)), Some(Raw::Sqlite(_))) => keeps_transaction(error.code().as_deref()),
            (Err(_), _) => false,
        };
        (answer.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))), harmless)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(raw) = self.raw.take() else { return };
        match self.state {
            State::Idle => raw.rest(),
            State::Unknown => raw.close(),
            State::InTransaction => {
                let left = Self { raw: Some(raw), state: State::Unknown, _turn: self._turn.take() };
                drop(Finish::new(GRACE, left.roll_back()));
            }
        }
    }
}

impl Raw {
    /// Ends the connection instead of giving it back. The database rolls back what was not committed.
    fn close(self) {
        metrics::counter!("comanda_db_connections_discarded_total").increment(1);
        match self {
            Self::Postgres(mut lease) => lease.close(),
            Self::Sqlite(mut lease) => lease.close(),
        }
    }

    /// Gives it back.
    fn rest(self) {
        match self {
            Self::Postgres(lease) => lease.rest(),
            Self::Sqlite(lease) => lease.rest(),
        }
    }
}

async fn postgres(connection: &mut PgConnection, command: Command) -> Result<Reply, sqlx::Error> {
    let answers = match command {
        Command::Prepared(Statement { sql, values, .. }) => {
            connection.fetch_many(sqlx::query_with(AssertSqlSafe(sql), bound(values)))
        }
        Command::Script(sql) => connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql))),
    };
    let mut total = PgQueryResult::default();
    let rows = read(answers, |part| total.extend([part])).await?;
    Ok(Reply { result: total.into(), rows })
}

async fn sqlite(connection: &mut SqliteConnection, command: Command) -> Result<Reply, sqlx::Error> {
    let answers = match command {
        Command::Prepared(Statement { sql, values, .. }) => {
            connection.fetch_many(sqlx::query_with(AssertSqlSafe(sql), bound(values)))
        }
        Command::Script(sql) => connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql))),
    };
    let mut total = SqliteQueryResult::default();
    let rows = read(answers, |part| total.extend([part])).await?;
    Ok(Reply { result: total.into(), rows })
}

fn bound(values: Option<Values>) -> SqlxValues {
    SqlxValues(values.unwrap_or_else(|| Values(Vec::new())))
}

/// To the end, even where one row is wanted: what commits by itself has its error after its rows.
async fn read<Part, Row: Into<QueryResult>>(
    mut answers: BoxStream<'_, Result<Either<Part, Row>, sqlx::Error>>,
    mut add: impl FnMut(Part),
) -> Result<Vec<QueryResult>, sqlx::Error> {
    let mut rows = Vec::new();
    while let Some(answer) = answers.next().await {
        match answer? {
            Either::Left(part) => add(part),
            Either::Right(row) => rows.push(row.into()),
        }
    }
    Ok(rows)
}

/// Whether SQLite leaves a transaction as it was: after an error in the SQL or a constraint, but not after a full disk, an
/// I/O error, a lack of memory or an interruption, after which it may have rolled back.
fn keeps_transaction(code: Option<&str>) -> bool {
    const ERROR: u32 = 1;
    const CONSTRAINT: u32 = 19;
    let code = code.and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| [ERROR, CONSTRAINT].contains(&(code & 0xff)))
}

fn broken(why: &str) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(why.to_owned()))
}

/// sea-orm's way to send statements, for what has a `run` and a backend.
macro_rules! connection_trait {
    ($type:ty) => {
        #[async_trait::async_trait]
        impl ConnectionTrait for $type {
            fn get_database_backend(&self) -> DbBackend {
                self.backend()
            }

            async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
                Ok(self.run(Command::Prepared(statement)).await?.result)
            }

            async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
                Ok(self.run(Command::Script(sql.to_owned())).await?.result)
            }

            async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
                Ok(self.run(Command::Prepared(statement)).await?.rows.into_iter().next())
            }

            async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
                Ok(self.run(Command::Prepared(statement)).await?.rows)
            }
        }
    };
}
pub(super) use connection_trait;
