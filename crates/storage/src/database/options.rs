//! How a pool connects, and what is set on each connection before its first use.

use super::limit::{self, SQLITE_ACQUIRE_TIMEOUT};
use comanda_tls::ca_roots::CaRoots;
use sea_orm::ConnectOptions;
use sqlx::{
    Executor,
    postgres::PgSslMode,
    sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

pub(super) const POSTGRES_CONNECTIONS: u32 = 16;
pub(super) const SQLITE_READERS: u32 = 4;
pub(super) const SQLITE_DELIVERY_READERS: u32 = 2;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// Shorter, and a connection is believed to be well.
pub(super) const PING_AFTER_IDLE: Duration = Duration::from_secs(1);
const BRIEF_IDLE: Duration = Duration::from_secs(5);
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// A paused replica must not hold up the others; and no default of the server's changes what a statement sees. Set after
/// connecting and not while: PgBouncer refuses a connection that brings settings.
const POSTGRES_SESSION: &str = "SET statement_timeout = '5s'; SET lock_timeout = '2s'; \
     SET idle_in_transaction_session_timeout = '5s'; SET default_transaction_isolation = 'read committed'";

/// The time-outs of one transaction, as statements that follow its BEGIN.
pub(super) fn transaction_timeouts() -> String {
    format!(
        "; SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = 2000; \
         SET LOCAL idle_in_transaction_session_timeout = 5000",
        limit::in_database()
    )
}

pub(super) fn sqlite(url: &str, connections: u32) -> ConnectOptions {
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

pub(super) fn postgres(url: &str, trust: &CaRoots, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    tuned(&mut options, connections, ACQUIRE_TIMEOUT);
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
        // PgBouncer refuses this one, too, and no float is read.
        postgres.extra_float_digits(None)
    });
    options.map_sqlx_postgres_pool_opts(|pool| {
        pool.after_connect(|connection, _| Box::pin(async { connection.execute(POSTGRES_SESSION).await.map(drop) }))
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

/// For what is done at the start and then no more.
pub(super) fn brief(mut options: ConnectOptions) -> ConnectOptions {
    options.idle_timeout(BRIEF_IDLE);
    options
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
