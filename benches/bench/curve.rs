//! Latency against load: menus at ever higher rates that do not wait for answers, beside the bare server. No row, a
//! picture.

use harness::{Folder, Servers};

use super::{
    Effort,
    bare::Bare,
    load::{at_a_rate, call, connections, drive, histogram, record},
    menu::{self, sixty_products},
    plot::{self, Line},
    report::Row,
};
use comanda_proto::catalog::v1::GetMenuRequest;
use prost::{Message, bytes::Bytes};
use std::time::{Duration, Instant};
use tonic::{Request, transport::Channel};

const CONNECTIONS: usize = 8;
/// Parts of what Catalog does in a closed loop.
const LOADS: [f64; 7] = [0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9];

/// Writes `target/bench/latency.svg`.
pub async fn rows(servers: &Servers, effort: Effort) -> Vec<Row> {
    let shop = sixty_products(servers).await;
    let reply = shop.catalog[0].catalog().get_menu(GetMenuRequest::default()).await.expect("a menu").into_inner();
    let folder = Folder::new("bare");
    let bare = Bare::start(folder.path(), &reply.encode_to_vec()).await;
    let ask: Bytes = GetMenuRequest::default().encode_to_vec().into();
    let peak = drive(&shop.catalog[0].address(), menu::PATH, ask, effort.time).await.rate();
    let names = [["GetMenu, p50", "GetMenu, p99"], ["bare tonic server, p50", "bare tonic server, p99"]];
    let mut lines = names.map(|names| names.map(|name| Line { name, points: Vec::new() }));
    let servers =
        [connections(&shop.catalog[0].address(), CONNECTIONS).await, connections(&bare.address, CONNECTIONS).await];
    for load in LOADS {
        for (channels, [half, tail]) in servers.iter().zip(&mut lines) {
            let (middle, slow) = at(channels, peak * load, effort.time).await;
            half.points.push((peak * load, middle));
            tail.points.push((peak * load, slow));
        }
    }
    plot::keep("latency.svg", &plot::svg("GetMenu, 60 products, hit: latency against load", lines.as_flattened()));
    Vec::new()
}

/// Microseconds of the middle, and of the slowest in a hundred, from when each call was due.
async fn at(channels: &[Channel], rate: f64, time: Duration) -> (f64, f64) {
    let ask: Bytes = GetMenuRequest::default().encode_to_vec().into();
    let times = at_a_rate(rate, time, |caller, due: Instant| {
        let (channel, ask) = (channels[caller % channels.len()].clone(), ask.clone());
        async move {
            // Who is refused has not waited.
            call(channel, menu::PATH, Request::new(ask)).await.ok().map(|_| due.elapsed())
        }
    });
    let mut latency = histogram();
    times.await.into_iter().flatten().for_each(|time| record(&mut latency, time));
    (latency.value_at_quantile(0.5) as f64, latency.value_at_quantile(0.99) as f64)
}
