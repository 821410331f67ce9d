//! Following a menu live, at whichever replica, through the gateway or not.

use std::time::Duration;

use comanda_proto::catalog::v1::{
    Menu, SetAvailabilityRequest, WatchMenuRequest, WatchMenuResponse, catalog_service_client::CatalogServiceClient,
};
use harness::{Mode, Redis, Servers, Settings, Shop, eventually, on_both_shapes, trials, with_token};
use libtest_mimic::Trial;
use tokio::time::timeout;
use tonic::{Code, Status, Streaming, transport::Channel};

use crate::clients::{fresh, menu, reason};

/// For one message. A stream that has none for that long is broken: heartbeats come every 5 s.
const NEXT_MESSAGE: Duration = Duration::from_secs(20);
/// For a stream to say what it is waited for to say.
const TIMEOUT: Duration = Duration::from_secs(60);

pub fn tests() -> Vec<Trial> {
    let mut tests = on_both_shapes![who_watches_sees_what_is_sold_out, an_unknown_shop_cannot_be_watched];
    tests.extend(trials![
        a_change_elsewhere_is_streamed,
        a_heartbeat_says_that_the_database_is_away,
        a_stop_is_told_to_those_who_watch,
    ]);
    tests
}

/// One stream, held to the contract message by message.
struct Watcher {
    stream: Streaming<WatchMenuResponse>,
    version: i64,
    menu: Option<Menu>,
}

impl Watcher {
    async fn at(mut door: CatalogServiceClient<Channel>, known_version: i64) -> Self {
        let request = WatchMenuRequest { known_version, ..Default::default() };
        let stream = door.watch_menu(request).await.expect("a stream").into_inner();
        Self { stream, version: known_version, menu: None }
    }

    /// The next message; its error is the end.
    async fn next(&mut self) -> Result<WatchMenuResponse, Status> {
        let next = timeout(NEXT_MESSAGE, self.stream.message()).await.expect("news or a heartbeat in time");
        let news = next?.expect("it ends only with an error");
        match news.menu().expect("readable") {
            Some(menu) => {
                assert_eq!(menu.version, news.version);
                assert!(menu.version > self.version, "{} after {}", menu.version, self.version);
                (self.version, self.menu) = (menu.version, Some(menu));
            }
            None => assert_eq!(news.version, self.version, "a heartbeat confirms what was sent"),
        }
        Ok(news)
    }

    async fn until_version(&mut self, version: i64) -> &Menu {
        let wait = async {
            while self.version < version {
                self.next().await.expect("no end");
            }
        };
        timeout(TIMEOUT, wait).await.expect("the version in time");
        self.menu.as_ref().expect("a menu")
    }

    async fn until_heartbeat(&mut self, stale: bool) {
        let wait = async {
            loop {
                let news = self.next().await.expect("no end");
                if news.encoded_menu.is_none() && news.stale == stale {
                    return;
                }
            }
        };
        timeout(TIMEOUT, wait).await.unwrap_or_else(|_| panic!("no heartbeat says that stale is {stale}"));
    }
}

/// The last product of the menu: other tests order the others.
fn last(menu: &Menu) -> &comanda_proto::catalog::v1::Product {
    menu.categories.iter().flat_map(|category| &category.products).last().expect("a product")
}

async fn set(shop: &Shop, door: Door, product_id: &str, available: bool) -> i64 {
    let (request_id, product_id) = (fresh(), product_id.to_owned());
    let request = SetAvailabilityRequest { request_id, product_id, available, ..Default::default() };
    let mut admin = match door {
        Door::Gateway => shop.gateway.catalog_admin(),
        Door::FirstReplica => shop.catalog[0].catalog_admin(),
    };
    let reply = admin.set_availability(with_token(request, &shop.secrets.staff)).await;
    reply.expect("stored").into_inner().menu_version
}

enum Door {
    Gateway,
    FirstReplica,
}

async fn who_watches_sees_what_is_sold_out(shop: &Shop) {
    let product_id = last(&menu(shop).await).product_id.clone();
    let mut watcher = Watcher::at(shop.gateway.catalog(), 0).await;
    assert!(watcher.next().await.expect("the menu at once").encoded_menu.is_some());
    for available in [false, true] {
        let version = set(shop, Door::Gateway, &product_id, available).await;
        assert_eq!(last(watcher.until_version(version).await).available, available);
    }
    watcher.until_heartbeat(false).await;
    // Whoever has the menu is not sent it again, but hears at once how it is; `next` sees to that.
    Watcher::at(shop.gateway.catalog(), watcher.version).await.next().await.expect("a first word");
}

async fn an_unknown_shop_cannot_be_watched(shop: &Shop) {
    let nowhere = WatchMenuRequest { shop_id: "nenhures".into(), known_version: 0 };
    let refused = shop.gateway.catalog().watch_menu(nowhere).await.expect_err("no such shop");
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, "SHOP_NOT_FOUND"));
    let no_slug = WatchMenuRequest { shop_id: "Café".into(), known_version: 0 };
    let refused = shop.gateway.catalog().watch_menu(no_slug).await.expect_err("no slug");
    assert_eq!(refused.code(), Code::InvalidArgument);
}

async fn a_change_elsewhere_is_streamed() {
    let redis = Redis::new().await;
    let (shop, _hops) = Shop::mesh_of_catalogs(&*Servers::shared().await, 2, &redis).await;
    let product_id = last(&menu(&shop).await).product_id.clone();
    let mut elsewhere = Watcher::at(shop.catalog[1].catalog(), 0).await;
    let mut gateway = Watcher::at(shop.gateway.catalog(), 0).await;
    for available in [false, true] {
        let version = set(&shop, Door::FirstReplica, &product_id, available).await;
        for watcher in [&mut elsewhere, &mut gateway] {
            assert_eq!(last(watcher.until_version(version).await).available, available);
        }
    }
}

async fn a_heartbeat_says_that_the_database_is_away() {
    let (shop, hops) = Shop::mesh_through_proxies(&*Servers::shared().await, 1, Settings::new()).await;
    let mut watcher = Watcher::at(shop.gateway.catalog(), 0).await;
    watcher.until_heartbeat(false).await;
    for mode in [Mode::Cut, Mode::Blackhole] {
        hops.catalog_database.set(mode);
        watcher.until_heartbeat(true).await;
        hops.catalog_database.set(Mode::Pass);
        watcher.until_heartbeat(false).await;
    }
}

async fn a_stop_is_told_to_those_who_watch() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let mut watcher = Watcher::at(shop.gateway.catalog(), 0).await;
    watcher.until_heartbeat(false).await;
    let open = |metrics: String, count: usize| {
        metrics.lines().any(|line| line == format!("comanda_open_streams{{rpc=\"WatchMenu\"}} {count}"))
    };
    eventually("the stream is counted", async || open(shop.catalog[0].metrics().await, 1)).await;
    // Another one, to see that who goes away is no longer counted.
    drop(Watcher::at(shop.gateway.catalog(), 0).await);
    eventually("only one is left", async || open(shop.catalog[0].metrics().await, 1)).await;

    assert!(shop.catalog[0].stop().expect("it stops").success());
    let end = loop {
        if let Err(end) = watcher.next().await {
            break end;
        }
    };
    assert_eq!((end.code(), reason(&end).as_str()), (Code::Unavailable, "DRAINING"), "{end:?}");
}
