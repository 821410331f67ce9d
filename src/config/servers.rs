//! The servers that roles store on and talk by: databases, cache and broker.

use super::{ConfigError, Flags, Service, parse};
use comanda_tls::ca_roots::CaRoots;
use std::{fmt, path::PathBuf};

/// A service's own database.
#[derive(Clone)]
pub struct DatabaseConfig {
    pub service: Service,
    pub url: String,
    pub ca_roots: CaRoots,
    pub connections: u32,
    pub data_dir: PathBuf,
}

/// A cache or a broker; `memory:` within one process.
#[derive(Clone)]
pub struct ServerConfig {
    pub url: String,
    pub ca_roots: CaRoots,
}

impl Flags {
    /// Of all databases, each another one.
    pub fn databases(&self) -> Result<[DatabaseConfig; 4], ConfigError> {
        let databases = [
            self.database(Service::Catalog)?,
            self.database(Service::Orders)?,
            self.database(Service::Kitchen)?,
            self.database(Service::Identity)?,
        ];
        for (at, database) in databases.iter().enumerate() {
            if let Some(other) = databases[..at].iter().find(|other| other.url == database.url) {
                return Err(DatabaseConfig::shared(other.service, database.service));
            }
        }
        Ok(databases)
    }

    /// Of a service's own database.
    pub fn database(&self, service: Service) -> Result<DatabaseConfig, ConfigError> {
        let (set, file) = match service {
            Service::Catalog => (&self.catalog_database_url, &self.catalog_database_url_file),
            Service::Orders => (&self.orders_database_url, &self.orders_database_url_file),
            Service::Kitchen => (&self.kitchen_database_url, &self.kitchen_database_url_file),
            Service::Identity => (&self.identity_database_url, &self.identity_database_url_file),
        };
        let variable = service.variable("DATABASE_URL");
        let url = match parse::value_or_file(&variable, set.as_ref(), file.as_ref())? {
            Some(text) => {
                parse::url(&variable, &text, &["postgres", "postgresql", "sqlite"])?;
                text
            }
            None => format!("sqlite:{}", self.data_dir.join(service.name()).with_extension("db").display()),
        };
        let (ca_roots, connections) = (self.server_roots()?, self.database_connections);
        Ok(DatabaseConfig { service, url, ca_roots, connections, data_dir: self.data_dir.clone() })
    }

    pub(super) fn cache(&self, one_process: bool) -> Result<ServerConfig, ConfigError> {
        const VARIABLE: &str = "COMANDA_CACHE_URL";
        let set = parse::value_or_file(VARIABLE, self.cache_url.as_ref(), self.cache_url_file.as_ref())?;
        let url = parse::server_url(VARIABLE, set, ["redis", "rediss"], one_process)?;
        Ok(ServerConfig { url, ca_roots: self.server_roots()? })
    }

    pub(super) fn broker(&self, one_process: bool) -> Result<ServerConfig, ConfigError> {
        let set = parse::value_or_file("COMANDA_BROKER_URL", self.broker_url.as_ref(), self.broker_url_file.as_ref())?;
        Ok(ServerConfig { url: parse::broker_url(set, one_process)?, ca_roots: self.server_roots()? })
    }

    fn server_roots(&self) -> Result<CaRoots, ConfigError> {
        parse::ca_roots("COMANDA_SERVERS_CA_FILE", self.servers_ca_file.as_ref())
    }
}

/// Without the URL, which may hold a password.
impl fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseConfig({:?})", self.service)
    }
}

/// Without the URL, which may hold a password.
impl fmt::Debug for ServerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerConfig")
    }
}

impl DatabaseConfig {
    /// Its variable, for errors.
    pub fn variable(&self) -> String {
        self.service.variable("DATABASE_URL")
    }

    /// The file of an embedded one.
    pub fn file(&self) -> Option<PathBuf> {
        let file = self.url.strip_prefix("sqlite:")?;
        let file = file.strip_prefix("//").unwrap_or(file);
        Some(file.split_once('?').map_or(file, |(file, _)| file).into())
    }

    /// The error of two services with one database.
    pub fn shared(one: Service, other: Service) -> ConfigError {
        ConfigError::SharedDatabase(one.variable("DATABASE_URL"), other.variable("DATABASE_URL"))
    }
}
