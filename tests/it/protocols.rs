//! One port, four ways in: grpc-web for browsers, native gRPC, REST, and the pages. The journeys use native gRPC; here
//! are the others.

use comanda_proto::{
    catalog::v1::{GetMenuRequest, catalog_service_client::CatalogServiceClient},
    kitchen::v1::{WatchTicketsRequest, kitchen_service_client::KitchenServiceClient, watch_tickets_response::News},
    r#type::v1::OrderState,
};
use harness::{Shop, eventually, on_both_shapes, with_token};
use http::{Request, StatusCode};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use libtest_mimic::Trial;
use serde_json::json;
use tonic::{Request as Call, body::Body};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};
use tonic_web::{GrpcWebCall, GrpcWebClientLayer, GrpcWebClientService};
use tower::Layer;

use crate::clients::{Tablet, fresh, product};

pub fn tests() -> Vec<Trial> {
    on_both_shapes![
        browsers_call_and_watch_by_grpc_web,
        the_contracts_can_be_discovered,
        an_order_by_rest,
        the_menu_by_rest_says_when_it_has_not_changed,
        the_pages_are_served_and_locked_down,
    ]
}

/// As a browser calls.
pub type Web = GrpcWebClientService<Client<hyper_util::client::legacy::connect::HttpConnector, GrpcWebCall<Body>>>;

pub fn web() -> Web {
    GrpcWebClientLayer::new().layer(Client::builder(TokioExecutor::new()).build_http())
}

async fn browsers_call_and_watch_by_grpc_web(shop: &Shop) {
    let origin: http::Uri = format!("http://{}", shop.gateway.address()).parse().expect("an address");
    let mut catalog = CatalogServiceClient::with_origin(web(), origin.clone());
    let reply = catalog.get_menu(GetMenuRequest::default()).await.expect("a menu").into_inner();
    let menu = reply.menu().expect("readable").expect("a menu");
    assert_eq!(menu.currency_code, "BRL");
    let status = catalog.get_menu(GetMenuRequest { shop_id: "nenhures".into(), known_version: 0 }).await;
    assert_eq!(status.expect_err("no such shop").code(), tonic::Code::NotFound);

    let mut kitchen = KitchenServiceClient::with_origin(web(), origin);
    let watch: Call<WatchTicketsRequest> = with_token(WatchTicketsRequest::default(), &shop.secrets.staff);
    let mut stream = kitchen.watch_tickets(watch).await.expect("a stream").into_inner();
    let first = stream.message().await.expect("no error").expect("a message").news;
    assert!(matches!(first, Some(News::Snapshot(_))), "{first:?}");
    loop {
        if let Some(News::Heartbeat(_)) = stream.message().await.expect("no error").expect("a message").news {
            break;
        }
    }
}

async fn the_contracts_can_be_discovered(shop: &Shop) {
    let ask = ServerReflectionRequest {
        message_request: Some(MessageRequest::ListServices(String::new())),
        ..Default::default()
    };
    let mut client = ServerReflectionClient::new(shop.gateway.channel());
    let mut replies = client.server_reflection_info(tokio_stream::iter([ask])).await.expect("reflection").into_inner();
    let reply = replies.message().await.expect("no error").expect("a reply").message_response;
    let Some(MessageResponse::ListServicesResponse(list)) = reply else { panic!("no list: {reply:?}") };
    let names: Vec<_> = list.service.into_iter().map(|service| service.name).collect();
    for service in ["comanda.catalog.v1.CatalogService", "comanda.orders.v1.OrderService"] {
        assert!(names.iter().any(|name| name == service), "{names:?}");
    }
}

async fn an_order_by_rest(shop: &Shop) {
    let bread = product(shop, "Pão de queijo").await.product_id;
    let body = json!({
        "cliente": "Yara", "mesa": "7",
        "itens": [{"produto_id": bread, "quantidade": 2, "observacao": "bem quente", "alergia": " nozes ",
                   "preco_visto": {"moeda": "BRL", "centavos": 1200}}]
    });
    let key = fresh();
    let post = async || {
        let request = Request::post("/pedido").header("content-type", "application/json");
        shop.gateway.http(request.header("idempotency-key", &key), body.to_string()).await
    };
    let reply = post().await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let order = reply.json();
    assert_eq!((&order["status"], &order["total"]["centavos"]), (&json!("RECEBIDO"), &json!(2400)));
    assert_eq!(reply.headers["location"], format!("/pedido/{}", order["id"].as_str().expect("an id")));

    let again = post().await;
    assert_eq!((again.json(), again.headers["idempotent-replay"].as_bytes()), (order.clone(), &b"true"[..]));

    let token = order["token"].as_str().expect("a token");
    let get = Request::get(format!("/pedido/{}", order["id"].as_str().expect("an id")));
    let shown = shop.gateway.http(get.header("authorization", format!("Bearer {token}")), "").await.json();
    assert_eq!((&shown["numero"], &shown["itens"]), (&order["numero"], &order["itens"]));
    assert_eq!(shown["itens"][0]["alergia"], json!("nozes"));
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let ticket = tablet.until_state(order["id"].as_str().expect("an id"), OrderState::Received).await;
    assert_eq!((ticket.lines[0].allergy.as_str(), ticket.lines[0].note.as_str()), ("nozes", "bem quente"));
}

async fn the_menu_by_rest_says_when_it_has_not_changed(shop: &Shop) {
    // Another test may change the menu in between.
    eventually("the same menu is not sent again", async || {
        let menu = shop.gateway.http(Request::get("/cardapio"), "").await;
        assert_eq!(menu.status, StatusCode::OK);
        let version = menu.headers["etag"].clone();
        let again = shop.gateway.http(Request::get("/cardapio").header("if-none-match", version), "").await;
        again.status == StatusCode::NOT_MODIFIED && again.body.is_empty()
    })
    .await;
}

async fn the_pages_are_served_and_locked_down(shop: &Shop) {
    for page in ["/", "/acompanhar", "/barista", "/painel"] {
        let reply = shop.gateway.http(Request::get(page), "").await;
        assert_eq!(reply.status, StatusCode::OK, "{page}");
        assert!(reply.body.contains("<html lang=\"pt-BR\""), "{page}: {}", reply.body);
        let policy = reply.headers["content-security-policy"].to_str().expect("text");
        assert!(policy.contains("default-src 'self'"), "{policy}");
        assert_eq!(reply.headers["referrer-policy"], "no-referrer");
        let script =
            reply.body.split("src=\"/assets/").nth(1).and_then(|rest| rest.split('"').next()).expect("a script");
        let script = shop.gateway.http(Request::get(format!("/assets/{script}")), "").await;
        assert!(script.headers["cache-control"].to_str().expect("text").contains("immutable"), "{script:?}");
    }
}
