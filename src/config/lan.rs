//! What a shop in a box is told about its own network.

use super::{ConfigError, parse};
use crate::certificates::local::is_local;
use clap::Args;
use std::net::{IpAddr, SocketAddr};

/// The longest label of a DNS name.
const LABEL: usize = 63;

/// Flags and variables of the shop's network.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "The shop's network")]
pub struct LanFlags {
    /// Opens a second port for staff's devices, by TLS with a CA of the shop's own, and announces its name in the network
    /// (docs/lan.md); for a shop in a box
    #[arg(long, env = "COMANDA_LAN", global = true)]
    lan: bool,
    /// Where those devices connect
    #[arg(long, env = "COMANDA_LAN_LISTEN", default_value = "[::]:8443", global = true)]
    lan_listen: String,
    /// The name by which they find this shop, without .local: lower-case letters, digits and dashes
    #[arg(long, env = "COMANDA_LAN_NAME", default_value = "comanda", global = true)]
    lan_name: String,
    /// Private addresses under which they find it, separated by commas, the first for links; where a container does not see
    /// them itself [default: those of this machine, read again every 5 s]
    #[arg(long, env = "COMANDA_LAN_ADDRESSES", value_delimiter = ',', global = true)]
    lan_addresses: Vec<String>,
}

/// The shop's network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanConfig {
    pub listen: SocketAddr,
    /// Such as `comanda.local`.
    pub name: String,
    /// None: those of this machine.
    pub addresses: Vec<IpAddr>,
}

impl LanFlags {
    /// Of a shop in a box.
    pub fn config(&self) -> Result<Option<LanConfig>, ConfigError> {
        if !self.lan {
            return Ok(None);
        }
        let addresses = self.lan_addresses.iter().map(|text| private(text.trim())).collect::<Result<_, _>>()?;
        let listen = parse::address("COMANDA_LAN_LISTEN", &self.lan_listen)?;
        Ok(Some(LanConfig { listen, name: format!("{}.local", self.label()?), addresses }))
    }

    /// Of a role that runs on its own.
    pub fn refuse(&self) -> Result<(), ConfigError> {
        match self.lan {
            true => Err(ConfigError::invalid("COMANDA_LAN", "is for a shop in a box; see COMANDA_GATEWAY_TLS_DIR")),
            false => Ok(()),
        }
    }

    fn label(&self) -> Result<&str, ConfigError> {
        let name = self.lan_name.as_str();
        let letters = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        match letters && (1..=LABEL).contains(&name.len()) && !name.starts_with('-') && !name.ends_with('-') {
            true => Ok(name),
            false => Err(ConfigError::invalid(
                "COMANDA_LAN_NAME",
                "must be 1 to 63 lower-case letters, digits and dashes, without .local",
            )),
        }
    }
}

/// The CA vouches for no others.
fn private(text: &str) -> Result<IpAddr, ConfigError> {
    let address = text.parse().ok().filter(is_local);
    address
        .ok_or_else(|| ConfigError::invalid("COMANDA_LAN_ADDRESSES", "must be private addresses such as 192.168.0.7"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;

    fn lan(arguments: &[&str]) -> Result<Option<LanConfig>, ConfigError> {
        let arguments = ["comanda"].iter().chain(arguments);
        Cli::try_parse_from(arguments).expect("known flags").flags.lan.config()
    }

    #[test]
    fn there_is_none_unless_asked_for() {
        assert_eq!(lan(&[]), Ok(None));
        let asked = lan(&["--lan", "--lan-name", "padaria-2", "--lan-addresses", "10.0.0.7, fd00::7"]);
        let asked = asked.expect("good").expect("asked for");
        assert_eq!(asked.name, "padaria-2.local");
        assert_eq!(asked.addresses.len(), 2);
        assert_eq!(lan(&["--lan"]).expect("good").expect("asked for").name, "comanda.local");
    }

    #[test]
    fn what_the_ca_could_not_vouch_for_is_refused() {
        for name in ["", "Padaria", "-a", "a-", "comanda.local", "pão"] {
            let why = lan(&["--lan", &format!("--lan-name={name}")]).expect_err(name).to_string();
            assert!(why.starts_with("COMANDA_LAN_NAME "), "{why}");
        }
        for address in ["8.8.8.8", "192.0.2.1", "2001:db8::1", "here"] {
            let why = lan(&["--lan", "--lan-addresses", address]).expect_err(address).to_string();
            assert!(why.starts_with("COMANDA_LAN_ADDRESSES "), "{why}");
        }
    }
}
