//! Where a server's connections come from: TCP ports, an in-memory pipe, or both at once; and how a connection is made
//! fit for use before anything is read from it.

use crate::connection_limit::{ConnectionLimit, Slot};
use comanda_context::peer::Peer;
use comanda_tls::Identity;
use std::{
    future::poll_fn,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::{Sleep, sleep},
};

const RETRY_INTERVAL: Duration = Duration::from_millis(100);
/// For the first bytes, by which HTTP/1 and HTTP/2 are told apart.
const GREETING_TIMEOUT: Duration = Duration::from_secs(10);
/// The length of HTTP/2's greeting.
const GREETING: usize = 24;

/// Connections for one server.
pub struct Incoming {
    ports: Vec<(TcpListener, Option<Identity>)>,
    pipes: Option<mpsc::Receiver<DuplexStream>>,
}

/// No place is left for a connection.
pub(crate) struct Full;

/// One accepted connection.
pub(crate) enum Accepted {
    /// From the network.
    Tcp(TcpStream, SocketAddr, Option<Identity>),
    /// From another role of the same process.
    Local(DuplexStream),
}

/// What bytes pass through, whatever lies below.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// Binds a port, so that a port in use is known before anything else starts.
///
/// # Errors
/// The address cannot be bound.
pub async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Err(error) if address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) && without_ipv6(&error) => {
            tracing::info!(port = address.port(), "this machine has no IPv6; listening on 0.0.0.0 instead of [::]");
            TcpListener::bind((Ipv4Addr::UNSPECIFIED, address.port())).await
        }
        bound => bound,
    }
}

/// Whether the system refuses because it has no IPv6: EAFNOSUPPORT, or EADDRNOTAVAIL where it is switched off.
fn without_ipv6(error: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = 97;
    error.raw_os_error() == Some(EAFNOSUPPORT) || error.kind() == io::ErrorKind::AddrNotAvailable
}

/// The connections of a bound port, in plaintext or by TLS.
#[must_use]
pub fn tcp(listener: TcpListener, identity: Option<Identity>) -> Incoming {
    Incoming { ports: vec![(listener, identity)], pipes: None }
}

/// The connections that a [`crate::channel::local`] channel opens, and those of a port if there is one.
#[must_use]
pub fn local(pipes: mpsc::Receiver<DuplexStream>, port: Option<TcpListener>, identity: Option<Identity>) -> Incoming {
    Incoming { ports: port.map(|port| (port, identity)).into_iter().collect(), pipes: Some(pipes) }
}

impl Incoming {
    /// Those of another bound port as well.
    pub fn and(mut self, listener: TcpListener, identity: Option<Identity>) -> Self {
        self.ports.push((listener, identity));
        self
    }

    /// The next connection. Never ends, and may be dropped at any time.
    pub(crate) async fn next(&mut self) -> Accepted {
        loop {
            let accepted = tokio::select! {
                accepted = accept(&self.ports) => accepted,
                Some(pipe) = receive(self.pipes.as_mut()) => return Accepted::Local(pipe),
            };
            match accepted {
                Ok(accepted) => return accepted,
                Err(error) => {
                    // Out of file descriptors, say: trying again at once would only spin.
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(RETRY_INTERVAL).await;
                }
            }
        }
    }
}

/// Of whichever port has one first; of none never.
async fn accept(ports: &[(TcpListener, Option<Identity>)]) -> io::Result<Accepted> {
    poll_fn(|cx| {
        for (listener, identity) in ports {
            if let Poll::Ready(accepted) = listener.poll_accept(cx) {
                return Poll::Ready(accepted.map(|(stream, address)| Accepted::Tcp(stream, address, identity.clone())));
            }
        }
        Poll::Pending
    })
    .await
}

async fn receive(pipes: Option<&mut mpsc::Receiver<DuplexStream>>) -> Option<DuplexStream> {
    match pipes {
        Some(pipes) => pipes.recv().await,
        None => std::future::pending().await,
    }
}

impl Accepted {
    /// A place for it among these. Pipes within the process need none.
    ///
    /// # Errors
    /// All places are taken.
    pub(crate) fn slot(&self, places: &Arc<ConnectionLimit>) -> Result<Option<Slot>, Full> {
        match self {
            Self::Local(_) => Ok(None),
            Self::Tcp(_, address, _) => places.take(address.ip()).map(Some).ok_or(Full),
        }
    }

    /// Ready to be read, and who is at the other end.
    ///
    /// # Errors
    /// The peer is not let in, or does not finish its handshake.
    pub(crate) async fn open(self) -> io::Result<(HandshakeIo, Peer)> {
        let (stream, peer): (Box<dyn Duplex>, Peer) = match self {
            Self::Local(pipe) => (Box::new(pipe), Peer::default()),
            Self::Tcp(stream, address, identity) => {
                // Small replies must not wait for an acknowledgement; where the option is refused, they merely do.
                let _ = stream.set_nodelay(true);
                let address = Some(address.ip().to_canonical());
                match identity {
                    None => (Box::new(stream), Peer { address, ..Peer::default() }),
                    Some(identity) => {
                        let (stream, role) = identity.accept(stream).await?;
                        (Box::new(stream), Peer { address, role: role.map(Into::into), by_tls: true })
                    }
                }
            }
        };
        Ok((HandshakeIo { stream, missing: GREETING, patience: Some(Box::pin(sleep(GREETING_TIMEOUT))) }, peer))
    }
}

/// A connection whose peer must say something soon, or is let go of.
pub(crate) struct HandshakeIo {
    stream: Box<dyn Duplex>,
    missing: usize,
    patience: Option<Pin<Box<Sleep>>>,
}

impl AsyncRead for HandshakeIo {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, buf);
        let Some(patience) = &mut this.patience else { return read };
        this.missing = this.missing.saturating_sub(buf.filled().len() - before);
        if this.missing == 0 {
            this.patience = None;
        } else if read.is_pending() && patience.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl AsyncWrite for HandshakeIo {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
