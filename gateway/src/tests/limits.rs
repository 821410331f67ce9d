//! The limits per caller, as those within and over them see it.

use super::*;
use crate::{PerCaller, TrustedProxies};
use axum::{
    Extension,
    body::{Body, to_bytes},
};
use comanda_context::peer::Peer;
use comanda_proto::orders::v1::{PlaceOrderLine, order_service_client::OrderServiceClient};
use http::{Request, header};
use serde_json::{Value, json};
use std::time::Duration;
use tonic_web::{GrpcWebClientLayer, GrpcWebClientService};
use tower::{Layer, ServiceExt};

type Browser = OrderServiceClient<GrpcWebClientService<Router>>;

/// A limited door, before anybody stands there.
async fn limited(reads: &str, changes: &str, streams: usize) -> Router {
    let rate = |text: &str| Some(text.parse().expect("a rate"));
    let streams = Some(streams.try_into().expect("some"));
    let limits = PerCaller { reads: rate(reads), changes: rate(changes), streams, ..PerCaller::default() };
    let trusted_proxies = TrustedProxies::parse(["10.0.0.0/8"]).expect("a network");
    door_of(&Config { limits, trusted_proxies, ..Config::default() }, links().await.0)
}

/// A door where only tokens are limited.
async fn with_few_tries(tokens: &str) -> Router {
    let limits = PerCaller { tokens: tokens.parse().ok(), ..PerCaller::default() };
    door_of(&Config { limits, ..Config::default() }, links().await.0)
}

/// The door as somebody at this address finds it.
fn from(address: &str, door: &Router) -> Router {
    let address = Some(address.parse().expect("an address"));
    door.clone().layer(Extension(Peer { address, ..Peer::default() }))
}

fn browser_at(address: &str, door: &Router) -> Browser {
    OrderServiceClient::new(GrpcWebClientLayer::new().layer(from(address, door)))
}

fn place() -> PlaceOrderRequest {
    PlaceOrderRequest { lines: vec![PlaceOrderLine::default()], ..Default::default() }
}

fn limited_reason() -> (Code, String) {
    (Code::ResourceExhausted, "RATE_LIMITED".into())
}

#[tokio::test]
async fn a_call_over_the_limit_says_how_long_to_wait_and_reads_are_counted_apart() {
    let door = limited("1/20", "1/2", 10).await;
    let mut client = browser_at("192.0.2.1", &door);
    client.place_order(place()).await.expect("the first");
    client.place_order(place()).await.expect("the second");
    let mut english = tonic::Request::new(place());
    english.metadata_mut().insert("accept-language", "en".parse().expect("metadata"));
    let status = client.place_order(english).await.expect_err("over the limit");
    assert_eq!(reason(&status), limited_reason());
    let wait = status.get_details_retry_info().and_then(|info| info.retry_delay).expect("a wait");
    assert!(!wait.is_zero() && wait <= Duration::from_secs(1), "{wait:?}");
    let told = status.get_details_localized_message().expect("a sentence");
    assert_eq!((told.locale.as_str(), told.message.as_str()), ("en", "too many calls from here; wait a moment"));
    assert_eq!(status.get_details_error_info().expect("details").metadata["limit"], "change");
    client.get_order(as_caller("staff", get_order())).await.expect("reads have their own limit");
}

#[tokio::test]
async fn rest_says_the_same_with_429_and_pages_are_free() {
    let door = from("192.0.2.1", &limited("1/1", "1/1", 10).await);
    let send = async |request: http::request::Builder, body: &str| {
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        door.clone().oneshot(request).await.expect("infallible")
    };
    let post = || Request::post("/pedido").header(header::CONTENT_TYPE, "application/json");
    assert_eq!(send(post(), "{}").await.status().as_u16(), 400);
    let response = send(post(), "{}").await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()[header::RETRY_AFTER]),
        (429, &"1".parse().expect("text"))
    );
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let problem: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!((&problem["motivo"], &problem["metadados"]["limit"]), (&json!("RATE_LIMITED"), &json!("change")));
    assert_eq!(problem["detail"], "muitas chamadas daqui; espere um instante");

    assert_eq!(send(Request::get("/cardapio"), "").await.status().as_u16(), 503, "the catalog is away");
    assert_eq!(send(Request::get("/pedido/1"), "").await.status().as_u16(), 429);
    for _ in 0..10 {
        assert_ne!(send(Request::get("/"), "").await.status().as_u16(), 429);
    }
}

