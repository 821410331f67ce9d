//! The command line: roles, and the subcommands that end by themselves.

use crate::config::{ConfigError, Flags, gateway_url};
use clap::{Args, Parser, Subcommand};
use http::Uri;
use std::path::PathBuf;

/// Ordering for coffee shops. Without a role, the whole shop runs in this one process.
#[derive(Debug, Parser)]
#[command(name = "comanda", version)]
pub struct Cli {
    /// What to run.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Begins a new shop where a file of the data folder is missing: what is left is set aside in it, in set-aside-1 or
    /// the next free number; nothing is overwritten, and a folder of which nothing is missing goes on as it is
    #[arg(long)]
    pub new_shop: bool,
    #[command(flatten)]
    pub flags: Flags,
}

/// A role, or a command that ends by itself.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Every role in this process, on embedded defaults (the default)
    All,
    /// The menus
    Catalog,
    /// The orders
    Orders,
    /// The tickets and their tablets
    Kitchen,
    /// The staff, their devices and what they may do
    Identity,
    /// The browser's door
    Gateway,
    /// Creates or upgrades the schemas of all databases, then exits
    Migrate {
        /// Also loads the sample menu, if the catalog is empty
        #[arg(long, env = "COMANDA_SAMPLE_MENU")]
        sample_menu: bool,
    },
    /// Lists, shows or replays the messages that could not be processed, then exits
    #[command(subcommand)]
    Dead(Dead),
    /// Examines a running deployment and says what to mend, then exits: with 0 when all is well, else with 1
    Doctor(Doctor),
    /// Exports, imports or checks a menu as a file, or tells its history, then exits
    Menu(Menu),
    /// Makes or renews certificates to try TLS with, then exits
    DevCerts(DevCerts),
    /// Manages people, devices and API keys of a running shop
    Staff(Staff),
    /// Exports or erases what is known of a customer or of one of the staff
    Privacy(Privacy),
    /// Makes what signs and checks the tokens of staff, identity.key and jwks.json, where it is missing
    IdentityKeys {
        /// Makes a new key that signs from now on, before the old one, whose tokens stay good
        #[arg(long)]
        rotate: bool,
        /// The folder for them
        folder: PathBuf,
    },
    /// Prints the configuration in force, secrets hidden, then exits
    Config {
        /// Prints what there is to configure, as docs/configuration.md
        #[arg(long)]
        reference: bool,
    },
}

impl Command {
    /// Whether it runs until it is stopped; whoever started another command waits for its words, not for a log's.
    pub fn serves(&self) -> bool {
        matches!(self, Self::All | Self::Catalog | Self::Orders | Self::Kitchen | Self::Identity | Self::Gateway)
    }

    /// Its name in logs and traces.
    pub fn name(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Catalog => "catalog",
            Self::Orders => "orders",
            Self::Kitchen => "kitchen",
            Self::Identity => "identity",
            Self::Staff(_) => "staff",
            Self::Privacy(_) => "privacy",
            Self::IdentityKeys { .. } => "identity-keys",
            Self::Gateway => "gateway",
            Self::Migrate { .. } => "migrate",
            Self::Dead(_) => "dead",
            Self::Doctor(_) => "doctor",
            Self::Menu(_) => "menu",
            Self::DevCerts(_) => "dev-certs",
            Self::Config { .. } => "config",
        }
    }
}

/// What to do with menus, and where.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Menu {
    /// The running shop: its gateway's address
    #[arg(long, env = "COMANDA_URL", default_value = "http://127.0.0.1:8080", global = true)]
    url: String,
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
    pub fn url(&self) -> Result<Uri, ConfigError> {
        gateway_url(&self.url)
    }
}

/// What to do with staff, and where.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Staff {
    /// The running shop: its gateway's address
    #[arg(long, env = "COMANDA_URL", default_value = "http://127.0.0.1:8080", global = true)]
    url: String,
    #[command(subcommand)]
    pub command: StaffCommand,
}

