//! Orders' local cache of each menu, so that taking an order asks no other service. Never decides what a menu is; it only
//! remembers what Catalog said.

use crate::order::price_list::PriceList;
use comanda_context::periodic::every;
use comanda_mesh::channel::Channel;
use comanda_proto::catalog::v1::{
    GetMenuRequest, GetMenuVersionsRequest, catalog_service_client::CatalogServiceClient,
};
use parking_lot::{Mutex, MutexGuard};
use std::{collections::HashMap, convert::Infallible, sync::Arc, time::Duration};
use thiserror::Error;
use tokio::time::{Instant, timeout};
use tonic::{Code, Status};

/// What Catalog takes in one call.
const SHOPS_PER_POLL: usize = 1000;
/// For one's turn to fetch; orders behind a slow Catalog are refused rather than piled up.
const FETCH_TIMEOUT: Duration = Duration::from_secs(2);
const POLL_INTERVAL: Duration = Duration::from_millis(300);
/// How long orders are taken by the last known menu while Catalog is away.
const MAX_AGE: Duration = Duration::from_secs(15 * 60);

/// Why there is no menu.
#[derive(Debug, Error)]
pub enum MenuError {
    /// No such shop.
    #[error("no such shop")]
    UnknownShop,
    /// Catalog does not answer, and no copy is young enough.
    #[error("no menu: {0}")]
    Away(Status),
}

struct CachedMenu {
    menu: Arc<PriceList>,
    confirmed: Instant,
}

/// The menus of the shops that order here.
pub struct Menus {
    catalog: CatalogServiceClient<Channel>,
    copies: Mutex<HashMap<String, CachedMenu>>,
    /// One fetch at a time, so that a cold start asks once however many order.
    fetching: tokio::sync::Mutex<()>,
}

impl Menus {
    /// No copies yet.
    pub fn new(catalog: CatalogServiceClient<Channel>) -> Self {
        Self { catalog, copies: Mutex::default(), fetching: tokio::sync::Mutex::default() }
    }

    /// The menu to price by.
    pub async fn get(&self, shop: &str) -> Result<Arc<PriceList>, MenuError> {
        if let Some(menu) = self.usable(shop) {
            return Ok(menu);
        }
        let away = |_| MenuError::Away(Status::unavailable("Catalog is slow"));
        let _one = timeout(FETCH_TIMEOUT, self.fetching.lock()).await.map_err(away)?;
        match self.usable(shop) {
            Some(menu) => Ok(menu),
            None => self.fetch(shop).await,
        }
    }

    /// Follows the versions of all menus held, for as long as it is polled.
    pub async fn run(&self) -> Infallible {
        let mut polls = every(POLL_INTERVAL);
        loop {
            polls.tick().await;
            if let Err(status) = self.poll().await {
                tracing::debug!(code = ?status.code(), "Catalog does not tell its versions");
            }
        }
    }

    async fn poll(&self) -> Result<(), Status> {
        let shop_ids: Vec<String> = self.lock().keys().cloned().collect();
        if shop_ids.is_empty() {
            return Ok(());
        }
        let asked = Instant::now();
        let mut outdated = Vec::new();
        for shop_ids in shop_ids.chunks(SHOPS_PER_POLL) {
            let request = GetMenuVersionsRequest { shop_ids: shop_ids.to_vec() };
            let versions = self.catalog.clone().get_menu_versions(request).await?.into_inner().versions;
            for (shop, version) in versions {
                match self.lock().get_mut(&shop) {
                    Some(copy) if copy.menu.version >= version => copy.confirmed = asked,
                    _ => outdated.push(shop),
                }
            }
        }
        for shop in outdated {
            if let Err(MenuError::Away(status)) = self.fetch(&shop).await {
                return Err(status);
            }
        }
        Ok(())
    }

    async fn fetch(&self, shop: &str) -> Result<Arc<PriceList>, MenuError> {
        let asked = Instant::now();
        let request = GetMenuRequest { shop_id: shop.to_owned(), known_version: 0 };
        let reply = self.catalog.clone().get_menu(request).await.map_err(|status| match status.code() {
            Code::NotFound => MenuError::UnknownShop,
            _ => MenuError::Away(status),
        })?;
        let reply = reply.into_inner();
        let menu = reply.menu().ok().flatten();
        let menu = menu.ok_or_else(|| MenuError::Away(Status::internal("no menu in the reply")))?;
        let menu = PriceList::from(menu);
        let mut copies = self.lock();
        // Nobody vouches for a stale menu: it serves a shop that has none yet, and prolongs nothing.
        if reply.stale && copies.contains_key(shop) {
            return Err(MenuError::Away(Status::unavailable("Catalog has only a stale menu")));
        }
        // A slow reply must not put back an older menu.
        if let Some(copy) = copies.get(shop).filter(|copy| copy.menu.version > menu.version) {
            return Ok(copy.menu.clone());
        }
        let menu = Arc::new(menu);
        copies.insert(shop.to_owned(), CachedMenu { menu: menu.clone(), confirmed: asked });
        Ok(menu)
    }

    fn usable(&self, shop: &str) -> Option<Arc<PriceList>> {
        self.lock().get(shop).filter(|copy| copy.confirmed.elapsed() < MAX_AGE).map(|copy| copy.menu.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, CachedMenu>> {
        self.copies.lock()
    }
}

#[cfg(test)]
mod tests;
