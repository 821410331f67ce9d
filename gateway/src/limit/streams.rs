//! How many streams each caller holds open. Remembers only callers that have one, so it cannot outgrow the streams.

use super::store::Key;
use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http_body::{Body as HttpBody, Frame, SizeHint};
use parking_lot::{Mutex, MutexGuard};
use std::{
    collections::HashMap,
    num::NonZeroUsize,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

type Open = Mutex<HashMap<Key, usize>>;

/// The open streams of all callers.
pub struct Streams {
    open: Arc<Open>,
    most: NonZeroUsize,
}

/// One open stream: closed when dropped.
pub struct Permit {
    open: Arc<Open>,
    key: Key,
}

impl Streams {
    /// Each caller may have so many.
    pub fn new(most: NonZeroUsize) -> Self {
        Self { open: Arc::default(), most }
    }

    /// Counts one more, unless the caller has as many as it may.
    pub fn open(&self, key: Key) -> Option<Permit> {
        let mut open = locked(&self.open);
        let count = open.entry(key).or_default();
        if *count >= self.most.get() {
            return None;
        }
        *count += 1;
        Some(Permit { open: self.open.clone(), key })
    }
}

impl Permit {
    /// The response, which keeps the stream counted until its body has ended or nobody wants it any more.
    pub fn held_by(self, response: Response) -> Response {
        response.map(|body| Body::new(Held { body, _permit: self }))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = locked(&self.open);
        if let Some(count) = open.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.key);
            }
        }
    }
}

fn locked(open: &Open) -> MutexGuard<'_, HashMap<Key, usize>> {
    open.lock()
}

struct Held {
    body: Body,
    _permit: Permit,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::store::Who;

    #[test]
    fn a_closed_stream_makes_room_and_leaves_no_trace() {
        let streams = Streams::new(NonZeroUsize::new(2).expect("two"));
        let key = |last| Key::new(Who::Anybody, Some([192, 0, 2, last].into()));
        let first = streams.open(key(1)).expect("the first");
        let second = streams.open(key(1)).expect("the second").held_by(Response::default());
        assert!(streams.open(key(1)).is_none());
        let other = streams.open(key(2)).expect("another caller's");
        drop(first);
        let third = streams.open(key(1)).expect("there is room again");
        assert!(streams.open(key(1)).is_none());
        drop((second, third, other));
        assert!(locked(&streams.open).is_empty());
    }
}
