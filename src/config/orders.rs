//! What Orders is told about orders: when to ask for one that is silent, and how long those that are over are kept.

use super::ConfigError;
use clap::Args;
use std::time::Duration;

/// Orders' own settings.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Orders")]
pub struct OrdersFlags {
    /// Seconds after which Orders asks the kitchen about an order without a ticket
    #[arg(long, env = "COMANDA_AUDIT_AFTER_SECONDS", default_value_t = 30, global = true)]
    audit_after_seconds: u64,
    /// Days after which Orders moves an order that is at its end to its archive, where it can still be looked at
    #[arg(long, env = "COMANDA_ARCHIVE_AFTER_DAYS", default_value_t = 30, global = true)]
    archive_after_days: u32,
    /// Days after which Orders removes an archived order for good [default: never]
    #[arg(long, env = "COMANDA_RETENTION_DAYS", global = true)]
    retention_days: Option<u32>,
    /// Days after an order's end for which its customer's tokens, and links that share it, still open it
    #[arg(long, env = "COMANDA_ORDER_TOKEN_DAYS", default_value_t = 7, global = true)]
    order_token_days: u32,
    /// Days after which Orders removes its customer's first name from an archived order
    #[arg(long, env = "COMANDA_NAME_RETENTION_DAYS", default_value_t = 90, global = true)]
    name_retention_days: u32,
}

impl OrdersFlags {
    /// Orders' configuration.
    pub fn config(&self) -> Result<comanda_orders::Config, ConfigError> {
        let config = comanda_orders::Config {
            audit_after: Duration::from_secs(self.audit_after_seconds),
            archive_after_days: self.archive_after_days,
            retention_days: self.retention_days,
            order_token_days: self.order_token_days,
            name_retention_days: self.name_retention_days,
        };
        config.check().map_err(|(variable, expected)| ConfigError::invalid(variable, expected))?;
        Ok(config)
    }
}
