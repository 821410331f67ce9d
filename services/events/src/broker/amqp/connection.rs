//! How a connection to RabbitMQ is opened: in plaintext by `amqp:`, by `amqps:` only to a server that is trusted. Whoever
//! holds a connection supervises it.

use comanda_mesh::trust::Trust;
use lapin::{
    Connection, ConnectionProperties, Error, ErrorKind, Result, runtime,
    tcp::{AMQPUriTcpExt, RustlsConnector},
    uri::{AMQPScheme, AMQPUri},
};
use std::{io, sync::Arc};

/// Where RabbitMQ is, and who vouches for it.
#[derive(Clone)]
pub(super) struct Address {
    pub url: Arc<str>,
    pub trust: Trust,
}

impl Address {
    /// Opens a connection that notices a silent peer within 20 s.
    pub async fn connect(&self, name: &str) -> Result<Connection> {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        let uri = format!("{}{separator}heartbeat=10", self.url).parse::<AMQPUri>().map_err(failed)?;
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

fn failed(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    ErrorKind::IOError(Arc::new(io::Error::other(why))).into()
}
