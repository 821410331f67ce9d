//! What a menu says about when orders are taken, Orders holds to: a shop that is closed, paused or full takes none, and
//! says why in words that a customer understands.

use chrono::{DateTime, Datelike, FixedOffset, NaiveTime, SecondsFormat, TimeDelta, Utc};
use comanda_proto::{
    orders::v1::{PlaceOrderRequest, PlaceOrderResponse},
    r#type::v1::OrderState,
};
use futures_util::future::join_all;
use harness::{Role, Shop, eventually, on_both_shapes};
use http::{Request, StatusCode};
use libtest_mimic::Trial;
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::{
    branches::Branch,
    clients::{Tap, fresh, order, reason, tap},
    journey::{literal, stored},
};

const MENU: &[(&str, &str)] = &[("Café", "[]")];

pub fn tests() -> Vec<Trial> {
    on_both_shapes![
        a_closed_shop_says_when_it_opens,
        a_paused_shop_says_why_until_its_time_has_come,
        a_full_shop_takes_an_order_for_each_that_is_done,
    ]
}

async fn a_closed_shop_says_when_it_opens(shop: &Shop) {
    let branch = Branch::open(shop, "fechada", MENU).await;
    let request = || branch.order("Amanda", &["Café"]);
    place(shop, request()).await.expect("always open");

    let opens = in_three_days_at_ten();
    let day = opens.weekday().number_from_monday();
    branch.set(shop, &format!("opening_hours = '[{{\"day\":{day},\"opens\":600,\"closes\":660}}]'")).await;
    let (refused, status) = until_refused(shop, request).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "SHOP_CLOSED"));
    let expected = opens.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true);
    assert_eq!(metadata(&status), HashMap::from([("opens_time".to_owned(), expected.clone())]));
    let sentence = status.get_details_localized_message().expect("a sentence").message;
    assert!(sentence.starts_with("a loja está fechada; abre n") && sentence.ends_with("às 10:00"), "{sentence}");

    let item = json!({"produto_id": refused.lines[0].product_id, "quantidade": 1});
    let body = json!({"loja": branch.shop_id, "cliente": "Amanda", "itens": [item]});
    let problem = eventually("REST says so, too, whichever replica it asks", async || {
        let post = Request::post("/pedido").header("content-type", "application/json");
        let problem = shop.gateway.http(post.header("idempotency-key", fresh()), body.to_string()).await;
        (problem.status == StatusCode::CONFLICT).then_some(problem)
    })
    .await;
    assert_eq!(problem.json()["motivo"], json!("SHOP_CLOSED"));
    assert_eq!(problem.json()["metadados"]["abre_em"], json!(expected));

    let before = stored(shop, "Amanda").await;
    branch.set(shop, "opening_hours = '[]'").await;
    eventually("it is open again", async || place(shop, request()).await).await;
    let status = place(shop, refused).await.expect_err("the answer to this key stays");
    assert_eq!(reason(&status), "SHOP_CLOSED");
    assert_eq!(stored(shop, "Amanda").await, before + 1);
}

async fn a_paused_shop_says_why_until_its_time_has_come(shop: &Shop) {
    let branch = Branch::open(shop, "em-pausa", MENU).await;
    let request = || branch.order("Breno", &["Café"]);
    place(shop, request()).await.expect("not paused");

    let until = Utc::now() + TimeDelta::days(400);
    let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
    let paused = |until: &str| format!("paused = true, pause_reason = 'faltou luz', pause_until = {until}");
    branch.set(shop, &paused(&format!("'{until}'"))).await;
    let (refused, status) = until_refused(shop, request).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "SHOP_PAUSED"));
    let expected = [("reason", "faltou luz"), ("until_time", until.as_str())];
    assert_eq!(metadata(&status), expected.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    let sentence = status.get_details_localized_message().expect("a sentence").message;
    assert!(sentence.contains("faltou luz; volta a receber em "), "{sentence}");

    // The staff say how long, and the time has come; nobody needs to end the pause.
    let version = branch.set(shop, &paused("'2026-01-01T00:00:00Z'")).await;
    eventually("it takes orders again", async || {
        let placed = place(shop, request()).await?;
        let shown = order(&placed).menu_version;
        (shown == version).then_some(()).ok_or_else(|| Status::aborted("by an older menu"))
    })
    .await;
    branch.set(shop, &paused("NULL")).await;
    // Another replica of Orders may still go by the first pause.
    eventually("a pause without an end says none", async || {
        let refusal = place(shop, request()).await.err()?;
        (!metadata(&refusal).contains_key("until_time")).then_some(())
    })
    .await;
    let status = place(shop, refused).await.expect_err("the answer to this key stays");
    assert_eq!(metadata(&status)["until_time"], until);
}

