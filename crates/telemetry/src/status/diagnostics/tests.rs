//! Each finding, made by the one thing that is wrong.

use super::*;
use crate::status::v1::{
    Backlog, Certificate, ClockOffset, Database, Disk, DiskState, Problem, ProblemKind, Rates, SchemaState, Server,
    Unreachable,
};
use prost_types::Timestamp;

const NOW: i64 = 1_800_000_000;

fn role(name: &str) -> Role {
    let database = Database {
        answers: true,
        product: "PostgreSQL".into(),
        version: "15.14 (Debian 15.14-0+deb12u1)".into(),
        program_schema: "m0006".into(),
        database_schema: "m0006".into(),
        schema_state: SchemaState::Current.into(),
        clock_offset: Some(ClockOffset { seconds: 0.01, error_seconds: 0.001 }),
        identity: format!("7/{name}"),
        read_only: false,
    };
    let broker = Server { product: "RabbitMQ".into(), version: "3.10.8".into(), answers: true, problems: vec![] };
    Role {
        name: name.into(),
        ready: true,
        database: Some(database),
        servers: vec![broker],
        backlog: Some(Backlog::default()),
        ready_estimates: None,
    }
}

fn process(name: &str) -> Process {
    let rates = Some(Rates { calls_per_second: 10.0, errors_per_second: 0.0 });
    let (version, host) = ("1.0.0".into(), format!("{name}-pod/7"));
    let expire_time = Some(Timestamp { seconds: NOW + 90 * 86400, nanos: 0 });
    let certificates = vec![Certificate { name: name.into(), expire_time }];
    Process { host, version, roles: vec![role(name)], rates, certificates, ..Process::default() }
}

fn healthy() -> GetStatusResponse {
    let processes = ["orders", "kitchen"].map(process).into();
    let check_time = Some(Timestamp { seconds: NOW, nanos: 0 });
    GetStatusResponse { check_time, processes, ..GetStatusResponse::default() }
}

/// What is found besides that all is well, as `level: sentence | remedy`, once something was done to Orders.
fn found(change: impl FnOnce(&mut Process)) -> Vec<String> {
    let mut status = healthy();
    change(&mut status.processes[0]);
    sentences(&status)
}

fn sentences(status: &GetStatusResponse) -> Vec<String> {
    let findings = diagnose(status);
    for (check, ..) in CHECKS {
        assert!(findings.iter().any(|finding| finding.check() == check), "{check:?} says nothing");
    }
    for finding in &findings {
        let said = [&finding.sentence, &finding.remedy].into_iter().flatten();
        assert!(said.clone().all(|said| !said.english.is_empty() && said.english != said.portuguese), "{finding:?}");
        assert_eq!(said.count(), if finding.level() == Level::Good { 1 } else { 2 }, "{finding:?}");
    }
    let bad = findings.iter().filter(|finding| finding.level() != Level::Good);
    let english = |said: &Option<Sentence>| said.clone().unwrap_or_default().english;
    bad.map(|f| format!("{:?}: {} | {}", f.level(), english(&f.sentence), english(&f.remedy))).collect()
}

/// One finding that begins and goes on so.
fn one(found: &[String], begins: &str, holds: &str) {
    assert!(found.len() == 1 && found[0].starts_with(begins) && found[0].contains(holds), "{found:#?}");
}

fn of_database(change: impl FnOnce(&mut Database)) -> Vec<String> {
    found(|process| change(process.roles[0].database.as_mut().expect("a database")))
}

fn of_backlog(change: impl FnOnce(&mut Backlog)) -> Vec<String> {
    found(|process| change(process.roles[0].backlog.as_mut().expect("a backlog")))
}

#[test]
fn nothing_is_wrong_with_a_healthy_mesh() {
    let findings = diagnose(&healthy());
    assert!(is_well(&findings) && findings.len() == CHECKS.len(), "{findings:#?}");
}

#[test]
fn a_role_that_is_away_is_an_alarm_and_one_of_two_replicas_a_warning() {
    let mut status = healthy();
    let away = |role: &str| Unreachable { role: role.into(), reason: "connection refused".into() };
    status.unreachable = vec![away("catalog")];
    one(&sentences(&status), "Alarm: catalog does not answer: connection refused.", "COMANDA_CATALOG_URL");
    assert!(!is_well(&diagnose(&status)));
    status.unreachable = vec![away("kitchen")];
    one(&sentences(&status), "Warning: A replica of kitchen does not answer", "COMANDA_KITCHEN_URL");
}

#[test]
fn a_role_that_is_not_ready_is_told_and_not_twice() {
    one(&found(|process| process.roles[0].ready = false), "Warning: orders takes no calls.", "its log");
    let silent = found(|process| {
        process.roles[0].ready = false;
        process.roles[0].database.as_mut().expect("a database").answers = false;
    });
    one(&silent, "Alarm: The database of orders does not answer.", "COMANDA_ORDERS_DATABASE_URL");
    one(&of_database(|db| (db.answers, db.product) = (false, "SQLite".into())), "Alarm: The database", "the disk");
}

