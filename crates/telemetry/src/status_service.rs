//! The RPC that shows the [`status`] of a process.

use crate::{
    health::Health,
    status::{
        self,
        v1::{
            GetStatusRequest, GetStatusResponse,
            status_service_server::{StatusService, StatusServiceServer},
        },
    },
};
use tonic::{Request, Response, Status};

/// The path of the one RPC, by which the gate knows it.
pub const PATH: &str = "/comanda.mesh.v1.StatusService/GetStatus";
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
        Ok(Response::new(status::of(vec![self.0.process()])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::{json, of};
    use serde_json::Value;

    #[tokio::test]
    async fn json_leaves_nothing_out() {
        let health = Health::of_role("orders").await;
        health.update_role(|role| role.backlog.get_or_insert_default().outbox_events = 3);
        let told = json(&of(vec![health.process()])).expect("JSON");
        let process = &told["processes"][0];
        assert_eq!((&process["roles"][0]["name"], &process["roles"][0]["ready"]), (&"orders".into(), &false.into()));
        assert_eq!(process["roles"][0]["backlog"]["outboxEvents"], 3);
        assert_eq!((&process["certificates"], &told["findings"]), (&Value::Array(vec![]), &Value::Array(vec![])));
        assert!(process["startTime"].as_str().expect("a time").ends_with('Z'), "{process}");
    }
}
