//! A private RabbitMQ server with its own epmd: data in a temporary folder, free ports, one virtual host for each who
//! asks.

pub mod cluster;
mod node;
pub mod queues;

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use self::node::{Epmd, Node};
use super::{certificates::Certificates, folder::Folder};

/// One server; stopped and its data removed when dropped.
pub struct RabbitMq {
    node: Node,
    epmd: Epmd,
    hosts: VirtualHosts,
    folder: Folder,
}

impl RabbitMq {
    /// Starts a server with so many virtual hosts to hand out. Each costs some 30 ms now; adding one later would cost a
    /// second of command-line tool.
    /// With certificates, it refuses plaintext.
    pub async fn with(virtual_hosts: usize, tls: Option<&Certificates>) -> Self {
        let folder = Folder::new("rabbitmq");
        if let Some(tls) = tls {
            tls.give(&folder, None);
        }
        let (epmd, hosts) = (Epmd::start(&folder), VirtualHosts::new(virtual_hosts));
        let mut node = Node::start("it", &folder, &epmd, &hosts.definitions(), &[]);
        node.until_ready().await;
        Self { node, epmd, hosts, folder }
    }

    /// Stops it at once, as a crash would, but not within the half second in which a crash loses new quorum queues.
    pub async fn kill(&mut self) {
        self.node.kill().await;
    }

    /// Starts it again after [`Self::kill`], on the same port and data.
    pub async fn start(&mut self) {
        self.node.start_again(&self.folder, &self.epmd);
        self.node.until_ready().await;
    }

    /// Starts it again with other certificates, as [`Self::start`] after [`Self::kill`].
    pub async fn start_again_with(&mut self, tls: &Certificates) {
        self.kill().await;
        tls.give(&self.folder, None);
        self.start().await;
    }

    /// Freezes it: connections stay open, nothing answers.
    pub fn pause(&mut self) {
        self.node.pause();
    }

    /// Ends [`Self::pause`].
    pub fn resume(&mut self) {
        self.node.resume();
    }

    /// Makes it take no message, as if its memory were full, or take them again; returns when that is so.
    pub async fn memory_alarm(&self, on: bool) {
        self.node.memory_alarm(on, &self.epmd).await;
    }

    /// What the user of this URL may configure, write and read in its virtual host, as regular expressions.
    pub async fn permit(&self, url: &str, [configure, write, read]: [&str; 3]) {
        let (_, host) = url.rsplit_once('/').expect("a URL with a virtual host");
        let arguments = ["guest", host, configure, write, read, "tests"].map(|text| format!("<<\"{text}\">>"));
        let script = self.folder.join("permit");
        let call = format!("rabbit_auth_backend_internal:set_permissions({}).", arguments.join(","));
        std::fs::write(&script, call).expect("the folder is ours");
        // The tool itself knows no binaries.
        let call = format!("file eval ['{}']", script.display());
        let done = self.node.ask(&self.epmd, &call).await.expect("the node is up");
        assert_eq!(done.trim(), "ok");
    }

    /// The same as if its disk were full.
    pub async fn disk_alarm(&self, on: bool) {
        self.node.disk_alarm(on, &self.epmd).await;
    }

    /// The URL of a virtual host that nobody else uses.
    pub fn virtual_host(&self) -> String {
        self.hosts.next(self.node.scheme(), &self.node.address())
    }

    /// All of its processes.
    pub fn pids(&self) -> Vec<u32> {
        [self.node.pids(), self.epmd.pids()].concat()
    }
}

/// The virtual hosts of a server or cluster.
struct VirtualHosts {
    number: usize,
    handed_out: AtomicUsize,
}

impl VirtualHosts {
    fn new(number: usize) -> Self {
        Self { number, handed_out: AtomicUsize::new(0) }
    }

    /// The URL of the next, at this address.
    fn next(&self, scheme: &str, address: &str) -> String {
        let number = self.handed_out.fetch_add(1, Ordering::Relaxed);
        assert!(number < self.number, "all {} virtual hosts are taken; raise the number", self.number);
        format!("{scheme}://guest:guest@{address}/{}", Self::name(number))
    }

    fn name(number: usize) -> String {
        format!("test-{number}")
    }

    /// Definitions replace the usual user `guest` and virtual host `/`.
    fn definitions(&self) -> Value {
        let hosts: Vec<String> = (0..self.number).map(Self::name).collect();
        let may_all = |host| json!({"user": "guest", "vhost": host, "configure": ".*", "write": ".*", "read": ".*"});
        json!({
            "users": [{"name": "guest", "password": "guest", "tags": "administrator"}],
            "vhosts": hosts.iter().map(|host| json!({"name": host})).collect::<Vec<_>>(),
            "permissions": hosts.iter().map(may_all).collect::<Vec<_>>(),
        })
    }
}
