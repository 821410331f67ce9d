//! How a menu comes into the local cache: from Redis, else from the database, by one replica if Redis can be asked which.
//! Every read of the database waits for its turn, so that a lost cache cannot flood it.

use super::{DatabaseUnavailable, MenuError, Reader};
use crate::{
    menu,
    read::{cache::CacheUnavailable, encoded_menu::Body},
    store,
};
use comanda_failpoint as failpoint;
use sea_orm::DbErr;
use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::{sleep, timeout};

/// For one read of the database, the wait for its turn included.
const READ_TIMEOUT: Duration = Duration::from_secs(1);
/// For a replica that holds the token to bring the body; then everybody reads for himself.
const LOCK_TIMEOUT: Duration = Duration::from_millis(400);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

impl Reader {
    /// Makes the local cache of a shop current, or at least makes one.
    pub(super) async fn load(self: Arc<Self>, shop: String) -> Result<(), MenuError> {
        match self.load_current(&shop).await {
            Err(MenuError::DatabaseUnavailable(away)) if self.local_cache.get(&shop).is_none() => {
                self.load_hinted(&shop).await.ok_or(away)?
            }
            loaded => loaded?,
        }
        Ok(())
    }

    async fn load_current(&self, shop: &str) -> Result<(), MenuError> {
        let unknown = || MenuError::UnknownShop(shop.to_owned());
        let looked = Instant::now();
        let Some(version) = self.ask(store::version(self.database.reader(), shop)).await? else {
            self.local_cache.hold_unknown(shop, looked);
            return Err(unknown());
        };
        if self.local_cache.confirm(shop, version, looked) {
            return Ok(());
        }
        if let Some(body) = self.cached(shop, version).await {
            loaded_from("redis");
            self.local_cache.hold(body, Some(looked));
            return Ok(());
        }
        let looked = Instant::now();
        let rows = self.ask(store::menu(&self.database, shop)).await?.ok_or_else(unknown)?;
        loaded_from("database");
        let body = Body::of(&menu::build(rows));
        failpoint::hold("menu.filling").await;
        self.local_cache.hold(body.clone(), Some(looked));
        // Nobody waits for the cache to be fed.
        let cache = self.cache.clone();
        tokio::spawn(async move { cache.store(&body).await });
        Ok(())
    }

    /// The body from the cache, or from the replica that is just bringing it there; none when it has to be read here.
    async fn cached(&self, shop: &str, version: i64) -> Option<Body> {
        let found = self.cache.menu(shop, version).await.ok()?;
        if found.is_some() || self.cache.try_lock(shop, version).await.unwrap_or(true) {
            return found;
        }
        let brought = async {
            loop {
                sleep(POLL_INTERVAL).await;
                match self.cache.menu(shop, version).await {
                    Ok(None) => {}
                    Ok(found) => return found,
                    Err(CacheUnavailable) => return None,
                }
            }
        };
        timeout(LOCK_TIMEOUT, brought).await.unwrap_or_else(|_| {
            tracing::info!(shop, version, "the replica that reads this menu takes too long");
            None
        })
    }

    /// The way of a process that starts while the database is away.
    async fn load_hinted(&self, shop: &str) -> Option<()> {
        let version = self.cache.current(shop).await?;
        let body = self.cache.menu(shop, version).await.ok().flatten()?;
        self.local_cache.hold(body, None);
        Some(())
    }

    async fn ask<T>(&self, query: impl Future<Output = Result<T, DbErr>>) -> Result<T, DatabaseUnavailable> {
        let asked = async {
            let _turn = self.turns.acquire().await;
            query.await
        };
        match timeout(READ_TIMEOUT, asked).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the database failed");
                Err(DatabaseUnavailable)
            }
            Err(_) => {
                tracing::warn!("the database does not answer");
                Err(DatabaseUnavailable)
            }
        }
    }
}

/// Counts how menus come into memory.
fn loaded_from(source: &'static str) {
    metrics::counter!("comanda_menu_cache_fills_total", "source" => source).increment(1);
}
