//! Bad days of Redis and of the database, and bad moments of a replica. On each of them no menu is older than the
//! contract allows without saying so, and orders go on being taken.

use std::{fs, time::Duration};

use libtest_mimic::Trial;
use tonic::Code;

use super::workload::Workload;
use harness::{Folder, Hops, Mode, Redis, Role, Servers, Settings, Shop, eventually, trials};

use crate::clients::{fresh, simple_order};

pub fn tests() -> Vec<Trial> {
    let always = trials![
        redis_dies,
        redis_freezes,
        redis_falls_silent,
        redis_is_full,
        redis_restarts_empty,
        a_slow_database,
        the_database_is_away,
        a_replica_starts_without_the_database,
    ];
    // Only then can a process be told where to die, or to wait.
    let with_failpoints = trials![
        a_writer_dies_after_its_commit,
        a_slow_fill_puts_back_no_old_menu,
        a_reader_who_dies_is_replaced,
        a_slow_poll_confirms_nothing,
    ];
    always.into_iter().chain(with_failpoints.into_iter().filter(|_| cfg!(feature = "failpoints"))).collect()
}

/// Two replicas of Catalog with a Redis of their own, and a crowd at their doors.
struct Day {
    shop: Shop,
    hops: Hops,
    redis: Redis,
    crowd: Workload,
    available: bool,
}

impl Day {
    async fn begin() -> Self {
        let mut day = Self::without_rest().await;
        day.crowd.ask_by_rest(&day.shop);
        day.goes_on().await;
        day
    }

    /// Nobody carries news from one replica to another.
    async fn without_rest() -> Self {
        let redis = Redis::new().await;
        let (shop, hops) = Shop::mesh_of_catalogs(&*Servers::shared().await, 2, &redis).await;
        let crowd = Workload::gather(&shop).await;
        let mut day = Self { shop, hops, redis, crowd, available: true };
        day.goes_on().await;
        day
    }

    /// A change through one replica is shown at every door, and an order is taken.
    async fn goes_on(&mut self) {
        let version = self.change(0).await;
        self.order().await;
        self.crowd.until_shown(version).await;
    }

    /// Whatever becomes of menus, orders are taken.
    async fn order(&self) {
        let request = simple_order(&self.shop, "Ana").await;
        eventually("an order is taken", async || self.shop.gateway.orders().place_order(request.clone()).await).await;
    }

    /// Sells the product out, or back again, through one replica; gives the version that shows it.
    async fn change(&mut self, replica: usize) -> i64 {
        self.available = !self.available;
        let (door, key) = (self.shop.catalog[replica].catalog_admin(), fresh());
        // On a bad day a first attempt may fail; whoever asks asks again.
        eventually("a change is taken", async || self.crowd.set_as(&key, door.clone(), self.available).await).await
    }

    /// A replica forgets all that it had in memory.
    async fn restart(&mut self, replica: usize, settings: Settings) {
        self.shop.catalog[replica].kill();
        self.shop.catalog[replica].start_with(settings).await;
    }

    /// The first replica starts with nothing, finds nothing in Redis, and is held where it is told.
    async fn hold_the_first_at(&mut self, point: &'static str) -> Gate {
        let gate = Gate::open(point);
        gate.shut();
        assert_eq!(self.redis.ask("FLUSHALL").expect("an answer"), "+OK");
        self.restart(0, Gate::settings(&[&gate])).await;
        eventually("it is held", async || self.is_held_at(point)).await;
        gate
    }

    /// Whether the first replica has come to this point while its gate was shut.
    fn is_held_at(&self, point: &str) -> bool {
        self.shop.catalog[0].log().contains(&format!("holding at failpoint {point}"))
    }

    fn end(self) {
        self.crowd.judge();
    }
}

/// Each replica has to read anew, first what was changed and then everything.
async fn without_redis(day: &mut Day) {
    day.goes_on().await;
    day.restart(1, Settings::new()).await;
    day.goes_on().await;
}

async fn redis_dies() {
    let mut day = Day::begin().await;
    day.redis.kill();
    without_redis(&mut day).await;
    day.redis.start().await;
    day.goes_on().await;
    day.end();
}

async fn redis_freezes() {
    let mut day = Day::begin().await;
    day.redis.pause();
    without_redis(&mut day).await;
    day.redis.resume();
    day.goes_on().await;
    day.end();
}

async fn redis_falls_silent() {
    let mut day = Day::begin().await;
    day.hops.cache.set(Mode::Blackhole);
    without_redis(&mut day).await;
    day.hops.cache.set(Mode::Pass);
    day.goes_on().await;
    day.end();
}

async fn redis_is_full() {
    let mut day = Day::begin().await;
    assert_eq!(day.redis.ask("CONFIG SET maxmemory-policy noeviction").expect("an answer"), "+OK");
    assert_eq!(day.redis.ask("CONFIG SET maxmemory 1").expect("an answer"), "+OK");
    assert!(day.redis.ask("SET colour green").expect("an answer").starts_with("-OOM"), "it is full");
    without_redis(&mut day).await;
    assert_eq!(day.redis.ask("CONFIG SET maxmemory 0").expect("an answer"), "+OK");
    day.goes_on().await;
    day.end();
}

