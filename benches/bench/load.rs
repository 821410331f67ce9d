//! Generated callers: in a closed loop, or at a rate that does not care what comes back; and a codec that leaves
//! messages as they are, so that the load costs as little as it can.

use super::raw::Raw;
use hdrhistogram::Histogram;
use prost::bytes::Bytes;
use std::time::{Duration, Instant};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use tonic::{
    Request, Status,
    client::Grpc,
    codegen::http::uri::PathAndQuery,
    transport::{Channel, Endpoint},
};

const CONNECTIONS: usize = 4;
const CALLERS: usize = 32;
/// As often as the runtime's clock ticks.
const TICK: Duration = Duration::from_millis(1);

/// What one measurement saw.
#[derive(Debug)]
pub struct Seen {
    /// Calls that were answered.
    pub calls: u64,
    /// For how long.
    pub time: Duration,
    /// Microseconds of each.
    pub latency: Histogram<u64>,
}

impl Seen {
    /// Calls per second.
    pub fn rate(&self) -> f64 {
        self.calls as f64 / self.time.as_secs_f64()
    }

    /// Microseconds that such a part of the calls did not exceed.
    pub fn quantile(&self, quantile: f64) -> f64 {
        self.latency.value_at_quantile(quantile) as f64
    }
}

/// Connections to one server.
pub async fn connections(address: &str, count: usize) -> Vec<Channel> {
    let mut channels = Vec::new();
    for _ in 0..count {
        let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address").tcp_nodelay(true);
        channels.push(endpoint.connect().await.expect("the server is there"));
    }
    channels
}

/// One unary call of a message as it is.
pub async fn call(channel: Channel, path: &'static str, request: Request<Bytes>) -> Result<Bytes, Status> {
    let mut client = Grpc::new(channel);
    client.ready().await.expect("a connection");
    client.unary(request, PathAndQuery::from_static(path), Raw).await.map(tonic::Response::into_inner)
}

/// Calls a unary RPC from many callers over few connections for a time.
pub async fn drive(address: &str, path: &'static str, request: Bytes, time: Duration) -> Seen {
    let channels = connections(address, CONNECTIONS).await;
    in_a_loop(CALLERS, time, move |caller| {
        let (channel, request) = (channels[caller % CONNECTIONS].clone(), request.clone());
        async move { drop(call(channel, path, Request::new(request)).await.expect("an answer")) }
    })
    .await
}

/// So many callers, each of whom calls again as soon as he is answered, for a time.
pub async fn in_a_loop<F>(callers: usize, time: Duration, work: impl Fn(usize) -> F + Clone + Send + 'static) -> Seen
where
    F: Future<Output = ()> + Send,
{
    let (start, mut tasks) = (Instant::now(), JoinSet::new());
    for caller in 0..callers {
        let work = work.clone();
        tasks.spawn(async move {
            let mut latency = histogram();
            while start.elapsed() < time {
                let sent = Instant::now();
                work(caller).await;
                record(&mut latency, sent.elapsed());
            }
            latency
        });
    }
    let mut latency = histogram();
    while let Some(seen) = tasks.join_next().await {
        latency.add(seen.expect("a caller")).expect("the same bounds");
    }
    Seen { calls: latency.len(), time: start.elapsed(), latency }
}

/// So many calls a second, evenly, for a time, whether or not the server keeps up. Each is told its number and when it
/// was due.
pub async fn at_a_rate<F>(rate: f64, time: Duration, work: impl Fn(usize, Instant) -> F) -> Vec<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let (start, mut tasks, mut sent) = (Instant::now(), JoinSet::new(), 0);
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    while start.elapsed() < time {
        ticks.tick().await;
        let due = (start.elapsed().min(time).as_secs_f64() * rate) as usize;
        for number in sent..due {
            tasks.spawn(work(number, start + Duration::from_secs_f64(number as f64 / rate)));
        }
        sent = due;
    }
    tasks.join_all().await
}

/// Adds one latency.
pub fn record(latency: &mut Histogram<u64>, time: Duration) {
    latency.record(u64::try_from(time.as_micros()).expect("a short time")).expect("within bounds");
}

/// Microseconds up to a minute, three digits.
pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).expect("sound bounds")
}
