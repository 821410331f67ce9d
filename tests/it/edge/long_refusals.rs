//! A refusal about many lines still arrives: by a native client, by REST, and as it was kept. What it does not name it
//! counts.

use comanda_proto::{
    catalog::v1::{ExportMenuRequest, ImportMenuRequest, SetAvailabilityRequest},
    orders::v1::{PlaceOrderLine, PlaceOrderRequest},
    r#type::v1::Money,
};
use harness::{Shop, eventually, on_both_shapes, trials, with_token};
use http::{Request, StatusCode};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::collections::HashMap;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::clients::{fresh, product, reason, simple_order};

/// Half of what small clients take for all headers together.
const MAX_BYTES: usize = 4096;

pub fn tests() -> Vec<Trial> {
    let mut tests = on_both_shapes![
        fifty_changed_prices_are_told_natively,
        fifty_changed_prices_are_told_by_rest,
        fifty_wrong_lines_are_told,
        a_huge_key_in_a_menu_is_shortened,
    ];
    tests.extend(trials![fifty_sold_out_lines_are_told]);
    tests
}

/// An order of so many lines, each of a wish of its own.
async fn large_order(shop: &Shop, lines: usize) -> PlaceOrderRequest {
    let order = simple_order(shop, "Zilda").await;
    let line = |n: usize| PlaceOrderLine { note: format!("{n}"), ..order.lines[0].clone() };
    PlaceOrderRequest { lines: (0..lines).map(line).collect(), ..order }
}

/// The lines that the facts name, after all facts were found to be there, and how many they leave out.
fn lines(metadata: &HashMap<String, String>, facts: &[&str]) -> (usize, usize) {
    let named = (0..).take_while(|line| metadata.contains_key(&format!("lines[{line}].{}", facts[0]))).count();
    for line in 0..named {
        assert!(facts.iter().all(|fact| metadata.contains_key(&format!("lines[{line}].{fact}"))), "{metadata:?}");
    }
    (named, metadata.get("left_out").map_or(0, |count| count.parse().expect("a number")))
}

fn assert_small(status: &Status) {
    assert!(status.details().len() < MAX_BYTES, "{}: {status:?}", status.details().len());
    assert!(status.message().len() < 400, "{}", status.message());
}

async fn fifty_changed_prices_are_told_natively(shop: &Shop) {
    for count in [20, 50] {
        let mut order = large_order(shop, count).await;
        for line in &mut order.lines {
            line.seen_unit_price = Some(Money { currency_code: "BRL".into(), minor_units: 1 });
        }
        // The second answer is the one that was kept.
        for _ in 0..2 {
            let status = shop.gateway.orders().place_order(order.clone()).await.expect_err("other prices");
            assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "PRICE_CHANGED"));
            assert_small(&status);
            let metadata = status.get_details_error_info().expect("details").metadata;
            let (named, left_out) = lines(&metadata, &["product_id", "name", "seen", "current"]);
            assert!(named > 4 && named + left_out == count, "{named} and {left_out} of {count}");
        }
    }
}

async fn fifty_changed_prices_are_told_by_rest(shop: &Shop) {
    let bread = product(shop, "Pão de queijo").await.product_id;
    let item = |n: usize| json!({"produto_id": bread, "quantidade": 1, "observacao": n.to_string(), "preco_visto": {"moeda": "BRL", "centavos": 1}});
    let body = json!({"cliente": "Zilda", "itens": (0..50).map(item).collect::<Vec<Value>>()}).to_string();
    let request = Request::post("/pedido").header("content-type", "application/json");
    let reply = shop.gateway.http(request.header("idempotency-key", fresh()), body).await;
    assert_eq!((reply.status, &reply.json()["motivo"]), (StatusCode::CONFLICT, &json!("PRICE_CHANGED")), "{reply:?}");
    let facts = &reply.json()["metadados"];
    assert_eq!(facts["itens[0].visto"], "1");
    assert!(facts["omitidos"].as_str().is_some_and(|count| count.parse::<usize>().is_ok()), "{facts}");
}

async fn fifty_wrong_lines_are_told(shop: &Shop) {
    let mut order = large_order(shop, 50).await;
    for line in &mut order.lines {
        (line.quantity, line.note) = (100, "x".repeat(141));
    }
    let status = shop.gateway.orders().place_order(order).await.expect_err("too many");
    assert_eq!(reason(&status), "FIELD_INVALID");
    assert_small(&status);
    let violations = status.get_details_bad_request().expect("violations").field_violations;
    let (last, shown) = violations.split_last().expect("some");
    let counted = [format!("e mais {}", 100 - shown.len()), format!("and {} more", 100 - shown.len())];
    assert!(last.field.is_empty() && counted.contains(&last.description), "{last:?} after {}", shown.len());
}

async fn a_huge_key_in_a_menu_is_shortened(shop: &Shop) {
    let export = with_token(ExportMenuRequest::default(), &shop.secrets.staff);
    let file = shop.gateway.catalog_admin().export_menu(export).await.expect("a file").into_inner().file;
    // Marked as a key, since YAML takes long ones for keys only then.
    let file = format!("{file}? {}\n: 1\n", "k".repeat(1024 * 1024));
    let import = ImportMenuRequest { file, dry_run: true, request_id: fresh(), ..Default::default() };
    let status = shop.gateway.catalog_admin().import_menu(with_token(import, &shop.secrets.staff)).await;
    let status = status.expect_err("an unknown key");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "FIELD_INVALID"), "{status:?}");
    assert_small(&status);
    let violations = status.get_details_bad_request().expect("violations").field_violations;
    assert!(violations[0].description.contains("kkk") && violations[0].description.contains('…'), "{violations:?}");
}

/// In a shop of its own, since others order what is sold out here.
async fn fifty_sold_out_lines_are_told() {
    let shop = Shop::embedded().await;
    let order = large_order(&shop, 50).await;
    let (request_id, product_id) = (fresh(), order.lines[0].product_id.clone());
    let sold_out = SetAvailabilityRequest { request_id, product_id, available: false, ..Default::default() };
    shop.gateway.catalog_admin().set_availability(with_token(sold_out, &shop.secrets.staff)).await.expect("set");
    let status = eventually("Orders learns that it is sold out", async || {
        let order = PlaceOrderRequest { request_id: fresh(), ..order.clone() };
        shop.gateway.orders().place_order(order).await.err()
    })
    .await;
    assert_eq!(reason(&status), "PRODUCT_SOLD_OUT", "{status:?}");
    assert_small(&status);
    let metadata = status.get_details_error_info().expect("details").metadata;
    let (named, left_out) = lines(&metadata, &["product_id", "name"]);
    assert!(named > 4 && named + left_out == 50, "{named} and {left_out}");
    assert!(status.message().ends_with(" more"), "{}", status.message());
}
