//! A request's whole body, as far as it is small enough and comes in time. What is too large is read to its end, up to a
//! point, and thrown away: a caller who is still sending when the connection closes never sees the answer.

use crate::problem::Problem;
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
};
use comanda_mesh::{contracts::MAX_REQUEST_BYTES, fault::Fault};
use http::StatusCode;
use http_body::Body as HttpBody;
use std::{convert::Infallible, future::poll_fn, pin::Pin, time::Duration};
use tokio::time::timeout;
use tonic::Code;

/// A phone on a weak network sends the largest order well within it.
const PATIENCE: Duration = Duration::from_secs(10);
/// Who sends more than this is cut off.
const MOST_THROWN_AWAY: usize = 8 * 1024 * 1024;

/// The body, or what is wrong with it.
pub struct Upload(pub Result<Bytes, Problem>);

impl<S: Sync> FromRequest<S> for Upload {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let read = timeout(PATIENCE, whole(request.into_body())).await;
        Ok(Self(read.unwrap_or_else(|_| Err(too_slow()))))
    }
}

async fn whole(mut body: Body) -> Result<Bytes, Problem> {
    let (mut kept, mut seen) = (Vec::new(), 0);
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(data) = frame.map_err(|_| unreadable())?.into_data() else { continue };
        seen += data.len();
        if seen <= MAX_REQUEST_BYTES {
            kept.extend_from_slice(&data);
        } else if seen > MOST_THROWN_AWAY {
            break;
        }
    }
    if seen > MAX_REQUEST_BYTES { Err(too_large()) } else { Ok(kept.into()) }
}

fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "MESSAGE_TOO_LARGE",
        "the request is too large",
        "a requisição é grande demais",
    )
}

fn unreadable() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "MESSAGE_MALFORMED",
        "the request body could not be read",
        "não foi possível ler o corpo da requisição",
    )
}

fn too_slow() -> Problem {
    let fault = Fault::new(
        Code::DeadlineExceeded,
        "MESSAGE_TOO_SLOW",
        "the request body did not come in time",
        "o corpo da requisição não chegou a tempo",
    );
    Problem::with(StatusCode::REQUEST_TIMEOUT, fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_stream::{Stream, StreamExt};

    async fn read(pieces: impl Stream<Item = usize> + Send + 'static) -> Result<usize, (u16, String)> {
        let pieces = pieces.map(|bytes| Ok::<_, Infallible>(Bytes::from(vec![b' '; bytes])));
        let request = Request::new(Body::from_stream(pieces));
        let Ok(Upload(read)) = Upload::from_request(request, &()).await;
        read.map(|body| body.len()).map_err(|problem| (problem.status.as_u16(), problem.motivo))
    }

    #[tokio::test]
    async fn a_body_is_taken_whole_or_not_at_all() {
        let too_large = Err((413, "MESSAGE_TOO_LARGE".to_owned()));
        assert_eq!(read(tokio_stream::iter([MAX_REQUEST_BYTES - 1, 1])).await, Ok(MAX_REQUEST_BYTES));
        assert_eq!(read(tokio_stream::iter([MAX_REQUEST_BYTES, 1])).await, too_large);
        assert_eq!(read(tokio_stream::iter(std::iter::repeat(64 * 1024))).await, too_large, "without end");
    }
}
