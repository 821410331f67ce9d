//! The network between processes and servers breaks as a test tells it to, and in no other way. And one thing that only
//! such a network shows: an answer that is lost is not an order that is lost.

use std::{io::ErrorKind, time::Duration};

use futures_util::future::join_all;
use harness::{Mode, Proxy, Servers, Settings, Shop, eventually, trials};
use libtest_mimic::Trial;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, timeout},
};
use tonic::Code;

use crate::clients::{Follower, Tablet, Tap, order, place, simple_order, tap};

/// Long enough for bytes that are not held back, on loopback.
const A_MOMENT: Duration = Duration::from_millis(300);

pub fn tests() -> Vec<Trial> {
    trials![
        a_proxy_passes_and_cuts,
        a_partition_heals,
        a_slow_network_keeps_the_order,
        an_answer_is_kept_back,
        the_next_target_takes_over,
        every_hop_has_a_proxy,
        a_lost_commit_is_settled_by_its_key,
        a_slow_database_never_shows_an_old_board,
    ]
}

async fn a_proxy_passes_and_cuts() {
    let proxy = Proxy::to(&echo().await);
    let mut client = dial(&proxy).await;
    assert_eq!(say(&mut client, b"um").await.unwrap(), b"um");
    client.shutdown().await.unwrap();
    assert_eq!(client.read(&mut [0]).await.unwrap(), 0, "an end is passed on");

    let mut open = dial(&proxy).await;
    assert_eq!(say(&mut open, b"dois").await.unwrap(), b"dois");
    proxy.set(Mode::Cut);
    assert_eq!(open.read(&mut [0]).await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    let new = async { TcpStream::connect(proxy.address()).await?.read(&mut [0]).await };
    assert_eq!(new.await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    proxy.set(Mode::Pass);
    let mut open = dial(&proxy).await;
    assert_eq!(say(&mut open, b"tres").await.unwrap(), b"tres");

    // One that is over before anybody looked cuts all the same.
    proxy.set(Mode::Cut);
    proxy.set(Mode::Pass);
    assert_eq!(open.read(&mut [0]).await.unwrap_err().kind(), ErrorKind::ConnectionReset);

    let mut open = dial(&proxy).await;
    assert_eq!(say(&mut open, b"four").await.unwrap(), b"four");
    let address = proxy.address();
    drop(proxy);
    assert!(!matches!(open.read(&mut [0]).await, Ok(1..)), "a dropped proxy closes");
    eventually("nobody listens any more", async || TcpStream::connect(&address).await.is_err()).await;
}

async fn a_partition_heals() {
    let proxy = Proxy::to(&echo().await);
    let mut old = dial(&proxy).await;
    assert_eq!(say(&mut old, b"um").await.unwrap(), b"um");
    proxy.set(Mode::Blackhole);
    let mut new = dial(&proxy).await;
    timeout(A_MOMENT, say(&mut old, b"dois")).await.expect_err("nothing arrives");
    timeout(A_MOMENT, say(&mut new, b"tres")).await.expect_err("nothing arrives");
    proxy.set(Mode::Pass);
    let mut late = [0; 4];
    old.read_exact(&mut late).await.unwrap();
    assert_eq!(&late, b"dois", "what was under way arrives");
    new.read_exact(&mut late).await.unwrap();
    assert_eq!(&late, b"tres");
}

async fn a_slow_network_keeps_the_order() {
    let proxy = Proxy::to(&echo().await);
    let mut client = dial(&proxy).await;
    assert_eq!(say(&mut client, b"um").await.unwrap(), b"um");

    // Late twice, there and back; but chunks follow each other as closely as they were sent.
    proxy.set(Mode::Delay(Duration::from_millis(200)));
    let sent = Instant::now();
    for chunk in [b"ab", b"cd", b"ef", b"gh"] {
        client.write_all(chunk).await.unwrap();
        tokio::task::yield_now().await;
    }
    let mut all = [0; 8];
    client.read_exact(&mut all).await.unwrap();
    assert_eq!(&all, b"abcdefgh");
    let late = sent.elapsed();
    assert!(late >= Duration::from_millis(400), "{late:?}");

    proxy.set(Mode::Throttle(10_000));
    let sent = Instant::now();
    assert_eq!(say(&mut client, &[7; 5_000]).await.unwrap(), [7; 5_000]);
    assert!(sent.elapsed() >= Duration::from_millis(500), "{:?}", sent.elapsed());
}

async fn an_answer_is_kept_back() {
    let proxy = Proxy::to(&echo().await);
    proxy.set(Mode::CutAfter { pattern: b"COMMIT", times: 2 });
    let mut client = dial(&proxy).await;
    assert_eq!(say(&mut client, b"INSERT").await.unwrap(), b"INSERT");
    assert_eq!(say(&mut client, b"COMMIT").await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(proxy.cuts(), 1);

    // In pieces: each is answered, and the answer to the last is not.
    let mut client = dial(&proxy).await;
    assert_eq!(say(&mut client, b"say COM").await.unwrap(), b"say COM");
    assert_eq!(say(&mut client, b"MIT now").await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(proxy.cuts(), 2);

    let mut client = dial(&proxy).await;
    assert_eq!(say(&mut client, b"COMMIT").await.unwrap(), b"COMMIT", "only so many times");
    assert_eq!(proxy.cuts(), 2);

    proxy.set(Mode::CutFrom(b"COMMIT"));
    let mut other = dial(&proxy).await;
    assert_eq!(say(&mut other, b"INSERT").await.unwrap(), b"INSERT");
    assert_eq!(say(&mut client, b"COMMIT").await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(other.read(&mut [0]).await.unwrap_err().kind(), ErrorKind::ConnectionReset, "the others too");
    assert_eq!(proxy.cuts(), 3);
}

async fn the_next_target_takes_over() {
    let gone = Proxy::to("127.0.0.1:1");
    let refused = gone.address();
    drop(gone);
    eventually("nobody listens any more", async || TcpStream::connect(&refused).await.is_err()).await;
    let proxy = Proxy::to_any(&[refused, echo().await]);
    assert_eq!(say(&mut dial(&proxy).await, b"um").await.unwrap(), b"um");
}

async fn every_hop_has_a_proxy() {
    let (mut shop, hops) = Shop::mesh_through_proxies(&*Servers::shared().await, 2, Settings::new()).await;
    Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await.heartbeat().await;
    // The test's own connections have none, and so live on.
    let mut tablet = Tablet::watch(shop.kitchen[0].kitchen(), &shop.secrets.staff).await;
    let placed = place(&shop, "Ana").await;
    tablet.until(|board| board.get(&order(&placed).order_id).cloned()).await;
    eventually("every proxy has carried something", async || hops.all().all(|hop| hop.connections() > 0)).await;

    let request = simple_order(&shop, "Bia").await;
    hops.all().for_each(|hop| hop.set(Mode::Cut));
    let refused = shop.gateway.orders().place_order(request.clone()).await.expect_err("no hop is left");
    assert_eq!(refused.code(), Code::Unavailable, "{refused:?}");
    shop.orders[0].kill();
    hops.all().for_each(|hop| hop.set(Mode::Pass));
    // It keeps its hops: nothing comes back otherwise.
    let before = hops.orders_database.connections();
    shop.orders[0].start().await;
    assert!(hops.orders_database.connections() > before);
    let placed =
        eventually("an order is taken", async || shop.gateway.orders().place_order(request.clone()).await).await;
    tablet.until(|board| board.get(&order(placed.get_ref()).order_id).cloned()).await;
}

async fn a_lost_commit_is_settled_by_its_key() {
    let (shop, hops) = Shop::mesh_through_proxies(&*Servers::shared().await, 1, Settings::new()).await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let before = place(&shop, "Ana").await;
    tablet.until(|board| board.get(&order(&before).order_id).cloned()).await;

    // The connection is lost with the answer: Orders looks by itself.
    hops.orders_database.set(Mode::CutAfter { pattern: b"COMMIT\0", times: 1 });
    let second = shop.gateway.orders().place_order(simple_order(&shop, "Bia").await).await.expect("settled");
    assert_eq!(hops.orders_database.cuts(), 1);
    assert_eq!(order(second.get_ref()).accepted_seq, 2);

    // Nothing else may be about to commit when the line is cut.
    let mut follower = Follower::of(&shop, &order(second.get_ref()).order_id, &second.get_ref().own_token).await;
    follower.until(|order| order.ticket_time.is_some()).await.expect("the kitchen has it");

    // The database is lost with the answer: the customer has to ask again.
    let request = simple_order(&shop, "Caio").await;
    hops.orders_database.set(Mode::CutFrom(b"COMMIT\0"));
    let lost = shop.gateway.orders().place_order(request.clone()).await.expect_err("nobody knows");
    assert_eq!((lost.code(), hops.orders_database.cuts()), (Code::Unavailable, 2), "{lost:?}");
    hops.orders_database.set(Mode::Pass);
    let settled =
        eventually("the same key settles it", async || shop.gateway.orders().place_order(request.clone()).await).await;
    assert_eq!(settled.metadata().get("x-idempotent-replay").expect("it was stored"), "true");
    assert_eq!(order(settled.get_ref()).accepted_seq, 3);

    // Nobody was there to announce them; they go out all the same.
    for placed in [second.get_ref(), settled.get_ref()] {
        tablet.until(|board| board.get(&order(placed).order_id).cloned()).await;
    }
    assert_eq!(tablet.heartbeat().await, 3);
}

/// Reading the whole board takes several round trips, reading one ticket takes one. Whatever changes meanwhile, each
/// heartbeat fits what the tablet was sent before it; the tablet itself checks that.
async fn a_slow_database_never_shows_an_old_board() {
    const TAPS: [Tap; 5] = [Tap::Start, Tap::Ready, Tap::Revert, Tap::Ready, Tap::Revert];
    let (shop, hops) = Shop::mesh_through_proxies(&*Servers::shared().await, 1, Settings::new()).await;
    let mut tablet = Tablet::watch(shop.kitchen[0].kitchen(), &shop.secrets.staff).await;
    let mut ids = Vec::new();
    for _ in 0..8 {
        ids.push(order(&place(&shop, "Ana").await).order_id.clone());
    }
    tablet.until(|board| (board.len() == ids.len()).then_some(())).await;

    hops.kitchen_database.set(Mode::Delay(Duration::from_millis(40)));
    let work = join_all(ids.iter().map(async |id| {
        for (seen, step) in (1..).zip(TAPS) {
            tap(shop.kitchen[0].kitchen(), &shop.secrets.staff, step, id, seen).await.expect("done");
        }
    }));
    let all_done = 1 + TAPS.len() as i64;
    let watch = tablet.until(|board| board.values().all(|ticket| ticket.revision == all_done).then_some(()));
    tokio::join!(work, watch);
    assert_eq!(tablet.heartbeat().await, 8);
}

/// A server that says what it hears; ends with the test's runtime.
async fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = client.split();
                let _ = tokio::io::copy(&mut from, &mut to).await;
            });
        }
    });
    address
}

async fn dial(proxy: &Proxy) -> TcpStream {
    TcpStream::connect(proxy.address()).await.unwrap()
}

async fn say(client: &mut TcpStream, words: &[u8]) -> std::io::Result<Vec<u8>> {
    client.write_all(words).await?;
    let mut answer = vec![0; words.len()];
    client.read_exact(&mut answer).await?;
    Ok(answer)
}
