//! Who may: every token opens its own door and no other.

use comanda_proto::{
    kitchen::v1::{CancelTicketRequest, StartTicketRequest, WatchTicketsRequest},
    orders::v1::{GetOrderRequest, WatchOrderRequest},
};
use harness::{Port, Shape, Shop, on_both_shapes, trials, with_token};
use http::{Request, StatusCode};
use libtest_mimic::Trial;
use tonic::Code;
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest,
};

mod attacks;
mod matrix;
mod races;
mod requests;
mod rest;

use attacks::{
    a_kitchen_goes_on_while_identity_is_away, a_log_names_the_person, a_pairing_code_pairs_one_device,
    a_refresh_token_that_is_used_twice_ends_its_session, a_stranger_who_knows_a_login_keeps_nobody_out,
    guessed_passwords_are_slowed_whatever_address_is_claimed, guessed_pins_slow_the_tablet_and_nobody_else,
};
use matrix::every_rpc_is_open_to_whom_its_contract_says;
use races::{
    guesses_at_once_get_no_further_than_one_after_the_other, of_many_at_once_one_uses_a_code_or_a_refresh_token,
    of_the_last_two_owners_one_stays, what_is_in_the_security_log_stays,
};

use crate::clients::{cancel, fresh, order, place, reason};

pub fn tests() -> Vec<Trial> {
    let mut tests = on_both_shapes![
        an_order_opens_with_its_own_token_only,
        a_shared_link_can_look_but_not_cancel,
        staff_calls_need_a_staff_token,
        service_calls_are_not_reachable_from_outside,
        rest_asks_for_the_same_tokens,
        every_rpc_is_open_to_whom_its_contract_says,
        another_name_is_refused,
        a_pairing_code_pairs_one_device,
        a_log_names_the_person,
        of_many_at_once_one_uses_a_code_or_a_refresh_token,
        guesses_at_once_get_no_further_than_one_after_the_other,
        what_is_in_the_security_log_stays,
        a_refresh_token_that_is_used_twice_ends_its_session,
        guessed_pins_slow_the_tablet_and_nobody_else,
        guessed_passwords_are_slowed_whatever_address_is_claimed,
        a_stranger_who_knows_a_login_keeps_nobody_out,
    ];
    tests.extend(trials![
        reflection_is_for_staff_unless_it_is_opened,
        the_status_is_open_on_the_machine_itself,
        a_kitchen_goes_on_while_identity_is_away,
        of_the_last_two_owners_one_stays,
    ]);
    tests
}

/// A gateway beside that of the shared mesh, as one is set up by default.
async fn reflection_is_for_staff_unless_it_is_opened() {
    let shop = Shape::Mesh.shop().await;
    let port = Port::free();
    let settings = vec![("COMANDA_GATEWAY_LISTEN", port.address()), ("COMANDA_REFLECTION", "staff".to_owned())];
    let mut gateway = shop.gateway.twin(port, settings);
    gateway.until_ready().await;
    let list = async |token: Option<&str>| {
        let ask = ServerReflectionRequest {
            message_request: Some(MessageRequest::ListServices(String::new())),
            ..Default::default()
        };
        let mut call = tonic::Request::new(tokio_stream::iter([ask]));
        if let Some(token) = token {
            call.metadata_mut().insert("authorization", format!("Bearer {token}").parse().expect("metadata"));
        }
        match ServerReflectionClient::new(gateway.channel()).server_reflection_info(call).await {
            Ok(reply) => reply.into_inner().message().await.map(|_| ()),
            Err(status) => Err(status),
        }
    };
    list(Some(&shop.secrets.staff)).await.expect("staff may");
    assert_eq!(list(None).await.expect_err("nobody").code(), Code::Unauthenticated);
    assert_eq!(list(Some(&shop.secrets.panel)).await.expect_err("a panel").code(), Code::PermissionDenied);
}

/// As in a shop in a box by default: whoever sits at the machine, and nobody whom something else brings.
async fn the_status_is_open_on_the_machine_itself() {
    let shop = Shop::embedded_with(vec![("COMANDA_STATUS", "loopback".to_owned())]).await;
    let ask = async |headers: &[(&str, &str)]| {
        let request =
            headers.iter().fold(Request::get("/status.json"), |request, (name, value)| request.header(*name, *value));
        shop.gateway.http(request, "").await
    };
    let open = ask(&[("host", "localhost")]).await;
    assert_eq!(open.status, StatusCode::OK);
    assert_eq!(open.json()["unreachable"].as_array().map(Vec::len), Some(0), "each role believes it");
    for closed in [("x-forwarded-for", "127.0.0.1"), ("authorization", "Bearer nonsense"), ("host", "192.0.2.1")] {
        assert_eq!(ask(&[closed]).await.status, StatusCode::UNAUTHORIZED, "{closed:?}");
    }
}

