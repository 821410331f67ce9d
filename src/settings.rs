//! All settings, as flags or variables, and their validation: what is wrong is said in one sentence that names the
//! variable, never its value, which may be a secret.

mod edge;
mod mesh;
mod orders;

use crate::{
    Failure,
    commands::{Dead, DevCerts, Doctor, Menu},
};
use clap::{Args, Parser, Subcommand};
use comanda_tls::ca_roots::CaRoots;
use edge::EdgeSettings;
use http::Uri;
use mesh::MeshSettings;
use orders::OrdersSettings;
use std::{net::SocketAddr, path::PathBuf};
use url::Url;

/// Ordering for coffee shops. Without a role, the whole shop runs in this one process.
#[derive(Debug, Parser)]
#[command(name = "comanda", version)]
pub struct Command {
    /// What to run.
    #[command(subcommand)]
    pub role: Option<Role>,
    /// Begins a new shop where a file of the data folder is missing: what is left is set aside in it, in set-aside-1 or
    /// the next free number; nothing is overwritten, and a folder of which nothing is missing goes on as it is
    #[arg(long)]
    pub new_shop: bool,
    #[command(flatten)]
    pub settings: Settings,
}

/// A role of the system.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Role {
    /// Every role in this process, on embedded defaults (the default)
    All,
    /// The menus
    Catalog,
    /// The orders
    Orders,
    /// The tickets and their tablets
    Kitchen,
    /// The browser's door
    Gateway,
    /// Creates or upgrades the schemas of all databases, then exits
    Migrate {
        /// Also loads the sample menu, if the catalog is empty
        #[arg(long, env = "COMANDA_SAMPLE_MENU")]
        sample_menu: bool,
    },
    /// Lists, shows or replays the messages that could not be processed, then exits
    #[command(subcommand)]
    Dead(Dead),
    /// Examines a running deployment and says what to mend, then exits: with 0 when all is well, else with 1
    Doctor(Doctor),
    /// Exports, imports or checks a menu as a file, or tells its history, then exits
    Menu(Menu),
    /// Makes or renews certificates to try TLS with, then exits
    DevCerts(DevCerts),
}

