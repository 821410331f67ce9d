//! The main job: an order travels from the menu to the kitchen and back to the customer's screen, on both shapes.

use comanda_proto::{
    orders::v1::{GetOrderJourneyRequest, GetOrderRequest},
    r#type::v1::{Actor, Money, OrderState},
};
use futures_util::future::join_all;
use harness::{Role, Shop, eventually, on_both_shapes, settled, with_token};
use libtest_mimic::Trial;
use std::collections::HashSet;
use tonic::Code;

use crate::clients::{Follower, Tablet, Tap, cancel, menu, order, place, placed, product, reason, simple_order, tap};
use crate::lines;
use sea_orm::{ConnectionTrait, Statement};

pub fn tests() -> Vec<Trial> {
    on_both_shapes![
        an_order_travels_to_the_kitchen_and_back,
        a_step_can_be_taken_back,
        what_nobody_collects_is_closed_and_can_be_reopened,
        a_customer_cancels_before_the_start,
        a_customer_cannot_cancel_after_the_start,
        staff_cancel_until_it_is_handed_over,
        of_two_baristas_one_comes_first,
        a_repeat_gets_the_same_answer,
        fifty_at_once_make_one_order,
        a_refusal_is_final,
        numbers_follow_acceptance,
        the_panel_sees_numbers_and_first_names_only,
        options_make_the_price,
        every_step_is_history,
        the_journey_tells_the_whole_story,
        history_cannot_be_changed,
    ]
}

/// All of them on one shop.
pub async fn all(shop: &Shop) {
    an_order_travels_to_the_kitchen_and_back(shop).await;
    a_step_can_be_taken_back(shop).await;
    lines::all(shop).await;
    what_nobody_collects_is_closed_and_can_be_reopened(shop).await;
    a_customer_cancels_before_the_start(shop).await;
    a_customer_cannot_cancel_after_the_start(shop).await;
    staff_cancel_until_it_is_handed_over(shop).await;
    of_two_baristas_one_comes_first(shop).await;
    a_repeat_gets_the_same_answer(shop).await;
    fifty_at_once_make_one_order(shop).await;
    a_refusal_is_final(shop).await;
    numbers_follow_acceptance(shop).await;
    the_panel_sees_numbers_and_first_names_only(shop).await;
    options_make_the_price(shop).await;
    every_step_is_history(shop).await;
    the_journey_tells_the_whole_story(shop).await;
    history_cannot_be_changed(shop).await;
}

async fn an_order_travels_to_the_kitchen_and_back(shop: &Shop) {
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let placed = place(shop, "Ana").await;
    let id = &order(&placed).order_id;
    assert_eq!((order(&placed).state(), order(&placed).revision), (OrderState::Received, 1));
    let mut follower = Follower::of(shop, id, &placed.own_token).await;

    let ticket = tablet.until_state(id, OrderState::Received).await;
    assert_eq!((ticket.number, ticket.customer_name.as_str()), (order(&placed).number, "Ana"));
    assert_eq!(ticket.lines[0].name, "Pão de queijo");
    follower.until(|order| order.ticket_time.is_some()).await.expect("the customer hears that the kitchen has it");

    let mut revision = ticket.revision;
    for (step, state) in
        [(Tap::Start, OrderState::Preparing), (Tap::Ready, OrderState::Ready), (Tap::Collected, OrderState::Collected)]
    {
        let ticket = tap(shop.gateway.kitchen(), &shop.secrets.staff, step, id, revision).await.expect("allowed");
        assert_eq!((ticket.state(), ticket.revision), (state, revision + 1));
        revision = ticket.revision;
        assert_eq!(follower.until_state(state).await.revision, revision + 1, "an order is one ahead of its ticket");
    }
    tablet.until_gone(id).await;
    tablet.heartbeat().await;
}

