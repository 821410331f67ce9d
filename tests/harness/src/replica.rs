//! One `comanda` process: how it is started, and how to talk to it.

use std::{
    path::{Path, PathBuf},
    process::ExitStatus,
};

use comanda_proto::{
    catalog::v1::{
        catalog_admin_service_client::CatalogAdminServiceClient, catalog_service_client::CatalogServiceClient,
    },
    identity::v1::identity_service_client::IdentityServiceClient,
    kitchen::v1::kitchen_service_client::KitchenServiceClient,
    orders::v1::order_service_client::OrderServiceClient,
};
use http::request::Builder;
use tonic::{
    IntoRequest, Request,
    transport::{Channel, Endpoint},
};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

use super::{
    clock::Leftovers,
    eventually::eventually,
    folder::Folder,
    port::Port,
    process::{Process, command},
    program,
    rest::{self, Reply},
};

/// Variables and their values.
pub type Settings = Vec<(&'static str, String)>;

/// No setting of the program: how many files the process may have open.
const OPEN_FILES: &str = "TEST_OPEN_FILES";

/// A process that serves; killed when dropped.
pub struct Replica {
    launch: Launch,
    port: Port,
    /// The operator's.
    operations: Port,
    process: Process,
}

/// All that is needed to start the same process again.
struct Launch {
    /// The subcommand; none means `all`.
    role: Option<&'static str>,
    /// The role and the port: what the log is called.
    name: String,
    settings: Settings,
    folder: PathBuf,
}

impl Launch {
    fn spawn(&self, extra: Settings) -> Process {
        let files = self.settings.iter().find(|(name, _)| *name == OPEN_FILES).map(|(_, most)| most);
        let mut comanda = match files {
            Some(_) => command("prlimit"),
            None => command(program()),
        };
        if let Some(most) = files {
            comanda.arg(format!("--nofile={most}:{most}")).arg(program());
        }
        comanda.args(self.role).envs(self.settings.iter().cloned()).envs(extra).current_dir(&self.folder);
        Process::spawn(&self.name, comanda, &self.folder.join(format!("{}.log", self.name)))
    }
}

impl Replica {
    /// Starts a process that will listen on the port, which its settings must say; does not wait for it.
    pub fn spawn(role: Option<&'static str>, mut settings: Settings, port: Port, folder: &Path) -> Self {
        let operations = Port::free();
        settings.push(("COMANDA_HEALTH_LISTEN", operations.address()));
        let name = format!("{}-{}", role.unwrap_or("all"), port.number());
        let launch = Launch { role, name, settings, folder: folder.to_owned() };
        let process = launch.spawn(Settings::new());
        Self { launch, port, operations, process }
    }

    /// Another process with the same settings, but for these; the port is what it listens on.
    pub fn twin(&self, port: Port, changes: Settings) -> Self {
        let mut settings = self.launch.settings.clone();
        settings.retain(|(name, _)| *name != "COMANDA_HEALTH_LISTEN" && changes.iter().all(|(other, _)| other != name));
        settings.extend(changes);
        Self::spawn(self.launch.role, settings, port, &self.launch.folder)
    }

    /// Waits until it says that it serves.
    pub async fn until_ready(&mut self) {
        eventually(&format!("{} serves", self.launch.name), async || {
            assert!(self.process.exited().is_none(), "{} has ended", self.launch.name);
            let status = self.health("").await?;
            (status == ServingStatus::Serving)
                .then_some(())
                .ok_or_else(|| tonic::Status::unavailable(status.as_str_name()))
        })
        .await;
    }

    /// Starts it again after [`Self::kill`] or [`Self::stop`], with the same settings on the same port.
    pub async fn start(&mut self) {
        self.start_with(Settings::new()).await;
    }

    /// The same with settings that replace or extend its own, for this start only.
    pub async fn start_with(&mut self, extra: Settings) {
        self.launch(extra);
        let _leftovers = Leftovers::of(self.process.pid());
        self.until_ready().await;
    }

    /// The same without waiting for it.
    pub fn launch(&mut self, extra: Settings) {
        self.process = self.launch.spawn(extra);
    }

    /// True once it has ended, however that came.
    pub fn has_ended(&mut self) -> bool {
        self.process.exited().is_some()
    }

    /// Stops it at once, as `kill -9` does.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Asks it to stop by SIGTERM, as Kubernetes does, and waits; `None` when it does not stop within 30 s.
    pub fn stop(&mut self) -> Option<ExitStatus> {
        self.process.stop("TERM")
    }

    /// Freezes it: connections stay open, nothing answers.
    pub fn pause(&mut self) {
        self.process.pause();
    }

    /// Ends [`Self::pause`].
    pub fn resume(&mut self) {
        self.process.resume();
    }

    /// All that it has logged, restarts included.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// What the operator's port says of it, such as `readiness`.
    pub async fn health(&self, name: &str) -> Result<ServingStatus, tonic::Status> {
        let channel = Endpoint::from_shared(format!("http://{}", self.operations.address())).expect("an address");
        let request = HealthCheckRequest { service: name.to_owned() };
        Ok(HealthClient::new(channel.connect_lazy()).check(request).await?.into_inner().status())
    }

    /// What Prometheus would read.
    pub async fn metrics(&self) -> String {
        rest::send(&self.operations.address(), http::Request::get("/metrics"), "").await.body
    }

    /// What the operator's port shows a person.
    pub async fn health_page(&self) -> Reply {
        self.operations("/health").await
    }

    /// What the operator's port answers.
    pub async fn operations(&self, path: &str) -> Reply {
        rest::send(&self.operations.address(), http::Request::get(path), "").await
    }

    /// Sends a signal and does not wait.
    pub fn signal(&mut self, name: &str) {
        self.process.signal(name);
    }

    /// Waits for its end.
    pub async fn until_exit(&mut self) -> ExitStatus {
        eventually("comanda ends", async || self.process.exited()).await
    }

    /// Its process, for the kernel.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// What it was started with.
    pub fn setting(&self, name: &str) -> String {
        let set = self.launch.settings.iter().find(|(variable, _)| *variable == name);
        set.map(|(_, value)| value.clone()).expect("it is set")
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        self.port.address()
    }

    /// Where to connect.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::from_shared(format!("http://{}", self.address())).expect("an address")
    }

    /// A connection of one's own, made with the first call and again after a restart.
    pub fn channel(&self) -> Channel {
        self.endpoint().connect_lazy()
    }

    /// Menus.
    pub fn catalog(&self) -> CatalogServiceClient<Channel> {
        CatalogServiceClient::new(self.channel())
    }

    /// Changes of menus.
    pub fn catalog_admin(&self) -> CatalogAdminServiceClient<Channel> {
        CatalogAdminServiceClient::new(self.channel())
    }

    /// Orders.
    pub fn orders(&self) -> OrderServiceClient<Channel> {
        OrderServiceClient::new(self.channel())
    }

    /// Tickets.
    pub fn kitchen(&self) -> KitchenServiceClient<Channel> {
        KitchenServiceClient::new(self.channel())
    }

    /// Its Identity.
    pub fn identity(&self) -> IdentityServiceClient<Channel> {
        IdentityServiceClient::new(self.channel())
    }

    /// Plain HTTP: `http(Request::get("/cardapio"), "")`.
    pub async fn http(&self, request: Builder, body: impl Into<String>) -> Reply {
        rest::send(&self.address(), request, body).await
    }
}

/// How a process ended that was not meant to serve, or could not.
pub struct Finished {
    pub status: ExitStatus,
    pub log: String,
}

/// Runs `comanda` with these arguments and variables to its end.
pub async fn run(arguments: &[&str], settings: Settings) -> Finished {
    let folder = Folder::new("run");
    let mut comanda = command(program());
    comanda.args(arguments).envs(settings).current_dir(folder.path());
    let mut process = Process::spawn("comanda", comanda, &folder.join("log"));
    let status = eventually("comanda ends", async || process.exited()).await;
    Finished { status, log: process.log() }
}

/// A call that shows a token.
pub fn with_token<T>(call: impl IntoRequest<T>, token: &str) -> Request<T> {
    let mut request = call.into_request();
    let bearer = format!("Bearer {token}").parse().expect("a token is plain text");
    request.metadata_mut().insert("authorization", bearer);
    request
}