/// Flags and variables.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Embedded databases, keys and tokens
    #[arg(long, env = "COMANDA_DATA_DIR", default_value = "./data", global = true)]
    pub data_dir: PathBuf,
    /// Where browsers and clients connect
    #[arg(long, env = "COMANDA_GATEWAY_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    gateway_listen: String,
    /// Where the catalog listens [default: 127.0.0.1:50051; in `all` closed]
    #[arg(long, env = "COMANDA_CATALOG_LISTEN", global = true)]
    catalog_listen: Option<String>,
    /// Where Orders listens [default: 127.0.0.1:50052; in `all` closed]
    #[arg(long, env = "COMANDA_ORDERS_LISTEN", global = true)]
    orders_listen: Option<String>,
    /// Where the kitchen listens [default: 127.0.0.1:50053; in `all` closed]
    #[arg(long, env = "COMANDA_KITCHEN_LISTEN", global = true)]
    kitchen_listen: Option<String>,
    /// Where others find the catalog: a name that stands for all its replicas, or several separated by commas
    /// [default: https://127.0.0.1:50051, in plaintext http:]
    #[arg(long, env = "COMANDA_CATALOG_URL", global = true)]
    catalog_url: Option<String>,
    /// Where others find Orders: a name that stands for all its replicas, or several separated by commas
    /// [default: https://127.0.0.1:50052, in plaintext http:]
    #[arg(long, env = "COMANDA_ORDERS_URL", global = true)]
    orders_url: Option<String>,
    /// Where others find the kitchen: a name that stands for all its replicas, or several separated by commas
    /// [default: https://127.0.0.1:50053, in plaintext http:]
    #[arg(long, env = "COMANDA_KITCHEN_URL", global = true)]
    kitchen_url: Option<String>,
    /// The catalog's own database, postgres: or sqlite: [default: SQLite in the data folder]
    #[arg(long, env = "COMANDA_CATALOG_DATABASE_URL", hide_env_values = true, global = true)]
    catalog_database_url: Option<String>,
    /// Orders' own database, postgres: or sqlite: [default: SQLite in the data folder]
    #[arg(long, env = "COMANDA_ORDERS_DATABASE_URL", hide_env_values = true, global = true)]
    orders_database_url: Option<String>,
    /// The kitchen's own database, postgres: or sqlite: [default: SQLite in the data folder]
    #[arg(long, env = "COMANDA_KITCHEN_DATABASE_URL", hide_env_values = true, global = true)]
    kitchen_database_url: Option<String>,
    /// Cache of menus, redis:, rediss: or memory: [default: memory: in `all`, else required]
    #[arg(long, env = "COMANDA_CACHE_URL", hide_env_values = true, global = true)]
    cache_url: Option<String>,
    /// Broker, amqp:, amqps: or memory:; of a cluster several nodes, separated by commas
    /// [default: memory: in `all`, else required]
    #[arg(long, env = "COMANDA_BROKER_URL", hide_env_values = true, global = true)]
    broker_url: Option<String>,
    /// CAs, as PEM, of which one must have signed the certificates of Postgres, of Redis by rediss: and of RabbitMQ by
    /// amqps:; with it, Postgres is not talked to in plaintext unless its URL says sslmode [default: the system's CAs]
    #[arg(long, env = "COMANDA_SERVERS_CA_FILE", global = true)]
    servers_ca_file: Option<PathBuf>,
    /// CAs, as PEM, of which one must have signed the certificate of a gateway at https:, for commands that call one
    /// [default: the system's CAs]
    #[arg(long, env = "COMANDA_CA_FILE", global = true)]
    ca_file: Option<PathBuf>,
    #[command(flatten)]
    pub secrets: SecretSettings,
    #[command(flatten)]
    pub mesh: MeshSettings,
    #[command(flatten)]
    pub edge: EdgeSettings,
    #[command(flatten)]
    pub orders: OrdersSettings,
    /// Where probes and Prometheus connect: grpc.health.v1, GET /health, /status and /metrics, in plaintext
    /// [default: closed]
    #[arg(long, env = "COMANDA_HEALTH_LISTEN", global = true)]
    health_listen: Option<String>,
    /// Collector of traces, by OTLP over gRPC, such as http://127.0.0.1:4317 [default: none]
    #[arg(long, env = "COMANDA_OTLP_ENDPOINT", global = true)]
    otlp_endpoint: Option<String>,
    /// What to log: a level, or levels by target, such as info,comanda_events=debug
    #[arg(long, env = "COMANDA_LOG", default_value = "info", global = true)]
    pub log: String,
    /// How to log
    #[arg(long, env = "COMANDA_LOG_FORMAT", default_value = "text", global = true)]
    log_format: String,
}

/// Secrets, each given directly or as a file that holds it.
#[derive(Debug, Clone, Args)]
pub struct SecretSettings {
    /// Token of the staff [default: made at first start in `all`, else required]
    #[arg(long, env = "COMANDA_STAFF_TOKEN", hide_env_values = true, global = true)]
    pub staff_token: Option<String>,
    /// File with the staff's token
    #[arg(long, env = "COMANDA_STAFF_TOKEN_FILE", global = true)]
    pub staff_token_file: Option<PathBuf>,
    /// Token of the pickup panel [default: made at first start in `all`, else required]
    #[arg(long, env = "COMANDA_PANEL_TOKEN", hide_env_values = true, global = true)]
    pub panel_token: Option<String>,
    /// File with the panel's token
    #[arg(long, env = "COMANDA_PANEL_TOKEN_FILE", global = true)]
    pub panel_token_file: Option<PathBuf>,
    /// Token of the services among themselves [default: none; required with COMANDA_PLAINTEXT]
    #[arg(long, env = "COMANDA_SERVICE_TOKEN", hide_env_values = true, global = true)]
    pub service_token: Option<String>,
    /// File with the services' token
    #[arg(long, env = "COMANDA_SERVICE_TOKEN_FILE", global = true)]
    pub service_token_file: Option<PathBuf>,
    /// Keys of the order tokens, base64 of 32 bytes or more, separated by commas: the first signs, all verify
    /// [default: made at first start in `all`, else required]
    #[arg(long, env = "COMANDA_TOKEN_KEY", hide_env_values = true, global = true)]
    pub token_key: Option<String>,
    /// File with the keys of the order tokens
    #[arg(long, env = "COMANDA_TOKEN_KEY_FILE", global = true)]
    pub token_key_file: Option<PathBuf>,
}

