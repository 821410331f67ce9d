//! Who is at the other end of a connection. The server puts it into the extensions of every request.

use std::{net::IpAddr, sync::Arc};

/// The other end of a connection, as far as the connection itself tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peer {
    /// Where it is; `None` for another role of the same process.
    pub address: Option<IpAddr>,
    /// The role that its certificate names; `None` without a certificate.
    pub role: Option<Arc<str>>,
}
