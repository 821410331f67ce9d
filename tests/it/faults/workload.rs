//! All people of one cell: customers who arrive at a steady rate, come what may, and two baristas. Open and closed by the
//! cell; what they saw stands in its journal.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, AtomicUsize, Ordering},
    },
    time::Duration,
};

use comanda_proto::kitchen::v1::Ticket;
use fastrand::Rng;
use sea_orm::DatabaseConnection;
use tokio::{
    task::JoinSet,
    time::{interval, timeout},
};
use tonic::transport::{Channel, Endpoint};

use super::{baristas, customers, db_snapshot, journal::Journal};
use harness::{Role, Shop};

use crate::clients::{Board, product};

const BARISTAS: usize = 2;
/// A shop with so many people who wait for an answer, or so many tickets on its board, lets nobody else in. Both are more
/// than any shop holds, and keep a slow machine from being given ever more than it can do.
const MAX_WAITING: usize = 1000;
const MAX_BOARD: usize = 400;
/// For one look into the database.
const LOOK: Duration = Duration::from_secs(2);

/// How far the day is.
const OPEN: u8 = 0;
const NO_MORE_CUSTOMERS: u8 = 1;
const NO_MORE_TAPS: u8 = 2;
const CLOSED: u8 = 3;

pub struct Workload {
    pub journal: Arc<Journal>,
    pub seed: u64,
    pub staff: String,
    pub product_id: String,
    gateway: Endpoint,
    /// Orders' database, by a connection of the rig's own.
    orders: DatabaseConnection,
    day: AtomicU8,
    /// How many streams of tablets are still to be cut.
    pub cuts: AtomicUsize,
    /// Everyone with something to finish.
    busy: Mutex<JoinSet<()>>,
    /// Everyone who watches.
    watching: Mutex<JoinSet<()>>,
    /// The tickets of each tablet, as revisions by order.
    tablets: Mutex<HashMap<usize, HashMap<String, i64>>>,
    followers: Mutex<HashMap<String, i64>>,
    /// Taps under way: by whom, on which ticket at which revision.
    taps: Mutex<HashSet<(usize, String, i64)>>,
}

impl Workload {
    /// A connection of one's own to the gateway, as each customer has: one is good for no more than 128 streams.
    pub fn door(&self) -> Channel {
        self.gateway.connect_lazy()
    }

    /// Opens the doors.
    pub async fn open(shop: &Shop, journal: Arc<Journal>, seed: u64, customers_per_second: u32) -> Arc<Self> {
        let workload = Arc::new(Self {
            journal,
            seed,
            staff: shop.secrets.staff.clone(),
            product_id: product(shop, "Pão de queijo").await.product_id,
            gateway: shop.gateway.endpoint(),
            orders: shop.database(Role::Orders).await,
            day: AtomicU8::new(OPEN),
            cuts: AtomicUsize::new(0),
            busy: Mutex::default(),
            watching: Mutex::default(),
            tablets: Mutex::default(),
            followers: Mutex::default(),
            taps: Mutex::default(),
        });
        // Straight to the replicas, and through the gateway, like the customers.
        let doors = shop.kitchen.iter().chain([&shop.gateway]).map(harness::Replica::channel);
        let doors = doors.collect::<Vec<_>>();
        for place in 0..BARISTAS {
            workload.watching.lock().expect("unpoisoned").spawn(baristas::work(workload.clone(), place, doors.clone()));
        }
        workload.spawn(workload.clone().arrivals(customers_per_second));
        workload
    }

    async fn arrivals(self: Arc<Self>, per_second: u32) {
        let mut rng = Rng::with_seed(self.seed);
        let mut ticks = interval(Duration::from_secs(1) / per_second);
        while self.day.load(Ordering::Acquire) == OPEN {
            ticks.tick().await;
            // Taken from the generator in any case, so that the next one is the same.
            let visit = customers::visit(self.clone(), rng.fork());
            if self.busy() < MAX_WAITING && self.longest_board() < MAX_BOARD {
                self.spawn(visit);
            }
        }
    }

