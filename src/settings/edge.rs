//! What the gateway is told about the world outside: whose word counts, and how much one caller may ask.

use crate::Failure;
use clap::Args;
use comanda_gateway::{PerCaller, Rate, TrustedProxies};
use std::num::NonZeroUsize;

const OFF: &str = "off";

/// Flags and variables of the gateway's outer side.
#[derive(Debug, Clone, Args)]
pub struct EdgeSettings {
    /// Other origins whose pages may call the gateway, separated by commas, scheme included
    #[arg(long, env = "COMANDA_ALLOWED_ORIGINS", value_delimiter = ',', global = true)]
    pub allowed_origins: Vec<String>,
    /// Proxies before the gateway whose X-Forwarded-For is believed: addresses or networks such as 10.0.0.0/8, separated by commas
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
}

impl EdgeSettings {
    /// Whose word about an address counts.
    pub fn trusted_proxies(&self) -> Result<TrustedProxies, Failure> {
        let list = self.trusted_proxies.iter().map(String::as_str);
        TrustedProxies::parse(list).map_err(|why| format!("COMANDA_TRUSTED_PROXIES: {why}"))
    }

    /// How much one caller may ask.
    pub fn limits(&self) -> Result<PerCaller, Failure> {
        let limits = PerCaller {
            reads: rate("COMANDA_RATE_LIMIT", &self.rate_limit)?,
            changes: rate("COMANDA_RATE_LIMIT_CHANGES", &self.rate_limit_changes)?,
            streams: streams(&self.rate_limit_streams)?,
        };
        Ok(if limits.reads.is_none() { PerCaller::default() } else { limits })
    }
}

fn rate(variable: &str, value: &str) -> Result<Option<Rate>, Failure> {
    let read = |text: &str| text.parse().map(Some).map_err(|why| format!("{variable} {why}, or off"));
    if value.trim() == OFF { Ok(None) } else { read(value) }
}

fn streams(value: &str) -> Result<Option<NonZeroUsize>, Failure> {
    let read = |text: &str| text.trim().parse().map(Some);
    let refused = |_| "COMANDA_RATE_LIMIT_STREAMS must be a number of streams, 1 or more, or off".to_owned();
    if value.trim() == OFF { Ok(None) } else { read(value).map_err(refused) }
}

#[cfg(test)]
mod tests {
    use crate::settings::Command;
    use clap::Parser;
    use comanda_gateway::PerCaller;

    fn limits(arguments: &[&str]) -> Result<PerCaller, String> {
        let arguments = ["comanda"].iter().chain(arguments);
        Command::try_parse_from(arguments).expect("known flags").settings.edge.limits()
    }

    #[test]
    fn changes_are_limited_more_tightly_than_reads() {
        let PerCaller { reads: Some(reads), changes: Some(changes), streams: Some(_) } = limits(&[]).expect("defaults")
        else {
            panic!("there are limits by default")
        };
        assert!(changes.per_second < reads.per_second && changes.burst < reads.burst);
    }

    #[test]
    fn one_word_turns_all_off() {
        assert_eq!(limits(&["--rate-limit", "off"]), Ok(PerCaller::default()));
        assert_eq!(limits(&["--rate-limit-changes", "off"]).expect("good").changes, None);
        assert_eq!(limits(&["--rate-limit-streams", "off"]).expect("good").streams, None);
    }

    #[test]
    fn a_wrong_limit_names_its_variable() {
        for (flag, variable) in [
            ("--rate-limit", "COMANDA_RATE_LIMIT "),
            ("--rate-limit-changes", "COMANDA_RATE_LIMIT_CHANGES "),
            ("--rate-limit-streams", "COMANDA_RATE_LIMIT_STREAMS "),
        ] {
            let why = limits(&[flag, "many"]).expect_err("no number");
            assert!(why.starts_with(variable) && why.ends_with("or off"), "{why}");
        }
    }
}
