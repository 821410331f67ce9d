//! Every await: each RPC's and each consumer's future, and those of the tasks that they start, is dropped at its k-th
//! poll, for all k, through an order's whole life. A caller who gives up, a deadline, a `select!` and a stop all do
//! that. Whatever was answered with OK must be there, read through another connection at once; the same request id
//! settles the rest; and at the end no connection is in a transaction, nor in any other state than a new one would be.

mod life;

use comanda_events::broker::Broker;
use comanda_failpoint as failpoint;
use comanda_storage::database::Database;
use futures_util::future::join_all;
use harness::{Folder, Servers, eventually, trials};
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::model::in_process_cluster::Rooms;
use life::{Life, STEPS};

/// Where futures are dropped: [`failpoint::sever`] names them.
const SITES: [&str; 9] = ["call", "store", "commit", "consumer", "settle", "probe", "claim", "remove", "board"];
/// Far more than any of them is polled within a step. What is reached again and again by itself, such as a board that
/// is read every second, ends here if it ever goes on that long.
const MAX_POLLS: u64 = 150;

pub fn tests() -> Vec<Trial> {
    trials![an_order_survives_a_drop_at_every_await]
}

/// One after the other: which future is dropped next is known to the whole process.
async fn an_order_survives_a_drop_at_every_await() {
    on_sqlite().await;
    on_postgres().await;
}

async fn on_sqlite() {
    let folder = Folder::new("cancel-safety");
    let urls = ["catalog.db", "orders.db", "kitchen.db"].map(|name| format!("sqlite:{}", folder.join(name).display()));
    sweep("SQLite", urls, folder).await;
}

async fn on_postgres() {
    let servers = Servers::shared().await;
    let mut urls = [const { String::new() }; 3];
    for url in &mut urls {
        *url = servers.postgres.create_database("cancel_safety").await;
    }
    let before = transactions_within_others(&servers);
    sweep("PostgreSQL", urls, Folder::new("cancel-safety")).await;
    assert_eq!(transactions_within_others(&servers), before, "a transaction was begun within another one");
}

fn transactions_within_others(servers: &Servers) -> usize {
    let log = servers.postgres.log();
    log.matches("already a transaction in progress").count() + log.matches("no transaction in progress").count()
}

async fn sweep(what: &str, urls: [String; 3], folder: Folder) {
    let broker = Broker::memory();
    let rooms = Rooms::open_on(urls.clone(), (broker.clone(), broker), folder).await;
    let life = Life::of(&rooms, &urls).await;
    let tablet = tokio::spawn(life::watch(rooms.kitchen_door.clone()));
    for site in SITES {
        let mut places = 0;
        for step in STEPS {
            for k in 1..=MAX_POLLS {
                let scene = life.before(step).await;
                failpoint::arm(site, k);
                life.play(step, scene).await;
                if !failpoint::disarm() {
                    break;
                }
                places += 1;
            }
        }
        println!("{what}: {site}: dropped at {places} places");
        // The probe runs before a consumer reads, the settling when something is odd, a claim once a second: none of them
        // need be part of a quiet life.
        assert!(places > 0 || ["settle", "probe", "claim"].contains(&site), "{what}: nothing reached {site}");
    }
    for database in [&rooms.orders, &rooms.kitchen] {
        at_rest(database).await;
    }
    drop(life);
    tablet.abort();
    rooms.close().await;
}

/// No session is in a transaction, and every pooled connection is as a new one.
async fn at_rest(database: &Database) {
    if database.reader().get_database_backend() != DbBackend::Postgres {
        return;
    }
    let ask = |sql: &str| Statement::from_string(DbBackend::Postgres, sql);
    let open = "SELECT count(*) AS n FROM pg_stat_activity \
                WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    eventually("no session is in a transaction", async || {
        let row = database.driver().query_one_raw(ask(open)).await.ok().flatten();
        row.and_then(|row| row.try_get::<i64>("", "n").ok()) == Some(0)
    })
    .await;
    // As many at once as there are, so that each is asked.
    let look = "SELECT current_setting('synchronous_commit') || ' ' || coalesce(pg_current_xact_id_if_assigned()::text, '') \
                AS s FROM pg_sleep(0.2)";
    for database in [database.clone(), database.for_delivery()] {
        let looks = join_all((0..16).map(|_| database.reader().query_one_raw(ask(look)))).await;
        for look in looks {
            let state: String = look.expect("an answer").expect("a row").try_get("", "s").expect("text");
            assert_eq!(state, "on ", "a connection is not as a new one");
        }
    }
}
