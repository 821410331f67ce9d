//! What the gateway adds to a call: beside nginx, which hands the same calls to the same role; and what a browser's way of
//! saying them adds to that.

use harness::{Port, Replica, Servers, Shop};

use super::{
    Effort,
    load::{Seen, connections, drive, in_a_loop},
    menu::{self, sixty_products},
    nginx::Nginx,
    report::{Goal, Row},
    usage::{self, Usage, cpu_seconds_of_all},
};
use comanda_proto::catalog::v1::GetMenuRequest;
use http_body_util::{BodyExt, Full};
use prost::{Message, bytes::Bytes};
use std::time::Duration;
use tonic::body::Body;
use tower::{Service, ServiceExt};

const CALLERS: usize = 32;

/// Native gRPC beside nginx.
pub async fn beside_nginx(servers: &Servers, effort: Effort) -> Vec<Row> {
    let shop = sixty_products(servers).await;
    let gateway = as_in_a_pod(&shop).await;
    let (direct, through_us) = (shop.catalog[0].address(), gateway.address());
    let Some(nginx) = Nginx::before(&direct).await else {
        eprintln!("  nginx is not installed");
        return Vec::new();
    };
    let (us, them) = ([gateway.pid()], nginx.pids());
    let ask: Bytes = GetMenuRequest::default().encode_to_vec().into();
    let (mut added, mut lone, mut busy, mut rate) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for address in [&through_us, &nginx.address()] {
        drive(address, menu::PATH, ask.clone(), effort.time).await;
    }
    for _ in 0..effort.pairs {
        let one = async |address: &str, pids: &[u32]| {
            let before = Usage::of(pids);
            let seen = alone(address, NATIVE, effort.time / 2).await;
            (seen.quantile(0.5), before.each_since(pids, seen.calls))
        };
        let (ours, least) = (one(&through_us, &us).await, one(&direct, &[]).await);
        let theirs = one(&nginx.address(), &them).await;
        added.push((ours.0 - least.0, theirs.0 - least.0));
        lone.push((ours.1, theirs.1));
        let many = async |address: &str, pids: &[u32]| {
            let before = Usage::of(pids);
            let seen = drive(address, menu::PATH, ask.clone(), effort.time).await;
            (seen.rate(), before.each_since(pids, seen.calls))
        };
        let (ours, theirs) = (many(&through_us, &us).await, many(&nginx.address(), &them).await);
        rate.push((ours.0, theirs.0));
        busy.push((ours.1, theirs.1));
    }
    let peer = "nginx grpc_pass, upstream keepalive";
    let row = |work, unit, pairs: &[(f64, f64)], goal| Row::of((work, peer, unit), pairs, goal);
    let mut rows =
        vec![row("gateway, one worker, GetMenu: latency added, 1 caller, p50", "µs", &added, Goal::AtMost(1.0))];
    rows.extend(usage::rows(("gateway, one worker, GetMenu: CPU per call, 1 caller", peer), &lone, Goal::None));
    rows.extend(usage::rows(("gateway, one worker, GetMenu: CPU per call", peer), &busy, Goal::AtMost(1.0)));
    rows.push(row("gateway, one worker, GetMenu: throughput, 32 callers", "/s", &rate, Goal::None));
    rows
}

/// Another gateway, with one worker, as the manifests have it and as nginx has here.
async fn as_in_a_pod(shop: &Shop) -> Replica {
    let port = Port::free();
    let changes = vec![("COMANDA_GATEWAY_LISTEN", port.address()), ("TOKIO_WORKER_THREADS", "1".to_owned())];
    let mut gateway = shop.gateway.twin(port, changes);
    gateway.until_ready().await;
    gateway
}

/// grpc-web beside native gRPC, both over HTTP/2 by the same client.
pub async fn by_grpc_web(servers: &Servers, effort: Effort) -> Vec<Row> {
    let shop = sixty_products(servers).await;
    let gateway = as_in_a_pod(&shop).await;
    let (address, pids) = (gateway.address(), [gateway.pid()]);
    let (mut half, mut cpu) = (Vec::new(), Vec::new());
    alone(&address, WEB, effort.time).await;
    for _ in 0..effort.pairs {
        let one = async |kind| alone(&address, kind, effort.time / 2).await.quantile(0.5);
        half.push((one(WEB).await, one(NATIVE).await));
        let many = async |kind| {
            let before = cpu_seconds_of_all(&pids);
            let seen = callers(&address, kind, CALLERS, effort.time).await;
            (cpu_seconds_of_all(&pids) - before) * 1e6 / seen.calls as f64
        };
        cpu.push((many(WEB).await, many(NATIVE).await));
    }
    let peer = "native gRPC";
    vec![
        Row::of(("gateway, one worker, GetMenu by grpc-web: 1 caller, p50", peer, "µs"), &half, Goal::AtMost(1.2)),
        Row::of(("gateway, one worker, GetMenu by grpc-web: CPU per call", peer, "µs"), &cpu, Goal::AtMost(1.2)),
    ]
}

pub const NATIVE: &str = "application/grpc";
pub const WEB: &str = "application/grpc-web+proto";

async fn alone(address: &str, kind: &'static str, time: Duration) -> Seen {
    callers(address, kind, 1, time).await
}

async fn callers(address: &str, kind: &'static str, count: usize, time: Duration) -> Seen {
    let channels = connections(address, count.min(4)).await;
    in_a_loop(count, time, move |caller| {
        let mut channel = channels[caller % channels.len()].clone();
        async move {
            let head = http::Request::post(menu::PATH).header("content-type", kind).header("te", "trailers");
            // An empty message: no compression, no bytes.
            let request = head.body(Body::new(Full::new(Bytes::from_static(&[0; 5])))).expect("a request");
            let response = channel.ready().await.expect("a connection").call(request).await.expect("an answer");
            let reply = response.into_body().collect().await.expect("a whole answer").to_bytes();
            assert!(reply.len() > 1000, "a menu");
        }
    })
    .await
}
