//! What the gateway is told about the world outside: whose word counts, and how much one caller may ask.

use super::ConfigError;
use clap::Args;
use comanda_gateway::{OpenTo, PerCaller, Rate, TrustedProxies};
use comanda_mesh::load_shed::Limits;
use std::{net::SocketAddr, num::NonZeroUsize};
use url::Url;

const OFF: &str = "off";

/// Flags and variables of the gateway's outer side.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Gateway")]
pub struct EdgeFlags {
    /// Other origins whose pages may call the gateway, separated by commas, scheme included
    #[arg(long, env = "COMANDA_ALLOWED_ORIGINS", value_delimiter = ',', global = true)]
    allowed_origins: Vec<String>,
    /// The addresses that customers use, separated by commas, such as `https://cafe.example`, the first for links: requests
    /// for other names are refused, which keeps pages of elsewhere out [default: on loopback localhost, else any name; with
    /// COMANDA_LAN the machine's address in the network]
    #[arg(long, env = "COMANDA_PUBLIC_URL", value_delimiter = ',', global = true)]
    public_url: Vec<String>,
    /// Who may discover the contracts by reflection besides staff: nobody (`staff`), whoever is on the same machine
    /// (`loopback`) or `anybody` [default: loopback in `all`, else staff]
    #[arg(long, env = "COMANDA_REFLECTION", value_parser = ["staff", "loopback", "anybody"], global = true)]
    reflection: Option<String>,
    /// Who may read the status besides staff, in the same words; where roles prove themselves by certificates, roles other
    /// than the gateway answer staff alone [default: loopback in `all`, else staff]
    #[arg(long, env = "COMANDA_STATUS", value_parser = ["staff", "loopback", "anybody"], global = true)]
    status: Option<String>,
    /// Proxies before the gateway whose X-Forwarded-For is believed: addresses or networks such as 10.0.0.0/8,
    /// separated by commas
    #[arg(long, env = "COMANDA_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    trusted_proxies: Vec<String>,
    /// How often one caller may read: per second, and at once after a quiet time; `off` turns all limits per caller off
    #[arg(long, env = "COMANDA_RATE_LIMIT", default_value = "100/500", global = true)]
    rate_limit: String,
    /// The same for calls that change something, such as an order
    #[arg(long, env = "COMANDA_RATE_LIMIT_CHANGES", default_value = "10/100", global = true)]
    rate_limit_changes: String,
    /// How many streams one caller may hold open, or `off`; each customer who looks at a menu holds one
    #[arg(long, env = "COMANDA_RATE_LIMIT_STREAMS", default_value = "1000", global = true)]
    rate_limit_streams: String,
    /// How often an address may present an invalid token, or a valid one for the first time, or `off`
    #[arg(long, env = "COMANDA_RATE_LIMIT_TOKENS", default_value = "1/30", global = true)]
    rate_limit_tokens: String,
    /// How many connections one address may hold, or `off`; those of trusted proxies count only among all
    /// [default: a quarter of COMANDA_MAX_CONNECTIONS, at most 1000]
    #[arg(long, env = "COMANDA_MAX_CONNECTIONS_PER_ADDRESS", global = true)]
    max_connections_per_address: Option<String>,
}

/// Where the gateway listens, and as what.
pub struct Listening {
    pub address: SocketAddr,
    pub is_shop_in_a_box: bool,
    pub has_lan: bool,
}

/// A whole café behind one address, of whom each holds two or three.
const CONNECTIONS_OF_ONE: usize = 1000;

impl EdgeFlags {
    /// The gateway's configuration.
    pub fn config(
        &self,
        limits: &Limits,
        https: bool,
        own: &Listening,
    ) -> Result<comanda_gateway::Config, ConfigError> {
        let public = self.public_urls()?;
        let host = |url: &Url| url.host_str().unwrap_or_default().to_ascii_lowercase();
        let config = comanda_gateway::Config {
            allowed_origins: self.allowed_origins.clone(),
            trusted_proxies: self.trusted_proxies()?,
            limits: self.limits(limits.connections)?,
            https,
            customers: public.first().map(|url| url.origin().ascii_serialization()),
            lan: None,
            hosts: (!public.is_empty() || own.address.ip().is_loopback() || own.has_lan)
                .then(|| public.iter().map(host).collect()),
            https_hosts: public.iter().filter(|url| url.scheme() == "https").map(host).collect(),
            reflection: open_to(self.reflection.as_deref(), own),
            status: open_to(self.status.as_deref(), own),
        };
        config.check().map_err(|why| ConfigError::rejected("COMANDA_ALLOWED_ORIGINS", why))?;
        Ok(config)
    }

    /// The first address that people use.
    pub fn address(&self) -> Option<&str> {
        self.public_url.first().map(String::as_str)
    }