async fn a_full_shop_takes_an_order_for_each_that_is_done(shop: &Shop) {
    let branch = Branch::open(shop, "cheia", MENU).await;
    branch.set(shop, "max_open_tickets = 3").await;
    let calls =
        (0..20).map(|call| {
            // On the replicas in turn: they count each other's.
            let mut orders = shop.orders.get(call % shop.orders.len().max(1)).unwrap_or(&shop.gateway).orders();
            let request = branch.order("Célia", &["Café"]);
            async move {
                orders.place_order(request.clone()).await.map(tonic::Response::into_inner).map_err(|e| (request, e))
            }
        });
    let (taken, refused): (Vec<_>, Vec<_>) = join_all(calls).await.into_iter().partition(Result::is_ok);
    assert_eq!((taken.len(), stored(shop, "Célia").await), (3, 3));
    for (_, status) in refused.iter().filter_map(|refused| refused.as_ref().err()) {
        assert_eq!((status.code(), reason(status).as_str()), (Code::FailedPrecondition, "SHOP_BUSY"));
    }

    let first = taken.into_iter().flatten().next().expect("an order");
    let id = &order(&first).order_id;
    for (seen, step) in (1..).zip([Tap::Start, Tap::Ready, Tap::Collected]) {
        eventually("a barista does it", async || {
            tap(shop.gateway.kitchen(), &shop.secrets.staff, step, id, seen).await
        })
        .await;
    }
    let next = eventually("there is room again", async || place(shop, branch.order("Célia", &["Café"])).await).await;
    assert_eq!(
        (order(&next).state(), order(&next).accepted_seq),
        (OrderState::Received, 4),
        "a refusal takes no number"
    );
    // What has long been READY takes nobody's place.
    let id = &order(&next).order_id;
    for (seen, step) in (1..).zip([Tap::Start, Tap::Ready]) {
        eventually("a barista does it", async || {
            tap(shop.gateway.kitchen(), &shop.secrets.staff, step, id, seen).await
        })
        .await;
    }
    let orders = shop.writable_database(Role::Orders).await;
    let back = "UPDATE orders SET updated_at = '2026-01-01T12:00:00+00:00' WHERE state = 3 AND order_id =";
    eventually("it is READY, for days now", async || {
        let back = orders.execute_unprepared(&format!("{back} {}", literal(&orders, id))).await;
        back.expect("the database answers").rows_affected() == 1
    })
    .await;
    eventually("there is room once more", async || place(shop, branch.order("Célia", &["Café"])).await).await;
    place(shop, branch.order("Célia", &["Café"])).await.expect_err("and only once");
    let (again, _) = refused.into_iter().find_map(Result::err).expect("a refusal");
    assert_eq!(reason(&place(shop, again).await.expect_err("the answer to this key stays")), "SHOP_BUSY");
}

async fn place(shop: &Shop, request: PlaceOrderRequest) -> Result<PlaceOrderResponse, Status> {
    shop.gateway.orders().place_order(request).await.map(tonic::Response::into_inner)
}

/// Orders until one is refused, which the local cache of the menu will do soon.
async fn until_refused(shop: &Shop, request: impl Fn() -> PlaceOrderRequest) -> (PlaceOrderRequest, Status) {
    eventually("Orders learns of it", async || {
        let request = request();
        place(shop, request.clone()).await.err().map(|status| (request, status))
    })
    .await
}

fn metadata(status: &Status) -> HashMap<String, String> {
    status.get_details_error_info().expect("details").metadata
}

/// By the clock of São Paulo, which is three hours behind all year.
fn in_three_days_at_ten() -> DateTime<FixedOffset> {
    let there = FixedOffset::west_opt(3 * 3600).expect("an offset");
    let day = (Utc::now().with_timezone(&there) + TimeDelta::days(3)).date_naive();
    let ten = NaiveTime::from_hms_opt(10, 0, 0).expect("a time");
    day.and_time(ten).and_local_timezone(there).single().expect("one moment")
}
