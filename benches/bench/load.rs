//! Callers in a closed loop, and a codec that leaves replies as they are, so that the load costs as little as it can.

use hdrhistogram::Histogram;
use prost::bytes::{Buf, BufMut, Bytes};
use std::time::{Duration, Instant};
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    codegen::http::uri::PathAndQuery,
    transport::{Channel, Endpoint},
};

const CONNECTIONS: usize = 4;
const CALLERS: usize = 32;

/// Messages as bytes, both ways.
#[derive(Debug, Clone, Copy, Default)]
pub struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}

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
}

/// Calls a unary RPC from many callers over few connections for a time.
pub async fn drive(address: &str, path: &'static str, request: Bytes, time: Duration) -> Seen {
    let mut channels = Vec::new();
    for _ in 0..CONNECTIONS {
        let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address").tcp_nodelay(true);
        channels.push(endpoint.connect().await.expect("the server is there"));
    }
    let (start, mut callers) = (Instant::now(), tokio::task::JoinSet::new());
    for caller in 0..CALLERS {
        let (channel, request) = (channels[caller % CONNECTIONS].clone(), request.clone());
        callers.spawn(async move { one(channel, path, request, start + time).await });
    }
    let mut latency = histogram();
    while let Some(seen) = callers.join_next().await {
        latency.add(seen.expect("a caller")).expect("the same bounds");
    }
    Seen { calls: latency.len(), time: start.elapsed(), latency }
}

async fn one(channel: Channel, path: &'static str, request: Bytes, end: Instant) -> Histogram<u64> {
    let (mut client, mut latency) = (Grpc::new(channel), histogram());
    while Instant::now() < end {
        let sent = Instant::now();
        client.ready().await.expect("a connection");
        let reply = client.unary(Request::new(request.clone()), PathAndQuery::from_static(path), Raw).await;
        reply.expect("an answer");
        latency.record(u64::try_from(sent.elapsed().as_micros()).expect("a short time")).expect("within bounds");
    }
    latency
}

/// Microseconds up to a minute, three digits.
pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).expect("sound bounds")
}