async fn a_step_can_be_taken_back(shop: &Shop) {
    let placed = place(shop, "Bia").await;
    let id = &order(&placed).order_id;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let mut follower = Follower::of(shop, id, &placed.view_token).await;
    let mut revision = tablet.until_state(id, OrderState::Received).await.revision;
    for (step, state) in [
        (Tap::Start, OrderState::Preparing),
        (Tap::Revert, OrderState::Received),
        (Tap::Start, OrderState::Preparing),
        (Tap::Ready, OrderState::Ready),
        (Tap::Revert, OrderState::Preparing),
        (Tap::Ready, OrderState::Ready),
        (Tap::Collected, OrderState::Collected),
        (Tap::Revert, OrderState::Ready),
    ] {
        let ticket = tap(shop.gateway.kitchen(), &shop.secrets.staff, step, id, revision).await.expect("allowed");
        assert_eq!(ticket.state(), state, "{step:?}");
        revision = ticket.revision;
        follower.until(|order| order.revision == revision + 1 && order.state() == state).await.expect("shown");
    }
    tablet.until(|board| board.get(id).filter(|ticket| ticket.revision == revision).cloned()).await;
    // RECEIVED cannot be taken back: nothing came before.
    let fresh_one = place(shop, "Bia").await;
    let ticket = tablet.until_state(&order(&fresh_one).order_id, OrderState::Received).await;
    let refused = tap(shop.gateway.kitchen(), &shop.secrets.staff, Tap::Revert, &ticket.order_id, 1).await;
    assert_eq!(reason(&refused.expect_err("refused")), "STATE_TRANSITION_FORBIDDEN");
}

async fn what_nobody_collects_is_closed_and_can_be_reopened(shop: &Shop) {
    let placed = place(shop, "Benê").await;
    let id = &order(&placed).order_id;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let mut follower = Follower::of(shop, id, &placed.own_token).await;
    tablet.until_state(id, OrderState::Received).await;
    let staff = |tap_, seen| tap(shop.gateway.kitchen(), &shop.secrets.staff, tap_, id, seen);
    staff(Tap::Start, 1).await.expect("started");
    staff(Tap::Ready, 2).await.expect("ready");
    tablet.until_state(id, OrderState::Ready).await;

    // As if that had been days ago.
    let kitchen = shop.writable_database(Role::Kitchen).await;
    let back = "UPDATE ticket SET updated_at = '2026-01-01T12:00:00+00:00' WHERE order_id =";
    kitchen.execute_unprepared(&format!("{back} {}", literal(&kitchen, id))).await.expect("the database answers");
    follower.until_state(OrderState::Collected).await;
    tablet.until_gone(id).await;
    let reopened = staff(Tap::Reopen, 4).await.expect("reopened");
    assert_eq!((reopened.state(), reopened.revision), (OrderState::Ready, 5));
    follower.until_state(OrderState::Ready).await;
    tablet.until_state(id, OrderState::Ready).await;
    assert_eq!(reason(&staff(Tap::Reopen, 5).await.expect_err("it is open")), "STATE_TRANSITION_FORBIDDEN");

    let ask = with_token(GetOrderJourneyRequest { order_id: id.clone() }, &placed.view_token);
    let journey = shop.gateway.orders().get_order_journey(ask).await.expect("a story").into_inner();
    let steps: Vec<_> = journey.steps.iter().map(|step| step.transition.clone().expect("what happened")).collect();
    let told: Vec<_> = steps[4..].iter().map(|step| (step.to_state(), step.actor(), step.reason.as_str())).collect();
    let expected =
        [(OrderState::Collected, Actor::System, "not picked up"), (OrderState::Ready, Actor::Staff, "veio depois")];
    assert_eq!(told, expected);
    staff(Tap::Collected, 5).await.expect("collected after all");
    tablet.until_gone(id).await;
}

