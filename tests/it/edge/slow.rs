//! Callers who never come to the end: the gateway loses its patience with them, and has plenty of it for others.

use http::{Request, StatusCode, Version};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use libtest_mimic::Trial;
use prost::bytes::Bytes;
use tokio::time::timeout;
use tokio_stream::{Stream, StreamExt};
use tonic::{Status, body::Body};
use tower::ServiceExt;

use super::raw::{BORNE, connect, trickle};
use harness::{Shop, on_both_shapes};

const PLACE_ORDER: &str = "/comanda.orders.v1.OrderService/PlaceOrder";

pub fn tests() -> Vec<Trial> {
    on_both_shapes![
        slow_headers_are_given_up_and_others_served_meanwhile,
        a_rest_body_without_end_is_given_up,
        a_grpc_web_body_without_end_is_given_up,
        a_native_message_that_never_comes_is_given_up,
        a_native_message_without_end_is_refused,
    ]
}

/// Many at once, each with a byte of a header now and then.
async fn slow_headers_are_given_up_and_others_served_meanwhile(shop: &Shop) {
    let slow = async || {
        let answer =
            trickle(connect(&shop.gateway).await, b"GET /cardapio HTTP/1.1\r\nhost: localhost\r\nx-a: ", b"a").await;
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
            "POST /pedido HTTP/1.1\r\nhost: localhost\r\n\
             idempotency-key: 5b8f1c1e-5d5f-4b7a-9d51-2f6e9d0f7c11\r\ncontent-type: application/json\r\n{length}\r\n\r\n"
        );
        let answer = trickle(connect(&shop.gateway).await, head.as_bytes(), b"1\r\n \r\n").await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{length}: {answer}");
    }
}

async fn a_grpc_web_body_without_end_is_given_up(shop: &Shop) {
    for length in ["content-length: 60000", "transfer-encoding: chunked"] {
        let head = format!(
            "POST {PLACE_ORDER} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/grpc-web\r\n{length}\r\n\r\n"
        );
        let answer = trickle(connect(&shop.gateway).await, head.as_bytes(), b"1\r\n\0\r\n").await;
        assert!(!answer.contains("grpc-status: 0"), "{length}: {answer}");
    }
}

/// Calls by native gRPC with these pieces as its body: the code of the answer, or none when the call was cut off.
async fn call_with(shop: &Shop, pieces: impl Stream<Item = Bytes> + Send + 'static) -> Option<String> {
    let frames = pieces.map(|piece| Ok::<_, Status>(Frame::data(piece)));
    let request = Request::post(format!("http://{}{PLACE_ORDER}", shop.gateway.address()));
    let request = request.version(Version::HTTP_2).header("content-type", "application/grpc").header("te", "trailers");
    let request = request.body(Body::new(StreamBody::new(frames))).expect("a request");
    let reply = timeout(BORNE, shop.gateway.channel().oneshot(request)).await.expect("it is borne with for ever");
    let (head, body) = reply.ok()?.into_parts();
    let trailers = async { body.collect().await.ok()?.trailers().cloned() };
    let code = match head.headers.get("grpc-status") {
        Some(code) => Some(code.clone()),
        None => timeout(BORNE, trailers).await.expect("the answer ends")?.get("grpc-status").cloned(),
    };
    Some(code?.to_str().expect("a number").to_owned())
}

async fn a_native_message_that_never_comes_is_given_up(shop: &Shop) {
    let begun = tokio_stream::once(Bytes::from_static(&[0, 0, 0, 0, 200, 10])).chain(tokio_stream::pending());
    let code = call_with(shop, begun).await;
    assert_ne!(code.as_deref(), Some("0"));
}

/// A mebibyte is announced, and more than that comes, for as long as somebody reads it.
async fn a_native_message_without_end_is_refused(shop: &Shop) {
    let head = tokio_stream::once(Bytes::from_static(&[0, 0, 16, 0, 0]));
    let endless = head.chain(tokio_stream::iter(std::iter::repeat_with(|| Bytes::from(vec![0; 16 * 1024]))));
    let code = call_with(shop, endless).await;
    assert!(code.is_none() || code.as_deref() == Some("3"), "{code:?}");
}