/// The services with a database and an address of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Catalog,
    Orders,
    Kitchen,
}

impl Role {
    /// Whether it runs until it is stopped; whoever started another command waits for its words, not for a log's.
    pub fn serves(&self) -> bool {
        matches!(self, Self::All | Self::Catalog | Self::Orders | Self::Kitchen | Self::Gateway)
    }

    /// Its name in logs and traces.
    pub fn name(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Catalog => "catalog",
            Self::Orders => "orders",
            Self::Kitchen => "kitchen",
            Self::Gateway => "gateway",
            Self::Migrate { .. } => "migrate",
            Self::Dead(_) => "dead",
            Self::Doctor(_) => "doctor",
            Self::Menu(_) => "menu",
            Self::DevCerts(_) => "dev-certs",
        }
    }
}

impl Service {
    /// Its name in variables, and of its database in the data folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Orders => "orders",
            Self::Kitchen => "kitchen",
        }
    }

    /// The variable with this ending.
    pub fn variable(self, ending: &str) -> String {
        format!("COMANDA_{}_{ending}", self.name().to_uppercase())
    }

    fn default_listen(self) -> &'static str {
        match self {
            Self::Catalog => "127.0.0.1:50051",
            Self::Orders => "127.0.0.1:50052",
            Self::Kitchen => "127.0.0.1:50053",
        }
    }
}

impl Settings {
    /// Where the gateway listens.
    pub fn gateway_listen(&self) -> Result<SocketAddr, Failure> {
        address("COMANDA_GATEWAY_LISTEN", &self.gateway_listen)
    }

    /// Where probes connect, if that is set.
    pub fn health_listen(&self) -> Result<Option<SocketAddr>, Failure> {
        self.health_listen.as_ref().map(|value| address("COMANDA_HEALTH_LISTEN", value)).transpose()
    }

    /// Where traces go, if that is set.
    pub fn otlp_endpoint(&self) -> Result<Option<&str>, Failure> {
        let check = |text: &String| url("COMANDA_OTLP_ENDPOINT", text, &["http"]).map(drop);
        self.otlp_endpoint.as_ref().map_or(Ok(()), check)?;
        Ok(self.otlp_endpoint.as_deref())
    }

    /// Whether logs are JSON.
    pub fn json_logs(&self) -> Result<bool, Failure> {
        match self.log_format.as_str() {
            "json" => Ok(true),
            "text" => Ok(false),
            _ => Err("COMANDA_LOG_FORMAT must be text or json".to_owned()),
        }
    }

    /// Where a service listens, if that is set.
    pub fn listen(&self, service: Service) -> Result<Option<SocketAddr>, Failure> {
        let set = match service {
            Service::Catalog => &self.catalog_listen,
            Service::Orders => &self.orders_listen,
            Service::Kitchen => &self.kitchen_listen,
        };
        set.as_ref().map(|value| address(&service.variable("LISTEN"), value)).transpose()
    }

    /// Where a service listens when it is a process of its own.
    pub fn listen_or_default(&self, service: Service) -> Result<SocketAddr, Failure> {
        match self.listen(service)? {
            Some(address) => Ok(address),
            None => address(&service.variable("LISTEN"), service.default_listen()),
        }
    }