#[tokio::test]
async fn a_caller_is_an_address_that_it_cannot_choose() {
    let door = limited("1/1", "1/1", 10).await;
    let call = async |address: &str, token: &str, forwarded: &str| {
        let mut request = as_caller(token, get_order());
        if !forwarded.is_empty() {
            request.metadata_mut().insert("x-forwarded-for", forwarded.parse().expect("metadata"));
        }
        let status = browser_at(address, &door).get_order(request).await.err();
        status.is_some_and(|status| reason(&status) == limited_reason())
    };
    assert!(!call("192.0.2.1", "x.o.1", "").await, "the first");
    assert!(call("192.0.2.1", "x.o.1", "").await);
    assert!(call("192.0.2.1", "x.o.2", "").await, "another order's token, made up or not");
    assert!(call("192.0.2.1", "made-up", "").await, "no token of ours");
    assert!(call("192.0.2.1", "service", "").await, "no caller from outside");
    assert!(call("192.0.2.1", "made-up", "198.51.100.1").await, "an address of its own invention");
    assert!(!call("192.0.2.1", "staff", "").await, "staff count for themselves");
    assert!(call("192.0.2.1", "staff", "").await);
    assert!(!call("192.0.2.1", "panel", "").await);
    assert!(!call("192.0.2.2", "made-up", "").await, "another address");
    assert!(!call("10.0.0.1", "made-up", "192.0.2.3").await, "a proxy's word counts");
    assert!(call("10.0.0.2", "made-up", "198.51.100.1, 192.0.2.3").await, "what the caller told the proxy does not");
    assert!(!call("10.0.0.1", "made-up", "192.0.2.4").await);
    assert!(!call("2001:db8::1", "made-up", "").await);
    assert!(call("2001:db8::2", "made-up", "").await, "one customer of IPv6");
}

#[tokio::test]
async fn a_caller_holds_so_many_streams_and_no_more() {
    let door = limited("100/100", "1/1", 2).await;
    let mut client = browser_at("192.0.2.1", &door);
    let first = client.watch_order(watch("endless")).await.expect("the first").into_inner();
    let second = client.watch_order(watch("endless")).await.expect("the second").into_inner();
    let status = client.watch_order(watch("endless")).await.expect_err("one too many");
    assert_eq!(reason(&status), limited_reason());
    assert_eq!(status.get_details_error_info().expect("details").metadata["limit"], "stream");
    client.get_order(as_caller("staff", get_order())).await.expect("calls go on");
    browser_at("192.0.2.2", &door).watch_order(watch("endless")).await.expect("another's");
    drop(first);
    let third = client.watch_order(watch(ID)).await.expect("there is room again").into_inner();
    assert_eq!(told(third).await, (STATES.to_vec(), Ok(())));
    let fourth = client.watch_order(watch(ID)).await.expect("what has ended makes room, too");
    drop((second, fourth));
}

#[tokio::test]
async fn health_and_reflection_are_counted() {
    use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
    let door = limited("1/1", "1/1", 1).await;
    let mut health = HealthClient::new(GrpcWebClientLayer::new().layer(from("192.0.2.1", &door)));
    health.check(HealthCheckRequest::default()).await.expect("the first");
    let status = health.check(HealthCheckRequest::default()).await.expect_err("over the limit");
    assert_eq!(reason(&status), limited_reason());
}

async fn status_page(door: &Router, token: &str) -> (u16, String) {
    let request = Request::get("/status.json").header(header::AUTHORIZATION, format!("Bearer {}", super::token(token)));
    let reply = door.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("infallible");
    let status = reply.status().as_u16();
    let body = to_bytes(reply.into_body(), usize::MAX).await.expect("a body");
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn the_status_is_counted_like_any_other_page_that_costs_something() {
    let door = from("192.0.2.1", &limited("1/2", "1/1", 10).await);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(status_page(&door, "staff").await.0);
    }
    assert_eq!(statuses, [200, 200, 429]);
}

#[tokio::test]
async fn tokens_are_tried_slowly_on_every_way_in_and_those_known_are_not_hindered() {
    let door = with_few_tries("1/4").await;
    let (shop, elsewhere) = (from("192.0.2.1", &door), from("192.0.2.2", &door));
    assert_eq!(status_page(&shop, "staff").await.0, 200);
    let mut guesses = Vec::new();
    for _ in 0..5 {
        guesses.push(status_page(&shop, "guess").await.0);
    }
    assert_eq!(guesses, [401, 401, 401, 429, 429]);
    let (_, told) = status_page(&shop, "guess").await;
    assert!(told.contains("\"limit\":\"token\"") && told.contains("RATE_LIMITED"), "{told}");
    let status = browser_at("192.0.2.1", &door).get_order(as_caller("guess", get_order())).await.expect_err("a guess");
    assert_eq!(reason(&status), limited_reason(), "by gRPC the same");
    assert_eq!(status_page(&shop, "staff").await.0, 200, "the shop's own tablet");
    for _ in 0..4 {
        status_page(&elsewhere, "guess").await;
    }
    assert_eq!(status_page(&elsewhere, "staff").await.0, 429, "a right guess is not told from a wrong one");
    for _ in 0..10 {
        assert_ne!(status_page(&elsewhere, "x.o.1").await.0, 429, "an order's token, which nobody guesses");
    }
}
