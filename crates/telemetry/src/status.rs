//! One message that says how a process is. It feeds the operator's port, `comanda doctor` and the page `/status`, so that
//! these three never tell three stories.
//!
//! `process_info` holds the state of this process, [`recent_errors`] and [`rates`] what it logs and serves; [`diagnostics`]
//! says what it means. Nothing is looked up when asked, and nothing is secret: the answer must come at once in a bad hour,
//! and ends up in tickets.

pub mod diagnostics;
pub(crate) mod process_info;
pub mod rates;
pub mod recent_errors;

/// The message and its service, as generated from `proto/comanda/mesh/v1/status.proto`.
#[allow(missing_docs, clippy::all, rustdoc::all)]
pub mod v1 {
    tonic::include_proto!("comanda.mesh.v1");
}

use crate::json::{self, JsonError};
use prost_types::Timestamp;
use serde_json::Value;
use std::time::SystemTime;
use v1::{GetStatusResponse, Process};

const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/status.bin"));
const MESSAGE: &str = "comanda.mesh.v1.GetStatusResponse";

/// What these processes say, as of now, and not judged.
#[must_use]
pub fn of(processes: Vec<Process>) -> GetStatusResponse {
    GetStatusResponse { check_time: Some(now()), processes, ..GetStatusResponse::default() }
}

/// The message as protobuf writes JSON.
///
/// # Errors
/// Never, as long as the build put message and descriptors together.
pub fn json(status: &GetStatusResponse) -> Result<Value, JsonError> {
    json::of(DESCRIPTORS, MESSAGE, status)
}

/// This machine's time, in whole microseconds; shown, and deciding nothing.
#[must_use]
pub(crate) fn now() -> Timestamp {
    let mut now = Timestamp::from(SystemTime::now());
    now.nanos -= now.nanos % 1000;
    now
}
