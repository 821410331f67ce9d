//! Four mebibytes where an order of one is expected: refused by name on every way in, however its length is told; only
//! staff may send as much, as a menu.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use comanda_proto::{
    catalog::v1::{ImportMenuRequest, catalog_admin_service_client::CatalogAdminServiceClient},
    orders::v1::PlaceOrderRequest,
};
use libtest_mimic::Trial;
use prost::Message;
use tonic::{Code, Status};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use super::raw::{connect, exchange};
use harness::{Shop, on_both_shapes, with_token};

use crate::clients::{fresh, reason};

const FOUR_MEBIBYTES: usize = 4 * 1024 * 1024;
const PLACE_ORDER: &str = "/comanda.orders.v1.OrderService/PlaceOrder";

pub fn tests() -> Vec<Trial> {
    on_both_shapes![
        rest_refuses_four_mebibytes,
        pages_take_no_bodies,
        grpc_web_refuses_four_mebibytes,
        native_grpc_refuses_four_mebibytes,
        only_staff_import_large_files,
        too_many_headers_are_refused,
    ]
}

/// A POST with a body, whose length is told before or in chunks.
pub fn post(path: &str, kind: &str, body: &[u8], chunked: bool) -> Vec<u8> {
    let length = if chunked { "transfer-encoding: chunked".into() } else { format!("content-length: {}", body.len()) };
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: {kind}\r\nidempotency-key: {}\r\n{length}\r\n\r\n",
        fresh()
    );
    let mut request = head.into_bytes();
    if !chunked {
        request.extend(body);
        return request;
    }
    for chunk in body.chunks(16 * 1024) {
        request.extend(format!("{:x}\r\n", chunk.len()).bytes().chain(chunk.iter().copied()).chain(*b"\r\n"));
    }
    request.extend(b"0\r\n\r\n");
    request
}

fn huge_order() -> PlaceOrderRequest {
    PlaceOrderRequest { customer_name: "x".repeat(FOUR_MEBIBYTES), ..Default::default() }
}

fn assert_too_large(status: &Status) {
    assert_eq!((status.code(), reason(status).as_str()), (Code::InvalidArgument, "MESSAGE_TOO_LARGE"), "{status:?}");
}

async fn rest_refuses_four_mebibytes(shop: &Shop) {
    let body = vec![b' '; FOUR_MEBIBYTES];
    for chunked in [false, true] {
        let request = post("/pedido", "application/json", &body, chunked);
        let answer = exchange(connect(&shop.gateway).await, &request).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{chunked}: {answer}");
        assert!(answer.contains("application/problem+json") && answer.contains("MESSAGE_TOO_LARGE"), "{answer}");
    }
}

/// What a page makes of a body is to leave it: an answer before it has come, or none.
async fn pages_take_no_bodies(shop: &Shop) {
    let body = vec![b' '; FOUR_MEBIBYTES];
    for path in ["/", "/nada", "/cardapio"] {
        for chunked in [false, true] {
            let request = post(path, "text/plain", &body, chunked);
            let answer = exchange(connect(&shop.gateway).await, &request).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
        }
    }
}

async fn grpc_web_refuses_four_mebibytes(shop: &Shop) {
    let message = huge_order().encode_to_vec();
    let length = u32::try_from(message.len()).expect("four mebibytes").to_be_bytes();
    let framed = [&[0], &length[..], &message].concat();
    let text = STANDARD_NO_PAD.encode(&framed).into_bytes();
    for (kind, body) in [("application/grpc-web", framed), ("application/grpc-web-text", text)] {
        for chunked in [false, true] {
            let answer = exchange(connect(&shop.gateway).await, &post(PLACE_ORDER, kind, &body, chunked)).await;
            let plain = answer.to_lowercase().replace(' ', "");
            assert!(plain.contains("grpc-status:3"), "{kind} {chunked}: {answer}");
            assert!(details(&answer).contains("MESSAGE_TOO_LARGE"), "{kind} {chunked}: {answer}");
        }
    }
}

/// What a refusal says for programs, as far as it is text.
pub fn details(answer: &str) -> String {
    let bytes = answer.split("grpc-status-details-bin:").nth(1).and_then(|rest| {
        let encoded = rest.split("\r\n").next()?.trim().trim_end_matches('=');
        STANDARD_NO_PAD.decode(encoded).ok()
    });
    String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
}

async fn native_grpc_refuses_four_mebibytes(shop: &Shop) {
    let status = shop.gateway.orders().place_order(huge_order()).await;
    assert_too_large(&status.expect_err("too large"));
    let staff = with_token(huge_order(), &shop.secrets.staff);
    assert_too_large(&shop.gateway.orders().place_order(staff).await.expect_err("too large for staff, too"));
    // What the gateway answers by itself is no larger; that its messages have no reason is the libraries' way.
    let mut health = HealthClient::new(shop.gateway.channel());
    let status = health.check(HealthCheckRequest { service: "x".repeat(FOUR_MEBIBYTES - 100) }).await;
    let status = status.expect_err("too large");
    assert!(matches!(status.code(), Code::OutOfRange | Code::InvalidArgument), "{status:?}");
}

async fn only_staff_import_large_files(shop: &Shop) {
    let import =
        |bytes: usize| ImportMenuRequest { file: "# \n".repeat(bytes / 3), dry_run: true, ..Default::default() };
    let mut admin = CatalogAdminServiceClient::new(shop.gateway.channel());
    let status = admin.import_menu(import(FOUR_MEBIBYTES)).await.expect_err("no token");
    assert_eq!(status.code(), Code::Unauthenticated, "{status:?}");
    let status = admin.import_menu(with_token(import(FOUR_MEBIBYTES), &shop.secrets.panel)).await;
    assert_eq!(status.expect_err("the panel's").code(), Code::PermissionDenied);
    let status = admin.import_menu(with_token(import(FOUR_MEBIBYTES), &shop.secrets.staff)).await;
    let status = status.expect_err("a file of comments only");
    assert_ne!(reason(&status), "MESSAGE_TOO_LARGE", "it came through to be read: {status:?}");
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    let status = admin.import_menu(with_token(import(FOUR_MEBIBYTES * 2), &shop.secrets.staff)).await;
    assert_too_large(&status.expect_err("twice as much"));
}

async fn too_many_headers_are_refused(shop: &Shop) {
    let many = |count: usize, bytes: usize| {
        let lines = (0..count).map(|n| format!("x-{n}: {}\r\n", "y".repeat(bytes))).collect::<String>();
        format!("GET /cardapio HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{lines}\r\n")
    };
    for (count, bytes) in [(5_000, 1), (50, 100 * 1024)] {
        let answer = exchange(connect(&shop.gateway).await, many(count, bytes).as_bytes()).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{count} of {bytes}: {answer:.200}");
    }
    let answer = exchange(connect(&shop.gateway).await, many(20, 100).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:.200}");
}
