use super::*;
use futures_util::FutureExt;
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

/// Says how often it was written to.
struct Counted {
    stream: DuplexStream,
    writes: Arc<AtomicUsize>,
}

impl AsyncRead for Counted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A connection with a peer that has so much room for what it has not read.
fn connected(room: usize) -> (CoalescedWrites<Counted>, DuplexStream, Arc<AtomicUsize>) {
    let (near, far) = duplex(room);
    let writes = Arc::<AtomicUsize>::default();
    (CoalescedWrites::new(Counted { stream: near, writes: writes.clone() }), far, writes)
}

#[tokio::test]
async fn what_is_written_until_the_others_have_run_is_sent_in_one_piece() {
    let (mut stream, mut far, writes) = connected(1024);
    let mut got = vec![0; "um café e meio".len()];
    for word in ["um ", "café "] {
        stream.write_all(word.as_bytes()).await.expect("room");
    }
    assert!(stream.flush().now_or_never().is_none(), "the others run");
    assert_eq!(writes.load(Ordering::Relaxed), 0);
    stream.write_all("e meio".as_bytes()).await.expect("room");
    stream.flush().await.expect("no error");
    far.read_exact(&mut got).await.expect("all of it");
    assert_eq!((String::from_utf8(got).expect("text").as_str(), writes.load(Ordering::Relaxed)), ("um café e meio", 1));
    // And again, woken by nobody but itself.
    stream.write_all(b"!").await.expect("room");
    stream.flush().await.expect("no error");
    assert_eq!((far.read_u8().await.expect("a byte"), writes.load(Ordering::Relaxed)), (b'!', 2));
}

#[tokio::test]
async fn who_writes_more_than_may_wait_waits_for_the_peer_and_nothing_is_lost() {
    let (mut stream, mut far, _) = connected(1000);
    let sent: Vec<u8> = (0..4 * BUFFER_SIZE + 17).map(|at| (at % 251) as u8).collect();
    let written = AtomicUsize::new(0);
    let mut work = pin!(async {
        for piece in sent.chunks(777) {
            stream.write_all(piece).await.expect("the peer reads");
            written.fetch_add(piece.len(), Ordering::Relaxed);
        }
        stream.shutdown().await.expect("the peer reads");
    });
    assert!(work.as_mut().now_or_never().is_none(), "nobody reads");
    let waits = written.load(Ordering::Relaxed);
    assert!((BUFFER_SIZE - 1000..=BUFFER_SIZE + 2 * 1000).contains(&waits), "{waits}");
    let mut got = Vec::new();
    let (read, ()) = tokio::join!(far.read_to_end(&mut got), work);
    read.expect("all of it");
    assert!(got == sent, "{} of {}", got.len(), sent.len());
}
