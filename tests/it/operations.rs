//! What an operator relies on: health that tells the truth, metrics, and an end that comes in time.

use comanda_proto::r#type::v1::OrderState;
use libtest_mimic::Trial;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

use crate::{
    harness::{Replica, Servers, Shape, Shop, eventually, trials},
    people::{Follower, Tablet, order, place},
};

pub fn tests() -> Vec<Trial> {
    trials![
        health_tells_the_truth_about_the_database,
        a_stop_comes_in_time_with_streams_open,
        a_second_signal_ends_at_once,
        metrics_show_what_happens,
    ]
}

async fn health_tells_the_truth_about_the_database() {
    let mut servers = Servers::private().await;
    let shop = Shop::mesh(&servers, 1).await;
    let (orders, kitchen, catalog) = (&shop.orders[0], &shop.kitchen[0], &shop.catalog[0]);
    for role in [orders, kitchen, catalog, &shop.gateway] {
        until(role, "liveness", ServingStatus::Serving).await;
        until(role, "readiness", ServingStatus::Serving).await;
    }
    servers.postgres.pause();
    for role in [orders, kitchen] {
        until(role, "database", ServingStatus::NotServing).await;
        until(role, "readiness", ServingStatus::NotServing).await;
        until(role, "liveness", ServingStatus::Serving).await;
    }
    // It still has menus to show.
    until(catalog, "database", ServingStatus::NotServing).await;
    until(catalog, "readiness", ServingStatus::Serving).await;
    servers.postgres.resume();
    for role in [orders, kitchen, catalog] {
        until(role, "database", ServingStatus::Serving).await;
        until(role, "readiness", ServingStatus::Serving).await;
    }
}

async fn until(role: &Replica, name: &str, wished: ServingStatus) {
    eventually(&format!("{name} of {} is {wished:?}", role.address()), async || {
        role.health(name).await.is_ok_and(|status| status == wished)
    })
    .await;
}

async fn a_stop_comes_in_time_with_streams_open() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let placed = place(&shop, "Ana").await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    tablet.until_state(&order(&placed).order_id, OrderState::Received).await;
    let _follower = Follower::of(&shop, &order(&placed).order_id, &placed.own_token).await;
    let mut watched = Vec::new();
    for replica in shop.replicas() {
        let mut health = HealthClient::new(replica.channel());
        watched.push(health.watch(HealthCheckRequest::default()).await.expect("a stream").into_inner());
    }
    for replica in shop.replicas() {
        let status = replica.stop().expect("it stops, with a tablet, a customer and a probe still watching");
        assert!(status.success(), "{status}");
    }
}

async fn a_second_signal_ends_at_once() {
    let mut shop = Shop::embedded().await;
    let mut health = HealthClient::new(shop.gateway.channel());
    let _watched = health.watch(HealthCheckRequest::default()).await.expect("a stream");
    shop.gateway.signal("TERM");
    eventually("the first signal is heard", async || shop.gateway.log().contains("open calls may finish")).await;
    shop.gateway.signal("TERM");
    let status = shop.gateway.until_exit().await;
    assert!(!status.success() && shop.gateway.log().contains("on the second signal"), "{}", shop.gateway.log());
}

async fn metrics_show_what_happens() {
    let shop = Shape::Mesh.shop().await;
    let _tablet = Tablet::watch(shop.kitchen[0].kitchen(), &shop.secrets.staff).await;
    place(&shop, "Ana").await;
    let shows = async |role: &Replica, line: &str| {
        eventually(line, async || role.metrics().await.lines().any(|shown| shown.starts_with(line))).await;
    };
    let called = "comanda_call_duration_seconds_count{method=\"comanda.orders.v1.OrderService/PlaceOrder\"";
    shows(&shop.gateway, called).await;
    shows(&shop.orders[0], "comanda_outbox_events ").await;
    shows(&shop.kitchen[0], "comanda_outbox_oldest_seconds ").await;
    shows(&shop.kitchen[0], "comanda_open_streams{rpc=\"WatchTickets\"} ").await;
    shows(&shop.catalog[0], "comanda_menu_reads_total{stale=\"no\"} ").await;
    shows(&shop.catalog[0], "comanda_menu_loads_total{source=").await;
}
