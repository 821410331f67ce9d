//! Health that tells the truth, by the standard gRPC health service.
//!
//! `liveness`: the process runs; never touches a dependency. `readiness` (and the empty name): send calls here. `database`:
//! whether the database answered within the last second or so. Beside them stand numbers that a role wishes to show, such
//! as how much waits; nothing follows from those. The same hand writes the role's part of [`crate::status`].

use crate::status::{
    process_info::ProcessInfo,
    v1::{Database, Disk, Process, Role},
};
use parking_lot::Mutex;
use std::{collections::BTreeMap, sync::Arc};
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

/// Numbers by name, in groups by name.
pub type Details = BTreeMap<String, BTreeMap<&'static str, f64>>;

/// The health of one role. Cloning shares it.
#[derive(Clone)]
pub struct Health {
    reporter: HealthReporter,
    details: Arc<Mutex<Details>>,
    role: &'static str,
    /// The migrations of its database that this program knows.
    migrations: Vec<String>,
    process: Arc<ProcessInfo>,
}

impl Health {
    /// Something without a name that lives, and is not ready yet: the status of its process does not list it.
    pub async fn starting() -> Self {
        Self::of_role("").await
    }

    /// A role that lives, and is not ready yet.
    pub async fn of_role(role: &'static str) -> Self {
        Self::beside(role, Arc::default(), Arc::new(ProcessInfo::new())).await
    }

    /// Another role of the same process: its own health, beside the same numbers.
    pub async fn of_neighbour(&self, role: &'static str) -> Self {
        Self::beside(role, self.details.clone(), self.process.clone()).await
    }

    async fn beside(role: &'static str, details: Arc<Mutex<Details>>, process: Arc<ProcessInfo>) -> Self {
        let health = Self { reporter: HealthReporter::new(), details, role, migrations: Vec::new(), process };
        health.reporter.set_service_status("liveness", ServingStatus::Serving).await;
        health.set_ready(false).await;
        health
    }

    /// The same for a role with a database, whose schema is compared with these migrations.
    #[must_use]
    pub fn with_migrations(self, migrations: Vec<String>) -> Self {
        Self { migrations, ..self }
    }

    /// Says whether calls should come here.
    pub async fn set_ready(&self, ready: bool) {
        for name in ["", "readiness"] {
            self.reporter.set_service_status(name, status(ready)).await;
        }
        self.update_role(|role| role.ready = ready);
    }

    /// The migrations of its database that this program knows.
    #[must_use]
    pub fn migrations(&self) -> Vec<String> {
        self.migrations.clone()
    }

    /// Says how the database is.
    pub async fn set_database(&self, found: Database) {
        let answers = found.answers;
        self.update_role(|role| role.database = Some(found));
        self.reporter.set_service_status("database", status(answers)).await;
    }

    /// Changes what the status says of this role.
    pub fn update_role(&self, change: impl FnOnce(&mut Role)) {
        if !self.role.is_empty() {
            self.process.update_role(self.role, change);
        }
    }

    /// Shows certificates of this process, in place of those of the same names: names, and when they end in seconds since
    /// 1970.
    pub fn show_certificates(&self, certificates: impl IntoIterator<Item = (String, i64)>) {
        self.process.show_certificates(certificates);
    }

    /// Shows the disk of this process's data folder.
    pub fn show_disk(&self, disk: Disk) {
        self.process.show_disk(disk);
    }

    /// What the status says of this process, with all of its roles.
    #[must_use]
    pub fn process(&self) -> Process {
        self.process.snapshot()
    }

    /// Shows a group of numbers, in place of the last one of that name.
    pub fn show<const N: usize>(&self, group: String, numbers: [(&'static str, f64); N]) {
        let mut details = self.details.lock();
        details.insert(group, numbers.into());
    }

    /// The numbers that are shown now.
    #[must_use]
    pub fn details(&self) -> Details {
        self.details.lock().clone()
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
