//! What one order costs that comes alone, from REST to the tablet and back to Orders: processor time and wake-ups of each
//! process, statements and commits of Postgres. A table of its own, without a peer.

use harness::{Role, Servers, Shop, with_token};

use super::{
    Effort,
    customers::{an_order, at_rest},
    http1::drive,
    report::Row,
    rest::by_rest,
    usage::{cpu_seconds_of_all, sleeps},
};
use comanda_proto::kitchen::v1::WatchTicketsRequest;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(10);

/// Counts of some processes since they began.
#[derive(Debug, Clone, Copy)]
struct Counts {
    cpu_seconds: f64,
    wake_ups: f64,
}

/// Prints the table. What the same processes do in a while without orders is taken off.
pub async fn rows(_: &Servers, effort: Effort) -> Vec<Row> {
    let servers = Servers::durable(1).await;
    let shop = Shop::mesh(&servers, 1).await;
    let order = an_order(&shop).await;
    let watch = with_token(WatchTicketsRequest::default(), &shop.secrets.staff);
    let mut tablet = shop.gateway.kitchen().watch_tickets(watch).await.expect("a board").into_inner();
    let watching = tokio::spawn(async move { while let Ok(Some(_)) = tablet.message().await {} });
    let processes = [
        ("gateway", vec![shop.gateway.pid()]),
        ("Catalog", vec![shop.catalog[0].pid()]),
        ("Orders", vec![shop.orders[0].pid()]),
        ("Kitchen", vec![shop.kitchen[0].pid()]),
        ("Postgres", servers.postgres.pids()),
        ("RabbitMQ", servers.rabbitmq.pids()),
    ];
    let database = shop.database(Role::Orders).await;
    database.execute_unprepared("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").await.expect("Postgres counts");
    drive(&shop.gateway.address(), 1, effort.time, by_rest(&order)).await;
    at_rest(&database).await;
    let all = || processes.each_ref().map(|(_, pids)| counts(pids));
    let idle = all();
    // A fixed time, so that what goes on without orders is known for it.
    tokio::time::sleep(PAUSE).await;
    let idle: Vec<_> = all().into_iter().zip(idle).map(|(after, before)| after.less(before, 1.0)).collect();
    let (before, statements, began) = (all(), in_postgres(&database).await, std::time::Instant::now());
    let seen = drive(&shop.gateway.address(), 1, PAUSE, by_rest(&order)).await;
    at_rest(&database).await;
    let share = began.elapsed().as_secs_f64() / PAUSE.as_secs_f64();
    let (after, done) = (all(), in_postgres(&database).await);
    let orders = seen.calls as f64;
    println!("\n{orders} orders, one after the other: p50 {:.0} µs\n", seen.quantile(0.5));
    println!("| process | CPU, µs | wake-ups |\n|---|---:|---:|");
    for (number, (name, _)) in processes.iter().enumerate() {
        let Counts { cpu_seconds, wake_ups } = after[number].less(before[number], 1.0).less(idle[number], share);
        let each = |count: f64| count / orders;
        println!("| {name} | {:.0} | {:.1} |", each(cpu_seconds * 1e6), each(wake_ups));
    }
    let each = |at: usize| (done[at] - statements[at]) / orders;
    println!("\nPostgres: {:.1} statements and {:.1} commits for an order\n", each(0), each(1));
    watching.abort();
    Vec::new()
}

impl Counts {
    fn less(self, other: Self, share: f64) -> Self {
        Self {
            cpu_seconds: self.cpu_seconds - other.cpu_seconds * share,
            wake_ups: self.wake_ups - other.wake_ups * share,
        }
    }
}

fn counts(pids: &[u32]) -> Counts {
    Counts { cpu_seconds: cpu_seconds_of_all(pids), wake_ups: sleeps(pids) }
}

/// Statements and commits of all databases so far.
async fn in_postgres(database: &DatabaseConnection) -> [f64; 2] {
    let ask = "SELECT (SELECT sum(calls)::float8 FROM pg_stat_statements) AS statements, \
               (SELECT sum(xact_commit)::float8 FROM pg_stat_database) AS commits";
    let row = database.query_one_raw(Statement::from_string(database.get_database_backend(), ask)).await;
    let row = row.expect("Postgres answers").expect("a row");
    ["statements", "commits"].map(|name| row.try_get("", name).expect("a number"))
}
