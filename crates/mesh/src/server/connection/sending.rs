//! A peer that does not read cannot hold a connection: when nothing of what waits to be written goes out for a while, the
//! connection is over. What counts is bytes, not messages: a slow reader who reads, and a stream that has nothing to say,
//! go on.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// For the next byte to go out, while there is one.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A stream whose peer must read.
pub(crate) struct ProgressIo<S> {
    stream: S,
    stuck: Option<Pin<Box<Sleep>>>,
    sent: Arc<AtomicU64>,
}

impl<S> ProgressIo<S> {
    /// Adds to `sent` what goes out.
    pub(crate) fn new(stream: S, sent: Arc<AtomicU64>) -> Self {
        Self { stream, stuck: None, sent }
    }

    fn observe<T>(&mut self, cx: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.stuck = None;
            return outcome;
        }
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(sleep(TIMEOUT)));
        if stuck.as_mut().poll(cx).is_ready() {
            metrics::counter!("comanda_connections_ended_total", "why" => "stuck").increment(1);
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }

    fn count(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = &written {
            self.sent.fetch_add(*bytes as u64, Ordering::Relaxed);
        }
        self.observe(cx, written)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ProgressIo<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ProgressIo<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.count(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.observe(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ended = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.observe(cx, ended)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.count(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, duplex},
        time::Instant,
    };

    #[tokio::test(start_paused = true)]
    async fn who_reads_slowly_is_waited_for_and_who_does_not_read_is_not() {
        let (near, mut far) = duplex(16);
        let sent = Arc::<AtomicU64>::default();
        let mut sending = ProgressIo::new(near, sent.clone());
        let slow = tokio::spawn(async move {
            for _ in 0..60 {
                sleep(TIMEOUT / 2).await;
                far.read_u8().await.expect("a byte");
            }
            far
        });
        sending.write_all(&[0; 16 + 60]).await.expect("a byte every fifteen seconds is progress");
        let _far = slow.await.expect("no panic");
        let began = Instant::now();
        assert_eq!(sending.write_all(&[0; 16]).await.expect_err("nobody reads").kind(), io::ErrorKind::TimedOut);
        assert!((TIMEOUT..TIMEOUT * 2).contains(&began.elapsed()), "{:?}", began.elapsed());
        assert_eq!(sent.load(Ordering::Relaxed), 76);
    }
}