async fn a_customer_cancels_before_the_start(shop: &Shop) {
    let placed = place(shop, "Caio").await;
    let id = &order(&placed).order_id;
    let mut follower = Follower::of(shop, id, &placed.own_token).await;
    let request = cancel(id);
    // At once, so the cancellation may overtake the order on its way to the kitchen.
    let call = async || shop.gateway.orders().cancel_order(with_token(request.clone(), &placed.own_token)).await;
    let reply = settled(call).await;
    let cancelled = reply.expect("cancelled").into_inner().order.expect("an order");
    assert_eq!((cancelled.state(), cancelled.cancel_reason.as_str()), (OrderState::Cancelled, "mudei de ideia"));
    follower.until_state(OrderState::Cancelled).await;
    follower.until_end().await;

    let again = settled(call).await.expect("replayed");
    assert!(again.metadata().contains_key("x-idempotent-replay"));
    assert_eq!(again.into_inner().order, Some(cancelled));
}

async fn a_customer_cannot_cancel_after_the_start(shop: &Shop) {
    let placed = place(shop, "Davi").await;
    let id = &order(&placed).order_id;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let ticket = tablet.until_state(id, OrderState::Received).await;
    tap(shop.gateway.kitchen(), &shop.secrets.staff, Tap::Start, id, ticket.revision).await.expect("started");
    let refused = shop.gateway.orders().cancel_order(with_token(cancel(id), &placed.own_token)).await;
    let status = refused.expect_err("refused");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "STATE_TRANSITION_FORBIDDEN"));
}

async fn staff_cancel_until_it_is_handed_over(shop: &Shop) {
    let placed = place(shop, "Elis").await;
    let id = &order(&placed).order_id;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let ticket = tablet.until_state(id, OrderState::Received).await;
    tap(shop.gateway.kitchen(), &shop.secrets.staff, Tap::Start, id, ticket.revision).await.expect("started");
    let reply = shop.gateway.orders().cancel_order(with_token(cancel(id), &shop.secrets.staff)).await;
    assert_eq!(reply.expect("cancelled").into_inner().order.expect("an order").state(), OrderState::Cancelled);

    let cancelled = tablet.until_state(id, OrderState::Cancelled).await;
    tap(shop.gateway.kitchen(), &shop.secrets.staff, Tap::Acknowledge, id, cancelled.revision).await.expect("seen");
    tablet.until_gone(id).await;
}

async fn of_two_baristas_one_comes_first(shop: &Shop) {
    let placed = place(shop, "Fabi").await;
    let id = &order(&placed).order_id;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let seen = tablet.until_state(id, OrderState::Received).await.revision;
    let start = || tap(shop.gateway.kitchen(), &shop.secrets.staff, Tap::Start, id, seen);
    let (first, second) = tokio::join!(start(), start());
    let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
    assert_eq!(won.expect("one starts it").state(), OrderState::Preparing);
    let status = lost.expect_err("the other learns that it was started");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Aborted, "REVISION_MISMATCH"));
}

async fn a_repeat_gets_the_same_answer(shop: &Shop) {
    let request = simple_order(shop, "Gil").await;
    let mut calls = 0;
    let first = settled(async || {
        calls += 1;
        shop.gateway.orders().place_order(request.clone()).await
    });
    let first = first.await.expect("accepted");
    // One whose first answer was lost is a repeat, too.
    assert!(calls > 1 || !first.metadata().contains_key("x-idempotent-replay"));
    let again = settled(async || shop.gateway.orders().place_order(request.clone()).await).await.expect("replayed");
    assert!(again.metadata().contains_key("x-idempotent-replay"));
    assert_eq!(again.into_inner(), first.into_inner(), "the same order with the same tokens");

    let mut other = request;
    other.lines[0].quantity = 2;
    let status = shop.gateway.orders().place_order(other).await.expect_err("another payload");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "REQUEST_ID_REUSED"));
}

