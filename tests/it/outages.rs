//! Bad days: a server dies, the power goes. Orders are still taken, and nothing accepted is lost. Those of the menus
//! are in [`crate::menus`].

use comanda_proto::{
    orders::v1::{GetOrderRequest, PlaceOrderRequest},
    r#type::v1::OrderState,
};
use harness::{Role, Servers, Settings, Shop, SmallDisk, connect, eventually, trials, with_token};
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait, TransactionTrait};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_types::StatusExt;

use crate::{
    clients::{Follower, Tablet, Tap, fresh, menu, order, place, reason, simple_order, tap},
    doctor::until_says,
};

pub fn tests() -> Vec<Trial> {
    let mut tests = trials![
        without_rabbitmq_orders_are_taken,
        without_catalog_orders_are_taken,
        what_rabbitmq_has_not_confirmed_is_kept,
        postgres_comes_back,
        roles_wait_for_a_database_that_is_not_there_yet,
        power_cut_between_order_and_ticket,
        a_second_start_keeps_everything,
        a_killed_kitchen_is_taken_over,
        a_locked_table_makes_no_dead_letter,
    ];
    if SmallDisk::is_allowed() {
        tests.extend(trials![a_disk_without_room_takes_no_orders_and_finishes_open_ones]);
    } else {
        println!("only root may mount a small disk: left out");
    }
    tests
}

async fn a_disk_without_room_takes_no_orders_and_finishes_open_ones() {
    let (disk, shop) = Shop::embedded_on_small_disk(96).await;
    let placed = place(&shop, "Ana").await;
    disk.leave(10);
    let request = simple_order(&shop, "Bia").await;
    eventually("no orders are taken", async || {
        let refused =
            shop.gateway.orders().place_order(PlaceOrderRequest { request_id: fresh(), ..request.clone() }).await;
        refused.err().filter(|status| reason(status) == "DISK_FULL")
    })
    .await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let id = &order(&placed).order_id;
    let mut revision = tablet.until_state(id, OrderState::Received).await.revision;
    for step in [Tap::Start, Tap::Ready, Tap::Collected] {
        revision =
            tap(shop.gateway.kitchen(), &shop.secrets.staff, step, id, revision).await.expect("room enough").revision;
    }
    until_says(&shop, "The disk of the data folder").await;
    disk.free();
    eventually("orders are taken", async || shop.gateway.orders().place_order(request.clone()).await).await;
    drop(disk);
}

async fn without_rabbitmq_orders_are_taken() {
    let mut servers = Servers::private().await;
    let shop = Shop::mesh(&servers, 2).await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let first = place(&shop, "Ana").await;
    tablet.until_state(&order(&first).order_id, OrderState::Received).await;

    servers.rabbitmq.kill().await;
    let mut placed = Vec::new();
    for _ in 0..5 {
        placed.push(place(&shop, "Bia").await);
    }
    // A tap is the kitchen's own business: it needs no broker either.
    let id = &order(&first).order_id;
    tap(shop.gateway.kitchen(), &shop.secrets.staff, Tap::Start, id, 1).await.expect("started");
    assert_eq!(tablet.heartbeat().await, 1, "no broker, no tickets");

    servers.rabbitmq.start().await;
    for placed in &placed {
        tablet.until_state(&order(placed).order_id, OrderState::Received).await;
    }
    Follower::of(&shop, id, &first.own_token).await.until_state(OrderState::Preparing).await;
    eventually("no event waits any more", async || {
        let waiting = async |role| rows(&shop.database(role).await, "outbox").await;
        waiting(Role::Orders).await + waiting(Role::Kitchen).await == 0
    })
    .await;
}

