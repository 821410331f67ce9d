//! One program, two shapes: both start, show the sample menu, survive a pause of the gateway and `kill -9` of any
//! process, and stop when asked to.

use std::time::Duration;

use harness::{Role, Servers, Shop, eventually, trials};
use http::{Request, StatusCode};
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait, Statement};
use tokio::time::timeout;

pub fn tests() -> Vec<Trial> {
    trials![a_shop_in_a_box_comes_and_goes, a_mesh_comes_and_goes]
}

async fn a_shop_in_a_box_comes_and_goes() {
    comes_and_goes(Shop::embedded().await).await;
}

async fn a_mesh_comes_and_goes() {
    comes_and_goes(Shop::mesh(&*Servers::shared().await, 2).await).await;
}

async fn comes_and_goes(mut shop: Shop) {
    let menu = shop.gateway.http(Request::get("/cardapio"), "").await;
    assert_eq!(menu.status, StatusCode::OK);
    assert!(menu.json()["categorias"].as_array().is_some_and(|categories| categories.len() >= 5));

    let catalog = shop.database(Role::Catalog).await;
    let products = Statement::from_string(catalog.get_database_backend(), "SELECT count(*) FROM product");
    let row = catalog.query_one_raw(products).await.unwrap().unwrap();
    assert!(row.try_get_by_index::<i64>(0).unwrap() >= 25, "a real menu");

    shop.gateway.pause();
    let mut again = Box::pin(shop.gateway.http(Request::get("/cardapio"), ""));
    timeout(Duration::from_millis(300), &mut again).await.expect_err("it is paused");
    drop(again);
    shop.gateway.resume();

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
        // Ours only: client libraries have their own word for a neighbour that is killed or not yet there.
        assert!(!replica.log().contains(" ERROR comanda"), "{}", replica.log());
    }
}
