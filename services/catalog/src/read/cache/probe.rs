//! Asks the cache now and then what it is, and whether it takes writes: a cache that refuses them looks well to all who
//! only read, and every menu comes from the database.

use super::{KEEP_TIMEOUT, within};
use comanda_telemetry::status::v1::{Problem, ProblemKind, Server};
use fred::{
    clients::Client,
    interfaces::{ClientLike, KeysInterface},
    types::{Expiration, InfoKind},
};
use parking_lot::{Mutex, MutexGuard};
use std::{sync::Arc, time::Duration};

const PROBE_INTERVAL: Duration = Duration::from_secs(10);
const KEY: &str = "menu:probe";
const KEY_FOR_MILLISECONDS: i64 = 1000;

/// What is known of the server behind a client. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub struct Known(Arc<Mutex<Server>>);

impl Known {
    /// What a status says of it.
    pub fn server(&self, client: &Client) -> Server {
        let mut server = self.server_known().clone();
        server.answers = client.is_connected();
        if server.product.is_empty() {
            "Redis".clone_into(&mut server.product);
        }
        if server.version.is_empty() {
            server.version = client.server_version().map(|version| version.to_string()).unwrap_or_default();
        }
        server
    }

    /// There is no connection, and this is why.
    pub fn away(&self, why: &str) {
        let problem = Problem { kind: ProblemKind::Unreachable.into(), detail: why.to_owned() };
        self.server_known().problems = vec![problem];
    }

    fn server_known(&self) -> MutexGuard<'_, Server> {
        self.0.lock()
    }
}

/// Asks for ever.
pub async fn follow(client: Client, known: Known) {
    let asked = within(&client, KEEP_TIMEOUT);
    loop {
        if client.is_connected() {
            if let Ok(info) = asked.info::<String>(Some(InfoKind::Server)).await {
                let (product, version) = product(&info);
                let mut server = known.server_known();
                (server.product, server.version) = (product.to_owned(), version.to_owned());
            }
            let expires = Some(Expiration::PX(KEY_FOR_MILLISECONDS));
            match asked.set::<(), _, _>(KEY, "", expires, None, false).await {
                Ok(()) => known.server_known().problems.clear(),
                Err(error) => {
                    if let Some(kind) = kind(error.details()) {
                        let detail = error.details().to_owned();
                        known.server_known().problems = vec![Problem { kind: kind.into(), detail }];
                    }
                }
            }
        }
        tokio::time::sleep(if client.is_connected() { PROBE_INTERVAL } else { KEEP_TIMEOUT }).await;
    }
}

/// Its own name and version. Valkey also says which Redis it is like, for those who know no other.
fn product(info: &str) -> (&'static str, &str) {
    let value = |name: &str| info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
    match value("valkey_version") {
        Some(version) => ("Valkey", version),
        None => ("Redis", value("redis_version").unwrap_or_default()),
    }
}

/// What kind of refusal begins so; `None` when it is no refusal of the server's.
fn kind(said: &str) -> Option<ProblemKind> {
    match said.split_whitespace().next()? {
        "OOM" => Some(ProblemKind::Memory),
        "READONLY" => Some(ProblemKind::ReadOnly),
        "NOPERM" | "NOAUTH" | "WRONGPASS" => Some(ProblemKind::Permission),
        "MISCONF" | "NOREPLICAS" | "LOADING" | "MASTERDOWN" | "ERR" => Some(ProblemKind::Refused),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_its_own_name() {
        let valkey = "# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.1\r\n";
        assert_eq!(product(valkey), ("Valkey", "8.1.1"));
        assert_eq!(product("# Server\r\nredis_version:8.0.2\r\nredis_mode:standalone\r\n"), ("Redis", "8.0.2"));
        assert_eq!(product(""), ("Redis", ""));
    }

    #[test]
    fn a_refusal_is_told_from_a_silence() {
        let oom = "OOM command not allowed when used memory > 'maxmemory'.";
        assert_eq!(kind(oom), Some(ProblemKind::Memory));
        assert_eq!(kind("READONLY You can't write against a read only replica."), Some(ProblemKind::ReadOnly));
        assert_eq!(kind("NOPERM User shop has no permissions"), Some(ProblemKind::Permission));
        assert_eq!(kind("MISCONF Redis is configured to save RDB snapshots"), Some(ProblemKind::Refused));
        assert_eq!(kind("Request timed out."), None);
    }
}
