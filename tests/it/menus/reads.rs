//! How often the database is asked: Postgres itself counts. A crowd that comes at once to replicas that have nothing
//! yet costs one reading of the menu, and without Redis one for each replica.

use futures_util::future::join_all;
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::{
    harness::{Redis, Role, Servers, Shop, eventually, trials},
    people::menu,
};
use comanda_proto::catalog::v1::{GetMenuRequest, catalog_service_client::CatalogServiceClient};

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
    // Where Redis was too slow for someone, a replica may read for itself: such a round proves nothing.
    let mut conclusive = 0;
    for _ in 0..8 {
        redis.ask("FLUSHALL").expect("empty");
        let (calls, waited) = rush(&mut shop, &database).await;
        assert!((1..=REPLICAS as i64).contains(&calls), "{calls} readings for {READERS} readers");
        if !waited {
            assert_eq!(calls, 1, "readings for {READERS} readers at {REPLICAS} replicas");
            conclusive += 1;
        }
        if conclusive == 2 {
            break;
        }
    }
    assert!(conclusive > 0, "in no round Redis answered in time");

    redis.kill();
    let (calls, _) = rush(&mut shop, &database).await;
    assert!((1..=REPLICAS as i64).contains(&calls), "{calls} readings for {READERS} readers without Redis");
}

/// It keeps the others away for a moment; what was kept stays.
async fn a_token_ends_by_itself() {
    let redis = Redis::new().await;
    let (shop, _hops) = Shop::mesh_of_catalogs(&*Servers::shared().await, 1, &redis).await;
    menu(&shop).await;
    let keys = || redis.ask("DBSIZE").expect("an answer");
    eventually("body, hint and token are there", async || keys() == ":3").await;
    eventually("the token is gone", async || keys() == ":2").await;
}

/// All come at once to replicas that have just started. Gives how often the menu was read from the database, and
/// whether somebody gave up waiting for Redis or for the reader.
async fn rush(shop: &mut Shop, database: &DatabaseConnection) -> (i64, bool) {
    for replica in &mut shop.catalog {
        replica.kill();
        replica.start().await;
    }
    let (before, impatient) = (calls(database).await, gave_up(shop));
    let doors: Vec<_> = (0..CONNECTIONS).map(|nth| shop.catalog[nth % REPLICAS].catalog()).collect();
    let read = async |mut door: CatalogServiceClient<_>| door.get_menu(GetMenuRequest::default()).await;
    let replies = join_all((0..READERS).map(|nth| read(doors[nth % CONNECTIONS].clone()))).await;
    let bodies: Vec<_> = replies.into_iter().map(|reply| reply.expect("a menu").into_inner()).collect();
    assert!(bodies.iter().all(|body| body.encoded_menu == bodies[0].encoded_menu && !body.stale));
    (calls(database).await - before, gave_up(shop) > impatient)
}

fn gave_up(shop: &Shop) -> usize {
    let said = |log: String| log.matches("the cache failed").count() + log.matches("takes too long").count();
    shop.catalog.iter().map(|replica| said(replica.log())).sum()
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
