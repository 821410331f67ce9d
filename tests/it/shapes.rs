//! One program, two shapes: both start, show the menu, survive `kill -9` of any process, and stop when asked to.

use http::{Request, StatusCode};
use libtest_mimic::Trial;

use crate::harness::{Servers, Shop, eventually, trials};

pub fn tests() -> Vec<Trial> {
    trials![a_shop_in_a_box_comes_and_goes, a_mesh_comes_and_goes]
}

async fn a_shop_in_a_box_comes_and_goes() {
    comes_and_goes(Shop::embedded().await).await;
}

async fn a_mesh_comes_and_goes() {
    let servers = Servers::private().await;
    for _ in 0..4 { comes_and_goes(Shop::mesh(&servers, 2).await).await; }
}

async fn comes_and_goes(mut shop: Shop) {
    let menu = shop.gateway.http(Request::get("/cardapio"), "").await;
    assert_eq!(menu.status, StatusCode::OK);
    assert!(menu.json()["categorias"].as_array().is_some_and(|categories| categories.len() >= 5));

    for replica in shop.replicas() {
        replica.kill();
        replica.start().await;
    }
    eventually("the menu is the same", async || {
        let again = shop.gateway.http(Request::get("/cardapio"), "").await;
        again.status == StatusCode::OK && again.body == menu.body
    })
    .await;

    for replica in shop.replicas() {
        let status = replica.stop().expect("it stops within the deadline");
        assert!(status.success(), "{status}");
        assert!(!replica.log().contains("ERROR"), "{}", replica.log());
    }
}
