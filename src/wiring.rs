//! Links: what the roles are connected to, built from the settings. The scheme of a URL picks the part.

use crate::{
    Failure, data_dir, descriptors, schema,
    settings::{Service, Settings},
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
    load_shed::Limits,
};
use comanda_storage::{database::Database, disk::Disk};
use comanda_telemetry::{admin, health::Health};
use comanda_tls::{Dated, Identity};
use http::Uri;
use std::{net::SocketAddr, time::Duration};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The roles whose certificate is as good as the service token. The gateway is none: it brings what others ask.
const SERVICES: &[&str] = &["orders"];

/// Binds a port.
pub async fn listen(variable: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    listener::bind(address).await.map_err(|error| format!("{variable}: cannot listen on {address}: {error}"))
}

/// The health of a service, shown on the operator's port where that is set.
pub async fn health_of(settings: &Settings, service: Service) -> Result<Health, Failure> {
    Ok(health(settings, service.name()).await?.with_migrations(schema::migrations(service)))
}

/// The health of a service that shares a process with others.
pub async fn health_beside(neighbour: &Health, service: Service) -> Health {
    neighbour.of_neighbour(service.name()).await.with_migrations(schema::migrations(service))
}

/// The health of a role, shown on the operator's port where that is set.
pub async fn health(settings: &Settings, role: &'static str) -> Result<Health, Failure> {
    let health = Health::of_role(role).await;
    if let Some(address) = settings.health_listen()? {
        let listener = listen("COMANDA_HEALTH_LISTEN", address).await?;
        let shown = health.clone();
        tokio::spawn(async move {
            if let Err(error) = admin::serve(listener, shown).await {
                tracing::error!(error, "health and metrics are no longer shown");
            }
        });
    }
    Ok(health)
}

/// Connects to a service's own database.
pub async fn database(settings: &Settings, service: Service) -> Result<Database, Failure> {
    data_dir::require(settings, service)?;
    let (url, trust) = (settings.database_url(service)?, settings.servers_trust()?);
    Database::connect_trusting(&url, &trust).await.map_err(|error| cannot_connect(service, &url, error))
}

/// Connects to it, or in the background if it is away; whoever calls this waits for the schema.
pub async fn database_or_wait(settings: &Settings, service: Service) -> Result<Database, Failure> {
    data_dir::require(settings, service)?;
    let (url, trust) = (settings.database_url(service)?, settings.servers_trust()?);
    Database::connect_or_wait(&url, &trust).await.map_err(|error| cannot_connect(service, &url, error))
}

/// Connects to a service's own database for a command, which does not wait: the schema must be current now.
pub async fn current_database(settings: &Settings, service: Service) -> Result<Database, Failure> {
    let database = database(settings, service).await?;
    schema::require_current_now(&database, service).await?;
    Ok(database)
}

/// The disk of the data folder, followed until `shutdown`.
pub fn disk(settings: &Settings, health: &Health, shutdown: &CancellationToken) -> Disk {
    let (disk, shutdown) = (Disk::default(), shutdown.clone());
    let follow = disk.clone().follow(settings.data_dir.clone(), health.clone());
    tokio::spawn(async move { shutdown.run_until_cancelled(follow).await });
    disk
}

/// Connects to the broker, in the background.
pub fn broker(settings: &Settings, one_process: bool, shutdown: &CancellationToken) -> Result<Broker, Failure> {
    let url = settings.broker_url(one_process)?;
    Ok(match url.as_str() {
        "memory:" => Broker::memory(),
        _ => Broker::amqp(&url, settings.servers_trust()?, shutdown.clone()),
    })
}

/// Connects to the cache, in the background.
pub fn cache(settings: &Settings, one_process: bool) -> Result<comanda_catalog::Cache, Failure> {
    let url = settings.cache_url(one_process)?;
    let connected = comanda_catalog::Cache::connect(&url, &settings.servers_trust()?);
    connected.map_err(|why| format!("COMANDA_CACHE_URL {why}"))
}