    /// Where the replicas of a service are found; by TLS if this process has an identity.
    pub fn urls(&self, service: Service, tls: bool) -> Result<Vec<Uri>, Failure> {
        let (variable, scheme) = (service.variable("URL"), if tls { "https" } else { "http" });
        let set = match service {
            Service::Catalog => &self.catalog_url,
            Service::Orders => &self.orders_url,
            Service::Kitchen => &self.kitchen_url,
        };
        let default = || format!("{scheme}://{}", service.default_listen());
        let check = |text: &str| {
            let url = url(&variable, text.trim(), &[scheme])?;
            url.as_str().parse().map_err(|_| format!("{variable} must be a URL that begins with {scheme}:"))
        };
        set.clone().unwrap_or_else(default).split(',').map(check).collect()
    }

    /// A service's own database.
    pub fn database_url(&self, service: Service) -> Result<String, Failure> {
        let set = match service {
            Service::Catalog => &self.catalog_database_url,
            Service::Orders => &self.orders_database_url,
            Service::Kitchen => &self.kitchen_database_url,
        };
        match set {
            Some(text) => {
                url(&service.variable("DATABASE_URL"), text, &["postgres", "postgresql", "sqlite"])?;
                Ok(text.clone())
            }
            None => Ok(format!("sqlite:{}", self.data_dir.join(service.name()).with_extension("db").display())),
        }
    }

    /// Whom roles believe to be their servers.
    pub fn servers_trust(&self) -> Result<CaRoots, Failure> {
        trust("COMANDA_SERVERS_CA_FILE", self.servers_ca_file.as_ref())
    }

    /// Whom commands believe to be the gateway.
    pub fn gateway_trust(&self) -> Result<CaRoots, Failure> {
        trust("COMANDA_CA_FILE", self.ca_file.as_ref())
    }

    /// The cache; `memory:` only within one process.
    pub fn cache_url(&self, one_process: bool) -> Result<String, Failure> {
        shared_part("COMANDA_CACHE_URL", self.cache_url.as_deref(), ["redis", "rediss"], one_process)
    }

    /// The broker, one URL or several; `memory:` only within one process.
    pub fn broker_url(&self, one_process: bool) -> Result<String, Failure> {
        const VARIABLE: &str = "COMANDA_BROKER_URL";
        let set = self.broker_url.as_deref();
        let nodes = set.map(comanda_events::broker::nodes).unwrap_or_default();
        let several = nodes.len() > 1;
        if nodes.into_iter().any(|node| lists_hosts(node) || (several && !is_node(node))) {
            return Err(format!(
                "{VARIABLE} may be several URLs separated by commas, each with its amqp: or amqps: and a host"
            ));
        }
        shared_part(VARIABLE, set, ["amqp", "amqps"], one_process)
    }
}

fn trust(variable: &str, file: Option<&PathBuf>) -> Result<CaRoots, Failure> {
    match file {
        Some(path) => CaRoots::ca_file(path).map_err(|why| format!("{variable}: {why}")),
        None => Ok(CaRoots::system()),
    }
}

fn address(variable: &str, value: &str) -> Result<SocketAddr, Failure> {
    value.parse().map_err(|_| format!("{variable} must be an address such as 127.0.0.1:8080"))
}

/// Whether a URL has several hosts, as those of other systems may.
fn lists_hosts(node: &str) -> bool {
    Url::parse(node).is_ok_and(|url| url.host_str().is_some_and(|host| host.contains(',')) || url.path().contains(','))
}

/// Whether it is the URL of a broker that could be called.
fn is_node(node: &str) -> bool {
    url("", node, &["amqp", "amqps"]).is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}

/// A URL of one of these schemes; what is wrong is said without its value, which may hold a password.
pub fn url(variable: &str, text: &str, schemes: &[&str]) -> Result<Url, Failure> {
    let form = || format!("{variable} must be a URL that begins with {}:", schemes.join(": or "));
    let url = Url::parse(text).map_err(|_| form())?;
    if schemes.contains(&url.scheme()) { Ok(url) } else { Err(form()) }
}

