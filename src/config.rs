//! Configuration: flags and variables become one validated, typed value per role before anything starts. What is wrong is
//! said in one sentence that names the variable, never its value, which may be a secret.

mod edge;
mod error;
mod flags;
mod lan;
mod mesh;
mod oidc;
mod orders;
mod parse;
mod print;
mod role;
mod secrets;
mod servers;

pub use error::ConfigError;
pub use flags::Flags;
pub use lan::LanConfig;
pub use parse::gateway_url;
pub use print::{in_force, reference};
pub use role::{
    AllConfig, CatalogConfig, ClientConfig, GatewayConfig, IdentityConfig, KitchenConfig, OrdersConfig, ProcessConfig,
    TelemetryConfig, TlsConfig,
};
pub use secrets::{SIGNING_KEY_FILE, SecretFlags, machine_token};
pub use servers::{DatabaseConfig, ServerConfig};

/// The services with a database and an address of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Catalog,
    Orders,
    Kitchen,
    Identity,
}

impl Service {
    /// Its name in variables, and of its database in the data folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Orders => "orders",
            Self::Kitchen => "kitchen",
            Self::Identity => "identity",
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
            Self::Identity => "127.0.0.1:50054",
        }
    }
}

#[cfg(test)]
mod tests;
