//! What a connection writes in one turn goes to its peer in one piece. HTTP/2 writes each larger frame by itself, and a
//! call's head before its message; a write costs the kernel more than a copy costs us. Nothing waits for time: when the
//! connection has no more to say, those tasks run that are ready by then, and what they add goes along.

use prost::bytes::{Buf, BytesMut};
use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The most that waits. Who writes more waits for the peer.
const BUFFER_SIZE: usize = 64 * 1024;
/// Who writes more at once is likely to write more of it.
const SMALL: usize = 4 * 1024;

/// A stream whose writes wait for the end of the turn.
pub(crate) struct CoalescedWrites<S> {
    stream: S,
    waiting: BytesMut,
    turn: Turn,
}

/// How far it is.
#[derive(PartialEq)]
enum Turn {
    /// Nothing is to be sent but what waits.
    Writing,
    /// The others run.
    Yielded,
    /// The stream may hold something back.
    ProgressIo,
}

impl<S: AsyncWrite + Unpin> CoalescedWrites<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, waiting: BytesMut::new(), turn: Turn::Writing }
    }

    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.waiting.is_empty() {
            self.turn = Turn::ProgressIo;
            let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.waiting))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.waiting.advance(sent);
        }
        if self.turn != Turn::Writing {
            ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
            self.turn = Turn::Writing;
            // A connection that has nothing to say keeps no memory for it.
            self.waiting = BytesMut::new();
        }
        Poll::Ready(Ok(()))
    }

    /// How much of something is to wait now; that many bytes fit.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.waiting.len() >= BUFFER_SIZE {
            ready!(self.poll_send(cx))?;
        }
        Poll::Ready(Ok(BUFFER_SIZE - self.waiting.len()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for CoalescedWrites<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for CoalescedWrites<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let room = ready!(self.poll_room(cx))?;
        let before = self.waiting.len();
        if slices.iter().any(|slice| slice.len() > SMALL) {
            // Growing little by little would copy it again and again.
            self.waiting.reserve(room);
        }
        for slice in slices {
            let left = room - (self.waiting.len() - before);
            self.waiting.extend_from_slice(&slice[..slice.len().min(left)]);
        }
        Poll::Ready(Ok(self.waiting.len() - before))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.turn == Turn::Writing && !self.waiting.is_empty() {
            self.turn = Turn::Yielded;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.poll_send(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