async fn fifty_at_once_make_one_order(shop: &Shop) {
    let request = simple_order(shop, "Hugo").await;
    let calls = (0..50).map(|_| {
        let (mut orders, request) = (shop.gateway.orders(), request.clone());
        async move {
            let call = async || orders.place_order(request.clone()).await;
            settled(call).await.expect("accepted or replayed").into_inner()
        }
    });
    let orders: HashSet<String> = join_all(calls).await.iter().map(|placed| order(placed).order_id.clone()).collect();
    assert_eq!(orders.len(), 1);
    assert_eq!(stored(shop, "Hugo").await, 1);
}

async fn a_refusal_is_final(shop: &Shop) {
    let mut request = simple_order(shop, "Iara").await;
    request.lines[0].seen_unit_price = Some(Money { currency_code: "BRL".into(), minor_units: 1 });
    for replayed in [false, true] {
        let status = shop.gateway.orders().place_order(request.clone()).await.expect_err("the price is another");
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::FailedPrecondition, "PRICE_CHANGED"),
            "{replayed}"
        );
        let metadata = tonic_types::StatusExt::get_details_error_info(&status).expect("details").metadata;
        assert_eq!((metadata["lines[0].seen"].as_str(), metadata["lines[0].current"].as_str()), ("1", "1200"));
    }
    assert_eq!(stored(shop, "Iara").await, 0);
}

async fn numbers_follow_acceptance(shop: &Shop) {
    let mut before = 0;
    for _ in 0..3 {
        let placed = place(shop, "João").await;
        assert!(order(&placed).accepted_seq > before, "later accepted, later on the board");
        before = order(&placed).accepted_seq;
        assert!(order(&placed).number >= 1 && order(&placed).number <= before);
    }
}

async fn the_panel_sees_numbers_and_first_names_only(shop: &Shop) {
    let mut panel = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.panel).await;
    let placed = place(shop, "Kátia Souza").await;
    let ticket = panel.until_state(&order(&placed).order_id, OrderState::Received).await;
    assert_eq!(ticket.customer_name, "Kátia");
    assert_eq!(ticket.number, order(&placed).number);
    assert_eq!((ticket.lines.len(), ticket.service_mode), (0, None));
}

async fn options_make_the_price(shop: &Shop) {
    let cappuccino = product(shop, "Cappuccino").await;
    let mut request = simple_order(shop, "Lia").await;
    let mut expected = cappuccino.price.as_ref().expect("a price").minor_units;
    let mut options = Vec::new();
    let offered = menu(shop).await.option_groups.into_iter();
    let offered = offered.filter(|group| cappuccino.option_group_ids.contains(&group.option_group_id));
    for group in offered.filter(|group| group.min_choices > 0) {
        let last = group.options.last().expect("an option");
        expected += last.price_delta.as_ref().expect("a delta").minor_units;
        options.push(last.option_id.clone());
    }
    assert!(options.len() > 1, "the sample cappuccino has a size and a milk");
    request.lines[0].product_id = cappuccino.product_id;
    request.lines[0].option_ids = options;
    request.lines[0].quantity = 3;
    let placed = placed(shop, &request).await;
    assert_eq!(order(&placed).total.as_ref().expect("a total").minor_units, 3 * expected);
}

async fn every_step_is_history(shop: &Shop) {
    let placed = place(shop, "Mel").await;
    let id = order(&placed).order_id.clone();
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let mut follower = Follower::of(shop, &id, &placed.own_token).await;
    let seen = tablet.until_state(&id, OrderState::Received).await.revision;
    tap(shop.gateway.kitchen(), &shop.secrets.staff, Tap::Start, &id, seen).await.expect("started");
    let shown = follower.until_state(OrderState::Preparing).await;
    let orders = shop.database(Role::Orders).await;
    let rows = count(&orders, "order_history", &format!("order_id = {}", literal(&orders, &id))).await;
    assert_eq!(rows, shown.revision, "as many rows as revisions");
    let reply = shop.gateway.orders().get_order(with_token(GetOrderRequest { order_id: id }, &placed.view_token)).await;
    assert_eq!(reply.expect("found").into_inner().order, Some(shown));
}

