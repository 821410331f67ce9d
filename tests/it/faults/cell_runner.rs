//! One cell at work: a shop, its workload, and a fault that comes again and again until the time is up. Then everything is
//! healed, must come to rest, and is checked.

use std::{sync::Arc, time::Duration};

use fastrand::Rng;
use tokio::time::{Instant, sleep};

use super::{
    checker::{self, Findings},
    db_snapshot::DbSnapshot,
    journal::Journal,
    sessions::Sessions,
    workload::Workload,
};
use harness::{Hops, RabbitCluster, Role, Servers, Settings, Shop, SmallDisk, within, worked_off};

/// Two of each role that keeps orders moving.
const REPLICAS: usize = 2;
/// For a lease to run out, a standby to take over: all of them together are far below. What goes on, however slowly, may
/// take longer.
const REST: Duration = Duration::from_secs(90);
/// For a transaction that is under way at the very moment. Nothing has a second's work left then.
const CLEAN: Duration = Duration::from_secs(2);
/// Of a small disk: far more than a cell needs.
const MEGABYTES: u32 = 192;

/// What a cell plays on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// One process on embedded parts.
    Embedded,
    /// A process for each role, on servers that may be broken.
    Mesh,
    /// The same with a proxy in every hop.
    Network,
    /// A mesh on a RabbitMQ of three nodes.
    Cluster,
    /// A mesh whose audit asks for silent orders after two seconds.
    Audited,
    /// One process, its data on a small disk.
    SmallDisk,
    /// A mesh whose Postgres has its data on a small disk.
    SmallPostgres,
}

impl On {
    /// As the report calls it.
    pub fn shape(self) -> &'static str {
        if self.is_one_process() { "embedded" } else { "mesh" }
    }

    /// Whether it needs no servers.
    pub fn is_one_process(self) -> bool {
        matches!(self, Self::Embedded | Self::SmallDisk)
    }

    /// Far below what either takes on two cores, so that what waits after a fault is soon done; on a slower machine the
    /// rate is told.
    fn customers_per_second(self) -> u32 {
        if let Some(told) =
            std::env::var("COMANDA_FAULTS_CUSTOMERS").ok().and_then(|rate| rate.parse().ok()).filter(|rate| *rate > 0)
        {
            return told;
        }
        if self.is_one_process() { 60 } else { 50 }
    }
}

pub struct CellRunner {
    /// Goes before the shop that stands on it.
    disk: Option<SmallDisk>,
    pub shop: Shop,
    sessions: Sessions,
    servers: Option<Servers>,
    hops: Option<Hops>,
    /// None with a single broker.
    pub cluster: Option<RabbitCluster>,
    pub rng: Rng,
    pub journal: Arc<Journal>,
    pub workload: Arc<Workload>,
    /// How many dead letters the cell has asked for.
    pub poison: i64,
    /// Whether the cell loses messages that only the audit can bring back.
    pub loses_messages: bool,
    /// What the processes that are to die were started with; whose turn it is.
    pub armed: Settings,
    pub kitchens_turn: bool,
    recoveries: Vec<Duration>,
    /// How long the log of Postgres was when the cell began.
    log_began: usize,
}

/// What came of a cell.
pub struct Outcome {
    pub findings: Findings,
    pub stuck: Option<String>,
    pub longest_unavailability: Duration,
    pub recoveries: Vec<Duration>,
    pub poison: i64,
    pub loses_messages: bool,
}

impl CellRunner {
    /// Starts a shop, and lets people in.
    pub async fn set(on: On, servers: Option<Servers>, cell: &str, seed: u64) -> Self {
        let cluster = if on == On::Cluster { Some(RabbitCluster::new().await) } else { None };
        let extra = match (on, &cluster) {
            (_, Some(cluster)) => vec![("COMANDA_BROKER_URL", cluster.virtual_host())],
            (On::Audited, _) => vec![("COMANDA_AUDIT_AFTER_SECONDS", "2".to_owned())],
            _ => Settings::new(),
        };
        let (mut hops, mut disk) = (None, None);
        let shop = match (on, &servers) {
            (On::Network, Some(servers)) => {
                let (shop, between) = Shop::mesh_through_proxies(servers, REPLICAS, extra).await;
                hops = Some(between);
                shop
            }
            (_, Some(servers)) => Shop::mesh_with(servers, REPLICAS, extra).await,
            (On::SmallDisk, None) => {
                let (small, shop) = Shop::embedded_on_small_disk(MEGABYTES).await;
                disk = Some(small);
                shop
            }
            _ => Shop::embedded().await,
        };
        let sessions = Sessions::of(&shop).await;
        let log_began = servers.as_ref().map(|servers| servers.postgres.log().len()).unwrap_or_default();
        let journal = Arc::new(Journal::new(on.shape(), cell));
        let workload = Workload::open(&shop, journal.clone(), seed, on.customers_per_second()).await;
        let (mut rng, recoveries) = (Rng::with_seed(seed), Vec::new());
        let kitchens_turn = rng.bool();
        Self {
            disk,
            shop,
            sessions,
            servers,
            hops,
            cluster,
            rng,
            journal,
            workload,
            poison: 0,
            loses_messages: false,
            armed: Settings::new(),
            kitchens_turn,
            recoveries,
            log_began,
        }
    }

