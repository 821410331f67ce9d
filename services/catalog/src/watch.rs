//! A menu, live: each newer version that this replica holds, and a heartbeat that says which one is shown and how far
//! it may be trusted. Reads nothing itself: [`crate::read`] follows the versions for all. A stream keeps no messages,
//! only the latest body, shared with everybody else, so a slow reader costs nothing and misses only what is old.

use crate::read::{DatabaseUnavailable, MenuError, Reader, local_cache::Entry};
use comanda_context::error::ApiError;
use comanda_context::periodic::every;
use comanda_proto::catalog::v1::WatchMenuResponse;
use comanda_telemetry::open_streams::OpenStream;
use futures_util::stream::unfold;
use std::{
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::watch::Receiver, time::Interval};
use tokio_stream::Stream;
use tokio_util::sync::CancellationToken;
use tonic::Status;

const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(5);

/// A stream of menus and heartbeats; its only end is an error.
pub type BoxedNews = Pin<Box<dyn Stream<Item = Result<WatchMenuResponse, Status>> + Send>>;

/// Streams a shop's menu to someone who has the version `known`, or 0, until `shutdown`.
///
/// # Errors
/// As [`Reader::menu`].
pub async fn watch_menu(
    reader: &Arc<Reader>,
    shop: &str,
    known: i64,
    shutdown: CancellationToken,
) -> Result<BoxedNews, MenuError> {
    let began = Instant::now();
    reader.menu(shop, known).await?;
    let held = reader.watch(shop).ok_or(DatabaseUnavailable)?;
    Ok(stream(held, known, began, shutdown))
}

fn stream(held: Receiver<Entry>, known: i64, began: Instant, shutdown: CancellationToken) -> BoxedNews {
    let watcher = Watcher {
        held,
        sent: known,
        began,
        beats: every(HEARTBEAT_INTERVAL),
        shutdown,
        _open: OpenStream::of("WatchMenu"),
    };
    Box::pin(unfold(Some(watcher), |watcher| async move {
        let mut watcher = watcher?;
        match watcher.next().await {
            Some(news) => Some((Ok(news), Some(watcher))),
            None => Some((Err(ApiError::draining().into()), None)),
        }
    }))
}

/// One who watches.
struct Watcher {
    held: Receiver<Entry>,
    /// The version that he has.
    sent: i64,
    began: Instant,
    beats: Interval,
    shutdown: CancellationToken,
    _open: OpenStream,
}

impl Watcher {
    /// The next message; none once this replica stops.
    async fn next(&mut self) -> Option<WatchMenuResponse> {
        loop {
            if self.shutdown.is_cancelled() {
                return None;
            }
            if let Some(menu) = self.newer() {
                return Some(menu);
            }
            tokio::select! {
                () = self.shutdown.cancelled() => return None,
                // An error: nobody keeps the local cache any more.
                changed = self.held.changed() => changed.ok()?,
                _ = self.beats.tick() => return Some(self.newer().unwrap_or_else(|| self.heartbeat())),
            }
        }
    }

    fn newer(&mut self) -> Option<WatchMenuResponse> {
        let held = self.held.borrow_and_update().clone();
        let stale = held.is_stale(Instant::now());
        // Lower than what he has is only right once the database has said so since he came: he may have met a replica
        // that knows more.
        let lower = held.body.version < self.sent && held.is_looked_at_since(self.began);
        let scheduled = held.body.version > self.sent || lower;
        scheduled.then(|| {
            self.sent = held.body.version;
            WatchMenuResponse { encoded_menu: Some(held.body.bytes.clone()), version: self.sent, stale }
        })
    }

    fn heartbeat(&self) -> WatchMenuResponse {
        let held = self.held.borrow();
        let stale = held.is_stale(Instant::now()) || held.body.version < self.sent;
        WatchMenuResponse { encoded_menu: None, version: self.sent, stale }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{encoded_menu::Body, local_cache::LocalCache};
    use comanda_proto::catalog::v1::Menu;
    use tokio_stream::StreamExt;
    use tonic::Code;

    fn hold(local_cache: &LocalCache, version: i64, confirmed: Option<Instant>) {
        local_cache.hold(Body::of(&Menu { shop_id: "main".into(), version, ..Menu::default() }), confirmed);
    }

    fn watch(local_cache: &LocalCache, known: i64) -> BoxedNews {
        stream(local_cache.watch("main").expect("a menu"), known, Instant::now(), CancellationToken::new())
    }

    async fn next(news: &mut BoxedNews) -> WatchMenuResponse {
        news.next().await.expect("no end").expect("no error")
    }

    #[tokio::test]
    async fn a_slow_reader_gets_the_latest_version_and_no_copy_of_it() {
        let local_cache = LocalCache::default();
        hold(&local_cache, 1, Some(Instant::now()));
        let mut news = watch(&local_cache, 0);
        assert_eq!(next(&mut news).await.menu().expect("readable").expect("a menu").version, 1);
        for version in 2..100 {
            hold(&local_cache, version, Some(Instant::now()));
        }
        let latest = next(&mut news).await;
        assert_eq!((latest.version, latest.stale), (99, false));
        let held = local_cache.get("main").expect("a menu").body.bytes.clone();
        assert_eq!(latest.encoded_menu.expect("a menu").as_ptr(), held.as_ptr(), "the same bytes");
        assert_eq!(
            next(&mut news).await,
            WatchMenuResponse { encoded_menu: None, version: 99, stale: false },
            "a heartbeat"
        );
    }

    #[tokio::test]
    async fn the_menu_that_he_has_is_not_sent_again() {
        let local_cache = LocalCache::default();
        hold(&local_cache, 7, Some(Instant::now()));
        let mut news = watch(&local_cache, 7);
        assert_eq!(next(&mut news).await, WatchMenuResponse { encoded_menu: None, version: 7, stale: false });
        hold(&local_cache, 8, Some(Instant::now()));
        assert_eq!(next(&mut news).await.version, 8);
    }

    #[tokio::test]
    async fn nobody_is_taken_back_by_a_replica_that_cannot_know() {
        let local_cache = LocalCache::default();
        hold(&local_cache, 7, Some(Instant::now()));
        let mut news = watch(&local_cache, 8);
        assert_eq!(next(&mut news).await, WatchMenuResponse { encoded_menu: None, version: 8, stale: true });
        let mut again = watch(&local_cache, 8);
        assert!(local_cache.confirm("main", 7, Instant::now()));
        let taken_back = next(&mut again).await;
        assert_eq!((taken_back.version, taken_back.encoded_menu.is_some()), (7, true), "there never was an 8");
    }

    #[tokio::test]
    async fn a_stop_ends_it_and_says_so() {
        let (local_cache, shutdown) = (LocalCache::default(), CancellationToken::new());
        hold(&local_cache, 7, Some(Instant::now()));
        let mut news = stream(local_cache.watch("main").expect("a menu"), 0, Instant::now(), shutdown.clone());
        assert_eq!(next(&mut news).await.version, 7);
        shutdown.cancel();
        let end = news.next().await.expect("a last word").expect_err("an error");
        assert_eq!(end.code(), Code::Unavailable);
        assert!(news.next().await.is_none());
    }
}
