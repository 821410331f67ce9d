//! One message that says how a process is. It feeds the operator's port, `comanda doctor` and the page `/status`, so that
//! these three never tell three stories.
//!
//! `vitals` holds what is known of this process, [`complaints`] and [`rates`] what it logs and serves; [`judge`] says what
//! it all means. Must not look anything up when asked, and must not hold a secret: whoever is asked in a bad hour has to
//! answer at once, and what he says ends up in tickets.

pub mod complaints;
pub mod judge;
pub mod probe;
pub mod rates;
pub(crate) mod vitals;

/// The message and its service, as generated from `proto/comanda/mesh/v1/status.proto`.
#[allow(missing_docs, clippy::all, rustdoc::all)]
pub mod v1 {
    tonic::include_proto!("comanda.mesh.v1");
}

use crate::{health::Health, time};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use serde_json::{Value, value::Serializer};
use tonic::{Request, Response, Status};
use v1::{
    GetStatusRequest, GetStatusResponse, Process,
    status_service_server::{StatusService, StatusServiceServer},
};

/// The path of the one RPC, by which the gate knows it.
pub const PATH: &str = "/comanda.mesh.v1.StatusService/GetStatus";
const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/status.bin"));
const MESSAGE: &str = "comanda.mesh.v1.GetStatusResponse";

/// The service by which a role answers for its own process. Who may ask is the gate's affair.
#[must_use]
pub fn service(health: Health) -> StatusServiceServer<OwnStatus> {
    StatusServiceServer::new(OwnStatus(health))
}

/// Answers for one process.
#[derive(Clone)]
pub struct OwnStatus(Health);

#[tonic::async_trait]
impl StatusService for OwnStatus {
    async fn get_status(&self, _: Request<GetStatusRequest>) -> Result<Response<GetStatusResponse>, Status> {
        Ok(Response::new(of(vec![self.0.process()])))
    }
}

/// What these processes say, as of now, and not judged.
#[must_use]
pub fn of(processes: Vec<Process>) -> GetStatusResponse {
    GetStatusResponse { check_time: Some(time::here()), processes, ..GetStatusResponse::default() }
}

/// The message as protobuf writes JSON: names in camel case, times as RFC 3339, nothing left out.
///
/// # Errors
/// Never, as long as the build put message and descriptors together.
pub fn json(status: &GetStatusResponse) -> Result<Value, String> {
    let pool = DescriptorPool::decode(DESCRIPTORS).map_err(|error| error.to_string())?;
    let message = pool.get_message_by_name(MESSAGE).ok_or("the message is not described")?;
    let bytes = status.encode_to_vec();
    let status = DynamicMessage::decode(message, bytes.as_slice()).map_err(|error| error.to_string())?;
    let options = SerializeOptions::new().skip_default_fields(false);
    status.serialize_with_options(Serializer, &options).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn json_leaves_nothing_out() {
        let health = Health::of_role("orders").await;
        health.tell(|role| role.backlog.get_or_insert_default().outbox_events = 3);
        let told = json(&of(vec![health.process()])).expect("JSON");
        let process = &told["processes"][0];
        assert_eq!((&process["roles"][0]["name"], &process["roles"][0]["ready"]), (&"orders".into(), &false.into()));
        assert_eq!(process["roles"][0]["backlog"]["outboxEvents"], 3);
        assert_eq!((&process["certificates"], &told["findings"]), (&Value::Array(vec![]), &Value::Array(vec![])));
        assert!(process["startTime"].as_str().expect("a time").ends_with('Z'), "{process}");
    }
}
