//! Certificates that this program makes: by a CA for trying TLS, or by one of a shop's own for the devices in its network.

pub mod authority;
pub mod folder;
pub mod local;