/// The first scheme is in plaintext, the second by TLS.
fn shared_part(
    variable: &str,
    value: Option<&str>,
    [plain, tls]: [&str; 2],
    one_process: bool,
) -> Result<String, Failure> {
    match (value, one_process) {
        (None | Some("memory:"), true) => Ok("memory:".to_owned()),
        (Some("memory:"), false) => Err(format!("{variable} cannot be memory: for a role that runs on its own")),
        (None, false) => Err(format!("{variable} is not set; a role that runs on its own needs {plain}: or {tls}:")),
        (Some(text), _) => url(variable, text, &[plain, tls, "memory"]).map(|_| text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(arguments: &[&str]) -> Settings {
        let arguments = ["comanda"].iter().chain(arguments);
        Command::try_parse_from(arguments).expect("known flags").settings
    }

    #[test]
    fn the_defaults_are_a_shop_in_a_box() {
        let settings = settings(&[]);
        assert_eq!(settings.cache_url(true).as_deref(), Ok("memory:"));
        assert_eq!(settings.listen(Service::Orders), Ok(None));
        assert_eq!(settings.database_url(Service::Orders).as_deref(), Ok("sqlite:./data/orders.db"));
    }

    #[test]
    fn a_role_on_its_own_needs_real_parts() {
        let memory = settings(&["--broker-url", "memory:"]);
        assert!(memory.broker_url(false).expect_err("memory").starts_with("COMANDA_BROKER_URL "));
        assert!(memory.cache_url(false).expect_err("unset").starts_with("COMANDA_CACHE_URL is not set"));
        let amqp = settings(&["--broker-url", "amqp://guest:guest@127.0.0.1/%2f"]);
        assert_eq!(amqp.broker_url(false).as_deref(), Ok("amqp://guest:guest@127.0.0.1/%2f"));
        let tls = settings(&["--broker-url", "amqps://127.0.0.1", "--cache-url", "rediss://127.0.0.1"]);
        assert!(tls.broker_url(false).is_ok() && tls.cache_url(false).is_ok());
    }

    #[test]
    fn a_broker_may_have_several_nodes() {
        let several = "amqp://u:p,w@a:1/%2f, amqp://u:p,w@b:2/%2f";
        assert_eq!(settings(&["--broker-url", several]).broker_url(false).as_deref(), Ok(several));
        for wrong in ["amqp://a,b", "amqp://a:1,b:2/x", "amqp://a,amqp:", "amqp://a,amqps//b", "redis://a,amqp://b"] {
            let failure = settings(&["--broker-url", wrong]).broker_url(false).expect_err(wrong);
            assert!(failure.starts_with("COMANDA_BROKER_URL "), "{failure}");
        }
    }

    #[test]
    fn a_wrong_value_is_named_but_not_shown() {
        let settings = settings(&["--orders-database-url", "mysql://root:hush@db/x", "--gateway-listen", "8080"]);
        let failure = settings.database_url(Service::Orders).expect_err("scheme");
        assert!(failure.starts_with("COMANDA_ORDERS_DATABASE_URL ") && !failure.contains("hush"), "{failure}");
        assert!(settings.gateway_listen().expect_err("address").starts_with("COMANDA_GATEWAY_LISTEN "));
    }

    #[test]
    fn several_replicas_are_separated_by_commas() {
        let settings = settings(&["--kitchen-url", "http://a:1, http://b:2"]);
        let uri = Uri::from_static;
        assert_eq!(settings.urls(Service::Kitchen, false), Ok(vec![uri("http://a:1/"), uri("http://b:2/")]));
        settings.urls(Service::Kitchen, true).expect_err("plaintext, though there are certificates");
        assert_eq!(settings.urls(Service::Orders, true), Ok(vec![uri("https://127.0.0.1:50052/")]));
    }
}
