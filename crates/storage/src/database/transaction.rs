//! A transaction: what is done in it is committed as a whole, or not at all. It is over with its first failed statement,
//! whatever its owner makes of the error; dropped without a commit it is rolled back.

use super::{
    connection::{Command, Connection, Reply, connection_trait},
    finish::Finish,
    limit::{self, GRACE},
    pool::Pool,
};
use comanda_context::permit;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, entity::prelude::async_trait,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// For the answer to a COMMIT. Whether it was carried out is unknown after that.
const COMMIT_TIMEOUT: Duration = Duration::from_secs(5);

/// An open transaction.
pub struct Transaction {
    /// Shared with a statement that is finished though its caller is gone.
    open: Arc<Mutex<Open>>,
    backend: DbBackend,
}

struct Open {
    connection: Connection,
    failed: bool,
}

impl Transaction {
    /// Begins one by these statements, and returns what the last of them answered.
    pub(super) async fn begin(pool: &Pool, script: String) -> Result<(Self, Vec<QueryResult>), DbErr> {
        let mut connection = pool.connection().await?;
        let (limit, permit) = (limit::of_statement(), permit::current());
        let begun = Finish::new(GRACE, async move {
            let _permit = permit;
            let reply = connection.begin(script, limit).await;
            reply.map(|reply| (connection, reply.rows))
        });
        let (connection, rows) = begun.await?;
        let open = Arc::new(Mutex::new(Open { connection, failed: false }));
        Ok((Self { open, backend: pool.get_database_backend() }, rows))
    }

    /// Commits. The commit is finished even if this future is dropped.
    ///
    /// # Errors
    /// It was rolled back, or the database did not answer in time: then the outcome is unknown.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.end("COMMIT", COMMIT_TIMEOUT).await
    }

    /// Rolls back, and waits for it. Dropping does the same without waiting.
    ///
    /// # Errors
    /// The database did not answer; the connection is closed, which rolls back as well.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.end("ROLLBACK", GRACE).await
    }

    async fn end(self, how: &'static str, limit: Duration) -> Result<(), DbErr> {
        let permit = permit::current();
        Finish::new(limit, async move {
            let _permit = permit;
            let mut open = self.open.lock().await;
            if open.failed {
                return Err(over());
            }
            open.connection.end(how, limit).await
        })
        .await
    }

    fn backend(&self) -> DbBackend {
        self.backend
    }

    async fn run(&self, command: Command) -> Result<Reply, DbErr> {
        let (open, permit) = (self.open.clone(), permit::current());
        let limit = limit::within_deadline(async { Ok(limit::of_statement()) }).await?;
        Finish::new(GRACE, async move {
            let _permit = permit;
            let mut open = open.lock().await;
            if open.failed {
                return Err(over());
            }
            // Set first: a statement that is dropped half way has failed, too.
            open.failed = true;
            let reply = open.connection.run(command, limit).await;
            open.failed = reply.is_err();
            reply
        })
        .await
    }
}

connection_trait!(Transaction);

fn over() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the transaction has failed before".to_owned()))
}
