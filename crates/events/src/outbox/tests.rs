use super::*;
use comanda_proto::{events::v1::OrderPlaced, orders::v1::Order};
use comanda_storage::{database::Database, test_db::TestDb};

const MANY: u64 = 100;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

/// Rows that were written at the beginning, the oldest first.
async fn written<const N: usize>(database: &Database) -> [Uuid; N] {
    let txn = database.begin().await.expect("a transaction");
    let mut ids = [Uuid::nil(); N];
    for id in &mut ids {
        let payload = Payload::OrderPlaced(OrderPlaced { order: Some(Order::default()) });
        *id = append(&txn, at(0), "main", payload).await.expect("stored").event_id;
    }
    txn.commit().await.expect("committed");
    ids
}

async fn claimed(database: &Database, seconds: i64) -> Vec<Uuid> {
    let rows = claim_expired(database.writer(), at(seconds), MANY).await.expect("rows");
    rows.into_iter().map(|row| row.event_id).collect()
}

#[tokio::test]
async fn a_row_is_one_replicas_until_its_lease_expires() {
    let test_db = TestDb::with::<comanda_migrations::Orders>().await;
    let database = test_db.database.clone();
    let both = written::<2>(&database).await;
    assert!(claimed(&database, 10).await.is_empty(), "whoever wrote them sees to them");
    assert_eq!(claimed(&database, 11).await, both, "that one is dead");
    assert!(claimed(&database, 11).await.is_empty(), "now they are the claimer's");
    assert!(claimed(&database, 21).await.is_empty());
    assert_eq!(claimed(&database, 22).await, both, "that one is dead, too");
}

/// Ids follow the writing, not the commits, and a row that was claimed may have to be claimed again.
#[tokio::test]
async fn a_row_that_comes_after_younger_ones_is_claimed() {
    let test_db = TestDb::with::<comanda_migrations::Orders>().await;
    let database = test_db.database.clone();
    let [older, younger] = written(&database).await;
    let late = Entity::find_by_id(older).one(database.reader()).await.expect("an answer").expect("a row");
    remove(&database, vec![older]).await.expect("not there yet");
    assert_eq!(claimed(&database, 11).await, [younger]);
    Entity::insert(ActiveModel::from(late)).exec_without_returning(database.writer()).await.expect("committed late");
    assert_eq!(claimed(&database, 11).await, [older]);
}
