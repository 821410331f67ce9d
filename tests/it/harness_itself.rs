//! The harness keeps its promises: sets of servers do not meet, a restart keeps data, and nothing is left running,
//! however the tests end.

use std::{env, fs, io, os::unix::fs::PermissionsExt, process::ExitCode, thread, time::Duration};

use harness::{Folder, Postgres, Process, Servers, command, connect, eventually, still_running, trials};
use lapin::{
    Connection, ConnectionProperties,
    options::{BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions},
    types::FieldTable,
};
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tokio::time::timeout;

pub fn tests() -> Vec<Trial> {
    trials![
        sets_of_servers_do_not_meet,
        a_restart_keeps_data,
        postgres_stops_in_every_way,
        a_paused_server_answers_again,
        a_killed_test_run_leaves_nothing,
    ]
}

async fn sets_of_servers_do_not_meet() {
    let (ours, shared) = tokio::join!(Servers::private(), Servers::shared());

    let database = connect(&ours.postgres.create_database("shop").await).await.unwrap();
    database.execute_unprepared("CREATE TABLE cup (id int)").await.unwrap();
    let other = connect(&shared.postgres.create_database("shop").await).await.unwrap();
    other.execute_unprepared("CREATE TABLE cup (id int)").await.unwrap();

    assert_eq!(ours.redis.ask("SET colour green").unwrap(), "+OK");
    assert_eq!(shared.redis.ask("EXISTS colour").unwrap(), ":0");

    publish(&ours.rabbitmq.virtual_host(), "cups", b"espresso").await;
    fetch(&shared.rabbitmq.virtual_host(), "cups").await.expect_err("no such queue there");

    let pids = ours.pids();
    assert!(pids.len() > 6, "three servers with their helpers: {pids:?}");
    drop(ours);
    eventually("all processes of the private set are gone", async || none_running(&pids)).await;
    assert!(shared.pids().into_iter().all(still_running), "the shared set runs on");
}

async fn a_restart_keeps_data() {
    let mut servers = Servers::private().await;
    let (database, broker) = (servers.postgres.create_database("shop").await, servers.rabbitmq.virtual_host());
    let postgres = connect(&database).await.unwrap();
    postgres.execute_unprepared("CREATE TABLE cup AS SELECT 7 AS id").await.unwrap();
    publish(&broker, "cups", b"espresso").await;
    servers.redis.ask("SET colour green").unwrap();

    servers.postgres.kill();
    servers.redis.kill();
    servers.rabbitmq.kill().await;
    tokio::join!(servers.postgres.start(), servers.redis.start(), servers.rabbitmq.start());

    let query = Statement::from_string(DbBackend::Postgres, "SELECT id FROM cup");
    let row = connect(&database).await.unwrap().query_one_raw(query).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<i32>(0).unwrap(), 7);
    eventually("the message is in its queue", async || fetch(&broker, "cups").await).await;
    assert_eq!(servers.redis.ask("EXISTS colour").unwrap(), ":0", "a cache comes back empty");
}

async fn postgres_stops_in_every_way() {
    let mut servers = Servers::private().await;
    let url = servers.postgres.create_database("shop").await;
    for (number, stop) in [Postgres::kill, Postgres::stop_fast, Postgres::stop_immediate].into_iter().enumerate() {
        let open = connect(&url).await.unwrap();
        open.execute_unprepared(&format!("CREATE TABLE cup_{number} (id int)")).await.unwrap();
        let pids = servers.postgres.pids();
        stop(&mut servers.postgres);
        eventually("all of its processes are gone", async || none_running(&pids)).await;
        servers.postgres.start().await;
        let again = connect(&url).await.unwrap();
        again.execute_unprepared(&format!("DROP TABLE cup_{number}")).await.expect("it is still there");
    }
}

async fn a_paused_server_answers_again() {
    let Servers { mut redis, mut postgres, mut rabbitmq } = Servers::private().await;
    let database = connect(&postgres.create_database("shop").await).await.unwrap();
    let broker = rabbitmq.virtual_host();

    redis.pause();
    let error = redis.ask("PING").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::WouldBlock, "no answer, rather than no connection");
    redis.resume();
    assert_eq!(redis.ask("PING").unwrap(), "+PONG");

    // An open connection freezes too, though a process of its own serves it.
    postgres.pause();
    let mut answer = Box::pin(database.execute_unprepared("SELECT 1"));
    timeout(Duration::from_millis(300), &mut answer).await.expect_err("it is paused");
    postgres.resume();
    answer.await.unwrap();

    rabbitmq.pause();
    let mut connection = Box::pin(Connection::connect(&broker, ConnectionProperties::default()));
    timeout(Duration::from_millis(300), &mut connection).await.expect_err("it is paused");
    rabbitmq.resume();
    connection.await.unwrap();
}

async fn a_killed_test_run_leaves_nothing() {
    let folder = Folder::new("victim");
    // Postgres, as its own user, must reach its folder in ours.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
    let log = Folder::new("victim-log");
    let mut victim = command(env::current_exe().unwrap());
    victim.env(VICTIM, "1").env("TMPDIR", folder.path());
    let mut victim = Process::spawn("victim", victim, &log.join("log"));
    let pids: Vec<u32> = eventually("the victim has its servers", async || {
        assert!(victim.exited().is_none(), "the victim has ended");
        let log = victim.log();
        let (_, pids) = log.split_once("pids:")?;
        pids.ends_with('\n').then(|| pids.split_whitespace().map(|pid| pid.parse().unwrap()).collect())
    })
    .await;
    assert!(pids.len() > 6, "three servers with their helpers: {pids:?}");

    victim.kill_alone();

    eventually("all processes are gone", async || none_running(&pids)).await;
    eventually("all folders are gone", async || fs::read_dir(folder.path()).unwrap().next().is_none()).await;
}

const VICTIM: &str = "COMANDA_TEST_VICTIM";

/// True in the process that [`a_killed_test_run_leaves_nothing`] kills.
pub fn is_victim() -> bool {
    env::var_os(VICTIM).is_some()
}

/// What that process does: it has servers, one of them paused, and no chance to stop them.
pub fn hold_servers() -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut servers = runtime.block_on(Servers::private());
    let pids: Vec<String> = servers.pids().iter().map(u32::to_string).collect();
    servers.postgres.pause();
    println!("pids: {}", pids.join(" "));
    loop {
        thread::park();
    }
}

fn none_running(pids: &[u32]) -> Result<(), String> {
    let left: Vec<_> = pids.iter().filter(|pid| still_running(**pid)).collect();
    if left.is_empty() { Ok(()) } else { Err(format!("still running: {left:?}")) }
}

async fn publish(broker: &str, queue: &str, body: &[u8]) {
    let connection = Connection::connect(broker, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
    let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare(queue.into(), durable, quorum()).await.unwrap();
    let options = BasicPublishOptions::default();
    let properties = lapin::BasicProperties::default().with_delivery_mode(2);
    let confirm = channel.basic_publish("".into(), queue.into(), options, body, properties).await.unwrap();
    assert!(confirm.await.unwrap().is_ack());
}

async fn fetch(broker: &str, queue: &str) -> Result<(), String> {
    let connection = Connection::connect(broker, ConnectionProperties::default()).await;
    let channel = connection.map_err(|e| e.to_string())?.create_channel().await.map_err(|e| e.to_string())?;
    let message = channel.basic_get(queue.into(), BasicGetOptions::default()).await.map_err(|e| e.to_string())?;
    message.map(drop).ok_or_else(|| "the queue is empty".to_owned())
}

fn quorum() -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), lapin::types::AMQPValue::LongString("quorum".into()));
    arguments
}
