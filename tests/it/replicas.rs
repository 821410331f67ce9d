//! Several replicas of Orders and Kitchen: it does not matter which one a customer or a tablet meets.

use comanda_proto::{
    catalog::v1::GetMenuRequest,
    orders::v1::{PlaceOrderResponse, WatchOrderRequest, watch_order_response::News},
    r#type::v1::OrderState,
};
use futures_util::future::join_all;
use harness::{Mode, Servers, Settings, Shape, Shop, eventually, settled, trials, with_token};
use libtest_mimic::Trial;
use std::collections::HashSet;
use tokio::time::{Duration, timeout};

use crate::{
    clients::{Tablet, Tap, menu, order, place, simple_order, tap},
    journey::stored,
};

pub fn tests() -> Vec<Trial> {
    trials![
        tablets_on_two_replicas_agree,
        without_hints_a_beat_tells,
        a_key_is_one_order_on_all_replicas,
        a_cold_catalog_reads_from_redis,
    ]
}

async fn tablets_on_two_replicas_agree() {
    let shop = Shape::Mesh.shop().await;
    let [first, second] = [&shop.kitchen[0], &shop.kitchen[1]];
    let mut tablets = [
        Tablet::watch(first.kitchen(), &shop.secrets.staff).await,
        Tablet::watch(second.kitchen(), &shop.secrets.staff).await,
    ];
    for taker in &shop.orders {
        let request = simple_order(&shop, "Zeca").await;
        let placed: PlaceOrderResponse =
            settled(async || taker.orders().place_order(request.clone()).await).await.expect("accepted").into_inner();
        let id = &order(&placed).order_id;
        let mut revision = 0;
        for tablet in &mut tablets {
            revision = tablet.until_state(id, OrderState::Received).await.revision;
        }
        tap(first.kitchen(), &shop.secrets.staff, Tap::Start, id, revision).await.expect("started on one");
        for tablet in &mut tablets {
            revision = tablet.until_state(id, OrderState::Preparing).await.revision;
        }
        tap(second.kitchen(), &shop.secrets.staff, Tap::Ready, id, revision).await.expect("ready on the other");
        for tablet in &mut tablets {
            tablet.until_state(id, OrderState::Ready).await;
        }
        for follower in &shop.orders {
            until_shown(follower.orders(), id, &placed.own_token, OrderState::Ready).await;
        }
    }
    for tablet in &mut tablets {
        tablet.heartbeat().await;
    }
}

/// Hints between replicas may be lost; then the next beat shows what has changed.
async fn without_hints_a_beat_tells() {
    let (shop, hops) = Shop::mesh_through_proxies(&*Servers::shared().await, 2, Settings::new()).await;
    let placed = place(&shop, "Zeca").await;
    let id = &order(&placed).order_id;
    let mut elsewhere = Tablet::watch(shop.kitchen[1].kitchen(), &shop.secrets.staff).await;
    elsewhere.until_state(id, OrderState::Received).await;
    hops.kitchen_broker.set(Mode::Blackhole);
    tap(shop.kitchen[0].kitchen(), &shop.secrets.staff, Tap::Start, id, 1).await.expect("started");
    elsewhere.until_state(id, OrderState::Preparing).await;
}

async fn until_shown(
    mut orders: comanda_proto::orders::v1::order_service_client::OrderServiceClient<tonic::transport::Channel>,
    id: &str,
    token: &str,
    state: OrderState,
) {
    let request = with_token(WatchOrderRequest { order_id: id.to_owned() }, token);
    let mut stream = orders.watch_order(request).await.expect("a stream").into_inner();
    loop {
        let next = timeout(Duration::from_secs(20), stream.message()).await.expect("news in time");
        match next.expect("no error").expect("no end").news {
            Some(News::Order(order)) if order.state() == state => return,
            _ => {}
        }
    }
}

async fn a_key_is_one_order_on_all_replicas() {
    let shop: std::sync::Arc<Shop> = Shape::Mesh.shop().await;
    let request = simple_order(&shop, "Zilda").await;
    let calls = (0..50).map(|call| {
        let mut orders = shop.orders[call % shop.orders.len()].orders();
        let request = request.clone();
        async move {
            let call = async || orders.place_order(request.clone()).await;
            settled(call).await.expect("accepted or replayed").into_inner()
        }
    });
    let ids: HashSet<String> = join_all(calls).await.iter().map(|placed| order(placed).order_id.clone()).collect();
    assert_eq!((ids.len(), stored(&shop, "Zilda").await), (1, 1));
}

async fn a_cold_catalog_reads_from_redis() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let before = menu(&shop).await;
    // The first replica feeds Redis when nobody waits any more, so the second may come too early.
    eventually("a menu comes from Redis", async || {
        shop.catalog[0].kill();
        shop.catalog[0].start().await;
        let again = shop.catalog[0].catalog().get_menu(GetMenuRequest::default()).await?.into_inner();
        assert_eq!(again.menu().expect("readable").as_ref(), Some(&before));
        let metrics = shop.catalog[0].metrics().await;
        let from_redis = metrics.contains("comanda_menu_cache_fills_total{source=\"redis\"}");
        from_redis.then_some(()).ok_or_else(|| tonic::Status::not_found("not from Redis"))
    })
    .await;
}
