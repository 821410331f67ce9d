//! A release rolls through every role, two replicas each, while customers order and tablets watch: no call fails that a
//! client makes once, and streams go on elsewhere.

use comanda_proto::r#type::v1::OrderState;
use libtest_mimic::Trial;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::callers::{Callers, channel_to};
use harness::{Replica, Servers, Settings, Shop, eventually, trials};

use crate::clients::{Follower, Tablet, order, place, reason};

pub fn tests() -> Vec<Trial> {
    trials![a_release_fails_no_call, whoever_watches_is_told_of_a_stop, mute_peers_hold_up_no_stop]
}

async fn a_release_fails_no_call() {
    let servers = Servers::shared().await;
    let mut shop = Shop::mesh_of_twos(&servers, Settings::new()).await;
    let mut second = shop.another_gateway().await;
    let channel = channel_to(&[&shop.gateway, &second]);
    let callers = Callers::at(&shop, &channel).await;
    for replica in shop.catalog.iter_mut().chain(&mut shop.orders).chain(&mut shop.kitchen).chain([&mut second]) {
        let status = replica.stop().expect("it stops in time");
        assert!(status.success(), "{status}");
        callers.progress().await;
        replica.start().await;
        callers.progress().await;
    }
    shop.gateway.stop().expect("it stops in time");
    callers.progress().await;
    assert_eq!(callers.stop().await, Vec::<String>::new(), "no call fails");
}

async fn whoever_watches_is_told_of_a_stop() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 2).await;
    let placed = place(&shop, "Ana").await;
    let id = order(&placed).order_id.clone();
    let second = shop.another_gateway().await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    tablet.until_state(&id, OrderState::Received).await;
    // The gateway's own stop ends streams that only pass through it.
    shop.gateway.signal("TERM");
    let status = tablet.until_refused().await;
    assert_eq!(reason(&status), "DRAINING", "{status:?}");
    shop.gateway.until_exit().await;

    let mut tablet = Tablet::watch(second.kitchen(), &shop.secrets.staff).await;
    tablet.until_state(&id, OrderState::Received).await;
    let serving = eventually("a kitchen serves the stream", async || {
        let [first, second] = [serves(&shop.kitchen[0]).await, serves(&shop.kitchen[1]).await];
        (first != second).then_some(usize::from(second))
    })
    .await;
    shop.kitchen[serving].stop().expect("it stops in time");
    let status = tablet.until_refused().await;
    assert_eq!(reason(&status), "DRAINING", "{status:?}");
    // The other one goes on.
    let mut tablet = Tablet::watch(second.kitchen(), &shop.secrets.staff).await;
    tablet.until_state(&id, OrderState::Received).await;
    let mut follower = Follower::at(&second, &id, &placed.own_token).await;
    follower.until_state(OrderState::Received).await;
}

/// Whether a tablet's stream is open there.
async fn serves(kitchen: &Replica) -> bool {
    let metrics = kitchen.metrics().await;
    metrics.lines().any(|line| line.starts_with("comanda_open_streams{rpc=\"WatchTickets\"}") && !line.ends_with(" 0"))
}

async fn mute_peers_hold_up_no_stop() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let mut mute = Vec::new();
    for replica in shop.every_replica() {
        // Says nothing; begins a greeting; begins a request.
        for said in [&b""[..], b"PRI * HTTP/2.0\r\n", b"GET / HTTP/1.1\r\nhost:"] {
            let mut stream = TcpStream::connect(replica.address()).await.expect("it listens");
            stream.write_all(said).await.expect("it listens");
            mute.push(stream);
        }
    }
    place(&shop, "Ana").await;
    for replica in shop.replicas() {
        let status = replica.stop().expect("it stops, whoever keeps silent");
        assert!(status.success(), "{status}");
        eventually("it says why it went", async || replica.log().contains("stopping")).await;
    }
}
