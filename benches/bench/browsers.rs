//! One change that many browsers watch through the gateway: grpc-web beside native gRPC, by the same client over HTTP/2.

use harness::{Servers, Shop};

use super::{
    Effort,
    customers::Door,
    forwarding::{NATIVE, WEB},
    load::connections,
    report::{Goal, Row},
    streams::PATH,
    usage::cpu_seconds_of_all,
    workload::{HEARTBEAT, UPSERT},
};
use http::header::AUTHORIZATION;
use http_body_util::{BodyExt, Full};
use prost::bytes::{Buf, Bytes, BytesMut};
use std::time::{Duration, Instant};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
};
use tonic::{body::Body, transport::Channel};
use tower::{Service, ServiceExt};

const CONNECTIONS: usize = 4;
const STREAMS: usize = 50;
const CHANGES: usize = 20;
const DEADLINE: Duration = Duration::from_secs(10);
/// Before each message: whether it is compressed, and its length.
const PREFIX: usize = 5;

/// The spread of a change, and the gateway's processor time for it.
pub async fn rows(servers: &Servers, effort: Effort) -> Vec<Row> {
    let shop = Shop::mesh(servers, 1).await;
    let door = Door::of(&shop, &shop.orders[0].address(), 1, DEADLINE).await;
    let (mut spread, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..effort.pairs {
        let (web, native) = (told(&shop, &door, WEB).await, told(&shop, &door, NATIVE).await);
        spread.push((web.0, native.0));
        cpu.push((web.1, native.1));
    }
    let peer = "native gRPC";
    vec![
        Row::of(("one change to 200 browsers by grpc-web: first to last", peer, "ms"), &spread, Goal::AtMost(1.2)),
        Row::of(("the same: the gateway's CPU per browser", peer, "µs"), &cpu, Goal::AtMost(1.2)),
    ]
}

/// The median over some changes from the first browser to the last, and microseconds of the gateway for each.
async fn told(shop: &Shop, door: &Door, kind: &'static str) -> (f64, f64) {
    let (sender, mut arrivals) = unbounded_channel();
    let mut watching = JoinSet::new();
    for channel in connections(&shop.gateway.address(), CONNECTIONS).await {
        for _ in 0..STREAMS {
            watching.spawn(watch(channel.clone(), shop.secrets.staff.clone(), kind, sender.clone()));
        }
    }
    all(&mut arrivals).await;
    let pids = [shop.gateway.pid()];
    let (before, mut times) = (cpu_seconds_of_all(&pids), Vec::new());
    for _ in 0..CHANGES {
        door.one_order().await;
        let (first, last) = all(&mut arrivals).await;
        times.push((last - first).as_secs_f64() * 1e3);
    }
    let cpu = (cpu_seconds_of_all(&pids) - before) * 1e6 / (CHANGES * CONNECTIONS * STREAMS) as f64;
    times.sort_unstable_by(f64::total_cmp);
    (times[CHANGES / 2], cpu)
}

/// Once every browser has had something: when the first had, and the last.
async fn all(arrivals: &mut UnboundedReceiver<Instant>) -> (Instant, Instant) {
    let first = arrivals.recv().await.expect("browsers watch");
    let mut last = first;
    for _ in 1..CONNECTIONS * STREAMS {
        last = arrivals.recv().await.expect("browsers watch").max(last);
    }
    (first, last)
}

/// Tells when it has the board, and then of each upsert.
async fn watch(mut channel: Channel, token: String, kind: &'static str, arrivals: UnboundedSender<Instant>) {
    let head = http::Request::post(PATH).header("content-type", kind).header("te", "trailers");
    let head = head.header(AUTHORIZATION, format!("Bearer {token}"));
    let request = head.body(Body::new(Full::new(Bytes::from_static(&[0; PREFIX])))).expect("a request");
    let response = channel.ready().await.expect("a connection").call(request).await.expect("a stream");
    let (mut body, mut bytes, mut ready) = (response.into_body(), BytesMut::new(), false);
    while let Some(Ok(frame)) = body.frame().await {
        bytes.extend_from_slice(&frame.into_data().unwrap_or_default());
        while let Some(kind) = next(&mut bytes) {
            let told = if ready { kind == UPSERT } else { kind == HEARTBEAT };
            ready |= told;
            if told && arrivals.send(Instant::now()).is_err() {
                return;
            }
        }
    }
}

/// Takes the next whole message, if there is one; how it begins.
fn next(bytes: &mut BytesMut) -> Option<u8> {
    let length = bytes.get(1..PREFIX)?.try_into().map(u32::from_be_bytes).ok()? as usize;
    let kind = bytes.get(PREFIX..PREFIX + length)?.first().copied().unwrap_or(0);
    bytes.advance(PREFIX + length);
    Some(kind)
}
