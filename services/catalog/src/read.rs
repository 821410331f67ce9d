//! Reading menus, cache-aside: the local cache, then Redis, then the database, once however many ask. A reader never
//! waits for the database while a menu is at hand, and never gets a lower version than one that this process has shown.
//!
//! Must not change anything in the database.

pub mod cache;
pub mod encoded_menu;
mod load;
pub mod local_cache;
pub mod single_flight;

use crate::{
    read::{
        cache::Cache,
        encoded_menu::Body,
        local_cache::{Entry, LocalCache},
        single_flight::{Pending, SingleFlight},
    },
    store,
};
use comanda_context::periodic::every;
use comanda_failpoint as failpoint;
use comanda_storage::database::Database;
use sea_orm::DbErr;
use std::{
    collections::HashMap,
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{Semaphore, watch},
    time::timeout,
};

const POLL_INTERVAL: Duration = Duration::from_millis(300);
/// Sooner after a failure, because a database that comes back leaves a pool full of dead connections to go through.
const RETRY_INTERVAL: Duration = Duration::from_millis(50);
/// A poll that takes longer than this counts for nothing, since its news would be too old.
const POLL_TIMEOUT: Duration = Duration::from_secs(1);
/// Reads of the database under way at once, so that a lost cache cannot flood it.
const MAX_CONCURRENT_READS: usize = 8;
/// How long a change that is stored may wait until this process shows it.
const SHOW_TIMEOUT: Duration = Duration::from_millis(500);

/// Reads menus for all callers of this process.
#[derive(Debug)]
pub struct Reader {
    database: Database,
    cache: Cache,
    local_cache: LocalCache,
    single_flight: SingleFlight<Result<(), MenuError>>,
    turns: Semaphore,
}

/// A menu, and whether it may be older than the bound.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The menu, encoded.
    pub body: Arc<Body>,
    /// True when the database could not be asked in time.
    pub stale: bool,
    /// How long after the read began a reader elsewhere may go on showing it; zero when it is stale.
    pub fresh_for: Duration,
}

/// Why there is no menu.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MenuError {
    /// There is no such shop.
    #[error("no shop {0}")]
    UnknownShop(String),
    /// See [`DatabaseUnavailable`].
    #[error(transparent)]
    DatabaseUnavailable(#[from] DatabaseUnavailable),
}

/// Neither memory, cache nor database can answer now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the database does not answer, and nothing else knows")]
pub struct DatabaseUnavailable;

impl Reader {
    /// A reader that holds nothing yet.
    #[must_use]
    pub fn new(database: Database, cache: Cache) -> Arc<Self> {
        let turns = Semaphore::new(MAX_CONCURRENT_READS);
        Arc::new(Self {
            database,
            cache,
            local_cache: LocalCache::default(),
            single_flight: SingleFlight::default(),
            turns,
        })
    }

    /// The menu of a shop. `known` is the version that the caller has, or 0: one that another replica showed him
    /// before this one had heard of it must not be followed by a lower one.
    pub async fn menu(self: &Arc<Self>, shop: &str, known: i64) -> Result<Answer, MenuError> {
        self.menu_at(shop, known, Instant::now()).await
    }

    async fn menu_at(self: &Arc<Self>, shop: &str, known: i64, started: Instant) -> Result<Answer, MenuError> {
        if self.local_cache.is_unknown(shop, started) {
            return Err(MenuError::UnknownShop(shop.to_owned()));
        }
        let held = match self.local_cache.get(shop) {
            Some(held) if held.body.version >= known || held.is_stale(started) => held,
            _ => self.reach(shop, known).await?,
        };
        // A caller who saw a newer menu goes back to this one only marked, unless the database has just said that this
        // is it.
        let behind = held.body.version < known && !held.is_looked_at_since(started);
        let fresh_for = if behind { Duration::ZERO } else { held.fresh_for(started) };
        let stale = fresh_for.is_zero();
        metrics::counter!("comanda_menu_cache_requests_total", "result" => if stale { "stale" } else { "fresh" })
            .increment(1);
        Ok(Answer { stale, fresh_for, body: held.body })
    }