async fn the_journey_tells_the_whole_story(shop: &Shop) {
    let placed = place(shop, "Lia").await;
    let id = order(&placed).order_id.clone();
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let mut follower = Follower::of(shop, &id, &placed.own_token).await;
    let seen = tablet.until_state(&id, OrderState::Received).await.revision;
    for (seen, step, state) in
        [(seen, Tap::Start, OrderState::Preparing), (seen + 1, Tap::Revert, OrderState::Received)]
    {
        tap(shop.gateway.kitchen(), &shop.secrets.staff, step, &id, seen).await.expect("done");
        follower.until_state(state).await;
    }
    let cancelled = shop.gateway.orders().cancel_order(with_token(cancel(&id), &placed.own_token)).await;
    let cancelled = cancelled.expect("cancelled").into_inner().order.expect("an order");

    let ask = with_token(GetOrderJourneyRequest { order_id: id.clone() }, &placed.view_token);
    let journey = shop.gateway.orders().get_order_journey(ask).await.expect("a story").into_inner();
    assert_eq!(journey.order, Some(cancelled.clone()));
    let steps: Vec<_> = journey.steps.iter().map(|step| step.transition.clone().expect("what happened")).collect();
    use {Actor::*, OrderState::*};
    let told: Vec<_> = steps.iter().map(|step| (step.revision, step.to_state(), step.actor())).collect();
    let expected = [
        (1, Received, Customer),
        (2, Received, System),
        (3, Preparing, Staff),
        (4, Received, Staff),
        (5, Cancelled, Customer),
    ];
    assert_eq!((told.as_slice(), cancelled.revision), (&expected[..], 5));
    let traced = steps.iter().all(|step| step.trace_id.len() == 32 && step.transition_time.is_some());
    assert!(traced && steps[0].trace_id == steps[1].trace_id, "one trace from customer to kitchen: {steps:?}");
    let (last, before) = journey.steps.split_last().expect("steps");
    assert!(before.iter().all(|step| step.time_in_step.is_some()) && last.time_in_step.is_none());

    let stranger = with_token(GetOrderJourneyRequest { order_id: id }, &place(shop, "Leo").await.view_token);
    let refused = shop.gateway.orders().get_order_journey(stranger).await.expect_err("another's order");
    assert_eq!(refused.code(), tonic::Code::NotFound);
}

async fn history_cannot_be_changed(shop: &Shop) {
    place(shop, "Rui").await;
    for (role, table) in [(Role::Orders, "order_history"), (Role::Kitchen, "ticket_history")] {
        let database = shop.writable_database(role).await;
        eventually("there is history", async || count(&database, table, "revision = 1").await > 0).await;
        for change in [format!("UPDATE {table} SET reason = 'x'"), format!("DELETE FROM {table}")] {
            let refusal = database.execute_unprepared(&change).await.expect_err("append-only").to_string();
            assert!(refusal.contains("append-only"), "{refusal}");
        }
    }
}

/// How many orders there are for a customer of this name.
pub async fn stored(shop: &Shop, customer: &str) -> i64 {
    let orders = shop.database(Role::Orders).await;
    count(&orders, "orders", &format!("customer_name = '{customer}'")).await
}

/// How many rows of a table fit a condition.
pub async fn count(database: &sea_orm::DatabaseConnection, table: &str, condition: &str) -> i64 {
    let query = format!("SELECT count(*) AS rows FROM {table} WHERE {condition}");
    let row = database.query_one_raw(Statement::from_string(database.get_database_backend(), query)).await;
    row.expect("a query").expect("a row").try_get("", "rows").expect("a number")
}

/// A UUID in SQL: SQLite keeps it as 16 bytes.
pub fn literal(database: &sea_orm::DatabaseConnection, id: &str) -> String {
    match database.get_database_backend() {
        sea_orm::DbBackend::Sqlite => format!("x'{}'", id.replace('-', "")),
        _ => format!("'{id}'"),
    }
}
