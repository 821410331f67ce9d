//! Channels to other roles: over the network, or through memory when both run in one process. One builder for all.

use crate::token::Bearer;
use hyper_util::rt::TokioIo;
use std::{io, time::Duration};
use tokio::{io::DuplexStream, sync::mpsc};
use tonic::{
    service::interceptor::InterceptedService,
    transport::{Channel, Endpoint, Error},
};

/// A channel that shows the service token and gives every call a deadline.
pub type ServiceChannel = InterceptedService<Channel, Bearer>;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(5);
/// Small for one stream and large for all, so that a few callers who do not read cannot hold up the others.
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 64 * 1024 * 1024;
const PIPE_BYTES: usize = 256 * 1024;

/// A channel to the replicas at these `http://host:port` addresses. Connects when first used, so that a role can start
/// before those it calls.
///
/// # Errors
/// An address is not a valid URI.
pub fn connect(urls: &[String]) -> Result<Channel, Error> {
    let endpoints = urls.iter().map(|url| Ok(tuned(Endpoint::from_shared(url.clone())?)));
    let mut endpoints = endpoints.collect::<Result<Vec<_>, Error>>()?;
    Ok(match endpoints.len() {
        1 => endpoints.remove(0).connect_lazy(),
        _ => Channel::balance_list(endpoints.into_iter()),
    })
}

/// A channel to a role of the same process, and the pipes that its server takes them from.
#[must_use]
pub fn local() -> (Channel, mpsc::Receiver<DuplexStream>) {
    let (sender, pipes) = mpsc::channel(8);
    let connector = tower::service_fn(move |_| {
        let sender = sender.clone();
        async move {
            let (near, far) = tokio::io::duplex(PIPE_BYTES);
            sender.send(far).await.map_err(|_| io::Error::from(io::ErrorKind::ConnectionRefused))?;
            Ok::<_, io::Error>(TokioIo::new(near))
        }
    });
    (tuned(Endpoint::from_static("http://local")).connect_with_connector_lazy(connector), pipes)
}

/// The same channel for calls from service to service.
#[must_use]
pub fn as_service(channel: Channel, token: Bearer) -> ServiceChannel {
    InterceptedService::new(channel, token)
}

fn tuned(endpoint: Endpoint) -> Endpoint {
    endpoint
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(KEEP_ALIVE_EVERY)
        .keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
        .keep_alive_while_idle(true)
}
