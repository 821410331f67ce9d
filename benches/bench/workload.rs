//! One change that a thousand tablets watch: from the first that has it to the last, beside a server that writes the same
//! bytes to as many streams.

use harness::{Folder, Servers, Shop, with_token};

use super::{
    Effort,
    bare::{Bare, TELL},
    customers::Door,
    load::{call, connections},
    raw::Raw,
    report::{Goal, Row},
    streams::PATH,
};
use comanda_proto::kitchen::v1::WatchTicketsRequest;
use prost::{Message, bytes::Bytes};
use std::time::{Duration, Instant};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
};
use tonic::{Request, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel};

const CONNECTIONS: usize = 10;
const STREAMS: usize = 100;
const CHANGES: usize = 10;
const DEADLINE: Duration = Duration::from_secs(10);
/// How an upsert and a heartbeat begin.
pub const UPSERT: u8 = 0x12;
pub const HEARTBEAT: u8 = 0x22;

/// When each tablet had each change, and what it had.
struct Tablets {
    arrivals: UnboundedReceiver<(Instant, Bytes)>,
    _watching: JoinSet<()>,
}

/// The kitchen beside the bare server.
pub async fn rows(servers: &Servers, effort: Effort) -> Vec<Row> {
    let shop = Shop::mesh(servers, 1).await;
    let door = Door::of(&shop, &shop.orders[0].address(), 1, DEADLINE).await;
    let mut ours = Tablets::at(&shop.kitchen[0].address(), &shop.secrets.staff, HEARTBEAT).await;
    door.one_order().await;
    let (_, change) = ours.spread().await;
    let folder = Folder::new("bare");
    let bare = Bare::start(folder.path(), &change).await;
    let teller = connections(&bare.address, 1).await.remove(0);
    let tell = async || drop(call(teller.clone(), TELL, Request::new(Bytes::new())).await.expect("told"));
    let mut theirs = Tablets::at(&bare.address, "", UPSERT).await;
    let mut pairs = Vec::new();
    for _ in 0..effort.pairs {
        let (mut our, mut their) = (Vec::new(), Vec::new());
        for _ in 0..CHANGES {
            door.one_order().await;
            our.push(ours.spread().await.0);
            tell().await;
            their.push(theirs.spread().await.0);
        }
        let middle = |mut times: Vec<Duration>| {
            times.sort_unstable();
            times[CHANGES / 2].as_secs_f64() * 1e3
        };
        pairs.push((middle(our), middle(their)));
    }
    let names = ("one change to 1,000 tablets: first to last", "bare tonic server, same bytes", "ms");
    vec![Row::of(names, &pairs, Goal::AtMost(1.5))]
}

impl Tablets {
    /// All of them, each of which has had a message that begins so, if it is a heartbeat: then it has the board.
    async fn at(address: &str, token: &str, first: u8) -> Self {
        let (sender, mut arrivals) = unbounded_channel();
        let mut watching = JoinSet::new();
        for channel in connections(address, CONNECTIONS).await {
            for _ in 0..STREAMS {
                watching.spawn(watch(channel.clone(), token.to_owned(), first, sender.clone()));
            }
        }
        for _ in 0..CONNECTIONS * STREAMS {
            arrivals.recv().await.expect("a tablet is there");
        }
        Self { arrivals, _watching: watching }
    }

    /// From the first that has the next change to the last; and the change.
    async fn spread(&mut self) -> (Duration, Bytes) {
        let (first, change) = self.arrivals.recv().await.expect("tablets watch");
        let mut last = first;
        for _ in 1..CONNECTIONS * STREAMS {
            last = self.arrivals.recv().await.expect("tablets watch").0.max(last);
        }
        (last - first, change)
    }
}

/// Tells when it is ready, and then of each upsert.
async fn watch(channel: Channel, token: String, first: u8, arrivals: UnboundedSender<(Instant, Bytes)>) {
    let request: Bytes = WatchTicketsRequest::default().encode_to_vec().into();
    let mut client = Grpc::new(channel);
    client.ready().await.expect("a connection");
    let request: Request<Bytes> = with_token(Request::new(request), &token);
    let opened = client.server_streaming(request, PathAndQuery::from_static(PATH), Raw).await;
    let mut stream = opened.expect("a stream").into_inner();
    let mut ready = first == UPSERT;
    if ready && arrivals.send((Instant::now(), Bytes::new())).is_err() {
        return;
    }
    while let Some(message) = stream.message().await.expect("the stream goes on") {
        let told = message.first() == Some(&UPSERT) || !ready && message.first() == Some(&first);
        ready |= message.first() == Some(&first);
        if told && arrivals.send((Instant::now(), message)).is_err() {
            return;
        }
    }
}
