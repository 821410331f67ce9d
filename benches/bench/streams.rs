//! Many tablets that watch and see nothing new: what each costs in memory, at the kitchen and at the gateway.

use harness::{Servers, Shop, eventually, with_token};

use super::{
    Effort,
    load::connections,
    raw::Raw,
    report::{Goal, Row},
    usage::resident_kib,
};
use comanda_proto::kitchen::v1::WatchTicketsRequest;
use prost::{Message, bytes::Bytes};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::task::JoinSet;
use tonic::{Request, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel};

/// What tablets call.
pub const PATH: &str = "/comanda.kitchen.v1.KitchenService/WatchTickets";
const CONNECTIONS: usize = 100;
const STREAMS: usize = 100;
/// What a tablet is told at first: the board, and a heartbeat. Then it is idle.
const FIRST_MESSAGES: usize = 3;
/// What we allow ourselves, in KiB.
const ALLOWED: f64 = 20.0;

/// Memory per stream, at each in turn, in fresh processes.
pub async fn rows(servers: &Servers, effort: Effort) -> Vec<Row> {
    let mut shop = Shop::mesh(servers, 1).await;
    let (mut kitchen, mut gateway) = (Vec::new(), Vec::new());
    for _ in 0..effort.pairs.div_ceil(3) {
        let (address, pid) = (shop.gateway.address(), shop.gateway.pid());
        gateway.push((per_stream(&address, pid, &shop.secrets.staff).await, ALLOWED));
        for replica in [&mut shop.gateway, &mut shop.kitchen[0]] {
            replica.kill();
            replica.start().await;
        }
        let (address, pid) = (shop.kitchen[0].address(), shop.kitchen[0].pid());
        kitchen.push((per_stream(&address, pid, &shop.secrets.staff).await, ALLOWED));
    }
    let row = |work, pairs: &[(f64, f64)]| Row::of((work, "what is allowed", "KiB"), pairs, Goal::AtMost(1.0));
    vec![
        row("10,000 idle WatchTickets, 100 connections: kitchen's RSS per stream", &kitchen),
        row("10,000 idle WatchTickets, 100 connections: gateway's RSS per stream", &gateway),
    ]
}

/// Kibibytes that each of all the streams adds to a process.
async fn per_stream(address: &str, pid: u32, token: &str) -> f64 {
    let (settled, mut tablets) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
    // What one tablet needs, all share.
    tablets.spawn(watch(connections(address, 1).await.remove(0), token.to_owned(), settled.clone()));
    eventually("a tablet has its board", async || settled.load(Ordering::Relaxed) == 1).await;
    let before = resident_kib(pid);
    for channel in connections(address, CONNECTIONS).await {
        for _ in 0..STREAMS {
            tablets.spawn(watch(channel.clone(), token.to_owned(), settled.clone()));
        }
    }
    let all = CONNECTIONS * STREAMS;
    eventually("all tablets have their boards", async || settled.load(Ordering::Relaxed) == all + 1).await;
    let after = resident_kib(pid);
    assert!(tablets.try_join_next().is_none(), "no stream has ended");
    (after - before) / all as f64
}

/// Until it is dropped; counts itself once it has nothing more to wait for but heartbeats.
async fn watch(channel: Channel, token: String, settled: Arc<AtomicUsize>) {
    let request: Bytes = WatchTicketsRequest::default().encode_to_vec().into();
    let mut client = Grpc::new(channel);
    client.ready().await.expect("a connection");
    let request: Request<Bytes> = with_token(Request::new(request), &token);
    let opened = client.server_streaming(request, PathAndQuery::from_static(PATH), Raw).await;
    let mut stream = opened.expect("a stream").into_inner();
    let mut seen = 0;
    while stream.message().await.expect("the stream goes on").is_some() {
        seen += 1;
        if seen == FIRST_MESSAGES {
            settled.fetch_add(1, Ordering::Relaxed);
        }
    }
}
