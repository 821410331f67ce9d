//! Callers by HTTP/1.1, each on a connection of its own, as a browser or a program has it.

use super::load::{Seen, in_a_loop};
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use prost::bytes::Bytes;
use std::{sync::Arc, time::Duration};
use tokio::{net::TcpStream, sync::Mutex};

type Connection = Arc<Mutex<SendRequest<Full<Bytes>>>>;

/// Sends what `request` makes, again and again, on so many connections for a time. Every answer must be a success.
pub async fn drive(
    address: &str,
    connections: usize,
    time: Duration,
    request: impl Fn() -> Request<Full<Bytes>> + Clone + Send + Sync + 'static,
) -> Seen {
    let mut open: Vec<Connection> = Vec::new();
    for _ in 0..connections {
        open.push(connect(address).await);
    }
    in_a_loop(connections, time, move |caller| {
        let (connection, request) = (open[caller].clone(), request());
        async move {
            let mut connection = connection.lock().await;
            connection.ready().await.expect("a connection");
            let response = connection.send_request(request).await.expect("an answer");
            let status = response.status();
            let body = response.into_body().collect().await.expect("a whole answer").to_bytes();
            assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
        }
    })
    .await
}

async fn connect(address: &str) -> Connection {
    let stream = TcpStream::connect(address).await.expect("the server is there");
    stream.set_nodelay(true).expect("a socket");
    let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("HTTP/1.1");
    tokio::spawn(connection);
    Arc::new(Mutex::new(sender))
}
