//! One node of RabbitMQ, alone or in a cluster, and the epmd by which nodes and tools find each other.

use std::{
    fs,
    io::{self, Read, Write},
    net::TcpStream,
    path::PathBuf,
    time::Duration,
};

use serde_json::Value;

use crate::{
    certificates,
    eventually::{eventually, within},
    folder::Folder,
    port::Port,
    process::{Process, command},
};

/// Three nodes that start at once, beside all else, share two cores.
const START: Duration = Duration::from_secs(120);
/// Debian's own wrapper in /usr/sbin switches users; this is what it calls.
const SERVER: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";
const COOKIE: &str = "comanda";
/// What a server has unless told otherwise.
const USUAL_WATERMARK: &str = "0.4";
const USUAL_FREE: u64 = 50_000_000;
const MORE_THAN_ANY_DISK: u64 = 1 << 60;

/// Knows the ports of nodes. One of our own keeps them apart from others of the same name.
pub struct Epmd {
    process: Process,
    port: Port,
}

impl Epmd {
    /// Starts one; it is there before a node asks for it.
    pub fn start(folder: &Folder) -> Self {
        let port = Port::free();
        let mut epmd = command("epmd");
        epmd.args(["-address", "127.0.0.1", "-port"]).arg(port.number().to_string());
        Self { process: Process::spawn("epmd", epmd, &folder.join("epmd.log")), port }
    }

    /// Its process.
    pub fn pids(&self) -> Vec<u32> {
        self.process.pids()
    }
}

/// One node; stopped when dropped.
pub struct Node {
    name: String,
    process: Process,
    amqp: Port,
    distribution: Port,
    data: PathBuf,
    tls: bool,
}

impl Node {
    /// Starts a node of this name with more lines for its configuration, if need be; does not wait for it. If its folder
    /// holds certificates, it speaks TLS only.
    pub fn start(name: &str, folder: &Folder, epmd: &Epmd, definitions: &Value, more: &[String]) -> Self {
        let (amqp, distribution) = (Port::free(), Port::free());
        let write = |file: String, content: &str| fs::write(folder.join(file), content).expect("the folder is ours");
        write("plugins".to_owned(), "[].");
        write("definitions.json".to_owned(), &definitions.to_string());
        let tls = listens_by_tls(folder, &amqp);
        let lines = [
            tls.clone().unwrap_or_else(|| format!("listeners.tcp.1 = {}", amqp.address())),
            format!("load_definitions = {}", folder.join("definitions.json").display()),
            "log.console = true\nlog.console.level = warning\nlog.connection.level = error\nlog.file = false"
                .to_owned(),
        ];
        write(format!("{name}.conf"), &([&lines, more].concat().join("\n") + "\n"));
        let process = spawn(name, folder, epmd, &distribution);
        let data = folder.join(format!("data/{name}@localhost"));
        Self { name: name.to_owned(), process, amqp, distribution, data, tls: tls.is_some() }
    }

    /// Starts it after [`Self::kill`], on the same port and data; does not wait for it.
    pub fn start_again(&mut self, folder: &Folder, epmd: &Epmd) {
        self.process = spawn(&self.name, folder, epmd, &self.distribution);
    }

    /// Stops it at once, as soon as that does not lose new quorum queues.
    pub async fn kill(&mut self) {
        if self.process.exited().is_none() {
            eventually("new queues are on disk", async || self.all_queues_are_registered()).await;
        }
        self.process.kill();
    }

    pub fn pause(&mut self) {
        self.process.pause();
    }

    pub fn resume(&mut self) {
        self.process.resume();
    }

    pub fn pids(&self) -> Vec<u32> {
        self.process.pids()
    }

    /// Where clients connect.
    pub fn address(&self) -> String {
        self.amqp.address()
    }

