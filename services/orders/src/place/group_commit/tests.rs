use super::*;
use crate::{
    place::tests::{order_at, scratch},
    store::orders,
};
use comanda_events::{broker::Broker, relay::Relay};
use comanda_proto::catalog::v1::Menu;
use comanda_storage::test_db::TestDb;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, EntityTrait, prelude::Uuid};
use tonic::Code;

/// A line before an empty database. Its relay does not run.
async fn line() -> (OrderBatcher, Relay, TestDb) {
    let scratch = scratch().await;
    let (relay, publisher) = Relay::new(scratch.database.clone(), Broker::memory());
    (OrderBatcher::new(scratch.database.clone(), publisher), relay, scratch)
}

fn key() -> IdempotencyKey {
    IdempotencyKey::new(&Uuid::new_v4().to_string(), "PlaceOrder", &()).expect("a UUID")
}

async fn place(group_commit: &OrderBatcher, key: &IdempotencyKey, name: &str) -> Result<StoredResponse<Order>, Status> {
    let mut place = order_at("main", Menu::default());
    place.guest.name = name.to_owned();
    group_commit.place(key, place).await
}

async fn stored(scratch: &TestDb) -> Vec<orders::Model> {
    orders::Entity::find().all(scratch.database.reader()).await.expect("an answer")
}

/// Waits until so many wait.
async fn until_waiting(group_commit: &OrderBatcher, count: usize) {
    while group_commit.line().pending.len() < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn who_waits_together_is_stored_together() {
    let (group_commit, _relay, scratch) = line().await;
    let busy = scratch.database.begin().await.expect("a transaction");
    let keys = [(); MAX_BATCH].map(|()| key());
    let all = join_all(keys.iter().map(|key| place(&group_commit, key, "Ana")));
    let (answers, ()) = tokio::join!(all, async {
        until_waiting(&group_commit, MAX_BATCH).await;
        busy.commit().await.expect("given back");
    });
    let mut numbers: Vec<_> = answers.into_iter().map(|answer| answer.expect("taken").reply.accepted_seq).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=MAX_BATCH as i64).collect::<Vec<_>>());
    let mut moments: Vec<_> = stored(&scratch).await.iter().map(|order| order.created_at).collect();
    moments.dedup();
    assert_eq!(moments.len(), 1, "one transaction has one time");
}

#[tokio::test]
async fn an_order_that_the_database_refuses_does_no_harm_to_its_neighbours() {
    let (group_commit, _relay, scratch) = line().await;
    let trap = "CREATE TRIGGER trap BEFORE INSERT ON orders WHEN NEW.customer_name = 'Veneno' \
                BEGIN SELECT RAISE(ABORT, 'never'); END";
    scratch.database.writer().execute_unprepared(trap).await.expect("a trap");
    let names = ["Ana", "Bia", "Veneno", "Caio", "Davi"];
    let busy = scratch.database.begin().await.expect("a transaction");
    let keys = names.map(|name| (key(), name));
    let all = join_all(keys.iter().map(|(key, name)| place(&group_commit, key, name)));
    let (answers, ()) = tokio::join!(all, async {
        until_waiting(&group_commit, names.len()).await;
        busy.commit().await.expect("given back");
    });
    for ((_, name), answer) in keys.iter().zip(answers) {
        match answer {
            Ok(answer) => assert_eq!(answer.reply.customer_name, *name),
            Err(refusal) => assert_eq!((*name, refusal.code()), ("Veneno", Code::Unavailable)),
        }
    }
    let key = key();
    let after = tokio::time::timeout(deadline::DEFAULT, place(&group_commit, &key, "Eva")).await;
    let after = after.expect("the next turn comes").expect("taken");
    assert_eq!(after.reply.accepted_seq, 5);
    let mut numbers: Vec<_> = stored(&scratch).await.iter().map(|order| order.accepted_seq).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn who_is_too_late_is_not_stored_and_who_went_away_is() {
    let (group_commit, _relay, scratch) = line().await;
    let busy = scratch.database.begin().await.expect("a transaction");
    let (late, gone) = (key(), key());
    let soon = Instant::now() + Duration::from_millis(1);
    assert!(deadline::scope(soon, place(&group_commit, &late, "Ana")).await.is_none());
    assert!(place(&group_commit, &gone, "Bia").now_or_never().is_none());
    busy.commit().await.expect("given back");
    let again = place(&group_commit, &gone, "Bia").await.expect("taken");
    assert!(again.replayed);
    let names: Vec<_> = stored(&scratch).await.into_iter().map(|order| order.customer_name).collect();
    assert_eq!(names, ["Bia"]);
}

#[tokio::test]
async fn fifty_with_the_same_key_make_one_order() {
    let (group_commit, _relay, scratch) = line().await;
    let key = key();
    let answers = join_all((0..50).map(|_| place(&group_commit, &key, "Ana"))).await;
    assert_eq!(answers.into_iter().filter(|answer| !answer.as_ref().expect("an answer").replayed).count(), 1);
    assert_eq!(stored(&scratch).await.len(), 1);
}
