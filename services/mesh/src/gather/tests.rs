use super::*;
use std::pin::pin;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

/// Says how often it was written to.
struct Counted {
    stream: DuplexStream,
    writes: Arc<Mutex<usize>>,
}

impl AsyncRead for Counted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        *self.writes.lock().expect("no panic") += 1;
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
fn connected(room: usize) -> (Gathered<Counted>, Sending<Counted>, DuplexStream, Arc<Mutex<usize>>) {
    let (near, far) = duplex(room);
    let writes = Arc::<Mutex<usize>>::default();
    let (stream, sending) = gather(Counted { stream: near, writes: writes.clone() });
    (stream, sending, far, writes)
}

#[tokio::test]
async fn what_is_written_in_one_turn_is_sent_at_once_and_as_it_rests() {
    let (mut stream, sending, mut far, writes) = connected(1024);
    // Writes three times, and then only waits, as a connection that keeps open does.
    let mut work = pin!(async {
        for word in ["um ", "café ", "e meio"] {
            stream.write_all(word.as_bytes()).await.expect("room");
            stream.flush().await.expect("no error");
        }
        std::future::pending::<()>().await;
    });
    let mut got = vec![0; "um café e meio".len()];
    tokio::select! {
        () = sending.after(work.as_mut()) => unreachable!("it waits"),
        read = far.read_exact(&mut got) => read.expect("all of it"),
    };
    assert_eq!(
        (String::from_utf8(got).expect("text").as_str(), *writes.lock().expect("no panic")),
        ("um café e meio", 1)
    );
}

#[tokio::test]
async fn who_writes_more_than_may_wait_waits_for_the_peer_and_nothing_is_lost() {
    let (mut stream, sending, mut far, _) = connected(1000);
    let sent: Vec<u8> = (0..4 * MOST + 17).map(|at| (at % 251) as u8).collect();
    let written = Arc::new(Mutex::new(0));
    let mut work = pin!(async {
        for piece in sent.chunks(777) {
            stream.write_all(piece).await.expect("the peer reads");
            *written.lock().expect("no panic") += piece.len();
        }
        stream.shutdown().await.expect("the peer reads");
    });
    tokio::select! {
        biased;
        () = sending.after(work.as_mut()) => unreachable!("nobody reads"),
        () = std::future::ready(()) => {}
    }
    let waits = *written.lock().expect("no panic");
    assert!((MOST - 1000..=MOST + 2 * 1000).contains(&waits), "{waits}");
    let mut got = Vec::new();
    let (read, ()) = tokio::join!(far.read_to_end(&mut got), sending.after(work.as_mut()));
    read.expect("all of it");
    assert!(got == sent, "{} of {}", got.len(), sent.len());
}
