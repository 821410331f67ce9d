//! Connections that are held and not used: by one who takes all that he can get, by one who asks for nothing, and by one
//! who does not read what he asked for. Pings are answered, so nothing but what they do tells them from others.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use comanda_proto::catalog::v1::{WatchMenuRequest, catalog_service_client::CatalogServiceClient};
use libtest_mimic::Trial;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};

use super::raw::{connect, connect_from, exchange};
use harness::{Replica, Settings, Shop, eventually, trials, within};

/// More than a process may have open by the limit that most shells give.
const MANY: usize = 1_100;
const LIMIT: &str = "1024";
const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const PING: u8 = 6;
const ACKNOWLEDGED: u8 = 1;

pub fn tests() -> Vec<Trial> {
    trials![
        connections_of_one_lock_nobody_out,
        who_asks_for_nothing_is_let_go_and_a_quiet_stream_is_not,
        an_answer_that_nobody_reads_is_not_kept_for_ever,
        a_peer_that_reads_nothing_at_all_is_let_go,
    ]
}

fn caller(last: u8) -> IpAddr {
    Ipv4Addr::new(127, 0, 0, last).into()
}

async fn shop(settings: &[(&'static str, &str)]) -> Shop {
    let settings = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect::<Settings>();
    Shop::embedded_with(settings).await
}

/// Speaks HTTP/2 and answers pings, until the other end has enough of it.
async fn idle(mut stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(GREETING).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
        stream.read_exact(&mut payload).await?;
        if head[3] == PING && head[4] & ACKNOWLEDGED == 0 {
            head[4] = ACKNOWLEDGED;
            stream.write_all(&[&head[..], &payload].concat()).await?;
        }
    }
}

async fn menu_from(address: IpAddr, gateway: &Replica) -> String {
    let request = b"GET /cardapio HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    exchange(connect_from(address, gateway).await, request).await
}

async fn connections_of_one_lock_nobody_out() {
    rlimit::increase_nofile_limit(u64::MAX).expect("this test holds as many");
    let shop = shop(&[("COMANDA_RATE_LIMIT", "100/500"), ("TEST_OPEN_FILES", LIMIT)]).await;
    let (mut held, ended) = (JoinSet::new(), Arc::new(AtomicUsize::new(0)));
    for _ in 0..MANY {
        let (stream, ended) = (connect_from(caller(2), &shop.gateway).await, ended.clone());
        held.spawn(async move {
            let _ = idle(stream).await;
            ended.fetch_add(1, Ordering::Relaxed);
        });
    }
    for _ in 0..20 {
        let answer = timeout(Duration::from_secs(10), menu_from(caller(3), &shop.gateway)).await;
        assert!(answer.is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")), "others are locked out");
    }
    // A quarter of what its limit leaves room for.
    eventually("he holds his share and no more", async || MANY - ended.load(Ordering::Relaxed) <= 192).await;
    assert!(ended.load(Ordering::Relaxed) < MANY, "all were refused");
    let metrics = shop.gateway.metrics().await;
    assert!(metrics.contains("comanda_connections_refused_total{why=\"address\"}"), "{metrics}");
}

async fn who_asks_for_nothing_is_let_go_and_a_quiet_stream_is_not() {
    let shop = shop(&[("COMANDA_MAX_CONNECTION_IDLE_SECONDS", "1")]).await;
    let mut watching = shop.gateway.catalog();
    let mut news = watching.watch_menu(WatchMenuRequest::default()).await.expect("a stream").into_inner();
    news.message().await.expect("no error").expect("the first news");
    for _ in 0..2 {
        let ended = timeout(Duration::from_secs(30), idle(connect(&shop.gateway).await)).await;
        ended.expect("it is borne with for ever").expect_err("it is hung up on");
    }
    let once = exchange(connect(&shop.gateway).await, b"GET /cardapio HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(once.starts_with("HTTP/1.1 200"), "by HTTP/1.1 the same: {once:.200}");
    while let Ok(news) = timeout(Duration::from_secs(1), news.message()).await {
        news.expect("the stream goes on").expect("and does not end");
    }
}

/// Its window has no room for the first message; the connection itself moves.
async fn an_answer_that_nobody_reads_is_not_kept_for_ever() {
    let shop = shop(&[("COMANDA_MAX_CONNECTION_IDLE_SECONDS", "1")]).await;
    let channel = shop.gateway.endpoint().initial_stream_window_size(Some(0)).connect_lazy();
    let mut catalog = CatalogServiceClient::new(channel);
    let mut news = catalog.watch_menu(WatchMenuRequest::default()).await.expect("a stream").into_inner();
    let ended = "comanda_connections_ended_total{why=\"unread\"} 1";
    eventually("it is given up", async || shop.gateway.metrics().await.contains(ended)).await;
    eventually("it is cut off", async || shop.gateway.metrics().await.contains("comanda_connections_cut_total")).await;
    while let Ok(read) = news.message().await {
        read.expect("the stream breaks off");
    }
}

/// Its answers fill all that the kernel has room for.
async fn a_peer_that_reads_nothing_at_all_is_let_go() {
    let shop = shop(&[]).await;
    let mut stream = connect(&shop.gateway).await;
    let requests = b"GET /cardapio HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(2_000);
    stream.write_all(&requests).await.expect("they are small");
    let ended = "comanda_connections_ended_total{why=\"stuck\"} 1";
    let stuck = within(Duration::from_secs(120), async || shop.gateway.metrics().await.contains(ended)).await;
    assert_eq!(stuck, Ok(()), "it is kept for ever");
}
