//! What is long over makes way: an order of last month leaves the tables that all orders pass, and is still shown; its
//! ticket is forgotten, and no other can be born.

use chrono::{TimeDelta, Utc};
use comanda_proto::{
    orders::v1::{GetOrderJourneyRequest, GetOrderJourneyResponse, GetOrderRequest, WatchOrderRequest},
    r#type::v1::OrderState,
};
use comanda_types::timestamp::first_id;
use harness::{Role, Servers, Shop, eventually, trials, with_token};
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::{
    clients::{Follower, Tap, cancel, order, place, reason, tap},
    journey::count,
};

pub fn tests() -> Vec<Trial> {
    trials![what_is_long_over_makes_way_and_is_still_shown, a_token_ends_some_days_after_its_order]
}

async fn a_token_ends_some_days_after_its_order() {
    let shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let placed = place(&shop, "Ana").await;
    let id = order(&placed).order_id.clone();
    let mut orders = shop.gateway.orders();
    let mut seen = async |token: &str| {
        let get = orders.get_order(with_token(GetOrderRequest { order_id: id.clone() }, token)).await.map(drop);
        let journey = GetOrderJourneyRequest { order_id: id.clone() };
        let journey = orders.get_order_journey(with_token(journey, token)).await.map(drop);
        let watch = orders.watch_order(with_token(WatchOrderRequest { order_id: id.clone() }, token)).await.map(drop);
        let cancel = orders.cancel_order(with_token(cancel(&id), token)).await.map(drop);
        [get, journey, watch, cancel].map(|reply| reply.err().map_or(String::new(), |status| reason(&status)))
    };
    let (yes, database) = (String::new(), shop.database(Role::Orders).await);
    let cancelled = "update orders set updated_at = now() - interval '8 days' where order_id = ";
    // Nobody has ended it yet.
    database.execute_unprepared(&format!("{cancelled}'{id}'")).await.expect("aged");
    assert_eq!(seen(&placed.own_token).await, [&yes, &yes, &yes, &yes].map(String::clone), "and then it is cancelled");
    eventually("its end is seen", async || (seen(&placed.view_token).await[0] == yes).then_some(())).await;
    database.execute_unprepared(&format!("{cancelled}'{id}'")).await.expect("aged");
    for token in [&placed.own_token, &placed.view_token] {
        assert_eq!(seen(token).await, [const { "ORDER_NOT_FOUND" }; 4].map(String::from));
    }
    assert_eq!(seen(&shop.secrets.staff).await[..3], [&yes, &yes, &yes].map(String::clone));
}

async fn what_is_long_over_makes_way_and_is_still_shown() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let recent = collected(&shop).await;
    let old = first_id(Utc::now() - TimeDelta::days(40)).to_string();
    let (orders, kitchen) = (shop.database(Role::Orders).await, shop.database(Role::Kitchen).await);
    let then = (Utc::now() - TimeDelta::days(40)).to_rfc3339();
    let was = format!("'order_id', '{old}', 'accepted_seq', 0, 'updated_at', '{then}'");
    copy(&orders, "orders", &recent, &format!("{was}, 'created_at', '{then}', 'audit_at', null")).await;
    copy(&orders, "order_line", &recent, &format!("'order_id', '{old}'")).await;
    copy(&orders, "order_history", &recent, &format!("'order_id', '{old}'")).await;
    copy(&kitchen, "ticket", &recent, &format!("{was}, 'accepted_at', '{then}'")).await;
    copy(&kitchen, "ticket_history", &recent, &format!("'order_id', '{old}'")).await;
    let (before, path) = journey(&shop, &old).await;
    let this = format!("order_id = '{old}'");

    // A look begins with the process, and then comes every minute.
    for replica in [&mut shop.orders[0], &mut shop.kitchen[0]] {
        replica.kill();
        replica.start().await;
    }
    eventually("it makes way", async || {
        let left = count(&orders, "orders", &this).await + count(&kitchen, "ticket", &this).await;
        (left == 0).then_some(())
    })
    .await;
    for (database, table) in [(&orders, "order_line"), (&orders, "order_history"), (&kitchen, "ticket_history")] {
        assert_eq!(count(database, table, &this).await, 0, "{table}");
    }
    assert_eq!(count(&orders, "archived_order", &this).await, 1);
    assert_eq!((count(&orders, "orders", "true").await, count(&kitchen, "ticket", "true").await), (1, 1));

    assert_eq!(journey(&shop, &old).await, (before, path));
    let request = with_token(GetOrderRequest { order_id: old.clone() }, &shop.secrets.staff);
    let shown = shop.gateway.orders().get_order(request).await.expect("shown").into_inner().order.expect("an order");
    assert_eq!((shown.order_id.as_str(), shown.state()), (old.as_str(), OrderState::Collected));
    Follower::of(&shop, &old, &shop.secrets.staff).await.until_end().await;

    let refused = shop.gateway.orders().cancel_order(with_token(cancel(&old), &shop.secrets.staff)).await;
    assert_eq!(reason(&refused.expect_err("it is over")), "STATE_TRANSITION_FORBIDDEN");
    assert_eq!(count(&kitchen, "ticket", &this).await, 0);
}

/// An order that has been handed over, and that Orders knows about.
async fn collected(shop: &Shop) -> String {
    let placed = place(shop, "Bento").await;
    let id = order(&placed).order_id.clone();
    let mut follower = Follower::of(shop, &id, &placed.own_token).await;
    follower.until(|order| order.ticket_time.is_some()).await.expect("a ticket");
    for (seen, step) in (1..).zip([Tap::Start, Tap::Ready, Tap::Collected]) {
        tap(shop.gateway.kitchen(), &shop.secrets.staff, step, &id, seen).await.expect("done");
    }
    follower.until_state(OrderState::Collected).await;
    id
}

/// Copies an order's rows, some of their columns changed.
async fn copy(database: &DatabaseConnection, table: &str, id: &str, changes: &str) {
    let copies = format!(
        "INSERT INTO {table} SELECT copy.* FROM {table} one, \
         LATERAL jsonb_populate_record(one, jsonb_build_object({changes})) copy WHERE one.order_id = '{id}'"
    );
    database.execute_unprepared(&copies).await.expect("copied");
}

/// The order, and how its steps went.
async fn journey(shop: &Shop, id: &str) -> (String, String) {
    let request = || with_token(GetOrderJourneyRequest { order_id: id.to_owned() }, &shop.secrets.staff);
    let reply = eventually("Orders is back", async || shop.gateway.orders().get_order_journey(request()).await);
    let GetOrderJourneyResponse { order, steps } = reply.await.into_inner();
    assert_eq!(steps.len(), 5);
    (format!("{order:?}"), format!("{steps:?}"))
}
