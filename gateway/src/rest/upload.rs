//! The body of a REST request, whole and in time, or what is wrong with it.

use crate::{
    problem::Problem,
    read_body::{Unreadable, read_body},
};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use comanda_auth::contracts::MAX_REQUEST_BYTES;
use comanda_context::error::ApiError;
use http::StatusCode;
use std::{convert::Infallible, time::Duration};
use tokio::time::timeout;
use tonic::Code;

/// A phone on a weak network sends the largest order well within it.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The body, or what is wrong with it.
pub struct Upload(pub Result<Bytes, Problem>);

impl<S: Sync> FromRequest<S> for Upload {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let read = timeout(TIMEOUT, read_body(request.into_body(), MAX_REQUEST_BYTES)).await;
        Ok(Self(match read {
            Ok(Ok(body)) => Ok(body),
            Ok(Err(Unreadable::TooLarge)) => Err(too_large()),
            Ok(Err(Unreadable::Broken)) => Err(unreadable()),
            Err(_) => Err(too_slow()),
        }))
    }
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
    let fault = ApiError::new(
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
    use axum::body::Body;
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
