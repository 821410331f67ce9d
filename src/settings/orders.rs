//! What Orders is told about orders: when to ask for one that is silent, and how long those that are over are kept.

use clap::Args;

/// Orders' own settings.
#[derive(Debug, Clone, Args)]
pub struct OrdersSettings {
    /// Seconds after which Orders asks the kitchen about an order without a ticket
    #[arg(long, env = "COMANDA_AUDIT_AFTER_SECONDS", default_value_t = 30, global = true)]
    pub audit_after_seconds: u64,
    /// Days after which Orders moves an order that is at its end to its archive, where it can still be looked at
    #[arg(long, env = "COMANDA_ARCHIVE_AFTER_DAYS", default_value_t = 30, global = true)]
    pub archive_after_days: u32,
    /// Days after which Orders removes an archived order for good [default: never]
    #[arg(long, env = "COMANDA_RETENTION_DAYS", global = true)]
    pub retention_days: Option<u32>,
}