    fn public_urls(&self) -> Result<Vec<Url>, ConfigError> {
        let url = |text: &String| super::parse::url("COMANDA_PUBLIC_URL", text.trim(), &["http", "https"]);
        self.public_url.iter().map(url).collect()
    }

    /// Whose word about an address counts.
    fn trusted_proxies(&self) -> Result<TrustedProxies, ConfigError> {
        let list = self.trusted_proxies.iter().map(String::as_str);
        TrustedProxies::parse(list).map_err(|why| ConfigError::rejected("COMANDA_TRUSTED_PROXIES", why))
    }

    /// How much one caller may ask, of so many connections in all.
    fn limits(&self, connections: usize) -> Result<PerCaller, ConfigError> {
        let limits = PerCaller {
            reads: rate("COMANDA_RATE_LIMIT", &self.rate_limit)?,
            changes: rate("COMANDA_RATE_LIMIT_CHANGES", &self.rate_limit_changes)?,
            streams: count("COMANDA_RATE_LIMIT_STREAMS", "streams", &self.rate_limit_streams)?,
            connections: match &self.max_connections_per_address {
                Some(set) => count("COMANDA_MAX_CONNECTIONS_PER_ADDRESS", "connections", set)?,
                None => NonZeroUsize::new((connections / 4).clamp(1, CONNECTIONS_OF_ONE)),
            },
            tokens: rate("COMANDA_RATE_LIMIT_TOKENS", &self.rate_limit_tokens)?,
        };
        Ok(if limits.reads.is_none() { PerCaller::default() } else { limits })
    }
}

fn open_to(said: Option<&str>, own: &Listening) -> OpenTo {
    match said {
        Some("anybody") => OpenTo::Anybody,
        Some("staff") => OpenTo::Staff,
        None if !own.is_shop_in_a_box => OpenTo::Staff,
        _ => OpenTo::Loopback,
    }
}

fn rate(variable: &str, value: &str) -> Result<Option<Rate>, ConfigError> {
    let read =
        |text: &str| text.parse().map(Some).map_err(|why| ConfigError::invalid(variable, format!("{why}, or off")));
    if value.trim() == OFF { Ok(None) } else { read(value) }
}

fn count(variable: &str, what: &str, value: &str) -> Result<Option<NonZeroUsize>, ConfigError> {
    let read = |text: &str| text.trim().parse().map(Some);
    let refused = |_| ConfigError::invalid(variable, format!("must be a number of {what}, 1 or more, or off"));
    if value.trim() == OFF { Ok(None) } else { read(value).map_err(refused) }
}

#[cfg(test)]
mod tests {
    use crate::{cli::Cli, config::ConfigError};
    use clap::Parser;
    use comanda_gateway::PerCaller;
    use std::num::NonZeroUsize;

    fn limits(arguments: &[&str]) -> Result<PerCaller, ConfigError> {
        let arguments = ["comanda"].iter().chain(arguments);
        Cli::try_parse_from(arguments).expect("known flags").flags.edge.limits(20_000)
    }

    #[test]
    fn changes_are_limited_more_tightly_than_reads() {
        let PerCaller { reads: Some(reads), changes: Some(changes), streams: Some(_), connections, tokens: Some(_) } =
            limits(&[]).expect("defaults")
        else {
            panic!("there are limits by default")
        };
        assert!(changes.per_second < reads.per_second && changes.burst < reads.burst);
        assert_eq!(connections, NonZeroUsize::new(1000));
    }

    #[test]
    fn one_word_turns_all_off() {
        assert_eq!(limits(&["--rate-limit", "off"]), Ok(PerCaller::default()));
        assert_eq!(limits(&["--rate-limit-changes", "off"]).expect("good").changes, None);
        assert_eq!(limits(&["--rate-limit-streams", "off"]).expect("good").streams, None);
        assert_eq!(limits(&["--rate-limit-tokens", "off"]).expect("good").tokens, None);
        assert_eq!(limits(&["--max-connections-per-address", "off"]).expect("good").connections, None);
    }

    #[test]
    fn a_wrong_limit_names_its_variable() {
        for (flag, variable) in [
            ("--rate-limit", "COMANDA_RATE_LIMIT "),
            ("--rate-limit-changes", "COMANDA_RATE_LIMIT_CHANGES "),
            ("--rate-limit-streams", "COMANDA_RATE_LIMIT_STREAMS "),
            ("--rate-limit-tokens", "COMANDA_RATE_LIMIT_TOKENS "),
            ("--max-connections-per-address", "COMANDA_MAX_CONNECTIONS_PER_ADDRESS "),
        ] {
            let why = limits(&[flag, "many"]).expect_err("no number").to_string();
            assert!(why.starts_with(variable) && why.ends_with("or off"), "{why}");
        }
    }
}
