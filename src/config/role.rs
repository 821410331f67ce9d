//! The configuration of each role, validated.

use super::{
    ConfigError, Flags, LanConfig, SecretFlags, Service,
    edge::Listening,
    parse,
    servers::{DatabaseConfig, ServerConfig},
};
use crate::descriptors;
use comanda_auth::{jwt::TokenSigner, token::Secrets};
use comanda_identity::OidcSettings;
use comanda_mesh::load_shed::Limits;
use comanda_tls::ca_roots::CaRoots;
use http::Uri;
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// What every process has.
#[derive(Debug, Clone)]
pub struct ProcessConfig {
    pub data_dir: PathBuf,
    /// The operator's port.
    pub health_listen: Option<SocketAddr>,
    pub limits: Limits,
}

/// Logs and traces.
#[derive(Debug, Clone)]
pub struct TelemetryConfig {
    pub filter: String,
    pub json: bool,
    pub otlp_endpoint: Option<String>,
}

/// How roles talk to each other.
#[derive(Debug, Clone)]
pub enum TlsConfig {
    Plaintext,
    /// With the certificates of this folder.
    Folder(PathBuf),
}

/// What each service has that runs on its own.
#[derive(Debug)]
pub struct ServiceConfig {
    pub process: ProcessConfig,
    pub listen: SocketAddr,
    pub tls: TlsConfig,
    pub secrets: Secrets,
    pub database: DatabaseConfig,
    /// Where it hears what is revoked.
    pub identity: Vec<Uri>,
}

/// The catalog.
#[derive(Debug)]
pub struct CatalogConfig {
    pub service: ServiceConfig,
    pub cache: ServerConfig,
}

/// Orders.
#[derive(Debug)]
pub struct OrdersConfig {
    pub service: ServiceConfig,
    pub broker: ServerConfig,
    pub catalog: Vec<Uri>,
    pub kitchen: Vec<Uri>,
    pub orders: comanda_orders::Config,
}

/// The kitchen.
#[derive(Debug)]
pub struct KitchenConfig {
    pub service: ServiceConfig,
    pub broker: ServerConfig,
}

/// Identity.
#[derive(Debug)]
pub struct IdentityConfig {
    pub service: ServiceConfig,
    pub signer: TokenSigner,
    pub oidc: Option<OidcSettings>,
}

/// The gateway.
#[derive(Debug)]
pub struct GatewayConfig {
    pub process: ProcessConfig,
    pub listen: SocketAddr,
    pub tls: TlsConfig,
    pub browser_tls: Option<PathBuf>,
    pub secrets: Secrets,
    pub catalog: Vec<Uri>,
    pub orders: Vec<Uri>,
    pub kitchen: Vec<Uri>,
    pub identity: Vec<Uri>,
    pub retries: bool,
    pub gateway: comanda_gateway::Config,
}

/// Every role in one process.
#[derive(Debug)]
pub struct AllConfig {
    pub process: ProcessConfig,
    pub listen: SocketAddr,
    pub browser_tls: Option<PathBuf>,
    /// Ports of single roles, with how they talk.
    pub ports: [Option<(SocketAddr, TlsConfig)>; 4],
    pub secrets: SecretFlags,
    pub databases: [DatabaseConfig; 4],
    pub cache: ServerConfig,
    pub broker: ServerConfig,
    pub orders: comanda_orders::Config,
    pub oidc: Option<OidcSettings>,
    pub gateway: comanda_gateway::Config,
    pub lan: Option<LanConfig>,
}

/// A command that calls a running gateway.
#[derive(Debug)]
pub struct ClientConfig {
    pub ca_roots: CaRoots,
    pub token: String,
}