#[test]
fn servers_that_are_away_are_named_with_what_follows() {
    let broker = found(|process| {
        process.roles[0].servers[0].answers = false;
        process.roles[0].backlog.get_or_insert_default().outbox_events = 3;
    });
    one(&broker, "Alarm: RabbitMQ does not answer orders; events that wait for it: 3.", "COMANDA_BROKER_URL");
    let redis = Server { product: "Redis".into(), version: "7.0.15".into(), answers: false, ..Server::default() };
    one(
        &found(|process| process.roles[0].servers = vec![redis]),
        "Warning: Redis does not answer",
        "COMANDA_CACHE_URL",
    );
}

#[test]
fn what_a_broker_refuses_is_named_with_the_command() {
    let refuses = |kind: ProblemKind, detail: &str| {
        let problem = Problem { kind: kind.into(), detail: detail.into() };
        found(|process| process.roles[0].servers[0].problems = vec![problem])
    };
    let other = "PRECONDITION_FAILED - inequivalent arg 'x-delivery-limit' for queue 'kitchen.orders.0'";
    one(&refuses(ProblemKind::Arguments, other), "Alarm: RabbitMQ has a queue", "queue 'kitchen.orders.0'");
    let denied = "ACCESS_REFUSED - access to exchange 'comanda.work' refused for user 'shop'";
    one(&refuses(ProblemKind::Permission, denied), "Alarm: RabbitMQ denies orders", "rabbitmqctl set_permissions");
    one(&refuses(ProblemKind::Blocked, "low on disk"), "Alarm: RabbitMQ takes no messages of orders: low on disk.", "");
    let node = refuses(ProblemKind::Unreachable, "b:5672: connection refused");
    one(&node, "Alarm: A connection of orders to RabbitMQ cannot be opened: b:5672", "COMANDA_BROKER_URL");
    let away = found(|process| {
        let problem = Problem { kind: ProblemKind::Unreachable.into(), detail: "b:5672: no answer".into() };
        let broker = &mut process.roles[0].servers[0];
        (broker.answers, broker.problems) = (false, vec![problem]);
    });
    one(&away, "Alarm: RabbitMQ does not answer orders; events that wait for it: 0 (b:5672: no answer).", "");
}

#[test]
fn what_a_cache_refuses_is_named_with_the_setting() {
    let refuses = |kind: ProblemKind, detail: &str| {
        let problems = vec![Problem { kind: kind.into(), detail: detail.into() }];
        let cache = Server { product: "Valkey".into(), version: "8.1.1".into(), answers: true, problems };
        found(|process| process.roles[0].servers = vec![cache])
    };
    one(&refuses(ProblemKind::Memory, "OOM"), "Warning: Valkey takes no writes of orders: OOM.", "allkeys-lru");
    one(&refuses(ProblemKind::ReadOnly, "READONLY"), "Warning: Valkey takes no writes", "the primary");
    one(&refuses(ProblemKind::Permission, "NOPERM"), "Warning: Valkey takes no writes", "ACL SETUSER");
    one(&refuses(ProblemKind::Refused, "MISCONF"), "Warning: Valkey takes no writes of orders: MISCONF.", "log");
}

#[test]
fn roles_that_share_a_database_are_named_and_replicas_may() {
    let mut status = healthy();
    status.processes.push(Process { process_id: "other".into(), ..process("orders") });
    assert!(sentences(&status).is_empty(), "replicas of one role");
    for process in &mut status.processes {
        process.roles[0].database.as_mut().expect("a database").identity = "7/all".into();
    }
    let sentence = "Alarm: These roles use one and the same database: kitchen, orders.";
    one(&sentences(&status), sentence, "COMANDA_KITCHEN_DATABASE_URL, COMANDA_ORDERS_DATABASE_URL");
}

#[test]
fn schemas_older_and_newer() {
    let older = of_database(|db| db.schema_state = SchemaState::Older.into());
    one(&older, "Alarm: The database of orders is older (m0006)", "comanda migrate");
    let newer = of_database(|db| db.schema_state = SchemaState::Newer.into());
    one(&newer, "Note: The database of orders is newer", "during an update");
    assert!(of_database(|db| db.schema_state = SchemaState::Unspecified.into()).is_empty());
}