impl Staff {
    /// Where the shop is found.
    pub fn url(&self) -> Result<Uri, ConfigError> {
        gateway_url(&self.url)
    }
}

/// What to do with staff.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum StaffCommand {
    /// Lists the people of a shop
    List {
        /// The shop's slug
        #[arg(long, default_value = "main")]
        shop: String,
    },
    /// Adds a person; a password or PIN is read from standard input where asked for
    Add {
        /// First name
        name: String,
        /// What he or she signs in with
        #[arg(long)]
        login: String,
        /// What he or she may do
        #[arg(long, default_value = "barista", value_parser = ["barista", "manager", "owner"])]
        role: String,
        /// The shops' slugs; may be repeated
        #[arg(long = "shop", default_value = "main")]
        shops: Vec<String>,
        /// Reads a password from the first line of standard input
        #[arg(long)]
        password: bool,
        /// A PIN of four to eight digits is read from the next line of standard input
        #[arg(long)]
        pin: bool,
    },
    /// A person leaves
    Archive {
        /// As listed
        login: String,
        /// The shop's slug
        #[arg(long, default_value = "main")]
        shop: String,
    },
    /// Lists the devices and API keys of a shop
    Devices {
        /// The shop's slug
        #[arg(long, default_value = "main")]
        shop: String,
    },
    /// Prints a code that pairs one tablet or panel
    Pair {
        /// What the device will be called
        name: String,
        /// What it may do
        #[arg(long, default_value = "barista", value_parser = ["panel", "barista"])]
        role: String,
        /// The shop's slug
        #[arg(long, default_value = "main")]
        shop: String,
        /// A station that it shows; may be repeated; all when left out
        #[arg(long = "station")]
        stations: Vec<String>,
    },
    /// Prints an API key for a machine, good for a year unless it is revoked
    ApiKey {
        /// What the key will be called
        name: String,
        /// What it may do
        #[arg(long, default_value = "manager", value_parser = ["panel", "barista", "manager", "owner"])]
        role: String,
        /// The shop's slug
        #[arg(long, default_value = "main")]
        shop: String,
    },
    /// Lets a device or an API key in no more
    Revoke {
        /// Its id, as listed
        device: String,
    },
    /// Prints a link that signs an owner in once; on the machine of Identity's database only, for an owner who is locked out
    ResetOwner,
    /// Prints an access token of ten minutes; where the signing key is only
    Token {
        /// What it may do
        #[arg(long, default_value = "owner", value_parser = ["panel", "barista", "manager", "owner"])]
        role: String,
    },
}

/// Whose data, and where.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Privacy {
    /// The running shop: its gateway's address
    #[arg(long, env = "COMANDA_URL", default_value = "http://127.0.0.1:8080", global = true)]
    url: String,
    #[command(subcommand)]
    pub command: PrivacyCommand,
}

impl Privacy {
    /// Where the shop is found.
    pub fn url(&self) -> Result<Uri, ConfigError> {
        gateway_url(&self.url)
    }
}

/// What to do with what is known of a person.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum PrivacyCommand {
    /// Prints all of it as JSON
    Export(Person),
    /// Takes name, wishes and allergies out of orders, or name and login of somebody of the staff, who leaves
    Erase(Person),
}

/// A customer, by the ids of his or her orders, or somebody of the staff.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Person {
    /// The ids of orders, as the page of each order shows
    #[arg(required_unless_present = "staff")]
    pub orders: Vec<String>,
    /// The login of somebody of the staff
    #[arg(long, conflicts_with = "orders")]
    pub staff: Option<String>,
    /// The shop where he or she works
    #[arg(long, default_value = "main")]
    pub shop: String,
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

/// What to examine.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Doctor {
    /// The running shop: its gateway's address
    #[arg(long, env = "COMANDA_URL", default_value = "http://127.0.0.1:8080")]
    url: String,
}

impl Doctor {
    /// Where the shop is found.
    pub fn url(&self) -> Result<Uri, ConfigError> {
        gateway_url(&self.url)
    }
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
