//! `comanda doctor` and the status behind it: what is wrong is said in a sentence, with the command that helps; what is
//! right is not called wrong.

use harness::{Finished, Reply, Role, Servers, Shop, eventually, on_both_shapes, run, trials, wrong_clock};
use http::{Request, StatusCode};
use libtest_mimic::Trial;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use tonic_health::pb::health_check_response::ServingStatus;

use crate::{
    clients::{fresh, place},
    dead_letters::{self, QUEUE},
    journey::count,
};

pub fn tests() -> Vec<Trial> {
    let mut tests = trials![
        a_healthy_mesh_is_well,
        a_shop_in_a_box_is_well,
        a_broker_that_is_away_is_named_with_what_waits,
        roles_that_are_away_are_named,
        a_dead_letter_names_the_command,
        a_database_that_is_away_is_named,
        a_database_that_takes_no_writes_is_named,
        a_newer_schema_is_no_illness,
        a_wrong_clock_is_noticed,
        a_gateway_that_is_away_or_refuses_is_explained,
    ];
    tests.extend(on_both_shapes![the_status_is_for_staff]);
    tests
}

/// `GET /status.json`, as staff.
pub async fn status(shop: &Shop) -> Reply {
    let request = Request::get("/status.json").header("authorization", format!("Bearer {}", shop.secrets.staff));
    shop.gateway.http(request, "").await
}

async fn doctor(shop: &Shop) -> Finished {
    let url = format!("http://{}", shop.gateway.address());
    run(&["doctor"], vec![("COMANDA_URL", url), ("COMANDA_TOKEN", shop.secrets.staff.clone())]).await
}

/// Waits until it finds nothing to mend; what it says then.
pub async fn until_well(shop: &Shop) -> String {
    eventually("all is well", async || {
        let Finished { status, log } = doctor(shop).await;
        if status.success() { Ok(log) } else { Err(log) }
    })
    .await
}

/// Waits until it says this, which it must call wrong; all that it says then.
pub async fn until_says(shop: &Shop, sentence: &str) -> String {
    eventually(sentence, async || {
        let Finished { status, log } = doctor(shop).await;
        if !status.success() && log.contains(sentence) { Ok(log) } else { Err(log) }
    })
    .await
}

/// The processes that run this role, as the status tells of them.
pub async fn running(shop: &Shop, role: &str) -> Vec<Value> {
    let told = status(shop).await.json();
    let runs =
        |process: &Value| process["roles"].as_array().is_some_and(|roles| roles.iter().any(|r| r["name"] == role));
    told["processes"].as_array().expect("a list").iter().filter(|process| runs(process)).cloned().collect()
}

async fn a_healthy_mesh_is_well() {
    let shop = Shop::mesh(&*Servers::shared().await, 2).await;
    let said = until_well(&shop).await;
    assert!(said.contains("All is well.") && !said.contains("warning"), "{said}");
    assert!(said.contains("note     The roles talk to each other in plaintext."), "{said}");
    let url = ("COMANDA_URL", format!("http://{}", shop.orders[0].address()));
    let asked = run(&["doctor"], vec![url, ("COMANDA_TOKEN", shop.secrets.staff.clone())]).await;
    assert!(
        !asked.status.success() && asked.log.contains("must name the gateway"),
        "a role judges nobody: {}",
        asked.log
    );
    let expected = [("gateway", 1), ("catalog", 1), ("orders", 2), ("kitchen", 2)];
    for (role, count) in expected {
        assert_eq!(running(&shop, role).await.len(), count, "{role}");
    }
    let [orders, catalog] =
        [&running(&shop, "orders").await[0]["roles"][0], &running(&shop, "catalog").await[0]["roles"][0]];
    let database = &orders["database"];
    assert_eq!(
        (&database["product"], &database["schemaState"]),
        (&"PostgreSQL".into(), &"SCHEMA_STATE_CURRENT".into())
    );
    assert!(database["version"].as_str().is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit())));
    let offset = &database["clockOffset"];
    let [seconds, error] = ["seconds", "errorSeconds"].map(|name| offset[name].as_f64().expect("seconds"));
    // Both clocks are this machine's.
    assert!(seconds.abs() <= error && error > 0.0, "{offset}");
    assert_eq!(
        (&orders["servers"][0]["product"], &orders["servers"][0]["answers"]),
        (&"RabbitMQ".into(), &true.into())
    );
    let redis = &catalog["servers"][0];
    assert!(
        redis["product"] == "Redis" && redis["version"].as_str().is_some_and(|version| !version.is_empty()),
        "{redis}"
    );
}

async fn a_shop_in_a_box_is_well() {
    let shop = Shop::embedded().await;
    place(&shop, "Ana").await;
    let said = until_well(&shop).await;
    assert!(
        said.starts_with("gateway, catalog, orders, kitchen, identity: version ") && said.contains("All is well."),
        "{said}"
    );
    assert!(said.lines().next().is_some_and(|site| site.contains(", time zones 202")), "{said}");
    assert!(!said.contains("plaintext"), "one process talks to nobody: {said}");
    let processes = running(&shop, "gateway").await;
    assert_eq!((processes.len(), processes[0]["roles"].as_array().map(Vec::len)), (1, Some(5)));
    assert!(processes[0]["rates"]["callsPerSecond"].as_f64().is_some_and(|calls| calls > 0.0), "{processes:?}");
    assert_eq!(processes[0]["roles"][1]["database"]["product"], "SQLite");
}

