//! What can be asked of the program beside running a role: looking after dead letters and after menus, and certificates to
//! try TLS with. Only the words; `dead.rs`, `menu.rs` and `dev_certs.rs` do it.

use crate::{Failure, settings::url};
use clap::{Args, Subcommand};
use comanda_mesh::trust::Trust;
use http::Uri;
use std::path::PathBuf;

/// What to do with menus, and where.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Menu {
    /// The running shop: its gateway's address
    #[arg(long, env = "COMANDA_URL", default_value = "http://127.0.0.1:8080", global = true)]
    url: String,
    /// CAs, as PEM, of which one must have signed the certificate of a shop at https: [default: the system's CAs]
    #[arg(long, env = "COMANDA_CA_FILE", global = true)]
    ca_file: Option<PathBuf>,
    #[command(subcommand)]
    pub command: MenuCommand,
}

/// What to do with a menu.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum MenuCommand {
    /// Writes the menu as a YAML file
    Export {
        /// The shop's slug
        #[arg(long, default_value = "main")]
        shop: String,
        /// Where to; to the terminal when left out
        output: Option<PathBuf>,
    },
    /// Makes the menu what the file says, all of it or nothing
    Import {
        /// The file, or - for standard input
        file: PathBuf,
        /// Only shows what would change
        #[arg(long)]
        dry_run: bool,
        /// Who you are, for the history
        #[arg(long, default_value = "")]
        author: String,
        /// Refuses if the menu is no longer at this version
        #[arg(long, default_value_t = 0)]
        known_version: i64,
    },
    /// Says whether a file is in order; needs no running shop
    Check {
        /// The file, or - for standard input
        file: PathBuf,
    },
    /// Tells who changed what and when, latest first
    History {
        /// The shop's slug
        #[arg(long, default_value = "main")]
        shop: String,
        /// At most so many changes
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..=200))]
        limit: u8,
    },
}

impl Menu {
    /// Where the shop is found.
    pub fn url(&self) -> Result<Uri, Failure> {
        let url = url("COMANDA_URL", &self.url, &["http", "https"])?;
        url.as_str().parse().map_err(|_| "COMANDA_URL must be a URL that begins with http: or https:".to_owned())
    }

    /// Who may vouch for the shop.
    pub fn trust(&self) -> Result<Trust, Failure> {
        match &self.ca_file {
            Some(path) => Trust::ca_file(path).map_err(|why| format!("COMANDA_CA_FILE: {why}")),
            None => Ok(Trust::system()),
        }
    }
}

/// Which certificates, and where.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct DevCerts {
    /// The folder for them: a new or empty one, or one that this command has filled before
    pub folder: PathBuf,
    /// How long they are valid
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=398))]
    pub days: u16,
    /// Another name or address of the machine that runs the gateway, Postgres, Redis or RabbitMQ; may be repeated
    #[arg(long = "host")]
    pub hosts: Vec<String>,
}

/// What to do with dead letters.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Dead {
    /// Lists them all
    List,
    /// Shows everything about one
    Show {
        /// As listed
        queue: String,
        /// As listed
        subject: String,
    },
    /// Publishes one again, or all; what fails again is listed again
    Replay {
        /// As listed
        #[arg(required_unless_present = "all")]
        queue: Option<String>,
        /// As listed
        #[arg(required_unless_present = "all")]
        subject: Option<String>,
        /// Publishes all of them again
        #[arg(long, conflicts_with_all = ["queue", "subject"])]
        all: bool,
    },
}
