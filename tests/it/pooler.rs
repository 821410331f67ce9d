//! PgBouncer in transaction mode before Postgres: Comanda works by its defaults. Only where a PgBouncer is installed that
//! keeps prepared statements: `make test-servers` has one.

use harness::{PgBouncer, Role, Servers, Shop, connect, eventually, trials};
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::{docs::block, journey};

/// Fewer than the roles' own pools have, so that they share.
const CONNECTIONS: usize = 6;

pub fn tests() -> Vec<Trial> {
    if PgBouncer::is_installed() { trials![the_journey_goes_through_a_pooler] } else { vec![] }
}

async fn the_journey_goes_through_a_pooler() {
    let servers = Servers::private().await;
    let pooler = PgBouncer::before(&servers.postgres, CONNECTIONS).await;
    let shop = Shop::mesh_behind(&servers, &pooler).await;
    journey::all(&shop).await;
    let database = shop.database(Role::Orders).await;
    eventually("no session is left in a transaction", async || {
        let ask = "SELECT count(*) AS n FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'";
        let row = database.query_one_raw(Statement::from_string(DbBackend::Postgres, ask)).await.ok()??;
        (row.try_get::<i64>("", "n").ok()? == 0).then_some(())
    })
    .await;
    assert_eq!(servers.postgres.misled_since(0), None);
    // Sessions that the pooler opens later have their time-outs by what docs/operations.md says.
    for setting in
        block("docs/operations.md", "sql", "ALTER ROLE").replace("comanda", "postgres").split_inclusive(";\n")
    {
        database.execute_unprepared(setting).await.expect("a setting");
    }
    let url = shop.database_url(Role::Orders).to_owned();
    drop((shop, pooler));
    let pooler = PgBouncer::before(&servers.postgres, CONNECTIONS).await;
    for _ in 0..3 * CONNECTIONS {
        let through = connect(&pooler.in_front_of(&url)).await;
        let through = through.expect("the pooler answers");
        let ask = Statement::from_string(DbBackend::Postgres, "SELECT current_setting('statement_timeout') AS timeout");
        let row = through.query_one_raw(ask).await.expect("an answer").expect("a row");
        assert_eq!(row.try_get::<String>("", "timeout").expect("text"), "5s");
    }
}
