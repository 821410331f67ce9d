//! Connections of a server as those at the other end find them, in a time that passes by itself.

use super::*;
use axum::routing::get;
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use hyper::client::conn::http2;
use prost::bytes::Bytes;
use std::num::NonZeroUsize;
use tokio::{io::DuplexStream, task::JoinHandle, time::Instant};

const IDLE: Duration = Duration::from_secs(60);
const OLD: Duration = Duration::from_secs(600);

/// Answers `/` with a word, `/much` with more than anybody's window, and `/quiet` with a word and silence.
fn app() -> Router {
    let word = || async { "um café" };
    let much = || async { axum::body::Body::new(Full::new(Bytes::from(vec![b'x'; 1024 * 1024]))) };
    let quiet = || async {
        let first =
            futures_util::stream::once(async { Ok::<_, std::io::Error>(http_body::Frame::data("um café".into())) });
        let news = futures_util::StreamExt::chain(
            first,
            futures_util::stream::pending::<Result<http_body::Frame<Bytes>, _>>(),
        );
        axum::body::Body::new(StreamBody::new(news))
    };
    Router::new().route("/", get(word)).route("/much", get(much)).route("/quiet", get(quiet))
}

/// A connection whose client has this window for each answer; what serves it, and what carries it at the other end.
async fn connected(callers: &Callers, window: u32) -> (http2::SendRequest<Empty<Bytes>>, JoinHandle<()>) {
    let (near, far): (DuplexStream, _) = tokio::io::duplex(64 * 1024);
    let limits = Limits { max_age: OLD, max_idle: IDLE, ..Limits::default() };
    let serving = Connections::new(app(), callers, limits).serve(Accepted::Local(far), CancellationToken::new());
    let serving = tokio::spawn(serving);
    let mut builder = http2::Builder::new(TokioExecutor::new());
    let (client, connection) = builder
        .initial_stream_window_size(window)
        .handshake::<_, Empty<Bytes>>(TokioIo::new(near))
        .await
        .expect("a connection");
    tokio::spawn(connection);
    (client, serving)
}

fn anybody() -> Callers {
    Callers::Anybody(PerAddress { most: NonZeroUsize::new(10), for_many: Arc::new(|_| false) })
}

async fn ask(client: &mut http2::SendRequest<Empty<Bytes>>, path: &str) -> Response<Body> {
    let request = Request::get(format!("http://comanda{path}")).body(Empty::new()).expect("a request");
    client.ready().await.expect("it is open");
    client.send_request(request).await.expect("an answer")
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_nothing_is_let_go_unless_it_is_a_role() {
    let (mut client, serving) = connected(&anybody(), 65_535).await;
    for _ in 0..5 {
        sleep(IDLE / 2).await;
        ask(&mut client, "/").await.into_body().collect().await.expect("a word");
    }
    let began = Instant::now();
    serving.await.expect("no panic");
    assert!((IDLE..IDLE * 2).contains(&began.elapsed()), "{:?}", began.elapsed());

    let (_client, serving) = connected(&Callers::Roles, 65_535).await;
    let began = Instant::now();
    serving.await.expect("no panic");
    assert!(began.elapsed() >= OLD, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_quiet_stream_is_no_idle_connection() {
    let (mut client, serving) = connected(&anybody(), 65_535).await;
    let mut stream = ask(&mut client, "/quiet").await.into_body();
    stream.frame().await.expect("a frame").expect("no error");
    let began = Instant::now();
    let next = tokio::time::timeout(OLD - IDLE, stream.frame()).await;
    assert!(next.is_err() && !serving.is_finished(), "after {:?}: {next:?}", began.elapsed());
}

/// Whoever keeps a connection busy by pings alone, too.
#[tokio::test(start_paused = true)]
async fn an_answer_that_is_not_read_ends_the_connection_whatever_is_left_of_it() {
    for (callers, path, longest) in
        [(anybody(), "/quiet", IDLE * 3), (anybody(), "/much", IDLE * 4), (Callers::Roles, "/much", OLD * 3)]
    {
        let window = if path == "/quiet" { 0 } else { 65_535 };
        let (mut client, serving) = connected(&callers, window).await;
        let _unread = ask(&mut client, path).await;
        let ended = tokio::time::timeout(longest, serving).await;
        ended.unwrap_or_else(|_| panic!("{path} is kept for ever")).expect("no panic");
    }
}
