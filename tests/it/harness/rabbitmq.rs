//! A private RabbitMQ server with its own epmd: data in a temporary folder, free ports, one virtual host for each who
//! asks.

use std::{
    fs,
    io::{self, Read, Write},
    net::TcpStream,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use serde_json::{Value, json};

use super::{
    eventually::eventually,
    folder::Folder,
    port::Port,
    process::{Process, command},
};

/// Debian's own wrapper in /usr/sbin switches users; this is what it calls.
const SERVER: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/// Nodes have names; its own epmd keeps ours apart from others of the same name.
const NODE: &str = "it@localhost";

/// One server; stopped and its data removed when dropped.
pub struct RabbitMq {
    node: Process,
    epmd: Process,
    ports: Ports,
    virtual_hosts: usize,
    handed_out: AtomicUsize,
    folder: Folder,
}

struct Ports {
    amqp: Port,
    distribution: Port,
    epmd: Port,
}

impl RabbitMq {
    /// Starts a server with so many virtual hosts to hand out. Each costs some 30 ms now; adding one later would cost a
    /// second of command-line tool.
    pub async fn new(virtual_hosts: usize) -> Self {
        let folder = Folder::new("rabbitmq");
        let ports = Ports { amqp: Port::free(), distribution: Port::free(), epmd: Port::free() };
        let write =
            |name: &str, content: String| fs::write(folder.join(name), content).expect("the folder is writable");
        write("plugins", "[].".to_owned());
        write("definitions.json", definitions(virtual_hosts).to_string());
        write(
            "rabbitmq.conf",
            format!(
                "listeners.tcp.1 = {}\nload_definitions = {}\nlog.console = true\nlog.console.level = warning\nlog.connection.level = error\nlog.file = false\n",
                ports.amqp.address(),
                folder.join("definitions.json").display(),
            ),
        );

        let mut epmd = command("epmd");
        epmd.args(["-address", "127.0.0.1", "-port"]).arg(ports.epmd.number().to_string());
        let epmd = Process::spawn("epmd", epmd, &folder.join("epmd.log"));
        let node = Self::spawn(&folder, &ports);
        let mut server = Self { node, epmd, ports, virtual_hosts, handed_out: AtomicUsize::new(0), folder };
        server.until_ready().await;
        server
    }

    /// Stops it at once, as a crash would, but not within the half second in which a crash loses new quorum queues.
    pub async fn kill(&mut self) {
        if self.node.exited().is_none() {
            eventually("new queues are on disk", async || self.all_queues_are_registered()).await;
        }
        self.node.kill();
    }

    /// Starts it again after [`Self::kill`], on the same port and data.
    pub async fn start(&mut self) {
        self.node = Self::spawn(&self.folder, &self.ports);
        self.until_ready().await;
    }

    /// Freezes it: connections stay open, nothing answers.
    pub fn pause(&mut self) {
        self.node.pause();
    }

    /// Ends [`Self::pause`].
    pub fn resume(&mut self) {
        self.node.resume();
    }

    /// The URL of a virtual host that nobody else uses.
    pub fn virtual_host(&self) -> String {
        let number = self.handed_out.fetch_add(1, Ordering::Relaxed);
        assert!(number < self.virtual_hosts, "all {} virtual hosts are taken; raise the number", self.virtual_hosts);
        format!("amqp://guest:guest@{}/{}", self.ports.amqp.address(), virtual_host(number))
    }

    /// All of its processes.
    pub fn pids(&self) -> Vec<u32> {
        [self.node.pids(), self.epmd.pids()].concat()
    }

    fn spawn(folder: &Folder, ports: &Ports) -> Process {
        let mut server: Command = command(SERVER);
        server
            .env("HOME", folder.path())
            .env("RABBITMQ_NODENAME", NODE)
            .env("RABBITMQ_CONFIG_FILE", folder.join("rabbitmq.conf"))
            .env("RABBITMQ_CONF_ENV_FILE", folder.join("no-such-file"))
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", folder.join("plugins"))
            .env("RABBITMQ_MNESIA_BASE", folder.join("data"))
            .env("RABBITMQ_LOG_BASE", folder.path())
            .env("RABBITMQ_DIST_PORT", ports.distribution.number().to_string())
            .env("ERL_EPMD_PORT", ports.epmd.number().to_string())
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_SERVER_START_ARGS", "-start_epmd false -noinput")
            // Makes the script become the server instead of waiting for it.
            .env("RABBITMQ_ALLOW_INPUT", "true")
            // Idle schedulers sleep instead of spinning: the cores belong to the tests.
            .env(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-setcookie comanda -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
            );
        Process::spawn("rabbitmq", server, &folder.join("log"))
    }

    async fn until_ready(&mut self) {
        eventually("rabbitmq answers", async || {
            assert!(self.node.exited().is_none(), "rabbitmq has ended");
            self.greets()
        })
        .await;
    }

    /// Fails until the register of quorum queues names all that exist. RabbitMQ writes it down late, and after a crash takes
    /// a queue that it lacks for a new one without a leader. No real broker is killed so soon after its queues are made.
    fn all_queues_are_registered(&self) -> io::Result<()> {
        let queues = self.folder.join(format!("data/{NODE}/quorum/{NODE}"));
        let register = fs::read(queues.join("names.dets"))?;
        for entry in fs::read_dir(queues)? {
            let entry = entry?;
            let id = entry.file_name().into_encoded_bytes();
            if entry.path().is_dir() && !register.windows(id.len()).any(|window| window == id) {
                return Err(io::Error::other(format!("{entry:?} is not registered")));
            }
        }
        Ok(())
    }

    /// Fails until the server answers the protocol's greeting; its listener is the last that starts.
    fn greets(&self) -> io::Result<()> {
        let mut connection = TcpStream::connect(self.ports.amqp.address())?;
        connection.set_read_timeout(Some(Duration::from_secs(1)))?;
        connection.write_all(b"AMQP\x00\x00\x09\x01")?;
        connection.read_exact(&mut [0])
    }
}

fn virtual_host(number: usize) -> String {
    format!("test-{number}")
}

/// Definitions replace the usual user `guest` and virtual host `/`.
fn definitions(virtual_hosts: usize) -> Value {
    let hosts: Vec<String> = (0..virtual_hosts).map(virtual_host).collect();
    let may_all = |host| json!({"user": "guest", "vhost": host, "configure": ".*", "write": ".*", "read": ".*"});
    json!({
        "users": [{"name": "guest", "password": "guest", "tags": "administrator"}],
        "vhosts": hosts.iter().map(|host| json!({"name": host})).collect::<Vec<_>>(),
        "permissions": hosts.iter().map(may_all).collect::<Vec<_>>(),
    })
}