async fn a_database_that_takes_no_writes_is_named() {
    let shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let database = shop.database(Role::Orders).await;
    let name = shop.database_url(Role::Orders).rsplit('/').next().expect("a name").to_owned();
    let end_sessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let read_only = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    database.execute_unprepared(&read_only).await.expect("set");
    database.execute_unprepared(end_sessions).await.expect("ended");
    let said = until_says(&shop, "The database of orders is read-only").await;
    assert!(said.contains("COMANDA_ORDERS_DATABASE_URL"), "{said}");
    eventually("it is not ready", async || {
        shop.orders[0]
            .health("readiness")
            .await
            .map(|status| (status == ServingStatus::NotServing).then_some(()))
            .ok()?
    })
    .await;
    let writable =
        format!("SET default_transaction_read_only = off; ALTER DATABASE {name} RESET default_transaction_read_only");
    database.execute_unprepared(&writable).await.expect("reset");
    database.execute_unprepared(end_sessions).await.expect("ended");
    until_well(&shop).await;
    let given_up = shop.database(Role::Kitchen).await;
    assert_eq!(count(&given_up, "dead_letter", "true").await, 0, "nothing was given up for that");
}

async fn a_broker_that_is_away_is_named_with_what_waits() {
    let mut servers = Servers::private().await;
    let shop = Shop::mesh(&servers, 1).await;
    until_well(&shop).await;
    servers.rabbitmq.kill().await;
    for _ in 0..3 {
        place(&shop, "Ana").await;
    }
    let said =
        until_says(&shop, "ALARM    RabbitMQ does not answer orders; events that wait for it: 3 (127.0.0.1:").await;
    assert!(said.contains("COMANDA_BROKER_URL"), "{said}");
    // Each role looks for itself, every other second.
    until_says(&shop, "RabbitMQ does not answer kitchen").await;
    eventually("its last warnings tell of it", async || {
        running(&shop, "orders").await[0]["recentErrors"].to_string().contains("cannot read the queue")
    })
    .await;
    until_says(&shop, "Events of orders that wait to be published: 3, the oldest for").await;
    servers.rabbitmq.start().await;
    until_well(&shop).await;
}

async fn roles_that_are_away_are_named() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 2).await;
    until_well(&shop).await;
    shop.orders[1].kill();
    let said = until_says(&shop, "warning  A replica of orders does not answer: ").await;
    assert!(said.contains("COMANDA_ORDERS_URL") && !said.contains("ALARM"), "{said}");
    shop.catalog[0].pause();
    until_says(&shop, "ALARM    catalog does not answer: no answer within 2 s.").await;
    shop.catalog[0].resume();
    shop.orders[1].start().await;
    until_well(&shop).await;
}

async fn a_dead_letter_names_the_command() {
    let shop = Shop::mesh(&*Servers::shared().await, 1).await;
    until_well(&shop).await;
    let (_connection, broker) = dead_letters::connected(&shop).await;
    dead_letters::publish(&broker, "comanda.work", QUEUE, &fresh(), b"\xff\xfe").await;
    let said = until_says(&shop, "warning  1 message could not be processed by kitchen.").await;
    assert!(said.contains("`comanda dead list`"), "{said}");
}

async fn a_database_that_is_away_is_named() {
    let mut servers = Servers::private().await;
    let shop = Shop::mesh(&servers, 1).await;
    until_well(&shop).await;
    servers.postgres.pause();
    for role in ["catalog", "orders", "kitchen"] {
        let said = until_says(&shop, &format!("ALARM    The database of {role} does not answer.")).await;
        assert!(said.contains(&format!("COMANDA_{}_DATABASE_URL", role.to_uppercase())), "{said}");
    }
    servers.postgres.resume();
    until_well(&shop).await;
}

async fn a_newer_schema_is_no_illness() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let orders = shop.database(Role::Orders).await;
    let migrated = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_of_the_next_release', 0)";
    orders.execute_unprepared(migrated).await.expect("a migration of a later release");
    shop.orders[0].kill();
    shop.orders[0].start().await;
    let note = "note     The database of orders is newer (m9999_of_the_next_release) than its program";
    eventually("it is told", async || until_well(&shop).await.contains(note)).await;
}

async fn a_wrong_clock_is_noticed() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    until_well(&shop).await;
    shop.kitchen[0].kill();
    shop.kitchen[0].start_with(wrong_clock(3600)).await;
    let said = until_says(&shop, "warning  The clock of kitchen is 3600.").await;
    assert!(said.contains(" s ahead of its database's.") && !said.contains("clock of orders"), "{said}");
}

async fn a_gateway_that_is_away_or_refuses_is_explained() {
    let mut shop = Shop::embedded().await;
    let url = || ("COMANDA_URL", format!("http://{}", shop.gateway.address()));
    let refused = run(&["doctor"], vec![url(), ("COMANDA_TOKEN", shop.secrets.panel.clone())]).await;
    assert!(!refused.status.success() && refused.log.contains("does not take this token"), "{}", refused.log);
    shop.gateway.kill();
    let Finished { status, log } = doctor(&shop).await;
    assert!(!status.success() && log.contains("does not answer") && log.contains("COMANDA_GATEWAY_LISTEN"), "{log}");
}

async fn the_status_is_for_staff(shop: &Shop) {
    let ask = async |token: Option<&str>| {
        let request = Request::get("/status.json");
        let request = match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        shop.gateway.http(request, "").await
    };
    assert_eq!(ask(None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(Some(&shop.secrets.panel)).await.status, StatusCode::FORBIDDEN);
    let reply = ask(Some(&shop.secrets.staff)).await;
    assert_eq!(
        (reply.status, &reply.headers["cache-control"]),
        (StatusCode::OK, &"no-store".parse().expect("a header"))
    );
    // The operator's port tells of its own process, to whoever reaches it.
    let own = shop.gateway.operations("/status").await.json();
    assert_eq!(own["processes"][0]["processId"], reply.json()["processes"][0]["processId"]);
}