/// Who this role is, and which roles may call it; `None` where it was said that plaintext is fine.
pub fn identity(
    settings: &Settings,
    callers: &'static [&'static str],
    health: &Health,
    shutdown: &CancellationToken,
) -> Result<Option<Identity>, Failure> {
    match (&settings.mesh.tls_dir, settings.mesh.plaintext) {
        (Some(folder), false) => {
            let identity = Identity::of_role(folder, callers).map_err(|why| format!("COMANDA_TLS_DIR: {why}"))?;
            Ok(Some(followed(identity, health, shutdown)))
        }
        (None, true) => Ok(None),
        (None, false) => {
            Err("COMANDA_TLS_DIR is not set; roles talk by TLS (`comanda dev-certs` makes certificates to \
                              try it), or in plaintext with COMANDA_PLAINTEXT=true"
                .into())
        }
        (Some(_), true) => Err("COMANDA_TLS_DIR and COMANDA_PLAINTEXT are both set".into()),
    }
}

/// Who the gateway is for browsers; `None` for plaintext.
pub fn browser_identity(
    settings: &Settings,
    health: &Health,
    shutdown: &CancellationToken,
) -> Result<Option<Identity>, Failure> {
    let Some(folder) = &settings.mesh.gateway_tls_dir else { return Ok(None) };
    let identity = Identity::for_browsers(folder).map_err(|why| format!("COMANDA_GATEWAY_TLS_DIR: {why}"))?;
    Ok(Some(followed(identity, health, shutdown)))
}

/// The same identity, whose files are read again when they change, and shown in the status.
fn followed(identity: Identity, health: &Health, shutdown: &CancellationToken) -> Identity {
    let health = health.clone();
    let show = move |dates: Vec<Dated>| {
        health.show_certificates(dates.into_iter().map(|certificate| (certificate.name, certificate.not_after)));
    };
    tokio::spawn(identity.clone().follow(show, shutdown.clone()));
    identity
}

/// A channel to a running gateway, for a command.
pub fn gateway(settings: &Settings, url: &Uri) -> Result<Channel, Failure> {
    let contracts = Contracts::new(comanda_proto::DESCRIPTORS)?;
    channel::connect_to_gateway(url, settings.gateway_trust()?, contracts).map_err(|why| format!("COMANDA_URL {why}"))
}

/// A channel to the replicas of a service, connected in the background.
pub fn channel(
    settings: &Settings,
    service: Service,
    identity: Option<&Identity>,
    gate: &Gate,
) -> Result<Channel, Failure> {
    let urls = settings.urls(service, identity.is_some())?;
    let channel = channel::connect(service.name(), &urls, identity.cloned(), gate.contracts().clone());
    channel.map_err(|why| format!("{} {why}", service.variable("URL")))
}

/// What the gateway makes of a channel.
pub fn with_retries(settings: &Settings, channel: Channel) -> Channel {
    if settings.mesh.retries == "on" { channel.with_retries() } else { channel }
}

/// How much a process takes on.
pub fn limits(settings: &Settings) -> Limits {
    let mesh = &settings.mesh;
    Limits {
        calls: mesh.max_calls as usize,
        streams: mesh.max_streams as usize,
        max_age: Duration::from_secs(mesh.max_connection_age_seconds.into()),
        connections: mesh.max_connections.map_or_else(descriptors::connections, |set| set as usize),
        max_idle: Duration::from_secs(mesh.max_connection_idle_seconds.into()),
    }
}

/// The keys, and the gate that judges by them.
pub fn gate(secrets: Secrets) -> Result<(Keys, Gate), Failure> {
    let keys = Keys::new(secrets);
    let gate = Gate::new(Contracts::new(comanda_proto::DESCRIPTORS)?, keys.clone()).with_services(SERVICES);
    Ok((keys, gate))
}

/// Errors of the driver may quote the URL, and with it a password.
fn cannot_connect(service: Service, url: &str, error: impl ToString) -> Failure {
    format!("{}: cannot connect: {}", service.variable("DATABASE_URL"), error.to_string().replace(url, "the database"))
}
