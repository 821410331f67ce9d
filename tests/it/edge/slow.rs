//! Callers who never come to the end: the gateway loses its patience with them, and has plenty of it for others.

use http::{Request, StatusCode};
use libtest_mimic::Trial;

use super::raw::{connect, trickle};
use crate::harness::{Shop, on_both_shapes};

pub fn tests() -> Vec<Trial> {
    on_both_shapes![
        slow_headers_are_given_up_and_others_served_meanwhile,
        a_rest_body_without_end_is_given_up,
        a_grpc_web_body_without_end_is_given_up,
    ]
}

/// Many at once, each with a byte of a header now and then.
async fn slow_headers_are_given_up_and_others_served_meanwhile(shop: &Shop) {
    let slow = async || {
        let answer = trickle(connect(&shop.gateway).await, b"GET /cardapio HTTP/1.1\r\nhost: x\r\nx-a: ", b"a").await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    };
    let many = futures_util::future::join_all((0..200).map(|_| slow()));
    let others = async {
        for _ in 0..20 {
            let reply = shop.gateway.http(Request::get("/cardapio"), "").await;
            assert_eq!(reply.status, StatusCode::OK);
        }
    };
    tokio::join!(many, others);
}

async fn a_rest_body_without_end_is_given_up(shop: &Shop) {
    for length in ["content-length: 60000", "transfer-encoding: chunked"] {
        let head = format!(
            "POST /pedido HTTP/1.1\r\nhost: x\r\n\
             idempotency-key: 5b8f1c1e-5d5f-4b7a-9d51-2f6e9d0f7c11\r\ncontent-type: application/json\r\n{length}\r\n\r\n"
        );
        let answer = trickle(connect(&shop.gateway).await, head.as_bytes(), b"1\r\n \r\n").await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{length}: {answer}");
    }
}

async fn a_grpc_web_body_without_end_is_given_up(shop: &Shop) {
    let path = "/comanda.orders.v1.OrderService/PlaceOrder";
    for length in ["content-length: 60000", "transfer-encoding: chunked"] {
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/grpc-web\r\n{length}\r\n\r\n");
        let answer = trickle(connect(&shop.gateway).await, head.as_bytes(), b"1\r\n\0\r\n").await;
        assert!(!answer.contains("grpc-status: 0"), "{length}: {answer}");
    }
}
