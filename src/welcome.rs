//! Where to begin: the links that a shop in a box prints at each start. Those for the kitchen's tablet and the panel pair one
//! device each, once; an owner's is there until an owner has signed in.

use crate::{Failure, data_dir};
use comanda_auth::role::Role;
use comanda_storage::database::Database;
use std::{
    fmt::Write,
    io::{IsTerminal, stdout},
    net::SocketAddr,
    path::Path,
};

/// In the data folder.
const FILE: &str = "links.txt";

/// The links of one start.
pub struct Links {
    origin: String,
    secret: String,
}

impl Links {
    /// Makes new ones; those of the start before that nobody used end.
    pub async fn make(database: &Database, address: SocketAddr, by_tls: bool) -> Result<Self, Failure> {
        let cannot = |error| format!("cannot make links for devices: {error}");
        let origin = format!("{}://{address}", if by_tls { "https" } else { "http" });
        let mut secret = String::new();
        for (label, page, role, name) in [
            ("barista", "barista", Role::Barista, "Tablet"),
            ("panel", "painel", Role::Panel, "Panel"),
            ("status", "status", Role::Barista, "Status"),
        ] {
            let code = comanda_identity::start_code(database, role, name).await.map_err(cannot)?;
            let _ = writeln!(secret, "  {label:<11} {origin}/{page}#pair={code}");
        }
        if !comanda_identity::is_claimed(database).await.map_err(cannot)? {
            let link = comanda_identity::owner_link(database, false).await.map_err(cannot)?;
            let _ = writeln!(secret, "  {:<11} {origin}/equipe#link={link}", "owner");
        }
        Ok(Self { origin, secret })
    }

    /// What to say. Links that hold secrets are for the eyes of whoever started this: what is no terminal may be a log that
    /// many read, so there they go to a file.
    pub fn welcome(&self, data: &Path) -> Result<String, Failure> {
        let Self { origin, secret } = self;
        if stdout().is_terminal() {
            return Ok(format!(
                "Comanda is open. Open these in a browser:\n\n  customers   {origin}/\n{secret}\n\
                 All but the first work once and hold secrets: give them to staff only. Stop with Ctrl-C."
            ));
        }
        let file = data.join(FILE);
        let cannot = |error| format!("COMANDA_DATA_DIR: cannot write {}: {error}", file.display());
        data_dir::write(&file, format!("  customers   {origin}/\n{secret}").as_bytes()).map_err(cannot)?;
        Ok(format!(
            "Comanda is open: customers find it at {origin}/\n\
             The links for barista, panel, status and owner work once and hold secrets; they are in {}. Stop with Ctrl-C.",
            file.display()
        ))
    }
}
