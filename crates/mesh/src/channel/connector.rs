//! How a connection to one replica is made: over TCP, by TLS where there is an identity, or through memory.

use crate::{listener::Duplex, write_coalescing::CoalescedWrites};
use comanda_tls as tls;
use comanda_tls::{Identity, ca_roots::CaRoots};
use hyper::client::conn::http2::{Builder, Connection, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::{
    error::Error,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{io::DuplexStream, net::TcpStream, sync::mpsc, time::timeout};
use tonic::body::Body;

/// The address of what has none.
pub(super) const IN_PROCESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
/// From the first packet to a connection that can be used.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(10);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(5);
/// Small for one stream and large for all, so that a few callers who do not read cannot hold up the others.
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 64 * 1024 * 1024;
const PIPE_BYTES: usize = 256 * 1024;

type Stream = Box<dyn Duplex>;

/// What carries a connection's calls; runs until it is over.
pub(super) type Carrier = Connection<TokioIo<CoalescedWrites<Stream>>, Body, TokioExecutor>;

/// Makes connections.
pub(super) enum Connector {
    /// In plaintext.
    Network,
    /// To a role that must prove that it is this role, as we must.
    Role(&'static str, Identity),
    /// To a host that must prove that it is this host, for anybody.
    Host(String, CaRoots),
    /// To a role of this process.
    Memory(mpsc::Sender<DuplexStream>),
}

impl Connector {
    /// Connects, within [`CONNECT_TIMEOUT`].
    pub(super) async fn connect(
        &self,
        address: SocketAddr,
    ) -> Result<(SendRequest<Body>, Carrier), Box<dyn Error + Send + Sync>> {
        timeout(CONNECT_TIMEOUT, async {
            let stream = self.stream(address).await?;
            let mut http2 = Builder::new(TokioExecutor::new());
            http2
                .timer(TokioTimer::new())
                .keep_alive_interval(KEEP_ALIVE_INTERVAL)
                .keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
                .keep_alive_while_idle(true)
                // Counts what comes for calls that were given up, in all the connection's life: many give up over time.
                .max_local_error_reset_streams(None)
                .initial_stream_window_size(STREAM_WINDOW)
                .initial_connection_window_size(CONNECTION_WINDOW);
            Ok(http2.handshake(TokioIo::new(CoalescedWrites::new(stream))).await?)
        })
        .await?
    }

    async fn stream(&self, address: SocketAddr) -> io::Result<Stream> {
        Ok(match self {
            Self::Memory(sender) => {
                let (near, far) = tokio::io::duplex(PIPE_BYTES);
                sender.send(far).await.map_err(|_| io::Error::from(io::ErrorKind::ConnectionRefused))?;
                Box::new(near)
            }
            Self::Network => Box::new(reach(address).await?),
            Self::Role(role, identity) => Box::new(identity.connect(role, reach(address).await?).await?),
            Self::Host(host, trust) => Box::new(tls::connect_as_anybody(trust, host, reach(address).await?).await?),
        })
    }
}

async fn reach(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    // Small requests must not wait for an acknowledgement; where the option is refused, they merely do.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}
