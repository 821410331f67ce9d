//! A replica that dies in the middle of an answer, and one that refuses.

use super::*;
use comanda_auth::contracts::Contracts;
use comanda_proto::DESCRIPTORS;
use h2::server::SendResponse;
use http::HeaderMap;
use http_body_util::{BodyExt, Full};
use tonic::codegen::Bytes;
use tower::ServiceExt;

const READS: &str = "/comanda.catalog.v1.CatalogService/GetMenu";
const ANSWER: &[u8] = b"\0\0\0\0\x02ok";

/// Answers one call on one connection, of which the first bytes arrive, or all.
async fn response_body(pipe: DuplexStream, whole: bool) {
    let mut connection = h2::server::handshake(pipe).await.expect("a client");
    let (_, mut respond): (_, SendResponse<Bytes>) = connection.accept().await.expect("a call").expect("a whole one");
    let mut body = respond.send_response(Response::new(()), false).expect("its caller waits");
    let first = if whole { ANSWER } else { &ANSWER[..6] };
    body.send_data(Bytes::from_static(first), false).expect("its caller waits");
    if whole {
        let trailers = HeaderMap::from_iter([(Status::GRPC_STATUS, HeaderValue::from_static("0"))]);
        body.send_trailers(trailers).expect("its caller waits");
    }
    // Time passes only when nothing else is left to do.
    let _ = tokio::time::timeout(Duration::from_millis(1), connection.accept()).await;
}

fn request() -> Request<Body> {
    let request = Request::builder().method("POST").uri(READS).body(Body::new(Full::<Bytes>::default()));
    request.expect("a request")
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_breaks_off_is_asked_for_again() {
    let contracts = Contracts::new(DESCRIPTORS).expect("contracts");
    let (channel, mut pipes) = local("catalog", contracts);
    let server = tokio::spawn(async move {
        for whole in [false, true] {
            response_body(pipes.recv().await.expect("a connection"), whole).await;
        }
    });
    let response = channel.with_retries().oneshot(request()).await.expect("never fails");
    let body = response.into_body().collect().await.expect("a body");
    assert_eq!(body.trailers().and_then(|trailers| trailers.get(Status::GRPC_STATUS)).expect("a status"), "0");
    assert_eq!(body.to_bytes(), ANSWER);
    server.await.expect("no panic");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_stays_nothing_but_a_head() {
    let (channel, mut pipes) = local("catalog", Contracts::new(DESCRIPTORS).expect("contracts"));
    let server = tokio::spawn(async move {
        let mut connection = h2::server::handshake(pipes.recv().await.expect("a connection")).await.expect("a client");
        let (_, mut respond): (_, SendResponse<Bytes>) = connection.accept().await.expect("a call").expect("whole");
        let refusal = Response::builder().header(Status::GRPC_STATUS, "5").body(()).expect("a head");
        respond.send_response(refusal, true).expect("its caller waits");
        let _ = tokio::time::timeout(Duration::from_millis(1), connection.accept()).await;
    });
    let response = channel.oneshot(request()).await.expect("never fails");
    assert_eq!(response.headers()[Status::GRPC_STATUS], "5");
    assert!(response.body().is_end_stream());
    server.await.expect("no panic");
}
