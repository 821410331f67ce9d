//! The two bodies of a forwarded call: what goes up must not claim a length, what comes down must not end without a word.

use axum::body::Bytes;
use comanda_mesh::{fault::Fault, language::Language};
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame};
use std::{
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};
use tonic::{Status, body::Body};

/// A request's body. Its length stays unsaid, because tonic-web tells that of the base64 text where the decoded bytes
/// are fewer. Its end is told, because h2 takes a call that ends with an empty frame for part of an attack.
pub struct Upload {
    body: Body,
    broken: Arc<AtomicBool>,
}

impl Upload {
    /// The body, and a flag that rises when it cannot be read: then the caller is at fault for the failure that follows.
    pub fn new(body: Body) -> (Self, Arc<AtomicBool>) {
        let broken = Arc::new(AtomicBool::new(false));
        (Self { body, broken: broken.clone() }, broken)
    }
}

impl HttpBody for Upload {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        let frame = Pin::new(&mut this.body).poll_frame(cx);
        if matches!(frame, Poll::Ready(Some(Err(_)))) {
            this.broken.store(true, Ordering::Release);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

/// An answer's body. Should the role go away before the end, the caller reads UNAVAILABLE instead of a torn connection.
pub struct Answer {
    body: Body,
    role: &'static str,
    language: Language,
    lost: bool,
}

impl Answer {
    pub fn new(body: Body, role: &'static str, language: Language) -> Self {
        Self { body, role, language, lost: false }
    }

    fn farewell(&mut self, cx: &mut Context<'_>) -> HeaderMap {
        self.lost = true;
        let role = self.role;
        tracing::warn!(role, "an answer broke off");
        let status = self.language.scope(async { Status::from(Fault::unavailable(role)) });
        let status = match pin!(status).poll(cx) {
            Poll::Ready(status) => status,
            Poll::Pending => Status::unavailable(role),
        };
        let mut trailers = HeaderMap::new();
        // Fails only for metadata that is no header, and this status has none.
        let _ = status.add_header(&mut trailers);
        trailers
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        if this.lost {
            return Poll::Ready(None);
        }
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(Some(Err(_))) => Poll::Ready(Some(Ok(Frame::trailers(this.farewell(cx))))),
            frame => frame,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.lost || self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        // A length that was promised cannot be kept when the answer breaks off; only "nothing at all" is certain.
        if self.body.is_end_stream() { http_body::SizeHint::with_exact(0) } else { http_body::SizeHint::default() }
    }
}