    /// The menu of a shop that was read before, and the news of each newer one.
    #[must_use]
    pub fn watch(&self, shop: &str) -> Option<watch::Receiver<Entry>> {
        self.local_cache.watch(shop)
    }

    /// The versions of these shops; those that do not exist are left out.
    pub async fn versions(self: &Arc<Self>, shops: &[String]) -> Result<HashMap<String, i64>, DatabaseUnavailable> {
        self.versions_at(shops, Instant::now()).await
    }

    async fn versions_at(
        self: &Arc<Self>,
        shops: &[String],
        started: Instant,
    ) -> Result<HashMap<String, i64>, DatabaseUnavailable> {
        let missing =
            |shop: &&String| self.local_cache.get(shop).is_none() && !self.local_cache.is_unknown(shop, started);
        // All take off before the first is awaited.
        let single_flight: Vec<_> = shops.iter().filter(missing).map(|shop| self.join_load(shop)).collect();
        for single_flight in single_flight {
            match single_flight.finished().await {
                Some(Ok(()) | Err(MenuError::UnknownShop(_))) => {}
                Some(Err(MenuError::DatabaseUnavailable(away))) => return Err(away),
                None => return Err(DatabaseUnavailable),
            }
        }
        let mut versions = HashMap::new();
        for shop in shops {
            let Some(held) = self.local_cache.get(shop) else { continue };
            if held.is_stale(started) {
                return Err(DatabaseUnavailable);
            }
            versions.insert(shop.clone(), held.body.version);
        }
        Ok(versions)
    }

    /// Returns once every read of this process shows what is stored by now, or after a moment: then the poll will find it.
    pub async fn show_latest(self: &Arc<Self>, shop: &str) {
        let look = async {
            // Twice, because a flight that was under way already may have looked too early.
            for _ in 0..2 {
                self.join_load(shop).finished().await;
            }
        };
        if timeout(SHOW_TIMEOUT, look).await.is_err() {
            tracing::debug!(shop, "a change is stored but not yet shown");
        }
    }

    /// Follows the versions of the shops held, for as long as it is polled.
    pub async fn follow(self: &Arc<Self>) -> Infallible {
        let mut poll = every(POLL_INTERVAL);
        let mut away = false;
        loop {
            poll.tick().await;
            let polled = timeout(POLL_TIMEOUT, self.poll()).await;
            let failed = !matches!(polled, Ok(Ok(_)));
            if failed && !away {
                tracing::warn!("the database does not answer; menus are served as they were");
            } else if away && !failed {
                tracing::info!("the database answers again");
            }
            away = failed;
            if failed {
                poll.reset_after(RETRY_INTERVAL);
            }
            for shop in polled.into_iter().flatten().flatten() {
                drop(self.join_load(&shop));
            }
        }
    }

    /// Looks at the versions of all shops held; returns those of which an older menu is held.
    async fn poll(&self) -> Result<Vec<String>, DbErr> {
        let shops = self.local_cache.shops();
        if shops.is_empty() {
            return Ok(Vec::new());
        }
        let looked = Instant::now();
        let versions = store::versions(self.database.reader(), shops).await?;
        failpoint::hold("menu.polling").await;
        let moved = versions.into_iter().filter(|(shop, version)| !self.local_cache.confirm(shop, *version, looked));
        Ok(moved.map(|(shop, _)| shop).collect())
    }

    /// A menu of at least this version if there is one, else whatever is at hand.
    async fn reach(self: &Arc<Self>, shop: &str, version: i64) -> Result<Entry, MenuError> {
        let mut missed = DatabaseUnavailable.into();
        // Twice, because a flight that was under way already may have looked too early.
        for _ in 0..2 {
            if let Some(held) = self.local_cache.get(shop).filter(|held| held.body.version >= version) {
                return Ok(held);
            }
            if let Some(Err(error)) = self.join_load(shop).finished().await {
                missed = error;
                break;
            }
        }
        self.local_cache.get(shop).ok_or(missed)
    }

    fn join_load(self: &Arc<Self>, shop: &str) -> Pending<Result<(), MenuError>> {
        self.single_flight.join(shop, || self.clone().load(shop.to_owned()))
    }
}

#[cfg(test)]
mod tests;
