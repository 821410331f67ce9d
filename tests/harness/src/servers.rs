//! Sets of servers: one that most tests share, and private ones for tests that break them.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::{certificates::Certificates, postgres::Postgres, rabbitmq::RabbitMq, redis::Redis};

/// What the tests share; only [`Servers::stop_shared`] takes it away.
static SHARED: Mutex<Option<Arc<Servers>>> = Mutex::const_new(None);

/// One for each test of the suite that shares the servers, and then some.
const MANY: usize = 96;
/// For the shops of one test.
const FEW: usize = 4;

/// One of each. Databases, virtual hosts and cache numbers keep the tests on one set apart.
pub struct Servers {
    pub postgres: Postgres,
    pub redis: Redis,
    pub rabbitmq: RabbitMq,
}

impl Servers {
    /// The set that all tests share, started by whoever asks first. It cannot be killed or paused.
    pub async fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().await;
        match &*shared {
            Some(servers) => servers.clone(),
            None => shared.insert(Arc::new(Self::start(MANY).await)).clone(),
        }
    }

    /// A set of one's own, to kill and pause.
    pub async fn private() -> Self {
        Self::start(FEW).await
    }

    /// The same for many shops, one after another.
    pub async fn with(virtual_hosts: usize) -> Self {
        Self::start(virtual_hosts).await
    }

    /// The same with a Postgres whose commits survive a power cut too.
    pub async fn durable(virtual_hosts: usize) -> Self {
        let rabbitmq = RabbitMq::with(virtual_hosts, None);
        let (postgres, redis, rabbitmq) = tokio::join!(Postgres::with(None, true), Redis::with(None), rabbitmq);
        Self { postgres, redis, rabbitmq }
    }

    /// A set of one's own whose Postgres has a disk of so many megabytes.
    pub async fn with_small_postgres(megabytes: u32) -> Self {
        let rabbitmq = RabbitMq::with(FEW, None);
        let (postgres, redis, rabbitmq) = tokio::join!(Postgres::on_small_disk(megabytes), Redis::with(None), rabbitmq);
        Self { postgres, redis, rabbitmq }
    }

    /// A set of one's own that speaks nothing but TLS, with these certificates.
    pub async fn encrypted(certificates: &Certificates) -> Self {
        Self::start_with(FEW, Some(certificates)).await
    }

    async fn start(virtual_hosts: usize) -> Self {
        Self::start_with(virtual_hosts, None).await
    }

    async fn start_with(virtual_hosts: usize, tls: Option<&Certificates>) -> Self {
        let rabbitmq = RabbitMq::with(virtual_hosts, tls);
        let (postgres, redis, rabbitmq) = tokio::join!(Postgres::with(tls, false), Redis::with(tls), rabbitmq);
        Self { postgres, redis, rabbitmq }
    }

    /// Stops the shared set. For the end of `main`, because statics are never dropped.
    pub fn stop_shared() {
        SHARED.blocking_lock().take();
    }

    /// All processes of the set.
    pub fn pids(&self) -> Vec<u32> {
        [self.postgres.pids(), self.redis.pids(), self.rabbitmq.pids()].concat()
    }
}
