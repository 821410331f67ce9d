//! How often the database is asked: Postgres itself counts. A crowd that comes at once to replicas that have nothing
//! yet costs one reading of the menu, and without Redis one for each replica.

use std::time::Duration;

use futures_util::future::join_all;
use harness::{Redis, Role, Servers, Shop, eventually, trials, within};
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tonic::transport::Channel;

use crate::clients::menu;
use comanda_proto::catalog::v1::{GetMenuRequest, catalog_service_client::CatalogServiceClient};

/// For a replica to feed Redis, when nobody waits for it any more.
const A_MOMENT: Duration = Duration::from_secs(1);
/// As a replica says it.
const DATABASE: &str = "the database does not answer";
const REPLICAS: usize = 3;
const READERS: usize = 1000;
/// A connection carries many calls, but not all at once.
const CONNECTIONS: usize = 4 * REPLICAS;
/// Of the query that reads the products of a menu; the other queries of a body come with it.
const CALLS: &str = r#"SELECT coalesce(sum(calls), 0)::bigint AS calls FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND query LIKE '%FROM "product" WHERE "product"."shop_id" = % ORDER BY %'"#;

pub fn tests() -> Vec<Trial> {
    trials![a_crowd_reads_the_database_once, a_token_ends_by_itself]
}

async fn a_crowd_reads_the_database_once() {
    let mut redis = Redis::new().await;
    let (mut shop, _hops) = Shop::mesh_of_catalogs(&*Servers::shared().await, REPLICAS, &redis).await;
    let database = counting(&shop).await;
    conclusive(async || {
        redis.ask("FLUSHALL").expect("empty");
        let (calls, complaints) = rush(&mut shop, &database).await;
        complaints.is_empty().then(|| assert_eq!(calls, 1, "readings for {READERS} readers at {REPLICAS} replicas"))
    })
    .await;
    redis.kill();
    conclusive(async || {
        let (calls, complaints) = rush(&mut shop, &database).await;
        let at_most_one_each = || assert!((1..=REPLICAS as i64).contains(&calls), "{calls} readings without Redis");
        (!complaints.contains(&DATABASE)).then(at_most_one_each)
    })
    .await;
}

/// Plays rounds until one proves something. On a busy machine somebody may find Redis, or the database, too slow and ask
/// again.
async fn conclusive(mut round: impl AsyncFnMut() -> Option<()>) {
    for _ in 0..8 {
        if round().await.is_some() {
            return;
        }
    }
    panic!("in no round everybody was answered in time");
}

/// It keeps the others away for a moment; what was kept stays.
async fn a_token_ends_by_itself() {
    let redis = Redis::new().await;
    let (mut shop, _hops) = Shop::mesh_of_catalogs(&*Servers::shared().await, 1, &redis).await;
    let keys = || redis.ask("DBSIZE").expect("an answer");
    conclusive(async || {
        redis.ask("FLUSHALL").expect("empty");
        shop.catalog[0].kill();
        shop.catalog[0].start().await;
        menu(&shop).await;
        // Body, hint and token: the last is gone soon.
        within(A_MOMENT, async || keys() == ":3").await.ok()
    })
    .await;
    eventually("the token is gone", async || keys() == ":2").await;
}

/// All come at once to replicas that have just started. Gives how often the menu was read from the database, and what
/// the replicas complained of meanwhile.
async fn rush(shop: &mut Shop, database: &DatabaseConnection) -> (i64, Vec<&'static str>) {
    for replica in &mut shop.catalog {
        replica.kill();
        replica.start().await;
    }
    let (calls_before, before) = (calls(database).await, complaints(shop));
    let doors: Vec<_> = (0..CONNECTIONS).map(|nth| shop.catalog[nth % REPLICAS].catalog()).collect();
    let read = async |mut door: CatalogServiceClient<Channel>| {
        eventually("a menu", async || door.get_menu(GetMenuRequest::default()).await).await.into_inner()
    };
    let replies = join_all((0..READERS).map(|nth| read(doors[nth % CONNECTIONS].clone()))).await;
    assert!(replies.iter().all(|reply| reply.encoded_menu == replies[0].encoded_menu));
    let new = complaints(shop).into_iter().zip(before).filter(|((_, now), (_, before))| now > before);
    (calls(database).await - calls_before, new.map(|((what, _), _)| what).collect())
}

/// How often the replicas have said each of what they say of others that are slow.
fn complaints(shop: &Shop) -> Vec<(&'static str, usize)> {
    let logs: Vec<_> = shop.catalog.iter().map(|replica| replica.log()).collect();
    let count = |what| (what, logs.iter().map(|log| log.matches(what).count()).sum());
    [DATABASE, "the cache failed", "takes too long"].map(count).into()
}

async fn counting(shop: &Shop) -> DatabaseConnection {
    let database = shop.database(Role::Catalog).await;
    database.execute_unprepared("CREATE EXTENSION pg_stat_statements").await.expect("Postgres counts");
    database
}

async fn calls(database: &DatabaseConnection) -> i64 {
    let asked = database.query_one_raw(Statement::from_string(DbBackend::Postgres, CALLS)).await;
    asked.expect("a query").expect("a row").try_get("", "calls").expect("a number")
}
