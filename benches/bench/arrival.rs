//! From "accepted" to the tablet, orders that come alone, beside what the same servers need for the same by themselves: a
//! message published to a durable queue, confirmed, consumed, and one commit.

use harness::{Role, Servers, Shop, with_token};

use super::{
    Effort,
    customers::{Door, at_rest},
    load::{histogram, record},
    peer::Peer,
    report::{Goal, Row},
};
use comanda_proto::{
    kitchen::v1::{WatchTicketsRequest, WatchTicketsResponse, watch_tickets_response::News},
    orders::v1::Order,
};
use hdrhistogram::Histogram;
use prost::Message;
use std::time::{Duration, Instant};
use tokio::time::sleep;
use tonic::Streaming;

const DEADLINE: Duration = Duration::from_secs(10);
/// Between two: an order that follows another at once may share its message.
const PAUSE: Duration = Duration::from_millis(30);

/// Half of the orders, and the slowest in a hundred.
pub async fn rows(_: &Servers, effort: Effort) -> Vec<Row> {
    let servers = Servers::durable(2).await;
    let shop = Shop::mesh(&servers, 1).await;
    let door = Door::of(&shop, &shop.orders[0].address(), 1, DEADLINE).await;
    let ask = with_token(WatchTicketsRequest::default(), &shop.secrets.staff);
    let mut tablet = shop.kitchen[0].kitchen().watch_tickets(ask).await.expect("a stream").into_inner();
    let order = door.one_order().await;
    until_shown(&mut tablet, &order).await;
    let mut peer = Peer::new(&servers, order.encode_to_vec()).await;
    let database = shop.database(Role::Orders).await;
    let (mut half, mut tail) = (Vec::new(), Vec::new());
    for _ in 0..effort.pairs {
        at_rest(&database).await;
        let ours = ours(&door, &mut tablet, effort.time).await;
        let theirs = peer.run(effort.time, PAUSE).await;
        let pair = |quantile| (ours.value_at_quantile(quantile) as f64, theirs.value_at_quantile(quantile) as f64);
        half.push(pair(0.5));
        tail.push(pair(0.99));
    }
    let peer = "lapin: publish, confirm, consume, one commit";
    vec![
        Row::of(("accepted → on the tablet: p50", peer, "µs"), &half, Goal::AtMost(1.5)),
        Row::of(("accepted → on the tablet: p99", peer, "µs"), &tail, Goal::AtMost(2.0)),
    ]
}

/// From the answer to the customer until the tablet has the ticket.
async fn ours(door: &Door, tablet: &mut Streaming<WatchTicketsResponse>, time: Duration) -> Histogram<u64> {
    let (start, mut latency) = (Instant::now(), histogram());
    while start.elapsed() < time {
        let order = door.one_order().await;
        let accepted = Instant::now();
        until_shown(tablet, &order).await;
        record(&mut latency, accepted.elapsed());
        sleep(PAUSE).await;
    }
    latency
}

async fn until_shown(tablet: &mut Streaming<WatchTicketsResponse>, order: &Order) {
    loop {
        match tablet.message().await.expect("no error").expect("the board has no end").news {
            Some(News::Upsert(ticket)) if ticket.order_id == order.order_id => return,
            Some(News::Snapshot(board)) if board.tickets.iter().any(|ticket| ticket.order_id == order.order_id) => {
                return;
            }
            _ => {}
        }
    }
}
