//! The near copy: menus held in this process, how far each may be trusted, and the shops known not to exist. Tells
//! those who watch a shop when it holds a newer menu. Asks nobody and has no clock of its own; [`crate::read`] feeds
//! it.

use crate::body::Body;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// A read that starts this long after a change was acknowledged shows the change, or is marked stale.
const BOUND: Duration = Duration::from_secs(1);
const UNKNOWN_FOR: Duration = Duration::from_millis(300);
/// Anybody may ask for any slug, so the memory of those that do not exist has an end.
const UNKNOWN_AT_MOST: usize = 1024;

/// Menus by shop.
#[derive(Debug, Default)]
pub struct Near(RwLock<Shops>);

#[derive(Debug, Default)]
struct Shops {
    /// Never taken out again, so whoever watches goes on hearing.
    held: HashMap<String, watch::Sender<Held>>,
    unknown: HashMap<String, Instant>,
}

/// A menu at hand.
#[derive(Debug, Clone)]
pub struct Held {
    /// Never replaced by a lower version.
    pub body: Arc<Body>,
    /// When the latest look at the version began that found nothing newer in the database; none when only the cache
    /// has vouched for this menu.
    confirmed: Option<Instant>,
}

impl Held {
    /// Whether a read that started then could miss a change acknowledged [`BOUND`] before it. A read that looked at
    /// the version itself started before that look, so it never is stale.
    #[must_use]
    pub fn is_stale(&self, read_started: Instant) -> bool {
        self.confirmed.is_none_or(|confirmed| read_started.saturating_duration_since(confirmed) >= BOUND)
    }

    /// Whether somebody has looked at the version since a read started.
    #[must_use]
    pub fn is_looked_at_since(&self, read_started: Instant) -> bool {
        self.confirmed.is_some_and(|confirmed| confirmed >= read_started)
    }
}

impl Near {
    /// The menu of a shop, if held.
    #[must_use]
    pub fn get(&self, shop: &str) -> Option<Held> {
        self.read().held.get(shop).map(|held| held.borrow().clone())
    }

    /// The menu of a shop, if held, and the news of each newer one. Always the latest: who is slow misses those in
    /// between.
    #[must_use]
    pub fn watch(&self, shop: &str) -> Option<watch::Receiver<Held>> {
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
        let first = || watch::Sender::new(Held { body: body.clone(), confirmed });
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
        if shops.unknown.len() >= UNKNOWN_AT_MOST {
            shops.unknown.retain(|_, since| looked.saturating_duration_since(*since) < UNKNOWN_FOR);
        }
        if shops.unknown.len() < UNKNOWN_AT_MOST {
            shops.unknown.insert(shop.to_owned(), looked);
        }
    }

    /// Whether the shop was found missing a moment ago.
    #[must_use]
    pub fn is_unknown(&self, shop: &str, now: Instant) -> bool {
        self.read().unknown.get(shop).is_some_and(|since| now.saturating_duration_since(*since) < UNKNOWN_FOR)
    }

    // Nothing here leaves the maps half changed, so a lock that a panic poisoned is as good as before.
    fn read(&self) -> RwLockReadGuard<'_, Shops> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Shops> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
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

    fn held(near: &Near) -> Held {
        near.get("main").expect("a menu")
    }

    #[test]
    fn a_menu_is_stale_one_second_after_the_last_look() {
        let (near, start) = (Near::default(), Instant::now());
        near.hold(menu(1), Some(start));
        assert!(!held(&near).is_stale(start + 999 * MS));
        assert!(held(&near).is_stale(start + 1000 * MS));
        assert!(near.confirm("main", 1, start + 600 * MS));
        assert!(!held(&near).is_stale(start + 1599 * MS));
        assert!(held(&near).is_stale(start + 1600 * MS));
    }

    #[test]
    fn a_read_that_looks_itself_is_not_stale_however_long_it_takes() {
        let (near, start) = (Near::default(), Instant::now());
        near.hold(menu(1), Some(start + 5 * MS));
        assert!(!held(&near).is_stale(start));
    }

    #[test]
    fn what_only_the_cache_vouches_for_is_stale_until_the_database_confirms_it() {
        let (near, start) = (Near::default(), Instant::now());
        near.hold(menu(1), None);
        assert!(held(&near).is_stale(start));
        assert!(near.confirm("main", 1, start));
        assert!(!held(&near).is_stale(start));
    }

    #[test]
    fn an_older_menu_is_not_confirmed_by_a_newer_version() {
        let (near, start) = (Near::default(), Instant::now());
        near.hold(menu(1), Some(start));
        assert!(!near.confirm("main", 2, start + 900 * MS));
        assert!(held(&near).is_stale(start + 1000 * MS));
    }

    #[test]
    fn a_slow_read_puts_back_neither_an_old_menu_nor_an_old_confirmation() {
        let (near, start) = (Near::default(), Instant::now());
        near.hold(menu(2), Some(start + 500 * MS));
        near.hold(menu(1), Some(start));
        assert_eq!(held(&near).body.version, 2);
        assert!(!held(&near).is_stale(start + 1499 * MS));
        near.hold(menu(3), None);
        assert_eq!(held(&near).body.version, 3);
    }

    #[test]
    fn who_watches_hears_of_newer_menus_and_of_nothing_else() {
        let (near, start) = (Near::default(), Instant::now());
        assert!(near.watch("main").is_none());
        near.hold(menu(2), Some(start));
        let mut watching = near.watch("main").expect("a shop that is held");
        near.hold(menu(1), Some(start + MS));
        assert!(near.confirm("main", 2, start + 2 * MS));
        assert!(!watching.has_changed().expect("it goes on"));
        assert!(!watching.borrow().is_stale(start + 1001 * MS), "the confirmation is there to be read");

        near.hold(menu(3), Some(start));
        near.hold(menu(4), Some(start));
        assert!(watching.has_changed().expect("it goes on"));
        assert_eq!(watching.borrow_and_update().body.version, 4);
    }

    #[test]
    fn unknown_shops_are_forgotten_soon_and_are_bounded_in_number() {
        let (near, start) = (Near::default(), Instant::now());
        near.hold_unknown("main", start);
        assert!(near.is_unknown("main", start + 299 * MS));
        assert!(!near.is_unknown("main", start + 300 * MS));
        near.hold(menu(1), Some(start));
        assert!(!near.is_unknown("main", start));

        for n in 0..2 * UNKNOWN_AT_MOST {
            near.hold_unknown(&format!("shop-{n}"), start);
        }
        assert_eq!(near.read().unknown.len(), UNKNOWN_AT_MOST);
        near.hold_unknown("later", start + 300 * MS);
        assert!(near.is_unknown("later", start + 300 * MS));
        assert_eq!(near.read().unknown.len(), 1);
    }
}
