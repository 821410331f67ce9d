//! RabbitMQ has its moods short of dying: it takes no messages, it lacks a binding, one node of its cluster is lost. Orders
//! are taken all the same, and none is lost.

use comanda_proto::r#type::v1::OrderState;
use harness::{Mode, Proxy, RabbitCluster, Servers, Shop, eventually, queues, trials};
use libtest_mimic::Trial;

use crate::clients::{Tablet, order, place};

const KITCHEN: &str = "kitchen.orders.0";

pub fn tests() -> Vec<Trial> {
    trials![
        while_its_memory_is_full_orders_are_taken,
        an_unbound_queue_loses_nothing,
        the_leader_of_the_queue_is_lost,
        a_node_out_of_reach_makes_way_for_the_next,
    ]
}

async fn while_its_memory_is_full_orders_are_taken() {
    let servers = Servers::private().await;
    let shop = Shop::mesh(&servers, 2).await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    placed_and_received(&shop, &mut tablet).await;

    servers.rabbitmq.memory_alarm(true).await;
    let mut placed = Vec::new();
    for _ in 0..5 {
        placed.push(order(&place(&shop, "Bia").await).order_id.clone());
    }
    assert_eq!(tablet.heartbeat().await, 1, "they wait in the outbox");
    servers.rabbitmq.memory_alarm(false).await;
    for id in &placed {
        tablet.until_state(id, OrderState::Received).await;
    }
}

async fn an_unbound_queue_loses_nothing() {
    let servers = Servers::shared().await;
    let broker = servers.rabbitmq.virtual_host();
    // The audit must not bring back what was taken for confirmed.
    let alone = ("COMANDA_AUDIT_AFTER_SECONDS", "600".to_owned());
    let mut shop = Shop::mesh_with(&servers, 1, vec![("COMANDA_BROKER_URL", broker.clone()), alone]).await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    placed_and_received(&shop, &mut tablet).await;

    queues::unbind(&broker, KITCHEN).await.expect("unbound");
    let lost = order(&place(&shop, "Bia").await).order_id.clone();
    assert_eq!(tablet.heartbeat().await, 1, "it has nowhere to go");
    queues::bind(&broker, KITCHEN).await.expect("bound");
    tablet.until_state(&lost, OrderState::Received).await;

    // Without a reader, messages wait in the queue.
    shop.kitchen[0].kill();
    for _ in 0..2 {
        place(&shop, "Caio").await;
    }
    eventually("two wait", async || queues::depth(&broker, KITCHEN).await.is_ok_and(|depth| depth == 2)).await;
    shop.kitchen[0].start().await;
    eventually("none waits", async || queues::depth(&broker, KITCHEN).await.is_ok_and(|depth| depth == 0)).await;
}

async fn the_leader_of_the_queue_is_lost() {
    let (mut cluster, servers) = tokio::join!(RabbitCluster::new(), Servers::shared());
    let broker = cluster.virtual_host();
    let shop = Shop::mesh_with(&servers, 1, vec![("COMANDA_BROKER_URL", broker.clone())]).await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    placed_and_received(&shop, &mut tablet).await;

    let leader = cluster.leader_of(&broker, KITCHEN).await;
    cluster.kill(leader).await;
    placed_and_received(&shop, &mut tablet).await;
    assert_ne!(cluster.leader_of(&broker, KITCHEN).await, leader);

    cluster.start(leader).await;
    placed_and_received(&shop, &mut tablet).await;
    assert_eq!(tablet.heartbeat().await, 3);
}

/// The way to one node swallows everything, so that only an answer that does not come tells.
async fn a_node_out_of_reach_makes_way_for_the_next() {
    let (cluster, servers) = tokio::join!(RabbitCluster::new(), Servers::shared());
    let mut nodes = cluster.addresses();
    let way = Proxy::to(&nodes[0]);
    nodes[0] = way.address();
    let broker = vec![("COMANDA_BROKER_URL", cluster.virtual_host_by(&nodes))];
    let mut shop = Shop::mesh_with(&servers, 1, broker).await;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    placed_and_received(&shop, &mut tablet).await;

    // The kitchen has to notice; Orders starts anew and never reaches the first in the list.
    way.set(Mode::Blackhole);
    shop.orders[0].kill();
    shop.orders[0].start().await;
    placed_and_received(&shop, &mut tablet).await;
    assert!(shop.orders[0].log().contains(&format!("{}: RabbitMQ does not answer", way.address())), "it was tried");
}

async fn placed_and_received(shop: &Shop, tablet: &mut Tablet) {
    let placed = place(shop, "Ana").await;
    tablet.until_state(&order(&placed).order_id, OrderState::Received).await;
}
