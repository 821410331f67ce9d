//! What a connection writes while it is polled once goes to its peer in one piece. HTTP/2 writes each larger frame by
//! itself, and what follows it by another write; a write costs the kernel more than a copy costs us. Nothing waits for
//! time or company: all is sent as soon as the connection has nothing more to do.

use prost::bytes::{Buf, BytesMut};
use std::{
    future::poll_fn,
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The most that waits. Who writes more waits for the peer.
const MOST: usize = 64 * 1024;

/// A stream whose writes wait for [`Sending`].
pub(crate) struct Gathered<S>(Arc<Mutex<Inner<S>>>);

/// Sends what waits.
pub(crate) struct Sending<S>(Arc<Mutex<Inner<S>>>);

struct Inner<S> {
    stream: S,
    waiting: BytesMut,
    /// Whether the stream has been written to and may hold something back.
    flushed: bool,
}

/// The stream for a connection, and what its task must poll the connection by.
pub(crate) fn gather<S: AsyncRead + AsyncWrite + Unpin>(stream: S) -> (Gathered<S>, Sending<S>) {
    let inner = Arc::new(Mutex::new(Inner { stream, waiting: BytesMut::new(), flushed: true }));
    (Gathered(inner.clone()), Sending(inner))
}

impl<S: AsyncWrite + Unpin> Sending<S> {
    /// Does a connection's work, and sends what it writes.
    pub(crate) async fn after<F: Future>(&self, mut work: Pin<&mut F>) -> F::Output {
        poll_fn(|cx| {
            // Before, too: reading a lot may leave this turn no time for writing. Whatever fails here will fail again
            // when the connection itself reads or writes.
            let _ = lock(&self.0).poll_send(cx);
            let done = work.as_mut().poll(cx);
            let _ = lock(&self.0).poll_send(cx);
            done
        })
        .await
    }
}

impl<S: AsyncWrite + Unpin> Inner<S> {
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.waiting.is_empty() {
            self.flushed = false;
            let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.waiting))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.waiting.advance(sent);
        }
        if !self.flushed {
            ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
            self.flushed = true;
            // A connection that has nothing to say keeps no memory for it.
            self.waiting = BytesMut::new();
        }
        Poll::Ready(Ok(()))
    }

    /// How much of something is to wait now; that many bytes fit.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.waiting.len() >= MOST {
            ready!(self.poll_send(cx))?;
        }
        Poll::Ready(Ok(MOST - self.waiting.len()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gathered<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut lock(&self.0).stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gathered<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut inner = lock(&self.0);
        let room = ready!(inner.poll_room(cx))?;
        let before = inner.waiting.len();
        for slice in slices {
            let left = room - (inner.waiting.len() - before);
            inner.waiting.extend_from_slice(&slice[..slice.len().min(left)]);
        }
        Poll::Ready(Ok(inner.waiting.len() - before))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// What waits is sent at the end of this very poll.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut inner = lock(&self.0);
        ready!(inner.poll_send(cx))?;
        Pin::new(&mut inner.stream).poll_shutdown(cx)
    }
}

fn lock<S>(inner: &Mutex<Inner<S>>) -> MutexGuard<'_, Inner<S>> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
