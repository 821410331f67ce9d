//! A private Postgres server: data in a temporary folder, a free port, one database for each who asks.

use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr};

use super::{
    certificates::{self, Certificates},
    eventually::eventually,
    folder::Folder,
    port::Port,
    process::{Process, command},
    small_disk::SmallDisk,
};

/// For tests: without fsync a commit still survives `kill -9` of the server, only not a power cut.
const FORGETFUL: &[&str] = &["fsync=off", "full_page_writes=off"];
/// Settings for many short-lived databases. Shared memory in files of the data folder leaves nothing behind in /dev/shm.
const SETTINGS: &[&str] = &[
    "max_connections=500",
    "shared_buffers=64MB",
    "dynamic_shared_memory_type=mmap",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_preload_libraries=pg_stat_statements",
    "pg_stat_statements.max=20000",
    // Says what it was warned by.
    "log_min_error_statement=warning",
];

/// For a server that speaks TLS and nothing else. Whoever connects need not prove who he is, but his URL says a password,
/// which must not get about.
const HBA: &str = "hostssl all all 127.0.0.1/32 trust\n";
const PASSWORD: &str = ":hush-postgres";

/// One server; stopped and its data removed when dropped.
pub struct Postgres {
    process: Process,
    port: Port,
    created: AtomicUsize,
    /// Whether a commit survives a power cut too.
    durable: bool,
    /// Goes before the folder that it is in.
    pub disk: Option<SmallDisk>,
    folder: Folder,
}

impl Postgres {
    /// Creates and starts a server; with certificates, it refuses plaintext. What it costs that a commit survives a power
    /// cut counts in a bench and not in a test.
    pub fn with(tls: Option<&Certificates>, durable: bool) -> impl Future<Output = Self> {
        Self::create(tls, durable, None)
    }

    /// The same with its data on a disk of so many megabytes.
    pub fn on_small_disk(megabytes: u32) -> impl Future<Output = Self> {
        Self::create(None, false, Some(megabytes))
    }

    async fn create(tls: Option<&Certificates>, durable: bool, megabytes: Option<u32>) -> Self {
        let (folder, port) = (Folder::new("postgres"), Port::free());
        if we_are_root() {
            let user = user_id("postgres");
            chown(folder.path(), Some(user), Some(user)).expect("root may give a folder away");
        }
        let disk = megabytes.map(|megabytes| SmallDisk::mount(&folder.join("data"), megabytes, user_id("postgres")));
        let mut initdb = postgres_command("initdb");
        initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"]);
        initdb.arg(folder.join("data"));
        let mut initdb = Process::spawn("initdb", initdb, &folder.join("log"));
        let status = eventually("initdb is done", async || initdb.exited()).await;
        assert!(status.success(), "initdb has failed");
        if let Some(tls) = tls {
            fs::write(folder.join("data/pg_hba.conf"), HBA).expect("the folder is ours");
            tls.give(&folder, we_are_root().then(|| user_id("postgres")));
        }

        let process = Self::spawn(&folder, &port, durable);
        let mut server = Self { process, port, created: AtomicUsize::new(0), durable, disk, folder };
        server.until_ready().await;
        server
    }

    /// Starts it again with other certificates, after a stop without a goodbye.
    pub async fn start_again_with(&mut self, tls: &Certificates) {
        self.stop_immediate();
        tls.give(&self.folder, we_are_root().then(|| user_id("postgres")));
        self.start().await;
    }

    /// Stops it at once, as a crash would.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Stops it as a planned failover does: open connections are told and closed, what is committed is written. Waits.
    pub fn stop_fast(&mut self) {
        self.stop("INT");
    }

    /// Stops it without a goodbye of its own, so that the next start recovers as after a crash. Waits.
    pub fn stop_immediate(&mut self) {
        self.stop("QUIT");
    }

    /// Starts it again after it was killed or stopped, on the same port and data.
    pub async fn start(&mut self) {
        self.process = Self::spawn(&self.folder, &self.port, self.durable);
        self.until_ready().await;
    }

