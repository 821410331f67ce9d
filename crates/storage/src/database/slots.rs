//! Connections at rest. The driver's pool asks the server how it is whenever a connection comes back: a round trip, a
//! task and two wake-ups for each statement, and until then nobody else can use it. Ours are known to be at rest when
//! they come back ([`super::connection`]), so they are kept here without asking, and asked only after they have been
//! idle for a while.

use super::options::PING_AFTER_IDLE;
use parking_lot::Mutex;
use sqlx::{Connection, Database, pool::PoolConnection};
use std::{fmt, mem, sync::Arc, time::Duration};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

const MAX_IDLE: Duration = Duration::from_secs(10 * 60);
const MAX_AGE: Duration = Duration::from_secs(30 * 60);

/// As many connections as the driver's pool may have, each at rest here, in use, or not opened yet.
pub(super) struct Slots<DB: Database> {
    pool: sqlx::Pool<DB>,
    free: Arc<Semaphore>,
    /// The one used last is used next.
    resting: Mutex<Vec<Resting<DB>>>,
    acquire_timeout: Duration,
}

struct Resting<DB: Database> {
    connection: PoolConnection<DB>,
    opened: Instant,
    since: Instant,
}

/// A connection in use. Dropped without [`Lease::rest`] it is closed.
pub(super) struct Lease<DB: Database> {
    connection: Option<PoolConnection<DB>>,
    opened: Instant,
    slots: Arc<Slots<DB>>,
    _permit: OwnedSemaphorePermit,
}

impl<DB: Database> Slots<DB> {
    pub fn new(pool: sqlx::Pool<DB>) -> Arc<Self> {
        let (most, acquire_timeout) = (pool.options().get_max_connections(), pool.options().get_acquire_timeout());
        let free = Arc::new(Semaphore::new(most as usize));
        Arc::new(Self { pool, free, resting: Mutex::default(), acquire_timeout })
    }

    /// A connection that answers, or one that has just been used.
    pub async fn acquire(self: &Arc<Self>) -> Result<Lease<DB>, sqlx::Error> {
        timeout(self.acquire_timeout, self.take()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    async fn take(self: &Arc<Self>) -> Result<Lease<DB>, sqlx::Error> {
        let permit = self.free.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let mut lease = Lease { connection: None, opened: Instant::now(), slots: self.clone(), _permit: permit };
        while let Some(Resting { connection, opened, since }) = self.pop() {
            (lease.opened, lease.connection) = (opened, Some(connection));
            if since.elapsed() < PING_AFTER_IDLE || lease.ping().await.is_ok() {
                return Ok(lease);
            }
            lease.close();
        }
        (lease.opened, lease.connection) = (Instant::now(), Some(self.pool.acquire().await?));
        Ok(lease)
    }

    fn pop(&self) -> Option<Resting<DB>> {
        self.resting.lock().pop()
    }

    /// Closes what is at rest, then waits for what is in use.
    pub async fn close(&self) {
        self.free.close();
        self.resting.lock().clear();
        self.pool.close().await;
    }
}

impl<DB: Database> Drop for Slots<DB> {
    fn drop(&mut self) {
        // The driver ends connections in a task. Without a runtime the process is ending, and its connections with it.
        if Handle::try_current().is_err() {
            self.resting.get_mut().drain(..).for_each(mem::forget);
        }
    }
}

impl<DB: Database> fmt::Debug for Slots<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (free, resting) = (self.free.available_permits(), self.resting.lock().len());
        f.debug_struct("Slots").field("free", &free).field("resting", &resting).finish()
    }
}

impl<DB: Database> Lease<DB> {
    /// Gives back a connection that is known to be at rest.
    pub fn rest(mut self) {
        let Some(connection) = self.connection.take().filter(|_| self.opened.elapsed() < MAX_AGE) else { return };
        let mut resting = self.slots.resting.lock();
        if self.slots.free.is_closed() {
            return;
        }
        resting.push(Resting { connection, opened: self.opened, since: Instant::now() });
        if resting.first().is_some_and(|oldest| oldest.since.elapsed() > MAX_IDLE) {
            resting.remove(0);
        }
    }

    /// Ends it.
    pub fn close(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.close_on_drop();
        }
    }

    /// The connection itself.
    pub fn get(&mut self) -> Result<&mut DB::Connection, sqlx::Error> {
        self.connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    async fn ping(&mut self) -> Result<(), sqlx::Error> {
        self.get()?.ping().await
    }
}

impl<DB: Database> Drop for Lease<DB> {
    fn drop(&mut self) {
        self.close();
    }
}
