//! Three nodes of RabbitMQ that form one cluster, so that a quorum queue can lose its leader and go on.

use super::{
    VirtualHosts,
    node::{Epmd, Node},
};
use crate::{eventually::eventually, folder::Folder, proxy::Proxy};

/// The fewest of which one may be lost.
const NODES: usize = 3;
/// For the shops of one test.
const VIRTUAL_HOSTS: usize = 4;

/// A cluster and a proxy that leads to the first of its nodes that accepts; stopped and removed when dropped.
pub struct RabbitCluster {
    nodes: Vec<Node>,
    epmd: Epmd,
    hosts: VirtualHosts,
    proxy: Proxy,
    folder: Folder,
}

impl RabbitCluster {
    /// Starts the nodes and waits until each sees the others.
    pub async fn new() -> Self {
        let folder = Folder::new("rabbitmq-cluster");
        let (epmd, hosts) = (Epmd::start(&folder), VirtualHosts::new(VIRTUAL_HOSTS));
        let names: Vec<String> = (1..=NODES).map(|number| format!("it{number}")).collect();
        let mut peers = vec!["cluster_formation.peer_discovery_backend = classic_config".to_owned()];
        peers.extend(
            (1..)
                .zip(&names)
                .map(|(number, name)| format!("cluster_formation.classic_config.nodes.{number} = {name}@localhost")),
        );
        let start = |name: &String| Node::start(name, &folder, &epmd, &hosts.definitions(), &peers);
        let nodes: Vec<Node> = names.iter().map(start).collect();
        let proxy = Proxy::to_any(&nodes.iter().map(Node::address).collect::<Vec<_>>());
        let mut cluster = Self { nodes, epmd, hosts, proxy, folder };
        for node in &mut cluster.nodes {
            node.until_ready().await;
        }
        for node in 0..NODES {
            cluster.until_joined(node).await;
        }
        cluster
    }

    /// The URL of a virtual host that nobody else uses, by way of the proxy.
    pub fn virtual_host(&self) -> String {
        self.hosts.next("amqp", &self.proxy.address())
    }

    /// The same by other ways: a URL for each, separated by commas.
    pub fn virtual_host_by(&self, addresses: &[String]) -> String {
        let url = self.virtual_host();
        let by = |address: &String| url.replace(&self.proxy.address(), address);
        addresses.iter().map(by).collect::<Vec<_>>().join(",")
    }

    /// Where each node listens.
    pub fn addresses(&self) -> Vec<String> {
        self.nodes.iter().map(Node::address).collect()
    }

    /// Which node leads a quorum queue of the virtual host at this URL: the one that says so of itself.
    pub async fn leader_of(&self, broker: &str, queue: &str) -> usize {
        let (_, host) = broker.rsplit_once('/').expect("a URL with a virtual host");
        let call = format!("ra_leaderboard lookup_leader ['{host}_{queue}']");
        eventually(&format!("{queue} has a leader"), async || {
            for (number, node) in self.nodes.iter().enumerate() {
                if node.ask(&self.epmd, &call).await.is_ok_and(|leader| leader.contains(&node.full_name())) {
                    return Some(number);
                }
            }
            None
        })
        .await
    }

    /// Stops a node at once, as a crash would, but not within the half second in which a crash loses new quorum queues.
    pub async fn kill(&mut self, node: usize) {
        self.nodes[node].kill().await;
    }

    /// Starts it again after [`Self::kill`] and waits until it is back among the others.
    pub async fn start(&mut self, node: usize) {
        self.nodes[node].start_again(&self.folder, &self.epmd);
        self.until_joined(node).await;
    }

    async fn until_joined(&mut self, node: usize) {
        self.nodes[node].until_ready().await;
        eventually("the node sees the cluster", async || {
            let seen = self.nodes[node].ask(&self.epmd, "mnesia system_info [running_db_nodes]").await?;
            let missing = self.nodes.iter().map(Node::full_name).find(|name| !seen.contains(name));
            missing.map_or(Ok(()), |missing| Err(format!("not {missing}")))
        })
        .await;
    }
}
