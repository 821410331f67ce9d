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

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use prost_types::Timestamp;
use serde_json::{Value, value::Serializer};
use std::time::SystemTime;
use v1::{GetStatusResponse, Process};

const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/status.bin"));
const MESSAGE: &str = "comanda.mesh.v1.GetStatusResponse";

/// What these processes say, as of now, and not judged.
#[must_use]
pub fn of(processes: Vec<Process>) -> GetStatusResponse {
    GetStatusResponse { check_time: Some(now()), processes, ..GetStatusResponse::default() }
}

/// The status cannot be written as JSON: the build put message and descriptors together wrongly.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JsonError(String);

impl From<String> for JsonError {
    fn from(why: String) -> Self {
        Self(why)
    }
}

/// The message as protobuf writes JSON: names in camel case, times as RFC 3339, nothing left out.
///
/// # Errors
/// Never, as long as the build put message and descriptors together.
pub fn json(status: &GetStatusResponse) -> Result<Value, JsonError> {
    let pool = DescriptorPool::decode(DESCRIPTORS).map_err(|error| error.to_string())?;
    let message = pool.get_message_by_name(MESSAGE).ok_or_else(|| "the message is not described".to_owned())?;
    let bytes = status.encode_to_vec();
    let status = DynamicMessage::decode(message, bytes.as_slice()).map_err(|error| error.to_string())?;
    let options = SerializeOptions::new().skip_default_fields(false);
    Ok(status.serialize_with_options(Serializer, &options).map_err(|error| error.to_string())?)
}

/// This machine's time, in whole microseconds; shown, and deciding nothing.
#[must_use]
pub(crate) fn now() -> Timestamp {
    let mut now = Timestamp::from(SystemTime::now());
    now.nanos -= now.nanos % 1000;
    now
}