/// A page of elsewhere whose name was made to lead here (DNS rebinding).
async fn another_name_is_refused(shop: &Shop) {
    for (host, status) in [("evil.example", 421), ("localhost", 200), ("127.0.0.1:8080", 200)] {
        let reply = shop.gateway.http(Request::get("/cardapio").header("host", host), "").await;
        assert_eq!(reply.status.as_u16(), status, "{host}");
    }
}

async fn an_order_opens_with_its_own_token_only(shop: &Shop) {
    let (mine, other) = (place(shop, "Sara").await, place(shop, "Téo").await);
    let id = order(&mine).order_id.clone();
    let mut orders = shop.gateway.orders();
    let get = || GetOrderRequest { order_id: id.clone() };
    for token in [&mine.own_token, &mine.view_token, &shop.secrets.staff] {
        let reply = orders.get_order(with_token(get(), token)).await.expect("may see it");
        assert_eq!(reply.into_inner().order.expect("an order").order_id, id);
    }
    let status = orders.get_order(with_token(get(), &other.own_token)).await.expect_err("another's");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "ORDER_NOT_FOUND"));
    let watch = WatchOrderRequest { order_id: id.clone() };
    let status = orders.watch_order(with_token(watch, &other.own_token)).await.expect_err("another's");
    assert_eq!(status.code(), Code::NotFound);
    let status = orders.cancel_order(with_token(cancel(&id), &other.own_token)).await.expect_err("another's");
    assert_eq!(status.code(), Code::NotFound);
    let status = orders.get_order(get()).await.expect_err("no token");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unauthenticated, "TOKEN_INVALID"));
    let status = orders.get_order(with_token(get(), "nonsense")).await.expect_err("no token of ours");
    assert_eq!(status.code(), Code::Unauthenticated);
    let status = orders.get_order(with_token(get(), &shop.secrets.panel)).await.expect_err("the panel's");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::PermissionDenied, "ROLE_REQUIRED"));
}

async fn a_shared_link_can_look_but_not_cancel(shop: &Shop) {
    let placed = place(shop, "Ugo").await;
    let request = with_token(cancel(&order(&placed).order_id), &placed.view_token);
    let status = shop.gateway.orders().cancel_order(request).await.expect_err("only the owner's token");
    assert_eq!(status.code(), Code::NotFound);
}

async fn staff_calls_need_a_staff_token(shop: &Shop) {
    let placed = place(shop, "Vera").await;
    let mut kitchen = shop.gateway.kitchen();
    let start = || StartTicketRequest { request_id: fresh(), order_id: order(&placed).order_id.clone(), revision: 1 };
    let status = kitchen.start_ticket(start()).await.expect_err("no token");
    assert_eq!(status.code(), Code::Unauthenticated);
    for token in [&shop.secrets.panel, &placed.own_token, &shop.secrets.service] {
        let status = kitchen.start_ticket(with_token(start(), token)).await.expect_err("not staff");
        assert_eq!((status.code(), reason(&status).as_str()), (Code::PermissionDenied, "ROLE_REQUIRED"));
    }
    let status = kitchen.watch_tickets(WatchTicketsRequest::default()).await.expect_err("no token");
    assert_eq!(status.code(), Code::Unauthenticated);
    // The service asks for itself: it does not rely on the gateway.
    if let Some(replica) = shop.kitchen.first() {
        let status = replica.kitchen().start_ticket(with_token(start(), &shop.secrets.panel)).await;
        assert_eq!(status.expect_err("not staff").code(), Code::PermissionDenied);
    }
}

async fn service_calls_are_not_reachable_from_outside(shop: &Shop) {
    let request = CancelTicketRequest { request_id: fresh(), ..Default::default() };
    let status = shop.gateway.kitchen().cancel_ticket(with_token(request.clone(), &shop.secrets.service)).await;
    assert_eq!(status.expect_err("no way through").code(), Code::Unimplemented);
    if let Some(replica) = shop.kitchen.first() {
        let status = replica.kitchen().cancel_ticket(with_token(request.clone(), &shop.secrets.staff)).await;
        assert_eq!(status.expect_err("staff is no service").code(), Code::PermissionDenied);
        let status = replica.kitchen().cancel_ticket(with_token(request, &shop.secrets.service)).await;
        assert_eq!(status.expect_err("an empty order").code(), Code::InvalidArgument);
    }
}

async fn rest_asks_for_the_same_tokens(shop: &Shop) {
    let (mine, other) = (place(shop, "Wal").await, place(shop, "Xica").await);
    let get = async |token: &str| {
        let request = Request::get(format!("/pedido/{}", order(&mine).order_id));
        shop.gateway.http(request.header("authorization", format!("Bearer {token}")), "").await
    };
    let reply = get(&mine.view_token).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.json()["status"], "RECEBIDO");
    assert_eq!(reply.json().get("token"), None);
    assert_eq!(get(&other.own_token).await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&shop.secrets.panel).await.status, StatusCode::FORBIDDEN);
}