    /// The disk that is small.
    pub fn disk(&self) -> &SmallDisk {
        let of_postgres = self.servers.as_ref().and_then(|servers| servers.postgres.disk.as_ref());
        self.disk.as_ref().or(of_postgres).expect("a small disk")
    }

    /// The servers of a mesh.
    pub fn servers(&mut self) -> &mut Servers {
        self.servers.as_mut().expect("a mesh has servers")
    }

    /// The hops of a network.
    pub fn hops(&self) -> &Hops {
        self.hops.as_ref().expect("a network has hops")
    }

    /// Plays the fault until the time is up, at least once, with a little peace between, and after each time waits for an
    /// order to make its way to a tablet.
    pub async fn play(&mut self, time: Duration, mut fault: impl AsyncFnMut(&mut Self)) -> Result<(), String> {
        let end = Instant::now() + time;
        self.until_well().await?;
        loop {
            sleep(Duration::from_millis(self.rng.u64(200..700))).await;
            self.journal.note("the fault begins");
            fault(self).await;
            self.journal.note("the fault is over");
            let recovery = self.until_well().await?;
            self.recoveries.push(recovery);
            if Instant::now() > end {
                return Ok(());
            }
        }
    }

    /// How long until an order that is accepted from now on stands on a tablet.
    async fn until_well(&self) -> Result<Duration, String> {
        let from = self.journal.now();
        let arrived = within(REST, async || self.journal.first_journey_after(from)).await;
        arrived.map(|at| at.saturating_sub(from)).map_err(|_| "no order reaches a tablet any more".to_owned())
    }

    /// Lets everything come to rest, and checks it.
    pub async fn close(self, played: Result<(), String>) -> (Outcome, Option<Servers>) {
        let (orders, kitchen) = (self.shop.database(Role::Orders).await, self.shop.database(Role::Kitchen).await);
        self.workload.stop_customers();
        let served = worked_off(REST, async || self.nobody_waits()).await;
        self.workload.stop_taps();
        let tapped = worked_off(REST, async || self.nobody_waits()).await;
        let rest = worked_off(REST, async || {
            let snapshot = DbSnapshot::read(&orders, &kitchen).await.map_err(|error| error.to_string())?;
            checker::unrest(&snapshot, &self.workload).map_or(Ok(()), Err)
        });
        let rested = rest.await;
        let clean = within(CLEAN, async || self.sessions.are_clean().await).await;
        let careless = self.sessions.careless_commits().await;
        let misled = self.servers.as_ref().and_then(|servers| servers.postgres.misled_since(self.log_began));
        let misled = misled.map_or(Ok(()), |warning| Err(format!("Postgres says {warning}")));
        let snapshot = DbSnapshot::read(&orders, &kitchen).await.expect("the databases are healed");
        let findings = checker::check(&snapshot, &self.workload);
        self.workload.close();
        let outcome = Outcome {
            findings,
            stuck: played.and(served).and(tapped).and(rested).and(clean).and(careless).and(misled).err(),
            longest_unavailability: longest_gap(self.journal.acceptances()),
            recoveries: self.recoveries,
            poison: self.poison,
            loses_messages: self.loses_messages,
        };
        (outcome, self.servers)
    }

    fn nobody_waits(&self) -> Result<(), String> {
        match self.workload.busy() {
            0 => Ok(()),
            busy => Err(format!("{busy} people still wait for an answer")),
        }
    }
}

fn longest_gap(mut moments: Vec<Duration>) -> Duration {
    moments.sort_unstable();
    moments.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
}
