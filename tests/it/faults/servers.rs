//! Faults of the servers under a mesh: Postgres, Redis and RabbitMQ killed, restarted, frozen, and a broker that takes no
//! more.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    Cell,
    cell_runner::{CellRunner, On},
    cells,
    messages::QUEUES,
};
use harness::queues;

pub fn cells() -> Vec<Cell> {
    cells![On::Mesh =>
        postgres_is_killed telling,
        postgres_is_restarted,
        postgres_is_frozen,
        redis_is_killed,
        redis_is_frozen,
        rabbitmq_is_killed telling,
        rabbitmq_is_frozen,
        rabbitmq_has_no_memory telling,
        rabbitmq_has_no_disk,
        a_queue_is_unbound,
    ]
    .into_iter()
    .chain(cells![On::Cluster => the_leader_of_a_queue_is_killed])
    .collect()
}

async fn postgres_is_killed(stage: &mut CellRunner) {
    let away = away(stage, 1500);
    let postgres = &mut stage.servers().postgres;
    postgres.kill();
    sleep(away).await;
    postgres.start().await;
}

/// As a failover does it, and as an operator in a hurry.
async fn postgres_is_restarted(stage: &mut CellRunner) {
    let (fast, away) = (stage.rng.bool(), away(stage, 500));
    let postgres = &mut stage.servers().postgres;
    if fast {
        postgres.stop_fast();
    } else {
        postgres.stop_immediate();
    }
    sleep(away).await;
    postgres.start().await;
}

async fn postgres_is_frozen(stage: &mut CellRunner) {
    let away = away(stage, 9000);
    let postgres = &mut stage.servers().postgres;
    postgres.pause();
    sleep(away).await;
    postgres.resume();
}

async fn redis_is_killed(stage: &mut CellRunner) {
    let away = away(stage, 1500);
    let redis = &mut stage.servers().redis;
    redis.kill();
    sleep(away).await;
    redis.start().await;
}

async fn redis_is_frozen(stage: &mut CellRunner) {
    let away = away(stage, 5000);
    let redis = &mut stage.servers().redis;
    redis.pause();
    sleep(away).await;
    redis.resume();
}

async fn rabbitmq_is_killed(stage: &mut CellRunner) {
    let away = away(stage, 1500);
    let rabbitmq = &mut stage.servers().rabbitmq;
    rabbitmq.kill().await;
    sleep(away).await;
    rabbitmq.start().await;
}

async fn rabbitmq_is_frozen(stage: &mut CellRunner) {
    let away = away(stage, 9000);
    let rabbitmq = &mut stage.servers().rabbitmq;
    rabbitmq.pause();
    sleep(away).await;
    rabbitmq.resume();
}

/// It blocks whoever publishes; those who read go on.
async fn rabbitmq_has_no_memory(stage: &mut CellRunner) {
    let away = away(stage, 5000);
    stage.servers().rabbitmq.memory_alarm(true).await;
    sleep(away).await;
    stage.servers().rabbitmq.memory_alarm(false).await;
}

/// The same, when its disk is full again and again.
async fn rabbitmq_has_no_disk(stage: &mut CellRunner) {
    for _ in 0..2 {
        let away = away(stage, 1500);
        stage.servers().rabbitmq.disk_alarm(true).await;
        sleep(away).await;
        stage.servers().rabbitmq.disk_alarm(false).await;
    }
}

/// What is published then comes back: no queue takes it.
async fn a_queue_is_unbound(stage: &mut CellRunner) {
    let (away, queue) = (away(stage, 2000), *stage.rng.choice(&QUEUES).expect("queues"));
    queues::unbind(stage.shop.broker(), queue).await.expect("unbound");
    sleep(away).await;
    queues::bind(stage.shop.broker(), queue).await.expect("bound");
}

async fn the_leader_of_a_queue_is_killed(stage: &mut CellRunner) {
    let (away, queue) = (away(stage, 3000), *stage.rng.choice(&QUEUES).expect("queues"));
    let cluster = stage.cluster.as_mut().expect("a cluster");
    let leader = cluster.leader_of(stage.shop.broker(), queue).await;
    cluster.kill(leader).await;
    sleep(away).await;
    cluster.start(leader).await;
}

/// How long a server is away, up to so many milliseconds.
fn away(stage: &mut CellRunner, longest: u64) -> Duration {
    Duration::from_millis(stage.rng.u64(0..longest))
}
