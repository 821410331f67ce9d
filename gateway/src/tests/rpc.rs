//! RPCs through the door, as a browser makes them, and what is refused.

use super::*;
use axum::body::Body;
use comanda_proto::{
    catalog::v1::{GetMenuRequest, GetMenuVersionsRequest, catalog_service_client::CatalogServiceClient},
    orders::v1::order_service_client::OrderServiceClient,
};
use http::{Request, StatusCode, header::CONTENT_TYPE};
use std::time::Duration;
use tonic_web::{GrpcWebClientLayer, GrpcWebClientService};
use tower::{Layer, ServiceExt};

fn browser(door: Router) -> GrpcWebClientService<Router> {
    GrpcWebClientLayer::new().layer(door)
}

#[tokio::test]
async fn a_browser_calls_and_watches() {
    let mut client = OrderServiceClient::new(browser(door().await));
    let reply = client.get_order(as_caller("staff", get_order())).await.expect("an order").into_inner();
    assert_eq!(reply.order, Some(order(OrderState::Preparing)));
    let news = client.watch_order(watch(ID)).await.expect("a stream").into_inner();
    assert_eq!(told(news).await, (STATES.to_vec(), Ok(())));
    let news = client.watch_order(watch("drained")).await.expect("a stream").into_inner();
    assert_eq!(told(news).await, (STATES.to_vec(), Err((Code::Unavailable, "DRAINING".into()))));
}

#[tokio::test]
async fn headers_that_concern_the_gateway_alone_end_there() {
    let mut client = OrderServiceClient::new(browser(door().await));
    let mut request = as_caller("staff", get_order());
    for (name, value) in
        [("cookie", "a=b"), ("origin", "https://cafe.example"), ("connection", "x-hop"), ("x-hop", "1")]
    {
        request.metadata_mut().insert(name, value.parse().expect("metadata"));
    }
    client.get_order(request).await.expect("an order");
}

#[tokio::test]
async fn the_gate_stands_at_the_gateway_too() {
    // Nobody serves these roles, so a refusal can only be the gateway's own.
    let door = door_to(Dependencies { orders: nobody("orders"), ..links().await.0 });
    let mut orders = OrderServiceClient::new(browser(door.clone()));
    let nobody = orders.get_order(get_order()).await.expect_err("no token");
    assert_eq!(reason(&nobody), (Code::Unauthenticated, "TOKEN_INVALID".into()));
    let panel = orders.get_order(as_caller("panel", get_order())).await.expect_err("a panel");
    assert_eq!(reason(&panel), (Code::PermissionDenied, "ROLE_REQUIRED".into()));
    // Even the service token does not open what is between services.
    let mut catalog = CatalogServiceClient::new(browser(door));
    let versions = catalog.get_menu_versions(as_caller("service", GetMenuVersionsRequest::default())).await;
    assert_eq!(reason(&versions.expect_err("between services")), (Code::Unimplemented, "RPC_UNKNOWN".into()));
}

#[tokio::test]
async fn what_is_no_rpc_is_refused() {
    let status = |path: &'static str, kind: &'static str| async move {
        let request = Request::post(path).version(http::Version::HTTP_2).header(CONTENT_TYPE, kind);
        let response = door().await.oneshot(request.body(Body::empty()).expect("a request")).await.expect("infallible");
        let code = response.headers().get("grpc-status").map(|code| code.to_str().expect("a number").to_owned());
        (response.status(), code)
    };
    let unimplemented = (StatusCode::OK, Some("12".to_owned()));
    for path in ["/comanda.orders.v1.OrderService/Nothing", "/grpc.health.v1.Health/Nothing", "/pedido/1"] {
        assert_eq!(status(path, "application/grpc-web+proto").await, unimplemented, "{path}");
        assert_eq!(status(path, "application/grpc").await, unimplemented, "{path}");
    }
    let refused = (StatusCode::UNSUPPORTED_MEDIA_TYPE, None);
    assert_eq!(status("/comanda.catalog.v1.CatalogService/GetMenu", "application/grpc+json").await, refused);
}

#[tokio::test]
async fn a_role_that_is_away_is_unavailable_with_advice() {
    let mut client = CatalogServiceClient::new(browser(door().await));
    let status = client.get_menu(GetMenuRequest::default()).await.expect_err("no catalog");
    assert_eq!(reason(&status), (Code::Unavailable, "DEPENDENCY_DOWN".into()));
    assert!(status.get_details_retry_info().is_some_and(|retry| retry.retry_delay.is_some()));
}

#[tokio::test]
async fn a_stream_whose_role_dies_ends_with_unavailable() {
    let (links, death) = links().await;
    let mut client = OrderServiceClient::new(browser(door_to(links)));
    let mut news = client.watch_order(watch("endless")).await.expect("a stream").into_inner();
    for _ in STATES {
        assert!(news.message().await.expect("news").is_some());
    }
    death.cancel();
    let status = news.message().await.expect_err("the end");
    assert_eq!(reason(&status), (Code::Unavailable, "DEPENDENCY_DOWN".into()));
}

#[tokio::test]
async fn a_deadline_that_passes_is_told_as_such() {
    let mut client = OrderServiceClient::new(browser(door().await));
    // The first passes at the gateway, the second at the role.
    for customer_name in ["slow", "late"] {
        let message = PlaceOrderRequest { customer_name: customer_name.into(), ..Default::default() };
        let mut request = tonic::Request::new(message);
        request.set_timeout(Duration::from_millis(if customer_name == "slow" { 20 } else { 60_000 }));
        let status = client.place_order(request).await.expect_err("too late");
        assert_eq!(reason(&status), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()), "{customer_name}");
    }
}