async fn without_catalog_orders_are_taken() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 2).await;
    let good = simple_order(&shop, "Ana").await;
    let place_at = async |shop: &Shop, replica: usize| {
        let request = PlaceOrderRequest { request_id: fresh(), ..good.clone() };
        shop.orders[replica].orders().place_order(request).await.map(tonic::Response::into_inner)
    };
    for replica in 0..shop.orders.len() {
        place_at(&shop, replica).await.expect("it keeps a copy of the menu from now on");
    }
    for catalog in &mut shop.catalog {
        catalog.kill();
    }
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    for replica in [0, 1, 0, 1] {
        let placed = place_at(&shop, replica).await.expect("by its copy");
        assert_eq!(order(&placed).total.as_ref().map(|total| total.minor_units), Some(1200));
        tablet.until_state(&order(&placed).order_id, OrderState::Received).await;
    }
    // What is checked by the menu is still checked.
    let mut unknown = PlaceOrderRequest { request_id: fresh(), ..good.clone() };
    unknown.lines[0].product_id = fresh();
    let status = shop.gateway.orders().place_order(unknown).await.expect_err("not on the menu");
    assert_eq!(reason(&status), "PRODUCT_NOT_FOUND");

    // A replica that starts now has no copy: it says what is missing, and the other takes the orders.
    shop.orders[0].kill();
    shop.orders[0].start().await;
    let status = place_at(&shop, 0).await.expect_err("no menu");
    assert_eq!((status.code(), reason(&status).as_str()), (tonic::Code::Unavailable, "DEPENDENCY_DOWN"));
    let metadata = status.get_details_error_info().expect("details").metadata;
    assert_eq!(metadata["dependency"], "catalog");
    place_at(&shop, 1).await.expect("by its copy");

    for catalog in &mut shop.catalog {
        catalog.start().await;
    }
    eventually("it takes orders again", async || place_at(&shop, 0).await).await;
}

async fn what_rabbitmq_has_not_confirmed_is_kept() {
    let mut servers = Servers::private().await;
    let shop = Shop::mesh(&servers, 1).await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let first = place(&shop, "Ana").await;
    tablet.until_state(&order(&first).order_id, OrderState::Received).await;
    let orders = shop.database(Role::Orders).await;
    eventually("the first event is confirmed", async || rows(&orders, "outbox").await == 0).await;

    // The sockets still take bytes, which nobody may count as safe. Heartbeats give the relay its time.
    servers.rabbitmq.pause();
    let second = place(&shop, "Bia").await;
    for _ in 0..2 {
        assert_eq!(tablet.heartbeat().await, 1);
    }
    assert_eq!(rows(&orders, "outbox").await, 1);
    servers.rabbitmq.resume();
    tablet.until_state(&order(&second).order_id, OrderState::Received).await;
}

async fn postgres_comes_back() {
    let mut servers = Servers::private().await;
    let shop = Shop::mesh(&servers, 1).await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let before = place(&shop, "Ana").await;
    tablet.until_state(&order(&before).order_id, OrderState::Received).await;

    servers.postgres.kill();
    let request = simple_order(&shop, "Bia").await;
    let status = shop.gateway.orders().place_order(request.clone()).await.expect_err("nowhere to store it");
    assert_eq!(status.code(), tonic::Code::Unavailable, "{status:?}");
    servers.postgres.start().await;
    let after =
        eventually("the same key settles it", async || shop.gateway.orders().place_order(request.clone()).await)
            .await
            .into_inner();
    // The stream of before went on all the time.
    tablet.until_state(&order(&after).order_id, OrderState::Received).await;
    assert_eq!(tablet.heartbeat().await, 2);
}

async fn roles_wait_for_a_database_that_is_not_there_yet() {
    let mut servers = Servers::private().await;
    let mut shop = Shop::mesh(&servers, 1).await;
    servers.postgres.stop_immediate();
    let Shop { catalog, orders, kitchen, .. } = &mut shop;
    for replica in [&mut catalog[0], &mut orders[0], &mut kitchen[0]] {
        replica.kill();
        replica.launch(Settings::new());
        eventually("it says that it waits", async || replica.log().contains("waiting for it")).await;
        assert!(!replica.has_ended(), "{}", replica.log());
        eventually("its health answers", async || replica.health("liveness").await).await;
    }
    for replica in [&orders[0], &kitchen[0]] {
        assert_eq!(replica.health("readiness").await.expect("an answer"), ServingStatus::NotServing);
    }
    servers.postgres.start().await;
    for replica in [&mut catalog[0], &mut orders[0], &mut kitchen[0]] {
        replica.until_ready().await;
    }
    let request = simple_order(&shop, "Ana").await;
    let mut gateway = shop.gateway.orders();
    eventually("orders are taken", async || gateway.place_order(request.clone()).await).await;
}

