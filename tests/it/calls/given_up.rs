//! Many give up at once, and those whose calls share their connection hear nothing of it.

use std::time::Duration;

use comanda_proto::orders::v1::GetOrderRequest;
use futures_util::future::join_all;
use harness::{Servers, Shop, trials, with_token};
use http::Request;
use libtest_mimic::Trial;
use tokio::time::timeout;

use crate::clients::{Follower, order, place};

/// On one connection to the gateway there are at most 128.
const CONNECTIONS: usize = 4;
const CALLS: usize = 100;

pub fn tests() -> Vec<Trial> {
    trials![many_who_give_up_at_once_take_nobody_with_them]
}

/// What is called does not look at them before they have given up: then it finds calls and their ends at once.
async fn many_who_give_up_at_once_take_nobody_with_them() {
    let settings = vec![("COMANDA_RETRIES", "off".to_owned())];
    let mut shop = Shop::mesh_with(&*Servers::shared().await, 1, settings).await;
    let placed = place(&shop, "Ana").await;
    let (id, token) = (order(&placed).order_id.clone(), placed.own_token.clone());
    let mut neighbour = Follower::of(&shop, &id, &token).await;
    neighbour.until(|_| true).await.expect("the order as it is");
    let look = |seconds| {
        let mut look = with_token(GetOrderRequest { order_id: id.clone() }, &token);
        look.set_timeout(Duration::from_secs(seconds));
        look
    };
    for _ in 0..3 {
        shop.orders[0].pause();
        let channels = (0..CONNECTIONS).map(|_| shop.gateway.orders()).collect::<Vec<_>>();
        let calls = channels.iter().flat_map(|channel| {
            (0..CALLS).map(|_| {
                let (mut channel, look) = (channel.clone(), look(1));
                async move { channel.get_order(look).await }
            })
        });
        let (mut calm, patient) = (shop.gateway.orders(), look(20));
        let waiting = tokio::spawn(async move { calm.get_order(patient).await });
        let given_up = join_all(calls).await;
        assert!(given_up.iter().all(Result::is_err), "whoever is frozen answers nobody");
        // The gateway goes on meanwhile, so it has passed on that they gave up.
        for _ in 0..3 {
            shop.gateway.http(Request::get("/cardapio"), "").await;
        }
        shop.orders[0].resume();
        // Four hundred at once may be too many for Orders' database, which it says; the connection is another matter.
        if let Err(status) = waiting.await.expect("no panic") {
            assert!(status.message().starts_with("database does not answer"), "a neighbour's call is lost: {status:?}");
        }
    }
    let ended = timeout(Duration::from_secs(3), neighbour.until(|_| false)).await;
    assert!(ended.is_err(), "a neighbour's stream does not end");
}
