//! What stands around every answer to the web, whoever gives it: names that are ours, compression, figures, headers.

pub mod compress;
pub mod host;
pub mod http_metrics;
pub mod security_headers;
