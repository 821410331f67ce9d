//! Bad input: every mistake gets a precise answer that names the field, stores nothing, and is no error in the log.

use comanda_proto::{
    orders::v1::{GetOrderRequest, PlaceOrderLine, PlaceOrderRequest},
    r#type::v1::{AtTable, Money, ServiceMode, service_mode::Mode},
};
use harness::{Reply, Shop, eventually, on_both_shapes, settled, with_token};
use http::{Request, StatusCode};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::{
    clients::{fresh, menu, product, reason, simple_order},
    journey::stored,
};
use comanda_proto::catalog::v1::SetAvailabilityRequest;

pub fn tests() -> Vec<Trial> {
    on_both_shapes![
        bad_orders_are_refused_field_by_field,
        what_is_not_there_is_not_found,
        what_is_sold_out_is_refused,
        a_message_over_the_limit_is_refused,
        rest_refuses_with_problems,
    ]
}

/// A change to a good order, and the field that must be named.
type Mistake = (&'static str, fn(&mut PlaceOrderRequest));

const MISTAKES: &[Mistake] = &[
    ("request_id", |r| r.request_id = "1".into()),
    ("shop_id", |r| r.shop_id = "Café!".into()),
    ("customer_name", |r| r.customer_name = String::new()),
    ("customer_name", |r| r.customer_name.push_str(&"x".repeat(60))),
    ("customer_name", |r| r.customer_name.push_str("\u{1b}[2J")),
    ("customer_name", |r| r.customer_name = "\u{200b}\u{3164}\u{ad}\u{e0041}\u{feff}".into()),
    ("customer_name", |r| r.customer_name = "\u{fe0f}\u{301}".into()),
    ("customer_name", |r| r.customer_name.push('\u{202e}')),
    ("customer_name", |r| r.customer_name.push_str(&"\u{301}".repeat(7))),
    ("service_mode", |r| r.service_mode = None),
    ("service_mode.at_table.table", |r| {
        r.service_mode = Some(ServiceMode { mode: Some(Mode::AtTable(AtTable { table: "\u{2060}".into() })) });
    }),
    ("lines[0].note", |r| r.lines[0].note = "sem\u{2066} açúcar".into()),
    ("service_mode.at_table.table", |r| {
        r.service_mode = Some(ServiceMode { mode: Some(Mode::AtTable(AtTable { table: " ".into() })) });
    }),
    ("lines", |r| r.lines.clear()),
    ("lines", |r| r.lines = vec![r.lines[0].clone(); 51]),
    ("lines[0].quantity", |r| r.lines[0].quantity = 0),
    ("lines[0].quantity", |r| r.lines[0].quantity = -1),
    ("lines[0].quantity", |r| r.lines[0].quantity = i32::MAX),
    ("lines[0].product_id", |r| r.lines[0].product_id = "pão".into()),
    ("lines[0].option_ids", |r| r.lines[0].option_ids = vec![fresh()]),
    ("lines[0].option_ids", |r| r.lines[0].option_ids = vec!["leite".into()]),
    ("lines[0].note", |r| r.lines[0].note = "x".repeat(141)),
    ("lines[0].note", |r| r.lines[0].note = "a\u{0}b".into()),
    ("lines[0].seen_unit_price.currency_code", |r| {
        r.lines[0].seen_unit_price = Some(Money { currency_code: "USD".into(), minor_units: 1200 });
    }),
];

async fn bad_orders_are_refused_field_by_field(shop: &Shop) {
    let good = simple_order(shop, "Nina").await;
    for (field, spoil) in MISTAKES {
        let mut request = PlaceOrderRequest { request_id: fresh(), ..good.clone() };
        spoil(&mut request);
        let status = shop.gateway.orders().place_order(request).await.expect_err(field);
        assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "FIELD_INVALID"), "{field}");
        assert!(named(&status).contains(&(*field).to_owned()), "{field}: {:?}", named(&status));
    }
    let mut unchosen = PlaceOrderRequest { request_id: fresh(), ..good };
    unchosen.lines[0].product_id = product(shop, "Cappuccino").await.product_id;
    let status = shop.gateway.orders().place_order(unchosen).await.expect_err("a size is required");
    assert!(named(&status).contains(&"lines[0].option_ids".to_owned()), "{status:?}");
    assert_eq!(stored(shop, "Nina").await, 0);
    logs_hold_no_error(shop);
}

async fn what_is_not_there_is_not_found(shop: &Shop) {
    let good = simple_order(shop, "Olga").await;
    let mut unknown = PlaceOrderRequest { request_id: fresh(), ..good.clone() };
    unknown.lines.push(PlaceOrderLine { product_id: fresh(), quantity: 1, ..Default::default() });
    let status = shop.gateway.orders().place_order(unknown).await.expect_err("no such product");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "PRODUCT_NOT_FOUND"));

    let elsewhere = PlaceOrderRequest { request_id: fresh(), shop_id: "nenhures".into(), ..good };
    let status = shop.gateway.orders().place_order(elsewhere).await.expect_err("no such shop");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "SHOP_NOT_FOUND"));

    let staff = |order_id: String| with_token(GetOrderRequest { order_id }, &shop.secrets.staff);
    let status = shop.gateway.orders().get_order(staff(fresh())).await.expect_err("no such order");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "ORDER_NOT_FOUND"));
    let status = shop.gateway.orders().get_order(staff("42".into())).await.expect_err("no id");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "FIELD_INVALID"));
    assert_eq!(stored(shop, "Olga").await, 0);
    logs_hold_no_error(shop);
}