async fn power_cut_between_order_and_ticket() {
    let mut shop = Shop::embedded().await;
    // Whoever holds the write lock keeps the kitchen from storing the ticket.
    let file = shop.embedded_file(Role::Kitchen);
    let kitchen = connect(&format!("sqlite://{}", file.display())).await.expect("the kitchen's database");
    kitchen.execute_unprepared("BEGIN IMMEDIATE").await.expect("the write lock");
    let placed = place(&shop, "Ana").await;
    let id = order(&placed).order_id.clone();
    shop.gateway.kill();
    kitchen.execute_unprepared("ROLLBACK").await.expect("released");
    assert_eq!(rows(&kitchen, "ticket").await, 0, "killed before the ticket was stored");
    kitchen.close().await.expect("closed");

    shop.gateway.start().await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    tablet.until_state(&id, OrderState::Received).await;
    assert_eq!(tablet.heartbeat().await, 1);
    let mut follower = Follower::of(&shop, &id, &placed.own_token).await;
    follower.until(|order| order.ticket_time.is_some()).await.expect("the customer hears of it");
}

async fn a_second_start_keeps_everything() {
    let mut shop = Shop::embedded().await;
    let before = menu(&shop).await;
    let placed = place(&shop, "Ana").await;
    assert!(shop.gateway.stop().expect("it stops").success());
    shop.gateway.start().await;
    assert_eq!(menu(&shop).await, before, "the sample is loaded into an empty catalog only");
    let get = GetOrderRequest { order_id: order(&placed).order_id.clone() };
    let kept = shop.gateway.orders().get_order(with_token(get, &placed.own_token)).await.expect("its token still fits");
    assert_eq!(kept.into_inner().order.expect("an order").lines, order(&placed).lines);
    assert_eq!(order(&place(&shop, "Bia").await).accepted_seq, 2);
}

async fn a_killed_kitchen_is_taken_over() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 2).await;
    let place_one = async |shop: &Shop| order(&place(shop, "Ana").await).order_id.clone();
    for victim in 0..2 {
        let survivor = 1 - victim;
        let mut tablet = Tablet::watch(shop.kitchen[survivor].kitchen(), &shop.secrets.staff).await;
        shop.kitchen[victim].kill();
        let id = place_one(&shop).await;
        tablet.until_state(&id, OrderState::Received).await;
        shop.kitchen[victim].start().await;
    }
}

async fn a_locked_table_makes_no_dead_letter() {
    let shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    tablet.heartbeat().await;
    let kitchen = shop.database(Role::Kitchen).await;
    let lock = kitchen.begin().await.expect("a transaction");
    lock.execute_unprepared("LOCK TABLE ticket_history").await.expect("the lock");
    let placed = place(&shop, "Ana").await;
    // Long enough for more attempts than poison gets.
    eventually("the consumer steps back twice", async || shop.kitchen[0].log().matches("stepping back").count() > 1)
        .await;
    lock.rollback().await.expect("released");
    tablet.until_state(&order(&placed).order_id, OrderState::Received).await;
    assert_eq!(rows(&kitchen, "dead_letter").await, 0);
}

async fn rows(database: &sea_orm::DatabaseConnection, table: &str) -> i64 {
    let query = format!("SELECT count(*) AS rows FROM {table}");
    let statement = sea_orm::Statement::from_string(database.get_database_backend(), query);
    let row = database.query_one_raw(statement).await.expect("a query").expect("a row");
    row.try_get("", "rows").expect("a number")
}
