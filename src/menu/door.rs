//! The way to a shop's gateway for a command that a person runs: in plaintext, or by TLS to a gateway that is trusted. A
//! person shows a token and no certificate.

use crate::Failure;
use comanda_mesh::{channel, contracts::Contracts, trust::Trust};
use http::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use std::{error::Error, io, sync::Arc, time::Duration};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};
use tonic::{body::Body, transport::Endpoint};
use tower::{ServiceExt, util::BoxCloneSyncService};

const PATIENCE: Duration = Duration::from_secs(5);

/// Either way.
pub type Door = BoxCloneSyncService<Request<Body>, Response<Body>, Box<dyn Error + Send + Sync>>;

/// The gateway at an `http:` or `https:` address. By TLS it connects now, so that what is wrong can be said.
pub async fn to(gateway: Uri, trust: &Trust) -> Result<Door, Failure> {
    if gateway.scheme_str() == Some("https") {
        return by_tls(&gateway, trust).await.map_err(|why| format!("COMANDA_URL: cannot connect: {}", told(&*why)));
    }
    let contracts = Contracts::new(comanda_proto::DESCRIPTORS)?;
    let channel = channel::connect("gateway", &[gateway], None, contracts);
    let channel = channel.map_err(|why| format!("COMANDA_URL {why}"))?;
    Ok(Door::new(channel.map_err(|never| match never {})))
}

async fn by_tls(gateway: &Uri, trust: &Trust) -> Result<Door, Box<dyn Error + Send + Sync>> {
    let mut config = trust.client_config()?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    let (config, host) = (Arc::new(config), gateway.host().unwrap_or_default().to_owned());
    let port = gateway.port_u16().unwrap_or(443);
    let connect = tower::service_fn(move |_: Uri| {
        let (config, host) = (config.clone(), host.clone());
        async move { handshake(config, &host, port).await.map(TokioIo::new) }
    });
    // The library leaves TLS to the connector only if it does not hear of it; the origin says what is so.
    let plain = Uri::builder().scheme("http").authority(format!("{}:{port}", gateway.host().unwrap_or_default()));
    let endpoint = Endpoint::from(plain.path_and_query("/").build()?).origin(gateway.clone()).connect_timeout(PATIENCE);
    let channel = endpoint.connect_with_connector(connect).await?;
    Ok(Door::new(channel.map_err(Into::into)))
}

async fn handshake(config: Arc<rustls::ClientConfig>, host: &str, port: u16) -> io::Result<TlsStream<TcpStream>> {
    // An address of the sixth version stands in brackets in a URL, and nowhere else.
    let host = host.trim_matches(['[', ']']);
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let stream = TcpStream::connect((host, port)).await?;
    TlsConnector::from(config).connect(name, stream).await
}

/// The innermost cause, which alone says what is wrong.
fn told(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