impl Flags {
    /// Logs and traces.
    pub fn telemetry(&self) -> Result<TelemetryConfig, ConfigError> {
        if let Some(endpoint) = &self.otlp_endpoint {
            parse::url("COMANDA_OTLP_ENDPOINT", endpoint, &["http"])?;
        }
        let json = match self.log_format.as_str() {
            "json" => true,
            "text" => false,
            _ => return Err(ConfigError::invalid("COMANDA_LOG_FORMAT", "must be text or json")),
        };
        Ok(TelemetryConfig { filter: self.log.clone(), json, otlp_endpoint: self.otlp_endpoint.clone() })
    }

    /// Of the catalog.
    pub fn catalog(&self) -> Result<CatalogConfig, ConfigError> {
        Ok(CatalogConfig { service: self.service(Service::Catalog)?, cache: self.cache(false)? })
    }

    /// Of Orders.
    pub fn orders(&self) -> Result<OrdersConfig, ConfigError> {
        let service = self.service(Service::Orders)?;
        Ok(OrdersConfig {
            broker: self.broker(false)?,
            catalog: self.urls(Service::Catalog, &service.tls)?,
            kitchen: self.urls(Service::Kitchen, &service.tls)?,
            orders: self.orders.config()?,
            service,
        })
    }

    /// Of the kitchen.
    pub fn kitchen(&self) -> Result<KitchenConfig, ConfigError> {
        Ok(KitchenConfig { service: self.service(Service::Kitchen)?, broker: self.broker(false)? })
    }

    /// Of Identity.
    pub fn identity(&self) -> Result<IdentityConfig, ConfigError> {
        Ok(IdentityConfig {
            service: self.service(Service::Identity)?,
            signer: self.secrets.signer(&self.data_dir)?,
            oidc: self.oidc.config(self.edge.address())?,
        })
    }

    fn service(&self, service: Service) -> Result<ServiceConfig, ConfigError> {
        let tls = self.tls()?;
        Ok(ServiceConfig {
            process: self.process()?,
            listen: self.listen_or_default(service)?,
            secrets: self.secrets.required(&tls)?,
            identity: self.urls(Service::Identity, &tls)?,
            tls,
            database: self.database(service)?,
        })
    }

    /// Of the gateway.
    pub fn gateway(&self) -> Result<GatewayConfig, ConfigError> {
        let tls = self.tls()?;
        let process = self.process()?;
        self.lan.refuse()?;
        let listen = self.gateway_listen(false)?;
        Ok(GatewayConfig {
            listen,
            browser_tls: self.mesh.gateway_tls_dir.clone(),
            secrets: self.secrets.required(&tls)?,
            catalog: self.urls(Service::Catalog, &tls)?,
            orders: self.urls(Service::Orders, &tls)?,
            kitchen: self.urls(Service::Kitchen, &tls)?,
            identity: self.urls(Service::Identity, &tls)?,
            tls,
            retries: self.mesh.retries == "on",
            gateway: self.edge.config(
                &process.limits,
                self.mesh.gateway_tls_dir.is_some(),
                &Listening { address: listen, is_shop_in_a_box: false, has_lan: false },
            )?,
            process,
        })
    }

    /// Of every role in one process.
    pub fn all(&self) -> Result<AllConfig, ConfigError> {
        let process = self.process()?;
        let port = |service| match self.listen(service)? {
            Some(address) => Ok(Some((address, self.tls()?))),
            None => Ok(None),
        };
        let lan = self.lan.config()?;
        let listen = self.gateway_listen(lan.is_some())?;
        Ok(AllConfig {
            listen,
            browser_tls: self.mesh.gateway_tls_dir.clone(),
            ports: [port(Service::Catalog)?, port(Service::Orders)?, port(Service::Kitchen)?, port(Service::Identity)?],
            secrets: self.secrets.clone(),
            databases: self.databases()?,
            cache: self.cache(true)?,
            broker: self.broker(true)?,
            orders: self.orders.config()?,
            oidc: self.oidc.config(self.edge.address())?,
            gateway: self.edge.config(
                &process.limits,
                self.mesh.gateway_tls_dir.is_some(),
                &Listening { address: listen, is_shop_in_a_box: true, has_lan: lan.is_some() },
            )?,
            lan,
            process,
        })
    }

