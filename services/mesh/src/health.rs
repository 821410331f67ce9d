//! Health that tells the truth, by the standard gRPC health service.
//!
//! `liveness`: the process runs; never touches a dependency. `readiness` (and the empty name): send calls here. `database`:
//! whether the database answered within the last second or so. Beside them stand numbers that a role wishes to show, such
//! as how much waits; nothing follows from those.

use crate::database::{Database, now};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{MissedTickBehavior, timeout};
use tokio_util::sync::CancellationToken;
use tonic::Request;
use tonic_health::{
    ServingStatus,
    pb::{
        HealthCheckRequest,
        health_check_response::ServingStatus as Shown,
        health_server::{Health as _, HealthServer},
    },
    server::{HealthReporter, HealthService},
};

const PING_EVERY: Duration = Duration::from_secs(1);
const PING_TIMEOUT: Duration = Duration::from_secs(1);

/// Numbers by name, in groups by name.
pub type Details = BTreeMap<String, BTreeMap<&'static str, f64>>;

/// The health of one role. Cloning shares it.
#[derive(Clone)]
pub struct Health {
    reporter: HealthReporter,
    details: Arc<Mutex<Details>>,
}

impl Health {
    /// A role that lives, and is not ready yet.
    pub async fn starting() -> Self {
        let health = Self { reporter: HealthReporter::new(), details: Arc::default() };
        health.reporter.set_service_status("liveness", ServingStatus::Serving).await;
        health.set_ready(false).await;
        health
    }

    /// Another role of the same process: its own health, beside the same numbers.
    pub async fn of_neighbour(&self) -> Self {
        Self { details: self.details.clone(), ..Self::starting().await }
    }

    /// Says whether calls should come here.
    pub async fn set_ready(&self, ready: bool) {
        for name in ["", "readiness"] {
            self.reporter.set_service_status(name, status(ready)).await;
        }
    }

    /// Follows the database until `shutdown`; readiness follows too, for a role that can do nothing without it.
    pub async fn follow(&self, database: &Database, required: bool, shutdown: &CancellationToken) {
        let mut pings = tokio::time::interval(PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while shutdown.run_until_cancelled(pings.tick()).await.is_some() {
            let answers = matches!(timeout(PING_TIMEOUT, now(database.reader())).await, Ok(Ok(_)));
            self.reporter.set_service_status("database", status(answers)).await;
            // A stop that came meanwhile has the last word.
            if required && !shutdown.is_cancelled() {
                self.set_ready(answers).await;
            }
        }
    }

    /// Shows a group of numbers, in place of the last one of that name.
    pub fn show<const N: usize>(&self, group: String, numbers: [(&'static str, f64); N]) {
        let mut details = self.details.lock().unwrap_or_else(PoisonError::into_inner);
        details.insert(group, numbers.into());
    }

    /// The numbers that are shown now.
    #[must_use]
    pub fn details(&self) -> Details {
        self.details.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is said under a name; `None` when nothing is.
    pub async fn status(&self, name: &str) -> Option<Shown> {
        let request = Request::new(HealthCheckRequest { service: name.to_owned() });
        let said = HealthService::from_health_reporter(self.reporter.clone()).check(request).await;
        said.ok().map(|said| said.into_inner().status())
    }

    /// The gRPC service that shows it.
    #[must_use]
    pub fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
    }
}

fn status(serving: bool) -> ServingStatus {
    if serving { ServingStatus::Serving } else { ServingStatus::NotServing }
}
