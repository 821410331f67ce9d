//! How streams end that would never end by themselves: at their deadline, when their server stops, and when they are old,
//! so that callers spread anew over the replicas. The caller is told, and why; nothing is torn.

use crate::server::library_errors;
use comanda_auth::gate::StaffCall;
use comanda_context::{error::ApiError, language::Language, permit::Permit};
use http_body::{Body as HttpBody, Frame};
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tonic::{Status, body::Body, codegen::Bytes};

/// In the extensions of every request: cancelled when its server stops.
#[derive(Debug, Clone)]
pub struct Draining(pub CancellationToken);

/// When a stream must end.
pub(crate) struct StreamLifetime {
    /// Held until then.
    pub _place: Option<Permit>,
    /// The caller's deadline.
    pub until: Option<Instant>,
    /// The server's stop.
    pub draining: Option<Draining>,
    /// Which staff it is for: it ends when they are let in no more.
    pub staff: Option<StaffCall>,
    /// Ended after about that time. Not all at once, though they may have begun at once.
    pub max_age: Duration,
    /// In which it is told.
    pub language: Language,
}

impl StreamLifetime {
    /// This body, which will end.
    pub fn of(self, body: Body) -> Body {
        let language = self.language;
        Body::new(Stream { body, language, over: false, end: Box::pin(self.reached()) })
    }

    async fn reached(self) -> ApiError {
        let deadline = async {
            match self.until {
                Some(until) => sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        let stop = async {
            match &self.draining {
                Some(Draining(token)) => token.cancelled().await,
                None => std::future::pending().await,
            }
        };
        let staff = async {
            match self.staff {
                Some(staff) => staff.ended().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            fault = staff => fault,
            () = deadline => ApiError::too_late(),
            () = stop => ApiError::draining(),
            () = sleep(about(self.max_age)) => ApiError::draining(),
        }
    }
}

/// That time, or up to a fifth more.
pub(crate) fn about(time: Duration) -> Duration {
    time + time.mul_f64(fastrand::f64() / 5.0)
}

struct Stream {
    body: Body,
    language: Language,
    over: bool,
    end: Pin<Box<dyn Future<Output = ApiError> + Send>>,
}

impl HttpBody for Stream {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        if this.over {
            return Poll::Ready(None);
        }
        // What is there goes out first: a message may come in several frames.
        if let Poll::Ready(mut frame) = Pin::new(&mut this.body).poll_frame(cx) {
            if let Some(trailers) = frame.as_mut().and_then(|frame| frame.as_mut().ok()?.trailers_mut()) {
                library_errors::trailers(trailers, this.language);
            }
            return Poll::Ready(frame);
        }
        let Poll::Ready(fault) = this.end.as_mut().poll(cx) else { return Poll::Pending };
        this.over = true;
        // Whatever it was made of may go now, not when the caller has read the end.
        this.body = Body::empty();
        Poll::Ready(Some(Ok(Frame::trailers(fault.into_trailers(this.language)))))
    }

    fn is_end_stream(&self) -> bool {
        self.over || self.body.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{convert::Infallible, future::poll_fn};
    use tonic::Code;

    struct Endless;

    impl HttpBody for Endless {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    async fn end(until: Option<Instant>, draining: Option<Draining>) -> (Code, Duration) {
        let started = Instant::now();
        let max_age = Duration::from_secs(600);
        let ending =
            StreamLifetime { _place: None, until, draining, staff: None, max_age, language: Language::English };
        let mut body = ending.of(Body::new(Endless));
        let frame = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await.expect("a frame").expect("no error");
        let status = Status::from_header_map(&frame.into_trailers().expect("trailers")).expect("a status");
        assert!(body.is_end_stream(), "and nothing follows");
        (status.code(), started.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_ends_at_its_deadline_at_a_stop_and_with_age() {
        let soon = Duration::from_secs(5);
        assert_eq!(end(Some(Instant::now() + soon), None).await, (Code::DeadlineExceeded, soon));
        let token = CancellationToken::new();
        let stop = token.clone();
        tokio::spawn(async move {
            sleep(soon).await;
            stop.cancel();
        });
        assert_eq!(end(None, Some(Draining(token))).await, (Code::Unavailable, soon));
        let (code, age) = end(None, None).await;
        assert!(code == Code::Unavailable && (600..=721).contains(&age.as_secs()), "{code:?} {age:?}");
    }
}
