//! The local cache: menus held in this process, how far each may be trusted, and the shops known not to exist. Tells
//! those who watch a shop when it holds a newer menu. Asks nobody and has no clock of its own; [`crate::read`] feeds
//! it.

use crate::read::encoded_menu::Body;
use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// A read that starts this long after a change was acknowledged shows the change, or is marked stale.
const BOUND: Duration = Duration::from_secs(1);
const UNKNOWN_TTL: Duration = Duration::from_millis(300);
/// Anybody may ask for any slug, so the memory of those that do not exist has an end.
const MAX_UNKNOWN: usize = 1024;

/// Menus by shop.
#[derive(Debug, Default)]
pub struct LocalCache(RwLock<Shops>);

#[derive(Debug, Default)]
struct Shops {
    /// Never taken out again, so whoever watches goes on hearing.
    held: HashMap<String, watch::Sender<Entry>>,
    unknown: HashMap<String, Instant>,
}

/// A menu at hand.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Never replaced by a lower version.
    pub body: Arc<Body>,
    /// When the latest look at the version began that found nothing newer in the database; none when only the cache
    /// has vouched for this menu.
    confirmed: Option<Instant>,
}

impl Entry {
    /// Whether a read that started then could miss a change acknowledged [`BOUND`] before it. A read that looked at
    /// the version itself started before that look, so it never is stale.
    #[must_use]
    pub fn is_stale(&self, read_started: Instant) -> bool {
        self.fresh_for(read_started).is_zero()
    }

    /// How long after that moment a read that starts is not stale yet.
    #[must_use]
    pub fn fresh_for(&self, moment: Instant) -> Duration {
        let left = |confirmed| BOUND.saturating_sub(moment.saturating_duration_since(confirmed));
        self.confirmed.map_or(Duration::ZERO, left)
    }

    /// Whether somebody has looked at the version since a read started.
    #[must_use]
    pub fn is_looked_at_since(&self, read_started: Instant) -> bool {
        self.confirmed.is_some_and(|confirmed| confirmed >= read_started)
    }
}

impl LocalCache {
    /// The menu of a shop, if held.
    #[must_use]
    pub fn get(&self, shop: &str) -> Option<Entry> {
        self.read().held.get(shop).map(|held| held.borrow().clone())
    }

    /// The menu of a shop, if held, and the news of each newer one. Always the latest: who is slow misses those in
    /// between.
    #[must_use]
    pub fn watch(&self, shop: &str) -> Option<watch::Receiver<Entry>> {
        self.read().held.get(shop).map(watch::Sender::subscribe)
    }

    /// The shops held.
    #[must_use]
    pub fn shops(&self) -> Vec<String> {
        self.read().held.keys().cloned().collect()
    }

    /// Holds a menu, unless a newer one is held. `confirmed` is when the look at the database began that named this
    /// version. A lower version confirms as well: what is held contains all that the database had then.
    pub fn hold(&self, body: Body, confirmed: Option<Instant>) {
        let mut shops = self.write();
        shops.unknown.remove(&body.shop_id);
        let (shop, body) = (body.shop_id.clone(), Arc::new(body));
        let first = || watch::Sender::new(Entry { body: body.clone(), confirmed });
        shops.held.entry(shop).or_insert_with(first).send_if_modified(|held| {
            held.confirmed = held.confirmed.max(confirmed);
            let newer = body.version > held.body.version;
            if newer {
                held.body = body.clone();
            }
            newer
        });
    }

    /// Notes that the database has this version, by a look that began at `looked`; false when what is held is older.
    #[must_use]
    pub fn confirm(&self, shop: &str, version: i64, looked: Instant) -> bool {
        let shops = self.read();
        let Some(held) = shops.held.get(shop) else { return false };
        let mut current = false;
        // A confirmation is no news: those who watch read it when they next say how they are.
        held.send_if_modified(|held| {
            current = held.body.version >= version;
            if current {
                held.confirmed = held.confirmed.max(Some(looked));
            }
            false
        });
        current
    }

    /// Remembers for a moment that there was no such shop when a look began at `looked`.
    pub fn hold_unknown(&self, shop: &str, looked: Instant) {
        let mut shops = self.write();
        if shops.unknown.len() >= MAX_UNKNOWN {
            shops.unknown.retain(|_, since| looked.saturating_duration_since(*since) < UNKNOWN_TTL);
        }
        if shops.unknown.len() < MAX_UNKNOWN {
            shops.unknown.insert(shop.to_owned(), looked);
        }
    }

    /// Whether the shop was found missing a moment ago.
    #[must_use]
    pub fn is_unknown(&self, shop: &str, now: Instant) -> bool {
        self.read().unknown.get(shop).is_some_and(|since| now.saturating_duration_since(*since) < UNKNOWN_TTL)
    }

