//! All flags and variables. They hold what was given; [`super::role`] has it validated.

use super::{
    edge::EdgeFlags, lan::LanFlags, mesh::MeshFlags, oidc::OidcFlags, orders::OrdersFlags, secrets::SecretFlags,
};
use clap::{Args, value_parser};
use std::path::PathBuf;

/// Flags and variables.
#[derive(Debug, Clone, Args)]
pub struct Flags {
    /// Embedded databases, keys and tokens
    #[arg(long, env = "COMANDA_DATA_DIR", default_value = "./data", global = true, help_heading = "Every process")]
    pub data_dir: PathBuf,
    /// Where browsers and clients connect [default: 127.0.0.1:8080; with COMANDA_LAN port 8080 of every address, which other machines reach]
    #[arg(long, env = "COMANDA_GATEWAY_LISTEN", global = true, help_heading = "Gateway")]
    pub(super) gateway_listen: Option<String>,
    /// Where the catalog listens [default: 127.0.0.1:50051; in `all` closed]
    #[arg(long, env = "COMANDA_CATALOG_LISTEN", global = true, help_heading = "Services")]
    pub(super) catalog_listen: Option<String>,
    /// Where Orders listens [default: 127.0.0.1:50052; in `all` closed]
    #[arg(long, env = "COMANDA_ORDERS_LISTEN", global = true, help_heading = "Services")]
    pub(super) orders_listen: Option<String>,
    /// Where the kitchen listens [default: 127.0.0.1:50053; in `all` closed]
    #[arg(long, env = "COMANDA_KITCHEN_LISTEN", global = true, help_heading = "Services")]
    pub(super) kitchen_listen: Option<String>,
    /// Where Identity listens [default: 127.0.0.1:50054; in `all` closed]
    #[arg(long, env = "COMANDA_IDENTITY_LISTEN", global = true, help_heading = "Services")]
    pub(super) identity_listen: Option<String>,
    /// Where others find the catalog: a name that stands for all its replicas, or several separated by commas
    /// [default: https://127.0.0.1:50051, in plaintext http:]
    #[arg(long, env = "COMANDA_CATALOG_URL", global = true, help_heading = "Gateway and Orders")]
    pub(super) catalog_url: Option<String>,
    /// Where others find Orders: a name that stands for all its replicas, or several separated by commas
    /// [default: https://127.0.0.1:50052, in plaintext http:]
    #[arg(long, env = "COMANDA_ORDERS_URL", global = true, help_heading = "Gateway and Orders")]
    pub(super) orders_url: Option<String>,
    /// Where others find the kitchen: a name that stands for all its replicas, or several separated by commas
    /// [default: https://127.0.0.1:50053, in plaintext http:]
    #[arg(long, env = "COMANDA_KITCHEN_URL", global = true, help_heading = "Gateway and Orders")]
    pub(super) kitchen_url: Option<String>,
    /// Where others find Identity: a name that stands for all its replicas, or several separated by commas
    /// [default: https://127.0.0.1:50054, in plaintext http:]
    #[arg(long, env = "COMANDA_IDENTITY_URL", global = true, help_heading = "Gateway and services")]
    pub(super) identity_url: Option<String>,
    /// The catalog's own database, postgres: or sqlite: [default: SQLite in the data folder]
    #[arg(
        long,
        env = "COMANDA_CATALOG_DATABASE_URL",
        hide_env_values = true,
        global = true,
        help_heading = "Services"
    )]
    pub(super) catalog_database_url: Option<String>,
    /// File that holds the URL of the catalog's database
    #[arg(long, env = "COMANDA_CATALOG_DATABASE_URL_FILE", global = true, help_heading = "Services")]
    pub(super) catalog_database_url_file: Option<PathBuf>,
    /// Orders' own database, postgres: or sqlite: [default: SQLite in the data folder]
    #[arg(long, env = "COMANDA_ORDERS_DATABASE_URL", hide_env_values = true, global = true, help_heading = "Services")]
    pub(super) orders_database_url: Option<String>,
    /// File that holds the URL of Orders' database
    #[arg(long, env = "COMANDA_ORDERS_DATABASE_URL_FILE", global = true, help_heading = "Services")]
    pub(super) orders_database_url_file: Option<PathBuf>,
    /// The kitchen's own database, postgres: or sqlite: [default: SQLite in the data folder]
    #[arg(
        long,
        env = "COMANDA_KITCHEN_DATABASE_URL",
        hide_env_values = true,
        global = true,
        help_heading = "Services"
    )]
    pub(super) kitchen_database_url: Option<String>,
    /// File that holds the URL of the kitchen's database
    #[arg(long, env = "COMANDA_KITCHEN_DATABASE_URL_FILE", global = true, help_heading = "Services")]
    pub(super) kitchen_database_url_file: Option<PathBuf>,
    /// Identity's own database, postgres: or sqlite: [default: SQLite in the data folder]
    #[arg(
        long,
        env = "COMANDA_IDENTITY_DATABASE_URL",
        hide_env_values = true,
        global = true,
        help_heading = "Services"
    )]
    pub(super) identity_database_url: Option<String>,
    /// File that holds the URL of Identity's database
    #[arg(long, env = "COMANDA_IDENTITY_DATABASE_URL_FILE", global = true, help_heading = "Services")]
    pub(super) identity_database_url_file: Option<PathBuf>,
    /// Connections of a process to a Postgres database, a quarter of them kept for events and boards
    #[arg(long, env = "COMANDA_DATABASE_CONNECTIONS", default_value_t = 16, value_parser = value_parser!(u32).range(8..=1000), global = true, help_heading = "Services")]
    pub database_connections: u32,
    /// Cache of menus, redis:, rediss: or memory: [default: memory: in `all`, else required]
    #[arg(long, env = "COMANDA_CACHE_URL", hide_env_values = true, global = true, help_heading = "Catalog")]
    pub(super) cache_url: Option<String>,
    /// File that holds the URL of the cache
    #[arg(long, env = "COMANDA_CACHE_URL_FILE", global = true, help_heading = "Catalog")]
    pub(super) cache_url_file: Option<PathBuf>,
    /// Broker, amqp:, amqps: or memory:; of a cluster several nodes, separated by commas
    /// [default: memory: in `all`, else required]
    #[arg(
        long,
        env = "COMANDA_BROKER_URL",
        hide_env_values = true,
        global = true,
        help_heading = "Orders and Kitchen"
    )]
    pub(super) broker_url: Option<String>,
    /// File that holds the URL of the broker
    #[arg(long, env = "COMANDA_BROKER_URL_FILE", global = true, help_heading = "Orders and Kitchen")]
    pub(super) broker_url_file: Option<PathBuf>,
    /// CAs, as PEM, of which one must have signed the certificates of Postgres, of Redis by rediss: and of RabbitMQ by
    /// amqps:; with it, Postgres is not talked to in plaintext unless its URL says sslmode [default: the system's CAs]
    #[arg(long, env = "COMANDA_SERVERS_CA_FILE", global = true, help_heading = "Services")]
    pub(super) servers_ca_file: Option<PathBuf>,
    /// CAs, as PEM, of which one must have signed the certificate of a gateway at https:, for commands that call one
    /// [default: the system's CAs]
    #[arg(long, env = "COMANDA_CA_FILE", global = true, help_heading = "doctor, menu and staff")]
    pub(super) ca_file: Option<PathBuf>,
    #[command(flatten)]
    pub secrets: SecretFlags,
    #[command(flatten)]
    pub mesh: MeshFlags,
    #[command(flatten)]
    pub edge: EdgeFlags,
    #[command(flatten)]
    pub lan: LanFlags,
    #[command(flatten)]
    pub oidc: OidcFlags,
    #[command(flatten)]
    pub orders: OrdersFlags,
    /// Where probes and Prometheus connect: grpc.health.v1, GET /health, /status and /metrics, in plaintext
    /// [default: closed]
    #[arg(long, env = "COMANDA_HEALTH_LISTEN", global = true, help_heading = "Every process")]
    pub(super) health_listen: Option<String>,
    /// Collector of traces, by OTLP over gRPC, such as http://127.0.0.1:4317 [default: none]
    #[arg(long, env = "COMANDA_OTLP_ENDPOINT", global = true, help_heading = "Every process")]
    pub(super) otlp_endpoint: Option<String>,
    /// What to log: a level, or levels by target, such as info,comanda_events=debug
    #[arg(long, env = "COMANDA_LOG", default_value = "info", global = true, help_heading = "Every process")]
    pub log: String,
    /// How to log
    #[arg(long, env = "COMANDA_LOG_FORMAT", default_value = "text", global = true, help_heading = "Every process")]
    pub(super) log_format: String,
}
