//! When an order will be ready: said once a shop has finished thirty, and with the order from then on.

use comanda_proto::orders::v1::{QuoteOrderRequest, QuoteOrderResponse};
use harness::{Shop, eventually, on_both_shapes};
use libtest_mimic::Trial;

use crate::branches::Branch;
use crate::clients::{Tap, fresh, order, placed, tap};

/// As many as it takes.
const FINISHED: usize = 30;

pub fn tests() -> Vec<Trial> {
    on_both_shapes![a_shop_that_has_finished_thirty_says_when]
}

async fn quote(shop: &Shop, branch: &Branch) -> QuoteOrderResponse {
    let lines = branch.order("Ana", &["Café", "Bolo"]).lines;
    let request = QuoteOrderRequest { shop_id: branch.shop_id.clone(), lines };
    shop.gateway.orders().quote_order(request).await.expect("a quote").into_inner()
}

async fn a_shop_that_has_finished_thirty_says_when(shop: &Shop) {
    let branch = Branch::open(shop, &format!("prazo-{}", &fresh()[..8]), &[("Café", "[]"), ("Bolo", "[]")]).await;
    let first = quote(shop, &branch).await;
    assert_eq!((first.lines.len(), first.latest_wait), (2, None), "nothing is known yet");
    for number in 0..FINISHED {
        let placed = placed(shop, &branch.order("Bia", &["Café"])).await;
        assert_eq!((order(&placed).latest_ready_time, first.total.is_some()), (None, true), "{number}");
        for (seen, step) in (1..).zip([Tap::Start, Tap::Ready]) {
            eventually("a barista does it", async || {
                tap(shop.gateway.kitchen(), &shop.secrets.staff, step, &order(&placed).order_id, seen).await
            })
            .await;
        }
    }
    let wait = eventually("it says when", async || quote(shop, &branch).await.latest_wait).await;
    assert!(wait.seconds >= 1, "{wait:?}");
    // Each replica learns by itself.
    let order = eventually("an order says so, too", async || {
        let placed = placed(shop, &branch.order("Caio", &["Bolo"])).await;
        Some(order(&placed).clone()).filter(|order| order.latest_ready_time.is_some())
    })
    .await;
    let [created, earliest, latest] = [order.create_time, order.earliest_ready_time, order.latest_ready_time]
        .map(|time| time.expect("a time").seconds);
    assert!(created <= earliest && earliest <= latest, "{order:?}");
}
