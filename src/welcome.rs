//! Where to begin: the links that a shop in a box prints at each start. Those for the kitchen's tablet and the panel pair one
//! device each, once; an owner's is there until an owner has signed in.

use crate::{Failure, data_dir};
use comanda_auth::role::Role;
use comanda_gateway::Lan;
use comanda_storage::database::Database;
use std::{
    fmt::Write,
    io::{IsTerminal, stdout},
    net::SocketAddr,
    path::Path,
};

/// In the data folder.
const FILE: &str = "links.txt";

/// Where people come.
pub struct Places {
    customers: String,
    staff: String,
    /// What staff's devices must do first.
    trust: Option<String>,
}

impl Places {
    /// All of them at one address.
    pub fn alone(address: SocketAddr, by_tls: bool) -> Self {
        let origin = format!("{}://{address}", if by_tls { "https" } else { "http" });
        Self { customers: origin.clone(), staff: origin, trust: None }
    }

    /// Staff at an address of their own.
    pub fn in_the_network(lan: &Lan) -> Self {
        let trust = format!(
            "Staff's devices come to {}/ and trust this shop's CA first:\n{}/confiar says how, in each device's browser. The \
             CA's fingerprint (SHA-256):\n{}",
            lan.staff(),
            lan.customers,
            lan.fingerprint
        );
        Self { customers: lan.customers.clone(), staff: lan.staff(), trust: Some(trust) }
    }

    fn trust(&self) -> String {
        self.trust.as_ref().map_or_else(String::new, |trust| format!("{trust}\n"))
    }
}

/// The links of one start.
pub struct Links {
    /// What each is for, and what follows the origin.
    secret: Vec<(&'static str, String)>,
}

impl Links {
    /// Makes new ones; those of the start before that nobody used end.
    pub async fn make(database: &Database) -> Result<Self, Failure> {
        let cannot = |error| format!("cannot make links for devices: {error}");
        let mut secret = Vec::new();
        for (label, page, role, name) in [
            ("barista", "barista", Role::Barista, "Tablet"),
            ("panel", "painel", Role::Panel, "Panel"),
            ("status", "status", Role::Barista, "Status"),
        ] {
            let code = comanda_identity::start_code(database, role, name).await.map_err(cannot)?;
            secret.push((label, format!("{page}#pair={code}")));
        }
        if !comanda_identity::is_claimed(database).await.map_err(cannot)? {
            let link = comanda_identity::owner_link(database, false).await.map_err(cannot)?;
            secret.push(("owner", format!("equipe#link={link}")));
        }
        Ok(Self { secret })
    }

    /// What to say. Links that hold secrets are for the eyes of whoever started this: what is no terminal may be a log that
    /// many read, so there they go to a file.
    pub fn welcome(&self, places: &Places, data: &Path) -> Result<String, Failure> {
        let (customers, trust) = (&places.customers, places.trust());
        let mut lines = format!("  {:<11} {customers}/\n", "customers");
        for (label, link) in &self.secret {
            let _ = writeln!(lines, "  {label:<11} {}/{link}", places.staff);
        }
        if stdout().is_terminal() {
            return Ok(format!(
                "Comanda is open. Open these in a browser:\n\n{lines}\n\
                 All but the first work once and hold secrets: give them to staff only.\n{trust}Stop with Ctrl-C."
            ));
        }
        let file = data.join(FILE);
        let cannot = |error| format!("COMANDA_DATA_DIR: cannot write {}: {error}", file.display());
        data_dir::write(&file, lines.as_bytes()).map_err(cannot)?;
        Ok(format!(
            "Comanda is open: customers find it at {customers}/\n\
             The links for barista, panel, status and owner work once and hold secrets; they are in {}.\n{trust}\
             Stop with Ctrl-C.",
            file.display()
        ))
    }
}
