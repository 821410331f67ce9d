//! Health that tells the truth, by the standard gRPC health service.
//!
//! `liveness`: the process runs; never touches a dependency. `readiness` (and the empty name): send calls here. `database`:
//! whether the database answered within the last second or so.

use crate::database::{Database, now};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, timeout};
use tokio_util::sync::CancellationToken;
use tonic_health::{
    ServingStatus,
    pb::health_server::HealthServer,
    server::{HealthReporter, HealthService},
};

const PING_EVERY: Duration = Duration::from_secs(1);
const PING_TIMEOUT: Duration = Duration::from_secs(1);

/// The health of one role. Cloning shares it.
#[derive(Clone)]
pub struct Health(HealthReporter);

impl Health {
    /// A role that lives, and is not ready yet.
    pub async fn starting() -> Self {
        let health = Self(HealthReporter::new());
        health.0.set_service_status("liveness", ServingStatus::Serving).await;
        health.set_ready(false).await;
        health
    }

    /// Says whether calls should come here.
    pub async fn set_ready(&self, ready: bool) {
        for name in ["", "readiness"] {
            self.0.set_service_status(name, status(ready)).await;
        }
    }

    /// Follows the database until `shutdown`; readiness follows too, for a role that can do nothing without it.
    pub async fn follow(&self, database: &Database, required: bool, shutdown: &CancellationToken) {
        let mut pings = tokio::time::interval(PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while shutdown.run_until_cancelled(pings.tick()).await.is_some() {
            let answers = matches!(timeout(PING_TIMEOUT, now(database.reader())).await, Ok(Ok(_)));
            self.0.set_service_status("database", status(answers)).await;
            // A stop that came meanwhile has the last word.
            if required && !shutdown.is_cancelled() {
                self.set_ready(answers).await;
            }
        }
    }

    /// The gRPC service that shows it.
    #[must_use]
    pub fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.0.clone()))
    }
}

fn status(serving: bool) -> ServingStatus {
    if serving { ServingStatus::Serving } else { ServingStatus::NotServing }
}