    /// What its URL begins with.
    pub fn scheme(&self) -> &'static str {
        if self.tls { "amqps" } else { "amqp" }
    }

    /// As the other nodes call it.
    pub fn full_name(&self) -> String {
        format!("{}@localhost", self.name)
    }

    /// Waits until it takes connections.
    pub async fn until_ready(&mut self) {
        let ready = within(START, async || {
            assert!(self.process.exited().is_none(), "rabbitmq has ended");
            self.greets()
        });
        ready.await.expect("rabbitmq answers");
    }

    /// Sets off the alarm of its memory, or ends it.
    pub async fn memory_alarm(&self, on: bool, epmd: &Epmd) {
        let watermark = if on { "0.0" } else { USUAL_WATERMARK };
        self.alarm("memory", on, &format!("vm_memory_monitor set_vm_memory_high_watermark [{watermark}]"), epmd).await;
    }

    /// Sets off the alarm of its disk, or ends it.
    pub async fn disk_alarm(&self, on: bool, epmd: &Epmd) {
        let free = if on { MORE_THAN_ANY_DISK } else { USUAL_FREE };
        self.alarm("disk", on, &format!("rabbit_disk_monitor set_disk_free_limit [{free}]"), epmd).await;
    }

    async fn alarm(&self, which: &str, on: bool, set: &str, epmd: &Epmd) {
        self.ask(epmd, set).await.expect("the node is up");
        eventually("the alarm is as wished", async || {
            self.ask(epmd, "rabbit_alarm get_local_alarms []").await.map(|alarms| alarms.contains(which)) == Ok(on)
        })
        .await;
    }

    /// What a function of its own, `module name [arguments]`, returns, or why it cannot be asked. Not by RabbitMQ's own
    /// tool, whose start takes a second.
    pub async fn ask(&self, epmd: &Epmd, call: &str) -> Result<String, String> {
        let folder = Folder::new("erl-call");
        let mut erl_call = command("erl_call");
        erl_call.args(["-timeout", "5", "-r", "-c", COOKIE, "-n", &self.full_name(), "-a", call]);
        erl_call.env("ERL_EPMD_PORT", epmd.port.number().to_string());
        let mut erl_call = Process::spawn("erl_call", erl_call, &folder.join("log"));
        let status = eventually("erl_call ends", async || erl_call.exited()).await;
        if status.success() { Ok(erl_call.log()) } else { Err(erl_call.log()) }
    }

    /// Fails until the register of quorum queues names all that exist. RabbitMQ writes it down late, and after a crash
    /// takes a queue that it lacks for a new one without a leader. No real broker is killed so soon after its queues are
    /// made.
    fn all_queues_are_registered(&self) -> io::Result<()> {
        let queues = self.data.join(format!("quorum/{}", self.full_name()));
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
        let mut connection = TcpStream::connect(self.address())?;
        if self.tls {
            return Ok(());
        }
        connection.set_read_timeout(Some(Duration::from_secs(1)))?;
        connection.write_all(b"AMQP\x00\x00\x09\x01")?;
        connection.read_exact(&mut [0])
    }
}

fn listens_by_tls(folder: &Folder, port: &Port) -> Option<String> {
    let shown = |file| certificates::shown(folder, file);
    let (certificate, key, ca) = (shown("tls.crt")?, shown("tls.key")?, shown("ca.crt")?);
    Some(format!(
        "listeners.tcp = none\nlisteners.ssl.1 = {}\nssl_options.certfile = {certificate}\n\
         ssl_options.keyfile = {key}\nssl_options.cacertfile = {ca}\nssl_options.verify = verify_none\n\
         ssl_options.fail_if_no_peer_cert = false",
        port.address()
    ))
}

fn spawn(name: &str, folder: &Folder, epmd: &Epmd, distribution: &Port) -> Process {
    let mut server = command(SERVER);
    server
        .env("HOME", folder.path())
        .env("RABBITMQ_NODENAME", format!("{name}@localhost"))
        .env("RABBITMQ_CONFIG_FILE", folder.join(format!("{name}.conf")))
        .env("RABBITMQ_CONF_ENV_FILE", folder.join("no-such-file"))
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", folder.join("plugins"))
        .env("RABBITMQ_MNESIA_BASE", folder.join("data"))
        .env("RABBITMQ_LOG_BASE", folder.path())
        .env("RABBITMQ_DIST_PORT", distribution.number().to_string())
        .env("ERL_EPMD_PORT", epmd.port.number().to_string())
        .env("ERL_EPMD_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_SERVER_START_ARGS", "-start_epmd false -noinput")
        // Makes the script become the server instead of waiting for it.
        .env("RABBITMQ_ALLOW_INPUT", "true")
        // Idle schedulers sleep instead of spinning: the cores belong to the tests.
        .env(
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
            format!(
                "-setcookie {COOKIE} -kernel inet_dist_use_interface {{127,0,0,1}} +sbwt none +sbwtdcpu none +sbwtdio none"
            ),
        );
    Process::spawn(&format!("rabbitmq-{name}"), server, &folder.join(format!("{name}.log")))
}
