//! How single values are read.

use super::ConfigError;
use comanda_tls::ca_roots::CaRoots;
use http::Uri;
use std::{fs, net::SocketAddr, path::PathBuf};
use url::Url;

/// A value that is given directly or as a file that holds it.
pub fn value_or_file(
    variable: &str,
    value: Option<&String>,
    file: Option<&PathBuf>,
) -> Result<Option<String>, ConfigError> {
    match (value, file) {
        (Some(value), None) => Ok(Some(value.trim().to_owned())),
        (None, Some(path)) => read_file(&format!("{variable}_FILE"), path).map(Some),
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(ConfigError::BothSet(variable.to_owned(), format!("{variable}_FILE"))),
    }
}

/// The text of a file, without spaces at both ends.
pub fn read_file(variable: &str, path: &PathBuf) -> Result<String, ConfigError> {
    fs::read_to_string(path).map(|text| text.trim().to_owned()).map_err(|error| ConfigError::File {
        variable: variable.to_owned(),
        path: path.display().to_string(),
        why: error.to_string(),
    })
}

/// An address with its port.
pub fn address(variable: &str, value: &str) -> Result<SocketAddr, ConfigError> {
    value.parse().map_err(|_| ConfigError::invalid(variable, "must be an address such as 127.0.0.1:8080 or [::]:8080"))
}

/// A URL of one of these schemes.
pub fn url(variable: &str, text: &str, schemes: &[&str]) -> Result<Url, ConfigError> {
    let wrong = || ConfigError::invalid(variable, format!("must be a URL that begins with {}:", schemes.join(": or ")));
    let url = Url::parse(text).map_err(|_| wrong())?;
    if schemes.contains(&url.scheme()) { Ok(url) } else { Err(wrong()) }
}

/// The URL of a gateway, with its port.
pub fn gateway_url(text: &str) -> Result<Uri, ConfigError> {
    const VARIABLE: &str = "COMANDA_URL";
    let url = url(VARIABLE, text, &["http", "https"])?;
    let port = url.port_or_known_default().unwrap_or_default();
    let uri = format!("{}://{}:{port}", url.scheme(), url.host_str().unwrap_or_default());
    uri.parse().map_err(|_| ConfigError::invalid(VARIABLE, "must be a URL that begins with http: or https:"))
}

/// The CAs of a file, or of the system.
pub fn ca_roots(variable: &str, file: Option<&PathBuf>) -> Result<CaRoots, ConfigError> {
    match file {
        Some(path) => CaRoots::ca_file(path).map_err(|why| ConfigError::rejected(variable, why)),
        None => Ok(CaRoots::system()),
    }
}

/// The URL of a cache or broker: the first scheme is in plaintext, the second by TLS; `memory:` only within one process.
pub fn server_url(
    variable: &str,
    value: Option<String>,
    [plain, tls]: [&str; 2],
    one_process: bool,
) -> Result<String, ConfigError> {
    match (value.as_deref(), one_process) {
        (None | Some("memory:"), true) => Ok("memory:".to_owned()),
        (Some("memory:"), false) => {
            Err(ConfigError::invalid(variable, "cannot be memory: for a role that runs on its own"))
        }
        (None, false) => {
            Err(ConfigError::not_set(variable, &format!("; a role that runs on its own needs {plain}: or {tls}:")))
        }
        (Some(text), _) => url(variable, text, &[plain, tls, "memory"]).map(|_| text.to_owned()),
    }
}

/// The broker, one URL or several.
pub fn broker_url(value: Option<String>, one_process: bool) -> Result<String, ConfigError> {
    const VARIABLE: &str = "COMANDA_BROKER_URL";
    let nodes = value.as_deref().map(comanda_events::broker::nodes).unwrap_or_default();
    let several = nodes.len() > 1;
    if nodes.into_iter().any(|node| lists_hosts(node) || (several && !is_node(node))) {
        let form = "may be several URLs separated by commas, each with its amqp: or amqps: and a host";
        return Err(ConfigError::invalid(VARIABLE, form));
    }
    server_url(VARIABLE, value, ["amqp", "amqps"], one_process)
}

/// Whether a URL has several hosts, as those of other systems may.
fn lists_hosts(node: &str) -> bool {
    Url::parse(node).is_ok_and(|url| url.host_str().is_some_and(|host| host.contains(',')) || url.path().contains(','))
}

/// Whether it is the URL of a broker that could be called.
fn is_node(node: &str) -> bool {
    url("", node, &["amqp", "amqps"]).is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}