async fn what_is_sold_out_is_refused(shop: &Shop) {
    let cake = product(shop, "Torta de limão").await;
    let set = async |available| {
        let (request_id, product_id) = (fresh(), cake.product_id.clone());
        let request = SetAvailabilityRequest { request_id, product_id, available, ..Default::default() };
        let call = || with_token(request.clone(), &shop.secrets.staff);
        settled(async || shop.gateway.catalog_admin().set_availability(call()).await).await.expect("set");
    };
    let mut request = simple_order(shop, "Paula").await;
    request.lines.push(PlaceOrderLine { product_id: cake.product_id.clone(), quantity: 1, ..Default::default() });
    set(false).await;
    let status = eventually("Orders learns that it is sold out", async || {
        request.request_id = fresh();
        request.customer_name = "Pedro".into();
        shop.gateway.orders().place_order(request.clone()).await.err()
    })
    .await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "PRODUCT_SOLD_OUT"));
    let metadata = status.get_details_error_info().expect("details").metadata;
    assert_eq!(metadata["lines[1].name"], "Torta de limão");
    assert_eq!(metadata["lines[1].product_id"], cake.product_id);
    let refused = request.clone();
    let shown = menu(shop).await.categories.into_iter().flat_map(|c| c.products).find(|p| p.name == cake.name);
    assert!(!shown.expect("still shown").available);
    set(true).await;
    eventually("it can be ordered again", async || {
        request.request_id = fresh();
        shop.gateway.orders().place_order(request.clone()).await
    })
    .await;
    let status = shop.gateway.orders().place_order(refused).await.expect_err("the answer to this key stays");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "PRODUCT_SOLD_OUT"));
    logs_hold_no_error(shop);
}

async fn a_message_over_the_limit_is_refused(shop: &Shop) {
    let mut request = simple_order(shop, "Quitéria").await;
    request.lines[0].note = "x".repeat(100 * 1024);
    let status = shop.gateway.orders().place_order(request).await.expect_err("too large");
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    assert_eq!(reason(&status), "MESSAGE_TOO_LARGE");
    assert_eq!(stored(shop, "Quitéria").await, 0);
    logs_hold_no_error(shop);
}

async fn rest_refuses_with_problems(shop: &Shop) {
    let bread = product(shop, "Pão de queijo").await.product_id;
    let item = |quantity: Value| json!([{"produto_id": bread, "quantidade": quantity}]);
    let post = async |key: &str, body: String| {
        let request = Request::post("/pedido").header("content-type", "application/json");
        let request = if key.is_empty() { request } else { request.header("idempotency-key", key) };
        shop.gateway.http(request, body).await
    };
    let body = |items: Value| json!({"cliente": "Rui", "itens": items}).to_string();

    let expect = |reply: &Reply, status: StatusCode, reason: &str| {
        assert_eq!(reply.status, status, "{reply:?}");
        assert_eq!(reply.headers["content-type"], "application/problem+json", "{reply:?}");
        assert_eq!(reply.json()["motivo"], reason, "{reply:?}");
    };
    let malformed = post(&fresh(), "{\"cliente\":".into()).await;
    assert_eq!(malformed.status, StatusCode::BAD_REQUEST, "{malformed:?}");
    let unkeyed = post("", body(item(json!(1)))).await;
    assert_eq!(unkeyed.status, StatusCode::BAD_REQUEST, "{unkeyed:?}");
    expect(&post(&fresh(), body(json!([]))).await, StatusCode::UNPROCESSABLE_ENTITY, "FIELD_INVALID");
    let zero = post(&fresh(), body(item(json!(0)))).await;
    expect(&zero, StatusCode::UNPROCESSABLE_ENTITY, "FIELD_INVALID");
    assert_eq!(zero.json()["campos"][0]["campo"], "itens[0].quantidade");

    for unseen in ["\u{200b}\u{ad}", "Rui\u{202e}"] {
        let refused = post(&fresh(), json!({"cliente": unseen, "itens": item(json!(1))}).to_string()).await;
        expect(&refused, StatusCode::UNPROCESSABLE_ENTITY, "FIELD_INVALID");
        assert_eq!(refused.json()["campos"][0]["campo"], "cliente");
    }

    let key = fresh();
    let first = post(&key, body(item(json!(1)))).await;
    assert_eq!(first.status, StatusCode::CREATED, "{first:?}");
    expect(&post(&key, body(item(json!(2)))).await, StatusCode::UNPROCESSABLE_ENTITY, "REQUEST_ID_REUSED");
    let changed = json!([{"produto_id": bread, "quantidade": 1, "preco_visto": {"moeda": "BRL", "centavos": 1}}]);
    expect(&post(&fresh(), body(changed)).await, StatusCode::CONFLICT, "PRICE_CHANGED");

    let unknown = shop.gateway.http(Request::get("/cardapio?loja=nenhures"), "").await;
    expect(&unknown, StatusCode::NOT_FOUND, "SHOP_NOT_FOUND");
    let place = first.headers["location"].to_str().expect("text").to_owned();
    let anonymous = shop.gateway.http(Request::get(&place), "").await;
    expect(&anonymous, StatusCode::UNAUTHORIZED, "TOKEN_INVALID");
    assert_eq!(stored(shop, "Rui").await, 1);
    logs_hold_no_error(shop);
}

/// The fields that a refusal names.
fn named(status: &Status) -> Vec<String> {
    let violations = status.get_details_bad_request().expect("field violations").field_violations;
    violations.into_iter().map(|violation| violation.field).collect()
}

/// Mistakes of callers are not ours.
fn logs_hold_no_error(shop: &Shop) {
    for replica in shop.every_replica() {
        let log = replica.log();
        let errors: Vec<_> = log.lines().filter(|line| line.contains("ERROR")).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}
