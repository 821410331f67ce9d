//! A private Redis server: a free port, nothing kept on disk, one numbered database for each who asks.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use super::{
    certificates::{self, Certificates},
    eventually::eventually,
    folder::Folder,
    port::Port,
    process::{Process, command},
};

/// More than there are tests that ask for one.
const DATABASES: usize = 256;
/// Of a server that speaks TLS. It must not get about.
const PASSWORD: &str = "hush-redis";

/// One server; stopped when dropped.
pub struct Redis {
    process: Process,
    port: Port,
    handed_out: AtomicUsize,
    folder: Folder,
}

impl Redis {
    /// Starts a server.
    pub async fn new() -> Self {
        Self::with(None).await
    }

    /// The same; with certificates, it refuses plaintext, and asks for a password.
    pub async fn with(tls: Option<&Certificates>) -> Self {
        let (folder, port) = (Folder::new("redis"), Port::free());
        if let Some(tls) = tls {
            tls.give(&folder, None);
        }
        let process = Self::spawn(&folder, &port);
        let mut server = Self { process, port, handed_out: AtomicUsize::new(0), folder };
        server.until_ready().await;
        server
    }

    /// Stops it at once, as a crash would.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again after [`Self::kill`], on the same port, empty.
    pub async fn start(&mut self) {
        self.process = Self::spawn(&self.folder, &self.port);
        self.until_ready().await;
    }

    /// Starts it again with other certificates, as [`Self::start`] after [`Self::kill`].
    pub async fn start_again_with(&mut self, tls: &Certificates) {
        self.kill();
        tls.give(&self.folder, None);
        self.start().await;
    }

    /// Freezes it: connections stay open, nothing answers.
    pub fn pause(&mut self) {
        self.process.pause();
    }

    /// Ends [`Self::pause`].
    pub fn resume(&mut self) {
        self.process.resume();
    }

    /// The URL of a database that nobody else uses.
    pub fn database(&self) -> String {
        let number = self.handed_out.fetch_add(1, Ordering::Relaxed);
        assert!(number < DATABASES, "all {DATABASES} databases of the shared Redis are taken; raise the number");
        match self.speaks_tls() {
            true => format!("rediss://:{PASSWORD}@{}/{number}", self.port.address()),
            false => format!("redis://{}/{number}", self.port.address()),
        }
    }

    /// The same by TLS, whatever certificate it shows, and for a server that refuses plaintext.
    pub fn ask_by_tls(&self, command: &str) -> std::io::Result<String> {
        let port = self.port.number().to_string();
        let mut client = Command::new("redis-cli");
        client.args(["--tls", "--insecure", "--no-auth-warning", "-a", PASSWORD, "-p", &port]);
        let output = client.args(command.split(' ')).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }

    /// The first line of the answer to a plain command, such as `SET colour green`, in database 0.
    pub fn ask(&self, command: &str) -> std::io::Result<String> {
        let mut connection = TcpStream::connect(self.port.address())?;
        connection.set_read_timeout(Some(Duration::from_secs(1)))?;
        write!(connection, "{command}\r\n")?;
        let mut line = String::new();
        BufReader::new(connection).read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    /// All of its processes.
    pub fn pids(&self) -> Vec<u32> {
        self.process.pids()
    }

    /// What it calls itself.
    pub fn product(&self) -> &'static str {
        if program().contains("valkey") { "Valkey" } else { "Redis" }
    }

    fn spawn(folder: &Folder, port: &Port) -> Process {
        let mut server = command(program());
        server.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        let tls = |file| certificates::shown(folder, file);
        match (tls("tls.crt"), tls("tls.key"), tls("ca.crt")) {
            (Some(certificate), Some(key), Some(ca)) => {
                server.args(["--port", "0", "--tls-port"]).arg(port.number().to_string());
                server.args(["--tls-cert-file", &certificate, "--tls-key-file", &key, "--tls-ca-cert-file", &ca]);
                server.args(["--tls-auth-clients", "no", "--requirepass", PASSWORD]);
            }
            _ => drop(server.arg("--port").arg(port.number().to_string())),
        }
        server.arg("--databases").arg(DATABASES.to_string());
        server.arg("--dir").arg(folder.path());
        Process::spawn("redis", server, &folder.join("log"))
    }

    async fn until_ready(&mut self) {
        eventually("redis answers", async || {
            assert!(self.process.exited().is_none(), "redis has ended");
            match self.speaks_tls() {
                true => self.ask_by_tls("PING").is_ok_and(|answer| answer == "PONG"),
                false => self.ask("PING").is_ok_and(|answer| answer == "+PONG"),
            }
        })
        .await;
    }

    fn speaks_tls(&self) -> bool {
        certificates::shown(&self.folder, "tls.crt").is_some()
    }
}

/// Redis, or what `scripts/test-servers` has in its place.
fn program() -> String {
    std::env::var("COMANDA_TEST_CACHE").unwrap_or_else(|_| "redis-server".to_owned())
}
