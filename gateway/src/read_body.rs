//! A request's whole body, as far as it is small enough. What is too large is read to its end, up to a point, and thrown
//! away: a caller who is still sending when the connection closes never sees the answer. How long it may take is the
//! business of whoever asks.

use axum::body::Bytes;
use http_body::Body;
use std::{future::poll_fn, pin::pin};

/// Who sends more than this is cut off.
const MAX_DISCARDED: usize = 8 * 1024 * 1024;

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It is longer than allowed.
    TooLarge,
    /// It broke off, or is not what its encoding promises.
    Broken,
}

/// Reads it, if it is no longer than this.
pub async fn read_body<B: Body<Data = Bytes>>(body: B, longest: usize) -> Result<Bytes, Unreadable> {
    let (mut body, mut stored, mut seen) = (pin!(body), Vec::new(), 0);
    while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        let frame = match frame {
            Ok(frame) => frame,
            Err(_) if seen > longest => break,
            Err(_) => return Err(Unreadable::Broken),
        };
        let Ok(data) = frame.into_data() else { continue };
        seen += data.len();
        if seen <= longest {
            stored.push(data);
        } else if seen > MAX_DISCARDED {
            break;
        }
    }
    match stored.len() {
        _ if seen > longest => Err(Unreadable::TooLarge),
        // As nearly always: nothing to copy.
        1 => Ok(stored.swap_remove(0)),
        _ => Ok(stored.concat().into()),
    }
}
