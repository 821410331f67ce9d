//! How a connection to RabbitMQ is opened: in plaintext by `amqp:`, by `amqps:` only to a server that is trusted; to the
//! next node of a cluster when one fails. Whoever holds a connection supervises it.

use super::{
    backoff::failed,
    open_error::{OpenError, Why},
};
use comanda_tls::ca_roots::CaRoots;
use lapin::{
    Connection, ConnectionProperties, Result, runtime,
    tcp::{AMQPUriTcpExt, RustlsConnector},
    uri::{AMQPScheme, AMQPUri},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::timeout;

/// For one node to greet us and let us in. One that takes connections and then says nothing must not hold us.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// For all that is done on a new connection before it is of use.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

/// Where the nodes of RabbitMQ are, and who vouches for them. Clones share which node is tried next.
#[derive(Clone)]
pub(super) struct Address {
    nodes: Arc<[String]>,
    at: Arc<AtomicUsize>,
    trust: CaRoots,
}

/// The URLs in a list that is separated by commas. A comma ends a URL only before the next, because passwords may have
/// some.
pub fn nodes(urls: &str) -> Vec<&str> {
    let mut nodes = Vec::new();
    let mut begin = 0;
    for (comma, _) in urls.match_indices(',') {
        let next = urls[comma + 1..].trim_start();
        if next.starts_with("amqp:") || next.starts_with("amqps:") {
            nodes.push(urls[begin..comma].trim());
            begin = comma + 1;
        }
    }
    nodes.push(urls[begin..].trim());
    nodes
}

impl Address {
    /// Of one URL or several, as [`nodes`] separates them.
    pub fn new(urls: &str, trust: CaRoots) -> Self {
        let nodes = nodes(urls).into_iter().map(str::to_owned).collect();
        Self { nodes, at: Arc::default(), trust }
    }

    /// How many nodes there are.
    pub fn count(&self) -> usize {
        self.nodes.len()
    }

    /// Opens a connection and what is wanted of it, on one node. When that fails, it is the next node's turn.
    pub async fn open<T, F>(&self, name: &str, then: impl FnOnce(Connection) -> F) -> std::result::Result<T, OpenError>
    where
        F: Future<Output = std::result::Result<T, Why>>,
    {
        let at = self.at.load(Ordering::Relaxed);
        let url = &self.nodes[at % self.nodes.len()];
        let opened = async {
            let connection = timeout(CONNECT_TIMEOUT, self.connect(url, name)).await??;
            then(connection).await
        };
        opened.await.map_err(|why| {
            // Whoever failed at the same time on the same node has moved on already.
            let _ = self.at.compare_exchange(at, at.wrapping_add(1), Ordering::Relaxed, Ordering::Relaxed);
            OpenError { node: shown(url), why }
        })
    }

    /// A connection that notices a silent peer within 20 s.
    async fn connect(&self, url: &str, name: &str) -> Result<Connection> {
        let separator = if url.contains('?') { '&' } else { '?' };
        let uri = format!("{url}{separator}heartbeat=10").parse::<AMQPUri>().map_err(failed)?;
        let tls = match uri.scheme {
            AMQPScheme::AMQP => None,
            AMQPScheme::AMQPS => Some(RustlsConnector::from(self.trust.client_config().map_err(failed)?)),
        };
        // Not the library's own TLS, which believes whomever the system believes besides.
        let open = async move |uri: AMQPUri, runtime| {
            let plain = AMQPUri { scheme: AMQPScheme::AMQP, ..uri.clone() };
            let stream = plain.connect_async(&runtime).await.map_err(failed)?;
            match &tls {
                Some(tls) => stream.into_rustls(tls, &uri.authority.host).await.map_err(failed),
                None => Ok(stream),
            }
        };
        let properties = ConnectionProperties::default().with_connection_name(format!("comanda {name}").into());
        Connection::connector(uri, runtime::default_runtime()?, open, properties).await
    }
}

/// What is done on a new connection, within bounds.
pub(super) async fn in_time<T>(open: impl Future<Output = Result<T>>) -> std::result::Result<T, Why> {
    Ok(timeout(OPEN_TIMEOUT, open).await??)
}

/// A node by its host and port, without the password that its URL may have.
fn shown(url: &str) -> String {
    url.parse::<AMQPUri>()
        .map_or_else(|_| "RabbitMQ".to_owned(), |uri| format!("{}:{}", uri.authority.host, uri.authority.port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_nodes_is_separated_by_commas_that_a_url_follows() {
        for (list, expected) in [
            ("amqp://a", vec!["amqp://a"]),
            ("amqp://u:p,q@a:1/%2f,amqps://b , amqp://c", vec!["amqp://u:p,q@a:1/%2f", "amqps://b", "amqp://c"]),
            ("amqp://a,b", vec!["amqp://a,b"]),
        ] {
            assert_eq!(nodes(list), expected);
        }
    }

    #[tokio::test]
    async fn a_node_that_fails_makes_way_for_the_next_and_no_password_is_told() {
        let address = Address::new("amqp://u:hush@127.0.0.1:1,amqp://u:hush@127.0.0.1:2", CaRoots::system());
        for node in ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:1"] {
            let opened = address.open("test", |_| async { Ok(()) }).await;
            let error = opened.expect_err("nobody is there").to_string();
            assert!(error.starts_with(node) && !error.contains("hush"), "{error}");
        }
    }
}
