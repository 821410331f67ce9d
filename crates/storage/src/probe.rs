//! Asks a role's own database how it is: its clock at every ping; its version and its schema now and then.

use crate::database::{Database, now};
use chrono::{DateTime, Utc};
use comanda_context::periodic::every;
use comanda_telemetry::{
    health::Health,
    status::v1::{ClockOffset, Database as Shown, SchemaState},
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const PING_INTERVAL: Duration = Duration::from_secs(1);

/// The longest that a ping, or a closer look, may take.
pub const TIMEOUT: Duration = Duration::from_secs(1);
/// Versions change when somebody upgrades something.
const POLL_INTERVAL: Duration = Duration::from_secs(15);

/// The cluster of databases, the database, and the schema: a primary and its standbys are one.
const IDENTIFY_POSTGRES: &str = "SELECT concat_ws('/', (SELECT system_identifier FROM pg_control_system()), \
    (SELECT oid FROM pg_database WHERE datname = current_database()), current_schema()) AS version";
/// The file.
const IDENTIFY_SQLITE: &str = "SELECT file AS version FROM pragma_database_list WHERE name = 'main'";

/// Probes the database until `shutdown` and tells `health`; readiness follows for a role that can do nothing without it.
pub async fn follow(health: Health, database: Database, required: bool, shutdown: CancellationToken) {
    let mut probe = Probe::new(health.migrations());
    let mut pings = every(PING_INTERVAL);
    while shutdown.run_until_cancelled(pings.tick()).await.is_some() {
        let found = probe.ask(&database).await;
        let takes_writes = found.answers && !found.read_only;
        health.set_database(found).await;
        // A stop that came meanwhile has the last word.
        if required && !shutdown.is_cancelled() {
            health.set_ready(takes_writes).await;
        }
    }
}

/// The follower of one database.
pub struct Probe {
    /// The migrations that this program knows, in their order.
    pub migrations: Vec<String>,
    shown: Shown,
    looked: Option<Instant>,
}

impl Probe {
    /// Of a database that has not answered yet.
    pub fn new(migrations: Vec<String>) -> Self {
        let shown = Shown { program_schema: migrations.last().cloned().unwrap_or_default(), ..Shown::default() };
        Self { migrations, shown, looked: None }
    }

    /// Pings the database, takes a closer look when it is time, and says what is known now.
    pub async fn ask(&mut self, database: &Database) -> Shown {
        let (began, asked) = (Utc::now(), Instant::now());
        let said = timeout(TIMEOUT, ping(database)).await.ok().and_then(Result::ok);
        self.shown.answers = said.is_some();
        if let Some((_, read_only)) = said {
            self.shown.read_only = read_only;
        }
        // SQLite has no clock but ours.
        let apart = database.reader().get_database_backend() == DbBackend::Postgres;
        if let Some((said, _)) = said.filter(|_| apart) {
            self.shown.clock_offset = Some(offset(began, asked.elapsed(), said));
        }
        let due = self.looked.is_none_or(|looked| looked.elapsed() > POLL_INTERVAL);
        if self.shown.answers
            && due
            && let Ok(Ok(())) = timeout(TIMEOUT, self.look(database)).await
        {
            self.looked = Some(Instant::now());
        }
        self.shown.clone()
    }

    async fn look(&mut self, database: &Database) -> Result<(), DbErr> {
        let connection = database.reader();
        let (product, ask) = match connection.get_database_backend() {
            DbBackend::Postgres => ("PostgreSQL", "SELECT current_setting('server_version') AS version"),
            _ => ("SQLite", "SELECT sqlite_version() AS version"),
        };
        let version = texts(connection, ask).await?;
        // Some hosts do not let everybody ask.
        let identity = identity(database).await.unwrap_or_default();
        let applied = texts(connection, "SELECT version FROM seaql_migrations ORDER BY version").await?;
        self.shown.product = product.to_owned();
        self.shown.version = version.into_iter().next().unwrap_or_default();
        self.shown.identity = identity;
        self.shown.schema_state = state(&self.migrations, &applied).into();
        self.shown.database_schema = applied.into_iter().next_back().unwrap_or_default();
        Ok(())
    }
}

/// Its time, and whether it takes no writes.
async fn ping(database: &Database) -> Result<(DateTime<Utc>, bool), DbErr> {
    let connection = database.reader();
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok((now(connection).await?, false));
    }
    let ask = "SELECT clock_timestamp() AS now, current_setting('transaction_read_only') = 'on' AS read_only";
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, ask)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("now".into()))?;
    Ok((row.try_get("", "now")?, row.try_get("", "read_only")?))
}

/// Which database this is, the same for all who use it.
///
/// # Errors
/// It does not answer, or may not tell.
pub async fn identity(database: &Database) -> Result<String, DbErr> {
    let connection = database.reader();
    let identify = match connection.get_database_backend() {
        DbBackend::Postgres => IDENTIFY_POSTGRES,
        _ => IDENTIFY_SQLITE,
    };
    Ok(texts(connection, identify).await?.into_iter().next().unwrap_or_default())
}

async fn texts(connection: &impl ConnectionTrait, ask: &str) -> Result<Vec<String>, DbErr> {
    let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), ask)).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}

/// What the database lacks counts for more than what it has besides.
fn state(known: &[String], applied: &[String]) -> SchemaState {
    if known.iter().any(|migration| !applied.contains(migration)) {
        return SchemaState::Older;
    }
    let more = applied.iter().any(|migration| !known.contains(migration));
    if more { SchemaState::Newer } else { SchemaState::Current }
}

/// The answer was given at some moment of the round trip; its middle is at most half of it away from that.
fn offset(began: DateTime<Utc>, trip: Duration, said: DateTime<Utc>) -> ClockOffset {
    let half = trip.as_secs_f64() / 2.0;
    ClockOffset { seconds: (said - began).as_seconds_f64() - half, error_seconds: half }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_compared_by_its_migrations() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let known = names(&["m0001", "m0002"]);
        assert_eq!(state(&known, &names(&["m0002", "m0001"])), SchemaState::Current);
        assert_eq!(state(&known, &names(&["m0001"])), SchemaState::Older);
        assert_eq!(state(&known, &names(&["m0001", "m0002", "m0003"])), SchemaState::Newer);
        assert_eq!(state(&known, &names(&["m0001", "m0003"])), SchemaState::Older);
    }

    #[test]
    fn a_clock_is_compared_with_the_middle_of_the_round_trip() {
        let began = Utc::now();
        let found = offset(began, Duration::from_millis(200), began + chrono::TimeDelta::milliseconds(1600));
        assert!((found.seconds - 1.5).abs() < 1e-9 && (found.error_seconds - 0.1).abs() < 1e-9, "{found:?}");
    }

    #[tokio::test]
    async fn sqlite_tells_its_version_and_has_no_clock() {
        let database = Database::connect("sqlite::memory:").await.expect("a database");
        let mut probe = Probe::new(vec!["m0001".to_owned()]);
        let shown = probe.ask(&database).await;
        assert!(shown.answers && shown.clock_offset.is_none(), "{shown:?}");
        assert_eq!(shown.schema_state(), SchemaState::Unspecified, "there is no schema at all");
    }
}
