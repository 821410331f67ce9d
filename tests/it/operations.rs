//! What an operator relies on: health that tells the truth, metrics, and an end that comes in time.

use comanda_proto::r#type::v1::OrderState;
use futures_util::{StreamExt, stream};
use harness::{Replica, Servers, Shape, Shop, eventually, trials};
use http::{Request, StatusCode};
use libtest_mimic::Trial;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

use crate::clients::{Follower, Tablet, order, place};

pub fn tests() -> Vec<Trial> {
    trials![
        health_tells_the_truth_about_the_database,
        a_stop_comes_in_time_with_streams_open,
        a_second_signal_ends_at_once,
        metrics_show_what_happens,
        made_up_calls_make_no_series,
        every_metric_says_what_it_is,
        the_health_page_shows_what_waits,
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
    // An order whose text never comes holds up the end.
    let mut stream = TcpStream::connect(shop.gateway.address()).await.expect("it listens");
    let head = "POST /pedido HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nidempotency-key: \
                6c2a4c0e-32c5-4d0a-9d3b-6f6f0b1f0a01\r\nexpect: 100-continue\r\ncontent-length: 10\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("it listens");
    let mut go_on = [0; 12];
    stream.read_exact(&mut go_on).await.expect("it waits for the text");
    assert_eq!(&go_on, b"HTTP/1.1 100");
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
    let called = "rpc_server_call_duration_seconds_count{rpc_system_name=\"grpc\",rpc_method=\"comanda.orders.v1.OrderService/PlaceOrder\",rpc_response_status_code=\"OK\"";
    shows(&shop.gateway, called).await;
    shows(&shop.orders[0], "comanda_outbox_events{service=\"orders\"} ").await;
    shows(&shop.kitchen[0], "comanda_outbox_oldest_seconds{service=\"kitchen\"} ").await;
    shows(&shop.kitchen[0], "comanda_open_streams{rpc=\"WatchTickets\"} ").await;
    shows(&shop.catalog[0], "comanda_menu_cache_requests_total{result=\"fresh\"} ").await;
    shows(&shop.catalog[0], "comanda_menu_cache_fills_total{source=").await;
}

/// Paths, verbs and methods that callers invent share one label each, whether the limit lets them through or not.
async fn made_up_calls_make_no_series() {
    const CALLS: usize = 10_000;
    let shop = Shape::Mesh.shop().await;
    place(&shop, "Ana").await;
    let call = async |n: usize| {
        let request = match n % 4 {
            0 => Request::get(format!("/made-up-{n}/x")),
            1 => Request::builder().method(format!("VERB{n}").as_str()).uri("/cardapio"),
            2 => grpc(format!("/comanda.orders.v1.OrderService/Made{n}")),
            _ => grpc(format!("/comanda.made{n}.v1.Service/Up")),
        };
        shop.gateway.http(request, "").await.status
    };
    // The first few are within the limit, the others are over it. Few at once: other tests share the machine.
    let statuses = stream::iter(0..CALLS).map(call).buffer_unordered(4).collect::<Vec<_>>().await;
    assert_eq!(statuses.len(), CALLS);
    let metrics = shop.gateway.metrics().await;
    let counted: Vec<_> = metrics.lines().filter(|line| line.contains("duration_seconds_count")).collect();
    assert!(metrics.contains("rpc_method=\"_OTHER\"") && metrics.contains("http_request_method=\"_OTHER\""));
    assert!(!["made", "VERB", "Made"].iter().any(|made_up| metrics.contains(made_up)), "{counted:#?}");
    let other = counted.iter().filter(|line| line.contains("_OTHER")).count();
    assert!(other < 20 && counted.len() < 300, "{counted:#?}");
}

fn grpc(path: String) -> http::request::Builder {
    Request::post(path).header("content-type", "application/grpc-web+proto")
}

async fn every_metric_says_what_it_is() {
    let shop = Shape::Mesh.shop().await;
    let _tablet = Tablet::watch(shop.kitchen[0].kitchen(), &shop.secrets.staff).await;
    place(&shop, "Ana").await;
    for replica in [&shop.gateway, &shop.orders[0], &shop.kitchen[0], &shop.catalog[0]] {
        let metrics = replica.metrics().await;
        let families = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
        for family in families {
            assert!(metrics.contains(&format!("# HELP {family} ")), "{family} has no help text");
        }
    }
}

async fn the_health_page_shows_what_waits() {
    let mut servers = Servers::private().await;
    let shop = Shop::mesh(&servers, 1).await;
    let orders = &shop.orders[0];
    servers.rabbitmq.kill().await;
    for _ in 0..3 {
        place(&shop, "Ana").await;
    }
    let waiting = eventually("three events wait", async || {
        let page = orders.health_page().await;
        (page.status == StatusCode::OK && page.json()["orders_outbox"]["events"] == 3).then(|| page.json())
    })
    .await;
    assert_eq!((&waiting["readiness"], &waiting["database"]), (&"SERVING".into(), &"SERVING".into()), "{waiting}");
    let age = |page: &serde_json::Value| page["orders_outbox"]["oldest_seconds"].as_f64().expect("seconds");
    eventually("they grow old", async || age(&orders.health_page().await.json()) > age(&waiting)).await;

    servers.rabbitmq.start().await;
    eventually("none waits", async || {
        let outbox = orders.health_page().await.json()["orders_outbox"].take();
        outbox == serde_json::json!({"events": 0, "oldest_seconds": 0})
    })
    .await;
    servers.postgres.pause();
    let away = eventually("it is not ready", async || {
        let page = orders.health_page().await;
        (page.status == StatusCode::SERVICE_UNAVAILABLE).then(|| page.json())
    })
    .await;
    assert_eq!((&away["readiness"], &away["database"]), (&"NOT_SERVING".into(), &"NOT_SERVING".into()), "{away}");
    let gateway = shop.gateway.health_page().await.json();
    assert_eq!(gateway, serde_json::json!({"liveness": "SERVING", "readiness": "SERVING"}), "it keeps nothing");
}
