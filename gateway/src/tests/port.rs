//! The door on a real port: native gRPC over HTTP/2 and grpc-web as text over HTTP/1.1 share it, and it closes in time.

use super::*;
use crate::serve;
use base64::{Engine, engine::general_purpose::STANDARD};
use comanda_proto::orders::v1::order_service_client::OrderServiceClient;
use prost::Message;
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

struct Port {
    address: SocketAddr,
    channel: Channel,
    stop: CancellationToken,
    server: JoinHandle<Result<(), crate::ServeError>>,
}

async fn port() -> Port {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let stop = CancellationToken::new();
    let server = tokio::spawn(serve(Config::default(), links().await.0, listener::tcp(listener, None), stop.clone()));
    let channel = Endpoint::from_shared(format!("http://{address}")).expect("a good address").connect_lazy();
    Port { address, channel, stop, server }
}

impl Port {
    async fn close(self) {
        self.stop.cancel();
        drop(self.channel);
        self.server.await.expect("no panic").expect("a good end");
    }

    /// Sends a call by hand over HTTP/1.1, as curl would, and gives everything that comes back.
    async fn post(&self, path: &str, kind: &str, token: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.expect("a connection");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: {kind}\r\naccept: {kind}\r\n\
             authorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
            super::token(token),
            body.len()
        );
        stream.write_all(head.as_bytes()).await.expect("the head is sent");
        stream.write_all(body).await.expect("the body is sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

#[tokio::test]
async fn native_calls_beside_a_stream_outlast_the_limits_of_h2() {
    let port = port().await;
    let mut client = OrderServiceClient::new(port.channel.clone());
    let news = client.watch_order(watch(ID)).await.expect("a stream").into_inner();
    assert_eq!(told(news).await, (STATES.to_vec(), Ok(())));
    let open = client.watch_order(watch("endless")).await.expect("a stream");
    for call in 0..250 {
        let reply = client.get_order(as_caller("staff", get_order())).await;
        assert!(reply.is_ok(), "call {call}: {reply:?}");
    }
    drop((open, client));
    port.close().await;
}

#[tokio::test]
async fn grpc_web_as_text_is_understood_over_http_1() {
    let port = port().await;
    // GetOrderRequest { order_id: ID } behind its five bytes of frame, as base64.
    let body = "AAAAACYKJDAxOTJmMGMxLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMQ==";
    let path = "/comanda.orders.v1.OrderService/GetOrder";
    let answer = port.post(path, "application/grpc-web-text", "staff", body.as_bytes()).await;
    let (head, chunks) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let chunks = chunks.split("\r\n").skip(1).step_by(2).filter(|chunk| !chunk.is_empty());
    let decoded = chunks.flat_map(|chunk| STANDARD.decode(chunk).expect("base64")).collect::<Vec<_>>();
    let decoded = String::from_utf8_lossy(&decoded);
    assert!(decoded.contains(ID) && decoded.contains("grpc-status:0"), "{decoded}");
    let broken = port.post(path, "application/grpc-web-text", "staff", b"!!!!").await;
    assert!(broken.contains("grpc-status: 3"), "{broken}");
    port.close().await;
}

#[tokio::test]
async fn an_oversized_message_is_refused_by_name() {
    let port = port().await;
    let mut client = OrderServiceClient::new(port.channel.clone());
    let huge = GetOrderRequest { order_id: "9".repeat(200_000) };
    let status = client.get_order(as_caller("staff", huge.clone())).await.expect_err("too large");
    assert_eq!(reason(&status), (Code::InvalidArgument, "MESSAGE_TOO_LARGE".into()));
    drop(client);
    let message = huge.encode_to_vec();
    let length = u32::try_from(message.len()).expect("a short message").to_be_bytes();
    let body = [&[0], &length[..], &message].concat();
    let answer = port.post("/comanda.orders.v1.OrderService/GetOrder", "application/grpc-web", "staff", &body).await;
    assert!(answer.contains("grpc-status: 3"), "{answer}");
    port.close().await;
}

#[tokio::test]
async fn it_answers_for_itself() {
    let port = port().await;
    let mut health = HealthClient::new(port.channel.clone());
    let reply = health.check(HealthCheckRequest::default()).await.expect("an answer").into_inner();
    assert_eq!(reply.status(), ServingStatus::Serving);
    let mut reflection = ServerReflectionClient::new(port.channel.clone());
    let question = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::FileContainingSymbol("comanda.orders.v1.OrderService".into())),
    };
    let question = as_caller("staff", tokio_stream::once(question));
    let answers = reflection.server_reflection_info(question).await.expect("a stream");
    let answer = answers.into_inner().message().await.expect("an answer").and_then(|answer| answer.message_response);
    assert!(matches!(answer, Some(MessageResponse::FileDescriptorResponse(_))), "{answer:?}");
    drop((health, reflection));
    port.close().await;
}
