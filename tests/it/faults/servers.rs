//! Faults of the servers under a mesh: Postgres, Redis and RabbitMQ killed, restarted, frozen, and a broker that takes no
//! more.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    Cell, cells,
    stage::{On, Stage},
};

pub fn cells() -> Vec<Cell> {
    cells![On::Mesh =>
        postgres_is_killed telling,
        postgres_is_frozen,
        redis_is_killed,
        redis_is_frozen,
        rabbitmq_is_killed telling,
        rabbitmq_is_frozen,
    ]
}

async fn postgres_is_killed(stage: &mut Stage) {
    let away = away(stage, 1500);
    let postgres = &mut stage.servers().postgres;
    postgres.kill();
    sleep(away).await;
    postgres.start().await;
}

async fn postgres_is_frozen(stage: &mut Stage) {
    let away = away(stage, 9000);
    let postgres = &mut stage.servers().postgres;
    postgres.pause();
    sleep(away).await;
    postgres.resume();
}

async fn redis_is_killed(stage: &mut Stage) {
    let away = away(stage, 1500);
    let redis = &mut stage.servers().redis;
    redis.kill();
    sleep(away).await;
    redis.start().await;
}

async fn redis_is_frozen(stage: &mut Stage) {
    let away = away(stage, 5000);
    let redis = &mut stage.servers().redis;
    redis.pause();
    sleep(away).await;
    redis.resume();
}

async fn rabbitmq_is_killed(stage: &mut Stage) {
    let away = away(stage, 1500);
    let rabbitmq = &mut stage.servers().rabbitmq;
    rabbitmq.kill().await;
    sleep(away).await;
    rabbitmq.start().await;
}

async fn rabbitmq_is_frozen(stage: &mut Stage) {
    let away = away(stage, 9000);
    let rabbitmq = &mut stage.servers().rabbitmq;
    rabbitmq.pause();
    sleep(away).await;
    rabbitmq.resume();
}

/// How long a server is away, up to so many milliseconds.
fn away(stage: &mut Stage, longest: u64) -> Duration {
    Duration::from_millis(stage.rng.u64(0..longest))
}
