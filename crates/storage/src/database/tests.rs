use super::*;
use crate::test_db::TestDb;

const MANY_PAGES: u32 = 1_000_000;

struct File {
    database: Database,
    /// A connection of nobody else's.
    other: DatabaseConnection,
    _test_db: TestDb,
}

impl File {
    async fn new() -> Self {
        let test_db = TestDb::empty().await;
        let database = test_db.database.clone();
        database.writer().execute_unprepared("CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB)").await.expect("a table");
        let other = sea_orm::Database::connect(&test_db.url).await.expect("another connection");
        Self { database, other, _test_db: test_db }
    }

    /// From now on the writer's file may grow by that many pages.
    async fn room(&self, pages: u32) {
        let count = self.number(self.database.writer(), "SELECT page_count AS n FROM pragma_page_count").await;
        let limit = u32::try_from(count).expect("few") + pages;
        let set = format!("PRAGMA max_page_count = {limit}");
        self.database.writer().execute_unprepared(&set).await.expect("a limit");
    }

    async fn number(&self, connection: &impl ConnectionTrait, ask: &str) -> i64 {
        let row = connection.query_one_raw(Statement::from_string(DbBackend::Sqlite, ask)).await;
        row.expect("an answer").expect("a row").try_get("", "n").expect("a number")
    }

    async fn stored(&self) -> i64 {
        self.number(&self.other, "SELECT count(*) AS n FROM t").await
    }
}

/// A row that takes a page of its own.
fn insert(n: i64) -> Statement {
    let values = [n.into(), vec![7_u8; 3500].into()];
    Statement::from_sql_and_values(DbBackend::Sqlite, "INSERT INTO t (n, b) VALUES (?, ?)", values)
}

#[tokio::test]
async fn what_is_committed_after_a_full_disk_is_there() {
    for room in 0..12 {
        let file = File::new().await;
        file.room(room).await;
        let txn = file.database.begin().await.expect("a transaction");
        let mut refused = None;
        for n in 0..20 {
            if let Err(error) = txn.execute_raw(insert(n)).await {
                refused = Some(error);
                break;
            }
        }
        let refused = refused.expect("the disk is full");
        assert_eq!(sqlstate(&refused).as_deref(), Some("13"), "{refused}");
        // Whatever its owner makes of that.
        txn.execute_raw(insert(100)).await.expect_err("over");
        txn.commit().await.expect_err("over");
        assert_eq!(file.stored().await, 0);

        file.room(MANY_PAGES).await;
        for n in 200..203 {
            let txn = file.database.begin().await.expect("a transaction");
            txn.execute_raw(insert(n)).await.expect("stored");
            txn.commit().await.expect("committed");
            assert_eq!(file.stored().await, n - 199, "committed with room for {room}, and not there");
        }
    }
}

#[tokio::test]
async fn a_failed_statement_ends_its_transaction() {
    let file = File::new().await;
    let txn = file.database.begin().await.expect("a transaction");
    txn.execute_raw(insert(1)).await.expect("stored");
    txn.execute_raw(insert(1)).await.expect_err("there already");
    txn.execute_raw(insert(2)).await.expect_err("over");
    txn.commit().await.expect_err("over");
    assert_eq!(file.stored().await, 0);
}

#[tokio::test]
async fn a_transaction_that_is_dropped_is_rolled_back() {
    let file = File::new().await;
    let txn = file.database.begin().await.expect("a transaction");
    txn.execute_raw(insert(1)).await.expect("stored");
    drop(txn);
    let txn = file.database.begin().await.expect("the writer is free again");
    txn.execute_raw(insert(2)).await.expect("stored");
    txn.commit().await.expect("committed");
    assert_eq!(file.stored().await, 1);
}

/// Twenty callers wait for the one connection that writes; an event that comes last is second at the latest.
#[tokio::test]
async fn delivery_waits_for_no_queue_of_callers() {
    let file = File::new().await;
    let first = file.database.begin().await.expect("begun");
    let order = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let wait = |database: Database, name: String| {
        let order = order.clone();
        tokio::spawn(async move {
            let txn = database.begin().await.expect("begun");
            order.lock().expect("unpoisoned").push(name);
            txn.rollback().await.expect("rolled back");
        })
    };
    let mut waiting: Vec<_> = (0..20).map(|n| wait(file.database.clone(), n.to_string())).collect();
    // All are in the queue, each in its turn: this runtime has one thread.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    waiting.push(wait(file.database.for_delivery(), "delivery".to_owned()));
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    first.rollback().await.expect("rolled back");
    for one in waiting {
        one.await.expect("done");
    }
    let order = order.lock().expect("unpoisoned").clone();
    let at = order.iter().position(|name| name == "delivery").expect("it wrote");
    assert!(at <= 1, "{order:?}");
}

#[tokio::test]
async fn a_connection_at_rest_is_used_again_and_a_broken_one_is_not() {
    let file = File::new().await;
    let writer = file.database.writer();
    let is_same = async || writer.execute_unprepared("SELECT 1 FROM mark").await.is_ok();
    writer.execute_unprepared("CREATE TEMP TABLE mark (n INTEGER)").await.expect("a table of this connection");
    assert!(is_same().await, "after a statement");
    file.database.begin().await.expect("a transaction").commit().await.expect("committed");
    assert!(is_same().await, "after a transaction");
    drop(file.database.begin().await.expect("a transaction"));
    assert!(is_same().await, "after a transaction that was rolled back");
    file.room(0).await;
    let txn = file.database.begin().await.expect("a transaction");
    let mut n = 0;
    while txn.execute_raw(insert(n)).await.is_ok() {
        n += 1;
    }
    drop(txn);
    assert!(!is_same().await, "what SQLite made of the transaction is unknown");
}

#[tokio::test]
async fn a_closed_database_gives_no_connection() {
    let file = File::new().await;
    let database = file.database.clone();
    database.clone().close().await;
    database.begin().await.err().expect("closed");
}

#[test]
fn a_database_may_outlive_its_runtime() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let file = runtime.block_on(async {
        let file = File::new().await;
        file.database.begin().await.expect("a transaction").commit().await.expect("committed");
        file
    });
    drop(runtime);
    drop(file);
}