async fn redis_restarts_empty() {
    let mut day = Day::begin().await;
    for _ in 0..3 {
        day.redis.kill();
        let version = day.change(0).await;
        day.redis.start().await;
        day.change(1).await;
        day.crowd.until_shown(version).await;
    }
    day.goes_on().await;
    day.end();
}

/// A reading of version and body takes many round trips, and the menu changes all the time. Redis is out of the way, so
/// that every change is read that slowly.
async fn a_slow_database() {
    let mut day = Day::begin().await;
    day.hops.cache.set(Mode::Cut);
    let direct = day.shop.database_url(Role::Catalog).to_owned();
    day.restart(0, vec![("COMANDA_CATALOG_DATABASE_URL", direct)]).await;
    day.hops.catalog_database.set(Mode::Delay(Duration::from_millis(20)));
    for price in 2000..2060 {
        day.crowd.reprice(day.shop.catalog[0].catalog_admin(), price).await.expect("stored");
    }
    day.goes_on().await;
    day.hops.catalog_database.set(Mode::Pass);
    day.goes_on().await;
    day.end();
}

async fn the_database_is_away() {
    let mut day = Day::begin().await;
    for mode in [Mode::Cut, Mode::Blackhole] {
        day.hops.catalog_database.set(mode);
        day.crowd.until_stale().await;
        day.order().await;
        let status = day.crowd.set(day.shop.catalog[0].catalog_admin(), true).await.expect_err("nowhere to store it");
        // Of a database that only says nothing, all that is known is that the time is up.
        assert!(matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded), "{status:?}");
        day.hops.catalog_database.set(Mode::Pass);
        day.goes_on().await;
    }
    day.end();
}

async fn a_replica_starts_without_the_database() {
    let mut day = Day::begin().await;
    day.hops.catalog_database.set(Mode::Cut);
    day.restart(1, Settings::new()).await;
    day.crowd.until_stale_at(1).await;
    day.order().await;
    day.hops.catalog_database.set(Mode::Pass);
    day.goes_on().await;
    day.end();
}

async fn a_writer_dies_after_its_commit() {
    let mut day = Day::begin().await;
    day.restart(0, vec![("COMANDA_FAILPOINTS", "once.committed=1".to_owned())]).await;
    let (key, available) = (fresh(), !day.available);
    day.crowd.set_as(&key, day.shop.catalog[0].catalog_admin(), available).await.expect_err("it dies");
    day.shop.catalog[0].until_exit().await;
    let other = day.shop.catalog[1].catalog_admin();
    let again = eventually("it is stored", async || day.crowd.set_as(&key, other.clone(), available).await).await;
    day.available = available;
    day.order().await;
    day.shop.catalog[0].start().await;
    day.crowd.until_shown(again).await;
    day.goes_on().await;
    day.end();
}

/// A replica has read a menu and is slow to bring it; meanwhile the menu changes. What it then brings harms nobody,
/// neither who waited for it nor who looks into Redis later.
async fn a_slow_fill_puts_back_no_old_menu() {
    let mut day = Day::begin().await;
    let gate = day.hold_the_first_at("menu.filling").await;
    let version = day.change(1).await;
    day.crowd.until_asked_late(0).await;
    drop(gate);
    day.crowd.until_shown(version).await;
    // They have nothing but what lies in Redis, and the database.
    day.restart(0, Settings::new()).await;
    day.restart(1, Settings::new()).await;
    day.crowd.until_shown(version).await;
    day.goes_on().await;
    day.end();
}

/// A replica has the token and brings nothing: the others wait for a moment, and then read for themselves.
async fn a_reader_who_dies_is_replaced() {
    let mut day = Day::begin().await;
    let _gate = day.hold_the_first_at("menu.filling").await;
    day.restart(1, Settings::new()).await;
    let version = day.change(1).await;
    day.restart(0, Settings::new()).await;
    day.crowd.until_shown(version).await;
    day.goes_on().await;
    day.end();
}

/// The answer to a poll that took its time says what was, not what is. What the next poll finds is held as well, so
/// that it rescues nobody.
async fn a_slow_poll_confirms_nothing() {
    let (mut day, polling, filling) =
        (Day::without_rest().await, Gate::open("menu.polling"), Gate::open("menu.filling"));
    day.redis.kill();
    day.restart(0, Gate::settings(&[&polling, &filling])).await;
    day.goes_on().await;
    polling.shut();
    eventually("a poll is held", async || day.is_held_at("menu.polling")).await;
    let version = day.change(1).await;
    day.crowd.until_stale_at(0).await;
    filling.shut();
    drop(polling);
    eventually("the next poll has found it", async || day.is_held_at("menu.filling")).await;
    day.crowd.until_stale_at(0).await;
    drop(filling);
    day.crowd.until_shown(version).await;
    day.goes_on().await;
    day.end();
}

/// A failpoint that holds while the gate is shut; opens when dropped.
struct Gate {
    point: &'static str,
    folder: Folder,
}

impl Gate {
    fn open(point: &'static str) -> Self {
        Self { point, folder: Folder::new("gate") }
    }

    fn settings(gates: &[&Self]) -> Settings {
        let points = gates.iter().map(|gate| format!("{}=hold:{}", gate.point, gate.folder.join("shut").display()));
        vec![("COMANDA_FAILPOINTS", points.collect::<Vec<_>>().join(","))]
    }

    fn shut(&self) {
        fs::write(self.folder.join("shut"), "").expect("a file");
    }
}