    /// Of a command that calls a running gateway.
    pub fn client(&self) -> Result<ClientConfig, ConfigError> {
        let ca_roots = parse::ca_roots("COMANDA_CA_FILE", self.ca_file.as_ref())?;
        Ok(ClientConfig { ca_roots, token: self.secrets.client_token(&self.data_dir)? })
    }

    fn process(&self) -> Result<ProcessConfig, ConfigError> {
        let listen = self.health_listen.as_ref().map(|value| parse::address("COMANDA_HEALTH_LISTEN", value));
        let mesh = &self.mesh;
        let limits = Limits {
            calls: mesh.max_calls as usize,
            streams: mesh.max_streams as usize,
            max_age: Duration::from_secs(mesh.max_connection_age_seconds.into()),
            connections: mesh.max_connections.map_or_else(descriptors::connections, |set| set as usize),
            max_idle: Duration::from_secs(mesh.max_connection_idle_seconds.into()),
        };
        Ok(ProcessConfig { data_dir: self.data_dir.clone(), health_listen: listen.transpose()?, limits })
    }

    fn tls(&self) -> Result<TlsConfig, ConfigError> {
        const FOLDER: &str = "COMANDA_TLS_DIR";
        match (&self.mesh.tls_dir, self.mesh.plaintext) {
            (Some(folder), false) => Ok(TlsConfig::Folder(folder.clone())),
            (None, true) => Ok(TlsConfig::Plaintext),
            (None, false) => Err(ConfigError::not_set(
                FOLDER,
                "; roles talk by TLS (`comanda dev-certs` makes certificates to try it), or in plaintext with \
                 COMANDA_PLAINTEXT=true",
            )),
            (Some(_), true) => Err(ConfigError::BothSet(FOLDER.to_owned(), "COMANDA_PLAINTEXT".to_owned())),
        }
    }

    fn gateway_listen(&self, for_all_the_network: bool) -> Result<SocketAddr, ConfigError> {
        let default = if for_all_the_network { "[::]:8080" } else { "127.0.0.1:8080" };
        parse::address("COMANDA_GATEWAY_LISTEN", self.gateway_listen.as_deref().unwrap_or(default))
    }

    fn listen(&self, service: Service) -> Result<Option<SocketAddr>, ConfigError> {
        let set = match service {
            Service::Catalog => &self.catalog_listen,
            Service::Orders => &self.orders_listen,
            Service::Kitchen => &self.kitchen_listen,
            Service::Identity => &self.identity_listen,
        };
        set.as_ref().map(|value| parse::address(&service.variable("LISTEN"), value)).transpose()
    }

    fn listen_or_default(&self, service: Service) -> Result<SocketAddr, ConfigError> {
        match self.listen(service)? {
            Some(address) => Ok(address),
            None => parse::address(&service.variable("LISTEN"), service.default_listen()),
        }
    }

    /// Where the replicas of a service are found.
    fn urls(&self, service: Service, tls: &TlsConfig) -> Result<Vec<Uri>, ConfigError> {
        let scheme = if matches!(tls, TlsConfig::Folder(_)) { "https" } else { "http" };
        let variable = service.variable("URL");
        let set = match service {
            Service::Catalog => &self.catalog_url,
            Service::Orders => &self.orders_url,
            Service::Kitchen => &self.kitchen_url,
            Service::Identity => &self.identity_url,
        };
        let default = || format!("{scheme}://{}", service.default_listen());
        let check = |text: &str| {
            let url = parse::url(&variable, text.trim(), &[scheme])?;
            let wrong = |_| ConfigError::invalid(&variable, format!("must be a URL that begins with {scheme}:"));
            url.as_str().parse().map_err(wrong)
        };
        set.clone().unwrap_or_else(default).split(',').map(check).collect()
    }
}