    // Nothing here leaves the maps half changed, so a lock that a panic poisoned is as good as before.
    fn read(&self) -> RwLockReadGuard<'_, Shops> {
        self.0.read()
    }

    fn write(&self) -> RwLockWriteGuard<'_, Shops> {
        self.0.write()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use comanda_proto::catalog::v1::Menu;

    const MS: Duration = Duration::from_millis(1);

    fn menu(version: i64) -> Body {
        Body::of(&Menu { shop_id: "main".into(), version, ..Menu::default() })
    }

    fn held(local_cache: &LocalCache) -> Entry {
        local_cache.get("main").expect("a menu")
    }

    #[test]
    fn a_menu_is_stale_one_second_after_the_last_look() {
        let (local_cache, start) = (LocalCache::default(), Instant::now());
        local_cache.hold(menu(1), Some(start));
        assert!(!held(&local_cache).is_stale(start + 999 * MS));
        assert!(held(&local_cache).is_stale(start + 1000 * MS));
        assert!(local_cache.confirm("main", 1, start + 600 * MS));
        assert!(!held(&local_cache).is_stale(start + 1599 * MS));
        assert!(held(&local_cache).is_stale(start + 1600 * MS));
    }

    #[test]
    fn a_read_that_looks_itself_is_not_stale_however_long_it_takes() {
        let (local_cache, start) = (LocalCache::default(), Instant::now());
        local_cache.hold(menu(1), Some(start + 5 * MS));
        assert!(!held(&local_cache).is_stale(start));
    }

    #[test]
    fn what_only_the_cache_vouches_for_is_stale_until_the_database_confirms_it() {
        let (local_cache, start) = (LocalCache::default(), Instant::now());
        local_cache.hold(menu(1), None);
        assert!(held(&local_cache).is_stale(start));
        assert!(local_cache.confirm("main", 1, start));
        assert!(!held(&local_cache).is_stale(start));
    }

    #[test]
    fn an_older_menu_is_not_confirmed_by_a_newer_version() {
        let (local_cache, start) = (LocalCache::default(), Instant::now());
        local_cache.hold(menu(1), Some(start));
        assert!(!local_cache.confirm("main", 2, start + 900 * MS));
        assert!(held(&local_cache).is_stale(start + 1000 * MS));
    }

    #[test]
    fn a_slow_read_puts_back_neither_an_old_menu_nor_an_old_confirmation() {
        let (local_cache, start) = (LocalCache::default(), Instant::now());
        local_cache.hold(menu(2), Some(start + 500 * MS));
        local_cache.hold(menu(1), Some(start));
        assert_eq!(held(&local_cache).body.version, 2);
        assert!(!held(&local_cache).is_stale(start + 1499 * MS));
        assert_eq!(held(&local_cache).fresh_for(start + 1200 * MS), 300 * MS);
        assert_eq!(held(&local_cache).fresh_for(start + 1600 * MS), Duration::ZERO);
        local_cache.hold(menu(3), None);
        assert_eq!(held(&local_cache).body.version, 3);
    }

    #[test]
    fn who_watches_hears_of_newer_menus_and_of_nothing_else() {
        let (local_cache, start) = (LocalCache::default(), Instant::now());
        assert!(local_cache.watch("main").is_none());
        local_cache.hold(menu(2), Some(start));
        let mut watching = local_cache.watch("main").expect("a shop that is held");
        local_cache.hold(menu(1), Some(start + MS));
        assert!(local_cache.confirm("main", 2, start + 2 * MS));
        assert!(!watching.has_changed().expect("it goes on"));
        assert!(!watching.borrow().is_stale(start + 1001 * MS), "the confirmation is there to be read");

        local_cache.hold(menu(3), Some(start));
        local_cache.hold(menu(4), Some(start));
        assert!(watching.has_changed().expect("it goes on"));
        assert_eq!(watching.borrow_and_update().body.version, 4);
    }

    #[test]
    fn unknown_shops_are_forgotten_soon_and_are_bounded_in_number() {
        let (local_cache, start) = (LocalCache::default(), Instant::now());
        local_cache.hold_unknown("main", start);
        assert!(local_cache.is_unknown("main", start + 299 * MS));
        assert!(!local_cache.is_unknown("main", start + 300 * MS));
        local_cache.hold(menu(1), Some(start));
        assert!(!local_cache.is_unknown("main", start));

        for n in 0..2 * MAX_UNKNOWN {
            local_cache.hold_unknown(&format!("shop-{n}"), start);
        }
        assert_eq!(local_cache.read().unknown.len(), MAX_UNKNOWN);
        local_cache.hold_unknown("later", start + 300 * MS);
        assert!(local_cache.is_unknown("later", start + 300 * MS));
        assert_eq!(local_cache.read().unknown.len(), 1);
    }
}
