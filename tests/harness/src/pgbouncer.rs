//! A private PgBouncer in transaction mode, where one is installed that keeps prepared statements: Debian 13 has one.

use std::{fs, os::unix::fs::chown, path::Path};

use super::{
    eventually::eventually,
    folder::Folder,
    port::Port,
    postgres::{Postgres, as_postgres, connect, user_id, we_are_root},
    process::Process,
};

const PROGRAM: &str = "/usr/sbin/pgbouncer";

/// One pooler in front of a server; stopped when dropped.
pub struct PgBouncer {
    process: Process,
    port: Port,
    _folder: Folder,
}

impl PgBouncer {
    /// Whether there is one, in a version that keeps prepared statements.
    pub fn is_installed() -> bool {
        let Ok(output) = std::process::Command::new(PROGRAM).arg("--version").output() else { return false };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let version = text.split_whitespace().nth(1).and_then(|version| version.split_once('.'));
        let numbers =
            version.map(|(major, minor)| (major.parse::<u32>(), minor.split('.').next().map(str::parse::<u32>)));
        matches!(numbers, Some((Ok(major), Some(Ok(minor)))) if (major, minor) >= (1, 21))
    }

    /// Starts one with this many connections to each database of the server.
    pub async fn before(postgres: &Postgres, connections: usize) -> Self {
        let (folder, port) = (Folder::new("pgbouncer"), Port::free());
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n\
             max_prepared_statements = 200\ndefault_pool_size = {connections}\nmax_client_conn = 500\nserver_round_robin = 1\n",
            postgres.port(),
            port.number(),
        );
        let file = folder.join("pgbouncer.ini");
        fs::write(&file, settings).expect("the folder is ours");
        if we_are_root() {
            for path in [folder.path(), &file] {
                chown(path, Some(user_id("postgres")), None).expect("root may give a folder away");
            }
        }
        let mut pooler = as_postgres(Path::new(PROGRAM));
        pooler.arg(&file);
        let process = Process::spawn("pgbouncer", pooler, &folder.join("log"));
        let mut pooler = Self { process, port, _folder: folder };
        let url = pooler.in_front_of("postgres://postgres@127.0.0.1/postgres");
        eventually("pgbouncer answers", async || {
            assert!(pooler.process.exited().is_none(), "pgbouncer has ended: {}", pooler.process.log());
            connect(&url).await
        })
        .await;
        pooler
    }

    /// The URL of the same database, by way of the pooler.
    pub fn in_front_of(&self, url: &str) -> String {
        let name = url.rsplit('/').next().expect("a database");
        format!("postgres://postgres@{}/{name}", self.port.address())
    }
}