    /// Something that has to come to its end.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.busy.lock().expect("unpoisoned").spawn(work);
    }

    /// Looks up an order that was answered with OK, at once and through another connection.
    pub fn look_up(self: &Arc<Self>, order_id: &str) {
        let (workload, order_id) = (self.clone(), order_id.to_owned());
        self.spawn(async move {
            // While the database is away nobody can see anything; what must be there stands in the journal.
            let stored = timeout(LOOK, db_snapshot::is_stored(&workload.orders, &order_id)).await;
            if let Ok(Ok(false)) = stored {
                workload.journal.violation(format!("{order_id} was answered with OK, and is not stored"));
            }
        });
    }

    /// No more customers; those inside are served to the end. False when some are still not after the deadline.
    pub fn stop_customers(&self) {
        self.day.store(NO_MORE_CUSTOMERS, Ordering::Release);
    }

    /// The baristas leave what is there as it is.
    pub fn stop_taps(&self) {
        self.day.store(NO_MORE_TAPS, Ordering::Release);
    }

    /// Everybody leaves.
    pub fn close(&self) {
        self.day.store(CLOSED, Ordering::Release);
        self.busy.lock().expect("unpoisoned").abort_all();
        self.watching.lock().expect("unpoisoned").abort_all();
    }

    pub fn is_closed(&self) -> bool {
        self.day.load(Ordering::Acquire) == CLOSED
    }

    /// Whether the baristas work.
    pub fn serves(&self) -> bool {
        self.day.load(Ordering::Acquire) < NO_MORE_TAPS
    }

    /// Whether a tablet shall lose its stream now: at any message, as often as was asked for.
    pub fn cuts_now(&self) -> bool {
        let left = |cuts: usize| cuts.checked_sub(1);
        fastrand::bool() && self.cuts.fetch_update(Ordering::AcqRel, Ordering::Acquire, left).is_ok()
    }

    /// How many still have something to finish. Those who follow an order stay.
    pub fn busy(&self) -> usize {
        let mut busy = self.busy.lock().expect("unpoisoned");
        while let Some(done) = busy.try_join_next() {
            if let Err(error) = done
                && error.is_panic()
            {
                self.journal.violation(format!("a client failed: {error}"));
            }
        }
        busy.len().saturating_sub(self.followers.lock().expect("unpoisoned").len())
    }

    pub fn tablet_at(&self, place: usize, board: &Board) {
        let revisions = board.tickets.values().map(|ticket| (ticket.order_id.replace('-', ""), ticket.revision));
        self.tablets.lock().expect("unpoisoned").insert(place, revisions.collect());
    }

    /// False when this barista's tap on this ticket is under way already.
    pub fn begin_tap(&self, place: usize, ticket: &Ticket) -> bool {
        self.taps.lock().expect("unpoisoned").insert((place, ticket.order_id.clone(), ticket.revision))
    }

    pub fn end_tap(&self, place: usize, ticket: &Ticket) {
        self.taps.lock().expect("unpoisoned").remove(&(place, ticket.order_id.clone(), ticket.revision));
    }

    pub fn follower_at(&self, order_id: &str, revision: i64) {
        self.followers.lock().expect("unpoisoned").insert(order_id.replace('-', ""), revision);
    }

    pub fn forget_follower(&self, order_id: &str) {
        self.followers.lock().expect("unpoisoned").remove(&order_id.replace('-', ""));
    }

    fn longest_board(&self) -> usize {
        self.tablets.lock().expect("unpoisoned").values().map(HashMap::len).max().unwrap_or_default()
    }

    /// The boards that the tablets show.
    pub fn boards(&self) -> Vec<HashMap<String, i64>> {
        self.tablets.lock().expect("unpoisoned").values().cloned().collect()
    }

    /// The revision that each follower is shown.
    pub fn followers(&self) -> HashMap<String, i64> {
        self.followers.lock().expect("unpoisoned").clone()
    }
}
