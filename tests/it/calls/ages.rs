//! Connections and streams grow old, so that callers find replicas that came later; nobody's call fails of it.

use comanda_proto::r#type::v1::OrderState;
use libtest_mimic::Trial;

use super::callers::{Callers, channel_to};
use harness::{Port, Proxy, Replica, Servers, Shop, eventually, trials};

use crate::clients::{Tablet, order, place, reason};

pub fn tests() -> Vec<Trial> {
    trials![connections_and_streams_are_made_anew_with_age, a_replica_that_comes_later_gets_calls]
}

async fn connections_and_streams_are_made_anew_with_age() {
    let servers = Servers::shared().await;
    let age = vec![("COMANDA_MAX_CONNECTION_AGE_SECONDS", "1".to_owned())];
    let shop = Shop::mesh_of_twos(&servers, age).await;
    let channel = channel_to(&[&shop.gateway]);
    let callers = Callers::at(&shop, &channel).await;
    let placed = place(&shop, "Ana").await;
    for _ in 0..3 {
        let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
        tablet.until_state(&order(&placed).order_id, OrderState::Received).await;
        let status = tablet.until_refused().await;
        assert_eq!(reason(&status), "DRAINING", "{status:?}");
        callers.progress().await;
    }
    assert_eq!(callers.stop().await, Vec::<String>::new(), "no call fails");
}

/// Behind one address, as a Kubernetes service without a headless one: whoever connects gets any replica, and keeps it.
async fn a_replica_that_comes_later_gets_calls() {
    let servers = Servers::shared().await;
    let age = vec![("COMANDA_MAX_CONNECTION_AGE_SECONDS", "1".to_owned())];
    let shop = Shop::mesh_with(&servers, 1, age).await;
    let later = Port::free();
    // The one that comes later is preferred as soon as it is there.
    let service = Proxy::to_any(&[later.address(), shop.catalog[0].address()]);
    let urls = vec![("COMANDA_CATALOG_URL", format!("http://{}", service.address()))];
    let port = Port::free();
    let changes = [urls, vec![("COMANDA_GATEWAY_LISTEN", port.address())]].concat();
    let mut gateway = shop.gateway.twin(port, changes);
    gateway.until_ready().await;
    let callers = Callers::at(&shop, &channel_to(&[&gateway])).await;
    let listen = vec![("COMANDA_CATALOG_LISTEN", later.address())];
    let mut second = shop.catalog[0].twin(later, listen);
    second.until_ready().await;
    let called = async |replica: &Replica| {
        let metrics = replica.metrics().await;
        metrics
            .lines()
            .any(|line| line.starts_with("rpc_server_call_duration_seconds_count") && line.contains("GetMenu\""))
    };
    eventually("the new replica is called", async || called(&second).await).await;
    assert_eq!(callers.stop().await, Vec::<String>::new(), "no call fails");
}
