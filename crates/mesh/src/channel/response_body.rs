//! An answer's body. Should the role go away before its end, or the deadline pass, the caller reads why instead of a torn
//! connection.

use super::replica::InFlight;
use comanda_context::{error::ApiError, language::Language};
use http_body::{Body as HttpBody, Frame};
use hyper::body::Incoming;
use std::{
    pin::Pin,
    task::{Context, Poll},
};
use tokio::time::{Instant, Sleep, sleep_until};
use tonic::{Status, codegen::Bytes};

pub(super) struct ResponseBody {
    body: Incoming,
    role: &'static str,
    language: Language,
    too_late: Option<Pin<Box<Sleep>>>,
    /// `None` once it is over.
    busy: Option<InFlight>,
}

impl ResponseBody {
    pub(super) fn new(body: Incoming, busy: InFlight, role: &'static str, until: Option<Instant>) -> Self {
        // Most answers are there as a whole.
        let too_late = until.filter(|_| !body.is_end_stream()).map(|until| Box::pin(sleep_until(until)));
        Self { body, role, language: Language::current(), too_late, busy: Some(busy) }
    }

    fn farewell(&mut self, fault: ApiError) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.busy = None;
        Poll::Ready(Some(Ok(Frame::trailers(fault.into_trailers(self.language)))))
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        if this.busy.is_none() {
            return Poll::Ready(None);
        }
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => Poll::Ready(Some(Ok(frame))),
            Poll::Ready(Some(Err(_))) => {
                tracing::debug!(role = this.role, "an answer broke off");
                this.farewell(ApiError::unavailable(this.role))
            }
            Poll::Ready(None) => {
                this.busy = None;
                Poll::Ready(None)
            }
            Poll::Pending => match this.too_late.as_mut().map(|sleep| sleep.as_mut().poll(cx)) {
                Some(Poll::Ready(())) => {
                    tracing::debug!(role = this.role, "an answer did not end in time");
                    this.farewell(ApiError::too_late())
                }
                _ => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.busy.is_none() || self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        // A length that was promised cannot be kept when the answer breaks off; only "nothing at all" is certain.
        if self.body.is_end_stream() { http_body::SizeHint::with_exact(0) } else { http_body::SizeHint::default() }
    }
}