#[test]
fn versions_that_differ_or_are_too_old() {
    let differing = found(|process| process.version = "0.9.0".into());
    one(&differing, "Warning: Different versions run: 0.9.0 (orders); 1.0.0 (kitchen).", "update");
    one(&of_database(|db| db.version = "14.9".into()), "Warning: PostgreSQL 14.9 is too old", "Upgrade");
    let of_server = |product: &str, version: &str| {
        let server = Server { product: product.into(), version: version.into(), answers: true, problems: vec![] };
        found(|process| process.roles[0].servers = vec![server])
    };
    one(&of_server("RabbitMQ", "3.9.13"), "Warning: RabbitMQ 3.9.13 is too old", "3.10");
    one(&of_server("Redis", "6.2"), "Warning: Redis 6.2 is too old", "7.0");
    for (product, version) in
        [("RabbitMQ", "4.1.0"), ("RabbitMQ", ""), ("Redis", "7.0.0"), ("Valkey", "8.1.1"), ("KeyDB", "1")]
    {
        assert!(of_server(product, version).is_empty(), "{product} {version}");
    }
}

#[test]
fn a_backlog_is_judged_by_its_oldest_event() {
    assert!(of_backlog(|b| (b.outbox_events, b.outbox_oldest_seconds) = (5000, 2.0)).is_empty(), "a busy minute");
    let old = of_backlog(|b| (b.outbox_events, b.outbox_oldest_seconds) = (7, 31.4));
    one(&old, "Warning: Events of orders that wait to be published: 7, the oldest for 31 s.", "RabbitMQ");
    let very_old = of_backlog(|b| (b.outbox_events, b.outbox_oldest_seconds) = (7, 310.0));
    one(&very_old, "Alarm: Events of orders", "RabbitMQ");
}

#[test]
fn dead_letters_name_the_command_and_replicas_count_them_once() {
    let mut status = healthy();
    status.processes.push(Process { process_id: "other".into(), ..process("orders") });
    for process in &mut status.processes {
        process.roles[0].backlog.get_or_insert_default().dead_letters =
            u32::from(process.roles[0].name == "orders") * 2;
    }
    one(&sentences(&status), "Warning: 2 messages could not be processed by orders.", "`comanda dead list`");
    one(
        &of_backlog(|b| b.orders_unaccounted = 4),
        "Warning: Orders that the kitchen has not answered in time: 4",
        "told again",
    );
}

#[test]
fn a_database_that_takes_no_writes_and_a_disk_without_room() {
    one(
        &found(|orders| orders.roles[0].database.get_or_insert_default().read_only = true),
        "Alarm: The database of orders is read-only",
        "COMANDA_ORDERS_DATABASE_URL",
    );
    let disk = |state: DiskState| {
        let disk = Disk { free_bytes: 5 << 20, total_bytes: 24 << 20, state: state.into() };
        found(move |orders| orders.disk = Some(disk))
    };
    one(
        &disk(DiskState::Low),
        "Warning: The disk of the data folder (orders-pod/7) is nearly full: 5 MiB",
        "Make room",
    );
    one(&disk(DiskState::Full), "Alarm: The disk of the data folder (orders-pod/7) is full", "Make room");
    assert!(disk(DiskState::Enough).is_empty());
}

#[test]
fn certificates_that_end_and_roles_without() {
    let ends =
        |seconds| found(|p| p.certificates[0].expire_time = Some(Timestamp { seconds: NOW + seconds, nanos: 0 }));
    one(&ends(13 * 86400), "Warning: The certificate of orders expires in 13 days.", "without a restart");
    one(&ends(-1), "Alarm: The certificate of orders has expired.", "new one");
    assert!(ends(15 * 86400).is_empty());
    one(
        &found(|p| p.certificates.clear()),
        "Warning: These speak plaintext while others use certificates: orders.",
        "",
    );
    let mut plain = healthy();
    plain.processes.iter_mut().for_each(|process| process.certificates.clear());
    one(&sentences(&plain), "Note: The roles talk to each other in plaintext.", "service mesh");
    assert!(is_well(&diagnose(&plain)), "an operator may have a mesh of another kind");
    plain.processes.truncate(1);
    assert!(sentences(&plain).is_empty(), "one process talks to nobody");
}

#[test]
fn a_clock_is_wrong_only_beyond_what_the_round_trip_explains() {
    let off = |seconds, error_seconds| of_database(|db| db.clock_offset = Some(ClockOffset { seconds, error_seconds }));
    one(&off(1.5, 0.1), "Warning: The clock of orders is 1.5 s behind its database's.", "NTP");
    one(&off(-2.0, 0.1), "Warning: The clock of orders is 2.0 s ahead of its database's.", "NTP");
    assert!(off(1.5, 0.6).is_empty() && off(0.9, 0.0).is_empty());
}

#[test]
fn calls_that_fail_count_when_they_are_many() {
    let fail = |calls_per_second, errors_per_second| {
        found(|process| process.rates = Some(Rates { calls_per_second, errors_per_second }))
    };
    one(&fail(10.0, 1.0), "Warning: 10 % of the calls to orders (orders-pod/7) failed", "warnings");
    one(&fail(10.0, 9.0), "Alarm: 90 % of the calls", "warnings");
    assert!(fail(10.0, 0.3).is_empty() && fail(0.05, 0.05).is_empty() && fail(0.0, 0.0).is_empty());
}
