//! A connection pool, for single statements. Whoever gives up while one is under way leaves it to be finished.

use super::{
    connection::{Command, Connection, Raw, Reply, connection_trait},
    finish::Finish,
    limit::{self, GRACE, SQLITE_ACQUIRE_TIMEOUT},
    slots::Slots,
};
use comanda_context::permit;
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
    entity::prelude::async_trait,
};
use sqlx::{Postgres, Sqlite};
use std::sync::Arc;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// A pool of connections to a database. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Pool(pub(super) Kind);

/// Of which database.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// To PostgreSQL.
    Postgres(Arc<Slots<Postgres>>),
    /// To a file of SQLite's. With a queue, only one of those who take this way waits at the pool itself, so that whoever
    /// takes the other way, without one, waits for two of them at most.
    Sqlite(Arc<Slots<Sqlite>>, Option<Arc<Semaphore>>),
}

impl Pool {
    /// A connection, unless the call under way is too late.
    pub(super) async fn connection(&self) -> Result<Connection, DbErr> {
        limit::within_deadline(self.acquire()).await
    }

    /// Takes a connection out of the pool. May be dropped at any time.
    async fn acquire(&self) -> Result<Connection, DbErr> {
        // Boxed, because the driver's future is large, and is moved by each layer around it.
        match &self.0 {
            Kind::Postgres(pool) => {
                let raw = Box::pin(pool.acquire()).await.map_err(acquire_error)?;
                Ok(Connection::new(Raw::Postgres(raw), None))
            }
            Kind::Sqlite(pool, queue) => {
                let turn = match queue {
                    Some(queue) => Some(turn(queue.clone()).await?),
                    None => None,
                };
                let raw = Box::pin(pool.acquire()).await.map_err(acquire_error)?;
                Ok(Connection::new(Raw::Sqlite(raw), turn))
            }
        }
    }

    pub(super) async fn close(&self) {
        match &self.0 {
            Kind::Postgres(pool) => pool.close().await,
            Kind::Sqlite(pool, _) => pool.close().await,
        }
    }

    fn backend(&self) -> DbBackend {
        match &self.0 {
            Kind::Postgres(_) => DbBackend::Postgres,
            Kind::Sqlite(..) => DbBackend::Sqlite,
        }
    }

    async fn run(&self, command: Command) -> Result<Reply, DbErr> {
        let mut connection = self.connection().await?;
        let (limit, permit) = (limit::of_statement(), permit::current());
        Finish::new(GRACE, async move {
            let _permit = permit;
            connection.run(command, limit).await
        })
        .await
    }
}

connection_trait!(Pool);

/// One's turn at the pool.
async fn turn(queue: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, DbErr> {
    match timeout(SQLITE_ACQUIRE_TIMEOUT, queue.acquire_owned()).await {
        Ok(Ok(turn)) => Ok(turn),
        Ok(Err(_)) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)),
        Err(_) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
    }
}

/// Why no connection could be had.
fn acquire_error(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        error => DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))),
    }
}
