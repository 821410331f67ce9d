//! Why a connection to RabbitMQ could not be opened.

use thiserror::Error;

/// Why a connection could not be opened, and to which node.
#[derive(Debug, Error)]
#[error("{node}: {why}")]
pub(super) struct OpenError {
    pub node: String,
    pub why: Why,
}

#[derive(Debug, Error)]
pub(super) enum Why {
    #[error(transparent)]
    Refused(#[from] lapin::Error),
    #[error("RabbitMQ does not answer")]
    Silent(#[from] tokio::time::error::Elapsed),
}
