//! Wiring: what the roles depend on, built from validated configuration. The scheme of a URL picks the part.

use crate::{
    Failure,
    config::{ClientConfig, DatabaseConfig, ProcessConfig, ServerConfig, Service, TlsConfig},
    data_dir, migrator,
};
use comanda_auth::{
    contracts::Contracts,
    gate::Gate,
    token::{Keys, Secrets},
};
use comanda_events::broker::Broker;
use comanda_mesh::{
    channel::{self, Channel},
    listener,
};
use comanda_storage::{
    database::{self, Database},
    disk::Disk,
};
use comanda_telemetry::{admin, health::Health};
use comanda_tls::{Dated, Identity};
use http::Uri;
use std::{net::SocketAddr, path::Path};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The roles whose certificate is as good as the service token. The gateway is none: it brings what others ask.
const SERVICES: &[&str] = &["orders"];

/// Binds a port.
pub async fn listen(variable: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    listener::bind(address).await.map_err(|error| format!("{variable}: cannot listen on {address}: {error}").into())
}

/// The health of a service, shown on the operator's port where that is set.
pub async fn health_of(process: &ProcessConfig, service: Service) -> Result<Health, Failure> {
    Ok(health(process, service.name()).await?.with_migrations(migrator::migrations(service)))
}

/// The health of a service that shares a process with others.
pub async fn health_beside(neighbour: &Health, service: Service) -> Health {
    neighbour.of_neighbour(service.name()).await.with_migrations(migrator::migrations(service))
}

/// The health of a role, shown on the operator's port where that is set.
pub async fn health(process: &ProcessConfig, role: &'static str) -> Result<Health, Failure> {
    let health = Health::of_role(role).await;
    if let Some(address) = process.health_listen {
        let listener = listen("COMANDA_HEALTH_LISTEN", address).await?;
        let shown = health.clone();
        tokio::spawn(async move {
            if let Err(error) = admin::serve(listener, shown).await {
                tracing::error!(%error, "health and metrics are no longer shown");
            }
        });
    }
    Ok(health)
}

/// Connects to a service's own database.
pub async fn database(config: &DatabaseConfig) -> Result<Database, Failure> {
    data_dir::require(config)?;
    let connected = Database::connect_with(&config.url, &pools(config)).await;
    connected.map_err(|error| cannot_connect(config, error))
}

/// Connects to it, or in the background if it is away; whoever calls this waits for the schema.
pub async fn database_or_wait(config: &DatabaseConfig) -> Result<Database, Failure> {
    data_dir::require(config)?;
    let connected = Database::connect_or_wait(&config.url, &pools(config)).await;
    connected.map_err(|error| cannot_connect(config, error))
}

fn pools(config: &DatabaseConfig) -> database::Options {
    database::Options { ca_roots: config.ca_roots.clone(), connections: config.connections }
}

/// The disk of the data folder, followed until `shutdown`.
pub fn disk(data_dir: &Path, health: &Health, shutdown: &CancellationToken) -> Disk {
    let (disk, shutdown) = (Disk::default(), shutdown.clone());
    let follow = disk.clone().follow(data_dir.to_owned(), health.clone());
    tokio::spawn(async move { shutdown.run_until_cancelled(follow).await });
    disk
}

/// Connects to the broker, in the background, for as long as this process lasts: what is appended by calls that a
/// shutdown finds under way is published, too.
pub fn broker(config: &ServerConfig) -> Broker {
    match config.url.as_str() {
        "memory:" => Broker::memory(),
        url => Broker::amqp(url, config.ca_roots.clone()),
    }
}

/// Connects to the cache, in the background.
pub fn cache(config: &ServerConfig) -> Result<comanda_catalog::Cache, Failure> {
    let connected = comanda_catalog::Cache::connect(&config.url, &config.ca_roots);
    connected.map_err(|why| format!("COMANDA_CACHE_URL {why}").into())
}

/// Who this role is, and which roles may call it; `None` for plaintext.
pub fn identity(
    tls: &TlsConfig,
    callers: &'static [&'static str],
    health: &Health,
    shutdown: &CancellationToken,
) -> Result<Option<Identity>, Failure> {
    let TlsConfig::Folder(folder) = tls else { return Ok(None) };
    let identity = Identity::of_role(folder, callers).map_err(|why| format!("COMANDA_TLS_DIR: {why}"))?;
    Ok(Some(followed(identity, health, shutdown)))
}

/// Who the gateway is for browsers; `None` for plaintext.
pub fn browser_identity(
    folder: Option<&Path>,
    health: &Health,
    shutdown: &CancellationToken,
) -> Result<Option<Identity>, Failure> {
    let Some(folder) = folder else { return Ok(None) };
    let identity = Identity::for_browsers(folder).map_err(|why| format!("COMANDA_GATEWAY_TLS_DIR: {why}"))?;
    Ok(Some(followed(identity, health, shutdown)))
}

/// The same identity, whose files are read again when they change, and shown in the status.
pub fn followed(identity: Identity, health: &Health, shutdown: &CancellationToken) -> Identity {
    let health = health.clone();
    let show = move |dates: Vec<Dated>| {
        health.show_certificates(dates.into_iter().map(|certificate| (certificate.name, certificate.not_after)));
    };
    tokio::spawn(identity.clone().follow(show, shutdown.clone()));
    identity
}

/// A channel to a running gateway, for a command.
pub fn gateway(client: &ClientConfig, url: &Uri) -> Result<Channel, Failure> {
    let channel = channel::connect_to_gateway(url, client.ca_roots.clone(), contracts()?);
    channel.map_err(|why| format!("COMANDA_URL {why}").into())
}

/// A channel to the replicas of a service, connected in the background.
pub fn channel(service: Service, urls: &[Uri], identity: Option<&Identity>, gate: &Gate) -> Result<Channel, Failure> {
    let channel = channel::connect(service.name(), urls, identity.cloned(), gate.contracts().clone());
    channel.map_err(|why| format!("{} {why}", service.variable("URL")).into())
}

/// The keys, and the gate that judges by them.
pub fn gate(secrets: Secrets) -> Result<(Keys, Gate), Failure> {
    let keys = Keys::new(secrets);
    let gate = Gate::new(contracts()?, keys.clone()).with_services(SERVICES);
    Ok((keys, gate))
}

fn contracts() -> Result<Contracts, Failure> {
    Contracts::new(comanda_proto::DESCRIPTORS).map_err(|error| error.to_string().into())
}

/// Errors of the driver may quote the URL, and with it a password.
fn cannot_connect(config: &DatabaseConfig, error: impl ToString) -> Failure {
    let why = error.to_string().replace(&config.url, "the database");
    format!("{}: cannot connect: {why}", config.variable()).into()
}
