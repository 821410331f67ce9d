//! Databases: pools and transactions with tight time-outs ([`database`]), commands that run once however often they are
//! sent ([`idempotency`]), many rows in one statement ([`bulk_insert`], [`chunk`]), what orders and tickets went
//! through ([`history_table`]), old rows that go ([`retention`]), how a database is ([`probe`]) and how much room its
//! [`disk`] has.

pub mod bulk_insert;
pub mod chunk;
pub mod database;
pub mod disk;
pub mod heard_revocations;
pub mod history;
pub mod idempotency;
pub mod probe;
pub mod retention;
#[cfg(any(test, feature = "test-db"))]
pub mod test_db;
