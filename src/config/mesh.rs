//! What a process is told about its calls: who it is to other roles, and how much it takes on.

use clap::{Args, value_parser};
use std::path::PathBuf;

/// How the roles talk to each other, and how much each takes on.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Every role")]
pub struct MeshFlags {
    /// Folder with this role's tls.crt, tls.key and ca.crt, read again when they change [default: none; a role on its own
    /// needs it, or COMANDA_PLAINTEXT]
    #[arg(long, env = "COMANDA_TLS_DIR", global = true)]
    pub tls_dir: Option<PathBuf>,
    /// Lets roles talk without TLS, where the network is trusted or another mesh protects it
    #[arg(long, env = "COMANDA_PLAINTEXT", global = true)]
    pub plaintext: bool,
    /// Folder with tls.crt and tls.key for browsers, read again when they change [default: none; plaintext]
    #[arg(long, env = "COMANDA_GATEWAY_TLS_DIR", global = true)]
    pub gateway_tls_dir: Option<PathBuf>,
    /// Calls that a process takes on at once, a quarter of them kept for those that change something
    #[arg(long, env = "COMANDA_MAX_CALLS", default_value_t = 1024, value_parser = value_parser!(u32).range(4..=1_000_000), global = true)]
    pub max_calls: u32,
    /// Streams that a process keeps open at once
    #[arg(long, env = "COMANDA_MAX_STREAMS", default_value_t = 20_000, value_parser = value_parser!(u32).range(1..=10_000_000), global = true)]
    pub max_streams: u32,
    /// Seconds after which a connection takes no new calls and a stream is ended, so that callers spread over new replicas
    #[arg(long, env = "COMANDA_MAX_CONNECTION_AGE_SECONDS", default_value_t = 600, value_parser = value_parser!(u32).range(1..), global = true)]
    pub max_connection_age_seconds: u32,
    /// Connections that a process takes on at once [default: as many as its limit of open files leaves room for, at most
    /// 20000]
    #[arg(long, env = "COMANDA_MAX_CONNECTIONS", value_parser = value_parser!(u32).range(1..=10_000_000), global = true)]
    pub max_connections: Option<u32>,
    /// Seconds after which the gateway ends a connection on which no request arrives, or whose peer does not read its
    /// answers
    #[arg(long, env = "COMANDA_MAX_CONNECTION_IDLE_SECONDS", default_value_t = 60, value_parser = value_parser!(u32).range(1..), global = true)]
    pub max_connection_idle_seconds: u32,
    /// Whether the gateway repeats calls that failed on the way; off where another mesh does
    #[arg(long, env = "COMANDA_RETRIES", default_value = "on", value_parser = ["on", "off"], global = true)]
    pub retries: String,
}
