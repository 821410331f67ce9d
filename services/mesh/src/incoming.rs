//! Where a server's connections come from: a TCP port, an in-memory pipe, or both at once.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf},
    net::{TcpListener, TcpStream},
};
use tokio_stream::{Stream, StreamExt, wrappers::ReceiverStream, wrappers::TcpListenerStream};
use tonic::transport::server::Connected;

const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(100);

/// Connections for one server.
pub type Incoming = Pin<Box<dyn Stream<Item = io::Result<Connection>> + Send>>;

/// One accepted connection.
#[derive(Debug)]
pub enum Connection {
    /// From the network.
    Tcp(TcpStream),
    /// From another role of the same process.
    Local(DuplexStream),
}

/// Binds a port, so that a port in use is known before anything else starts.
///
/// # Errors
/// The address cannot be bound.
pub async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}

/// The connections of a bound port.
pub fn tcp(listener: TcpListener) -> Incoming {
    Box::pin(TcpListenerStream::new(listener).then(|accepted| async {
        let stream = match accepted {
            Ok(stream) => stream,
            Err(error) => {
                // Out of file descriptors, say: trying again at once would only spin.
                tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
                return Err(error);
            }
        };
        // Small replies must not wait for an acknowledgement; where the option is refused, they merely do.
        let _ = stream.set_nodelay(true);
        Ok(Connection::Tcp(stream))
    }))
}

/// The connections that a [`crate::channel::local`] channel opens, and those of a port if there is one.
pub fn local(pipes: tokio::sync::mpsc::Receiver<DuplexStream>, port: Option<TcpListener>) -> Incoming {
    let pipes = ReceiverStream::new(pipes).map(|pipe| Ok(Connection::Local(pipe)));
    match port {
        Some(listener) => Box::pin(pipes.merge(tcp(listener))),
        None => Box::pin(pipes),
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Local(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Local(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Self::Local(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Local(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
