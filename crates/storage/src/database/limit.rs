//! How long a statement may take. The database ends it at the call's deadline; if it does not, the connection is closed a
//! second later.

use comanda_context::deadline;
use sea_orm::{ConnAcquireErr, DbErr};
use std::time::Duration;
use tokio::time::timeout;

/// For a statement whose caller is gone, and for ending a transaction that nobody commits.
pub(super) const GRACE: Duration = Duration::from_secs(1);
/// All writers of a SQLite file queue for one connection, each for as long as the disk takes to make a commit durable.
pub(super) const SQLITE_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);
/// Without a deadline, or with a later one.
pub(super) const MAX_STATEMENT: Duration = Duration::from_secs(5);

/// For the whole answer.
pub(super) fn of_statement() -> Duration {
    deadline::left().map_or(MAX_STATEMENT, |left| left.min(MAX_STATEMENT)) + GRACE
}

/// Work that may be dropped, and is when the call under way is too late.
pub(super) async fn within_deadline<T>(work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
    let late = || DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
    match deadline::left() {
        None => work.await,
        Some(Duration::ZERO) => Err(late()),
        Some(left) => timeout(left, work).await.unwrap_or_else(|_| Err(late())),
    }
}

/// Whether the call under way has so much time that a statement's usual time-out ends it soon enough.
pub(super) fn is_usual() -> bool {
    deadline::left().is_none_or(|left| left + GRACE >= MAX_STATEMENT)
}

/// A time-out for PostgreSQL in milliseconds: what is left, but never "none", and never more than usual. A little more than
/// that, so that a caller who is too late hears so, and not that the database failed.
pub(super) fn in_database() -> u128 {
    const MARGIN: Duration = Duration::from_millis(10);
    let limit = deadline::left().map_or(MAX_STATEMENT, |left| (left + MARGIN).min(MAX_STATEMENT));
    limit.as_millis()
}
