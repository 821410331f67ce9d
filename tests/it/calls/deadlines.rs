//! A caller's deadline is everybody's: what is not done by then ends in the gateway, in the role and in the database, and
//! the caller hears that it was too late.

use std::time::Duration;

use comanda_proto::orders::v1::{GetOrderRequest, order_service_client::OrderServiceClient};
use libtest_mimic::Trial;
use sea_orm::ConnectionTrait;
use tonic::{Code, Request};

use super::callers::channel_to;
use crate::{
    harness::{Role, Servers, Shop, eventually, trials, with_token},
    people::{order, place, reason, simple_order},
};

pub fn tests() -> Vec<Trial> {
    trials![a_deadline_ends_the_work_in_the_database, a_call_without_a_deadline_has_one]
}

async fn a_deadline_ends_the_work_in_the_database() {
    let servers = Servers::private().await;
    let shop = Shop::mesh(&servers, 1).await;
    let placed = place(&shop, "Ana").await;
    let database = shop.database(Role::Orders).await;
    database.execute_unprepared("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE").await.expect("the lock is ours");
    let mut orders = OrderServiceClient::new(channel_to(&[&shop.gateway]));
    let mut change = Request::new(simple_order(&shop, "Bia").await);
    let look = GetOrderRequest { order_id: order(&placed).order_id.clone() };
    let mut look = with_token(look, &placed.own_token);
    change.set_timeout(Duration::from_millis(700));
    look.set_timeout(Duration::from_millis(700));
    let refused = [
        orders.place_order(change).await.expect_err("it cannot be stored"),
        orders.get_order(look).await.expect_err("it cannot be read"),
    ];
    for status in refused {
        let said = (status.code(), reason(&status));
        assert_eq!(said, (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()), "{status:?}");
    }
    // Sooner than by its own time-out for locks, of which it would say something else.
    eventually("the database has stopped both, too", async || {
        servers.postgres.log().matches("canceling statement due to statement timeout").count() == 2
    })
    .await;
    assert!(!servers.postgres.log().contains("canceling statement due to lock timeout"), "{}", servers.postgres.log());
    database.execute_unprepared("ROLLBACK").await.expect("the lock is given back");
    place(&shop, "Cid").await;
}

async fn a_call_without_a_deadline_has_one() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let request = simple_order(&shop, "Ana").await;
    shop.orders[0].pause();
    let status =
        OrderServiceClient::new(channel_to(&[&shop.gateway])).place_order(request).await.expect_err("nobody answers");
    assert_eq!((status.code(), reason(&status)), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()), "{status:?}");
    shop.orders[0].resume();
}
