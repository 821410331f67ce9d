//! What a connection from outside is used for: whether anybody asks for anything, and reads what he asked for. A stream
//! that has nothing to say is neither: it is open, and nothing of it waits.

use http_body::{Body as HttpBody, Frame, SizeHint};
use parking_lot::Mutex;
use std::{
    pin::Pin,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// More than pings make in any time that counts here.
const MORE_THAN_PINGS: u64 = 1024;
/// Of a connection's calls, those that are over are forgotten when there are more.
const FORGET_FROM: usize = 64;

/// Watches one connection.
pub(crate) struct Watch {
    began: Instant,
    calls: Mutex<Calls>,
    /// Bytes that went out.
    pub sent: Arc<AtomicU64>,
}

#[derive(Default)]
struct Calls {
    begun: u64,
    open: Vec<Weak<Call>>,
}

/// One call, until its answer is handed over whole.
pub(crate) struct Call {
    watch: Arc<Watch>,
    /// Milliseconds of the connection's life at which a piece of the answer was there, and none was asked for since; zero
    /// while it has nothing to say.
    unread: AtomicU64,
}

/// Why a connection is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdleReason {
    /// Nobody has asked for anything.
    Idle,
    /// An answer was not read.
    Unread,
}

impl Watch {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { began: Instant::now(), calls: Mutex::default(), sent: Arc::default() })
    }

    /// A call begins.
    pub(crate) fn call(self: &Arc<Self>) -> Arc<Call> {
        let call = Arc::new(Call { watch: self.clone(), unread: AtomicU64::new(0) });
        let mut calls = self.calls.lock();
        calls.begun += 1;
        if calls.open.len() >= FORGET_FROM {
            calls.open.retain(|call| call.strong_count() > 0);
        }
        calls.open.push(Arc::downgrade(&call));
        call
    }

    /// Comes back when no call was open for that long, or an answer was not read for that long.
    pub(crate) async fn useless(&self, patience: Duration) -> IdleReason {
        let (mut used, mut begun) = (Instant::now(), 0);
        loop {
            sleep(patience / 4).await;
            let (now_begun, open, unread) = self.look();
            if open > 0 || now_begun != begun {
                (used, begun) = (Instant::now(), now_begun);
            }
            if unread >= patience {
                return IdleReason::Unread;
            }
            if used.elapsed() >= patience {
                return IdleReason::Idle;
            }
        }
    }

    /// The same once no new calls come: what was handed over may still be on its way, as long as it moves.
    pub(crate) async fn stands_still(&self, patience: Duration) {
        let (mut moved, mut sent) = (Instant::now(), self.sent());
        loop {
            sleep(patience / 4).await;
            let (_, open, unread) = self.look();
            if open > 0 || self.sent() - sent >= MORE_THAN_PINGS {
                (moved, sent) = (Instant::now(), self.sent());
            }
            if unread >= patience || moved.elapsed() >= patience {
                return;
            }
        }
    }

    /// How many calls there were and are, and how long an answer has not been read.
    fn look(&self) -> (u64, usize, Duration) {
        let mut calls = self.calls.lock();
        let mut oldest = None;
        calls.open.retain(|call| {
            let Some(call) = call.upgrade() else { return false };
            let since = Some(call.unread.load(Ordering::Relaxed)).filter(|since| *since > 0);
            oldest = [oldest, since].into_iter().flatten().min();
            true
        });
        let unread = oldest.map_or(Duration::ZERO, |since| Duration::from_millis(self.now().saturating_sub(since)));
        (calls.begun, calls.open.len(), unread)
    }

    fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    fn now(&self) -> u64 {
        // Never zero, and good for half a billion years.
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1)
    }
}

/// An answer on its way to the peer.
pub(crate) struct Answer<B> {
    pub body: B,
    /// On connections that are watched.
    pub call: Option<Arc<Call>>,
}

impl<B: HttpBody + Unpin> HttpBody for Answer<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.get_mut();
        let frame = Pin::new(&mut this.body).poll_frame(cx);
        if let Some(call) = &this.call {
            // The connection asks for the next piece when there is room for it at the peer's.
            call.unread.store(if frame.is_ready() { call.watch.now() } else { 0 }, Ordering::Relaxed);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
