//! A caller's deadline is everybody's: what is not done by then ends in the gateway, in the role and in the database, and
//! the caller hears that it was too late.

use std::time::Duration;

use comanda_proto::orders::v1::{CancelOrderRequest, GetOrderRequest, order_service_client::OrderServiceClient};
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait, Statement};
use tonic::{Code, Request};

use super::callers::channel_to;
use harness::{Role, Servers, Shop, eventually, trials, with_token};

use crate::clients::{fresh, order, place, reason, simple_order};

pub fn tests() -> Vec<Trial> {
    trials![a_deadline_ends_the_work_in_the_database, a_call_without_a_deadline_has_one]
}

async fn a_deadline_ends_the_work_in_the_database() {
    let servers = Servers::private().await;
    let shop = Shop::mesh(&servers, 1).await;
    let placed = place(&shop, "Ana").await;
    let database = shop.database(Role::Orders).await;
    // Nobody else wants the table then.
    let at_rest = "SELECT 1 FROM orders WHERE ticket_at IS NOT NULL";
    eventually("the order has its ticket", async || {
        let asked = Statement::from_string(database.get_database_backend(), at_rest);
        database.query_one_raw(asked).await.expect("an answer")
    })
    .await;
    database.execute_unprepared("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE").await.expect("the lock is ours");
    let orders = OrderServiceClient::new(channel_to(&[&shop.gateway]));
    let order_id = order(&placed).order_id.clone();
    let look = GetOrderRequest { order_id: order_id.clone() };
    let cancel = CancelOrderRequest { request_id: fresh(), order_id, ..Default::default() };
    let mut clients = [(); 3].map(|()| orders.clone());
    let [placing, looking, cancelling] = &mut clients;
    let place_order = placing.place_order(soon(simple_order(&shop, "Bia").await, ""));
    let get_order = looking.get_order(soon(look, &placed.own_token));
    let cancel_order = cancelling.cancel_order(soon(cancel, &placed.own_token));
    let (placed, looked, cancelled) = tokio::join!(place_order, get_order, cancel_order);
    for outcome in [placed.map(drop), looked.map(drop), cancelled.map(drop)] {
        let status = outcome.expect_err("the table is locked");
        let said = (status.code(), reason(&status));
        assert_eq!(said, (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()), "{status:?}");
    }
    // Sooner than by its own time-out for locks, of which it would say something else.
    eventually("the database has stopped all of them, too", async || {
        servers.postgres.log().matches("canceling statement due to statement timeout").count() == 3
    })
    .await;
    assert!(!servers.postgres.log().contains("canceling statement due to lock timeout"), "{}", servers.postgres.log());
    database.execute_unprepared("ROLLBACK").await.expect("the lock is given back");
    place(&shop, "Cid").await;
}

/// Sooner than the database would give up by itself.
fn soon<T>(message: T, token: &str) -> Request<T> {
    let mut request = if token.is_empty() { Request::new(message) } else { with_token(message, token) };
    request.set_timeout(Duration::from_millis(700));
    request
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