    /// Starts it again if it has ended by itself.
    pub async fn start_if_ended(&mut self) {
        if self.process.exited().is_some() {
            self.start().await;
        }
    }

    /// Freezes it: connections stay open, nothing answers.
    pub fn pause(&mut self) {
        self.process.pause();
    }

    /// Ends [`Self::pause`].
    pub fn resume(&mut self) {
        self.process.resume();
    }

    /// A new, empty database; returns its URL. The label says in listings whose it is.
    pub async fn create_database(&self, label: &str) -> String {
        let name = format!("{label}_{}", self.created.fetch_add(1, Ordering::Relaxed));
        let server = connect(&self.url("postgres")).await.expect("the server is up");
        server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database can be created");
        self.url(&name)
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// What it has warned of since its log was so long, if somebody's transaction was not in the state that he took it for.
    /// A ROLLBACK too many does no harm.
    pub fn misled_since(&self, length: usize) -> Option<String> {
        let log = self.log();
        let lines: Vec<&str> = log.get(length..).unwrap_or_default().lines().collect();
        let misled = lines.windows(2).find(|pair| {
            let began_twice = pair[0].contains("already a transaction in progress");
            let ended_nothing = pair[0].contains("no transaction in progress");
            began_twice || (ended_nothing && pair[1].contains("COMMIT"))
        });
        misled.map(|pair| pair.join(" "))
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// All of its processes.
    pub fn pids(&self) -> Vec<u32> {
        self.process.pids()
    }

    fn spawn(folder: &Folder, port: &Port, durable: bool) -> Process {
        let mut server = postgres_command("postgres");
        server.arg("-D").arg(folder.join("data")).arg("-p").arg(port.number().to_string());
        for setting in SETTINGS.iter().chain(if durable { &[] } else { FORGETFUL }) {
            server.args(["-c", setting]);
        }
        if let (Some(certificate), Some(key)) =
            (certificates::shown(folder, "tls.crt"), certificates::shown(folder, "tls.key"))
        {
            server.args(["-c", "ssl=on", "-c"]).arg(format!("ssl_cert_file={certificate}"));
            server.arg("-c").arg(format!("ssl_key_file={key}"));
        }
        Process::spawn("postgres", server, &folder.join("log"))
    }

    fn stop(&mut self, signal: &str) {
        self.process.stop(signal).unwrap_or_else(|| panic!("postgres does not stop on SIG{signal}"));
    }

    async fn until_ready(&mut self) {
        let url = self.url("postgres");
        eventually("postgres answers", async || {
            assert!(self.process.exited().is_none(), "postgres has ended");
            connect(&url).await
        })
        .await;
    }

    fn url(&self, database: &str) -> String {
        let password = certificates::shown(&self.folder, "tls.crt").map(|_| PASSWORD).unwrap_or_default();
        format!("postgres://postgres{password}@{}/{database}", self.port.address())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Unlike a kill, an immediate shutdown also removes the server's System V shared memory.
        self.process.resume();
        self.process.stop("QUIT");
    }
}

/// A single connection, for set-up and assertions.
pub async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    // A pooler refuses what it does not know.
    options.map_sqlx_postgres_opts(|postgres| postgres.extra_float_digits(None));
    Database::connect(options).await
}

/// One of Postgres's programs, as the user `postgres` if we are root, whom it refuses.
fn postgres_command(program: &str) -> Command {
    as_postgres(&newest_programs().join(program))
}

/// A program as the user `postgres` if we are root.
pub(super) fn as_postgres(program: &Path) -> Command {
    if !we_are_root() {
        return command(program);
    }
    let mut command = command("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
    command
}

/// Debian keeps each major version's programs in a folder of its own, outside PATH.
fn newest_programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .max()
        .map(|version| format!("/usr/lib/postgresql/{version}/bin").into())
        .expect("PostgreSQL is installed; `scripts/ensure-tools` installs it")
}

pub(super) fn we_are_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

pub(super) fn user_id(name: &str) -> u32 {
    let output = Command::new("id").args(["-u", name]).output().expect("`id` runs");
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or_else(|_| panic!("there is no user {name}"))
}
