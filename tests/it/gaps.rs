//! The gaps between two steps of delivery, one by one: a process dies, or a line is cut, in the very moment between them.
//! The audit is told to wait for ten minutes, so that it cannot make good what is lost here.

use std::time::Duration;

use comanda_proto::{orders::v1::GetOrderRequest, r#type::v1::OrderState};
use harness::{Mode, Servers, Settings, Shop, eventually, settled, trials, with_token};
use libtest_mimic::Trial;

use crate::clients::{Tablet, order, place, simple_order};

pub fn tests() -> Vec<Trial> {
    let always = trials![an_answer_comes_after_the_commit];
    // Only then can a process be told where to die.
    let with_failpoints = trials![death_between_commit_and_event, death_between_message_and_commit];
    always.into_iter().chain(with_failpoints.into_iter().filter(|_| cfg!(feature = "failpoints"))).collect()
}

/// The line to the database is so slow that an answer given too early overtakes the COMMIT, and is cut as soon as the
/// customer has it.
async fn an_answer_comes_after_the_commit() {
    let (shop, hops) = Shop::mesh_through_proxies(&*Servers::shared().await, 1, alone()).await;
    place(&shop, "Ana").await;
    hops.orders_database.set(Mode::Delay(Duration::from_millis(200)));
    let placed = place(&shop, "Bia").await;
    hops.orders_database.set(Mode::Cut);
    hops.orders_database.set(Mode::Pass);
    let get = || with_token(GetOrderRequest { order_id: order(&placed).order_id.clone() }, &placed.own_token);
    eventually("the order is found", async || shop.gateway.orders().get_order(get()).await).await;
}

/// The event is in the outbox of a dead replica; the other one adopts it.
async fn death_between_commit_and_event() {
    let mut shop = Shop::mesh_with(&*Servers::shared().await, 2, alone()).await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let request = simple_order(&shop, "Ana").await;
    let doomed = &mut shop.orders[0];
    doomed.kill();
    doomed.start_with(dying_at("once.committed")).await;
    doomed.orders().place_order(request.clone()).await.expect_err("it dies before it answers");
    doomed.until_exit().await;
    let again = async || shop.orders[1].orders().place_order(request.clone()).await;
    let placed = settled(again).await.expect("the same key settles it").into_inner();
    tablet.until_state(&order(&placed).order_id, OrderState::Received).await;
}

/// The message was delivered, and is delivered again.
async fn death_between_message_and_commit() {
    let mut shop = Shop::mesh_with(&*Servers::shared().await, 1, alone()).await;
    shop.kitchen[0].kill();
    shop.kitchen[0].start_with(dying_at("consumer.before_commit")).await;
    let placed = place(&shop, "Ana").await;
    shop.kitchen[0].until_exit().await;
    shop.kitchen[0].start().await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    tablet.until_state(&order(&placed).order_id, OrderState::Received).await;
}

fn alone() -> Settings {
    vec![("COMANDA_AUDIT_AFTER_SECONDS", "600".to_owned())]
}

fn dying_at(point: &str) -> Settings {
    vec![("COMANDA_FAILPOINTS", format!("{point}=1"))]
}
