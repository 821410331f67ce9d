//! Links: what the roles are connected to, built from the settings. The scheme of a URL picks the part.

use crate::{
    Failure, schema,
    settings::{Service, Settings},
};
use comanda_events::broker::Broker;
use comanda_mesh::{
    channel,
    database::Database,
    gate::Gate,
    health::Health,
    incoming, operations,
    token::{Keys, Secrets},
};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

/// Binds a port.
pub async fn listen(variable: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    incoming::bind(address).await.map_err(|error| format!("{variable}: cannot listen on {address}: {error}"))
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
            if let Err(error) = operations::serve(listener, shown).await {
                tracing::error!(error, "health and metrics are no longer shown");
            }
        });
    }
    Ok(health)
}

/// Connects to a service's own database.
pub async fn database(settings: &Settings, service: Service) -> Result<Database, Failure> {
    let url = settings.database_url(service)?;
    // Errors of the driver may quote the URL, and with it a password.
    let cannot = |error| format!("{}: cannot connect: {}", service.variable("DATABASE_URL"), without(&url, error));
    Database::connect(&url).await.map_err(cannot)
}

/// Connects for a role that can serve without its database; whoever calls this looks at the schema later.
pub async fn database_or_wait(settings: &Settings, service: Service) -> Result<Database, Failure> {
    let url = settings.database_url(service)?;
    let cannot = |error| format!("{}: cannot connect: {}", service.variable("DATABASE_URL"), without(&url, error));
    Database::connect_or_wait(&url).await.map_err(cannot)
}

/// Connects to a service's own database, if its schema is current.
pub async fn current_database(settings: &Settings, service: Service) -> Result<Database, Failure> {
    let database = database(settings, service).await?;
    schema::require_current(&database, service).await?;
    Ok(database)
}

/// Connects to the broker, in the background.
pub fn broker(settings: &Settings, one_process: bool, shutdown: &CancellationToken) -> Result<Broker, Failure> {
    let url = settings.broker_url(one_process)?;
    Ok(if url == "memory:" { Broker::memory() } else { Broker::amqp(&url, shutdown.clone()) })
}

/// Connects to the cache, in the background.
pub fn cache(settings: &Settings, one_process: bool) -> Result<comanda_catalog::Cache, Failure> {
    let url = settings.cache_url(one_process)?;
    comanda_catalog::Cache::connect(&url).map_err(|why| format!("COMANDA_CACHE_URL {why}"))
}

/// A channel to the replicas of a service, connected when first used.
pub fn channel(settings: &Settings, service: Service) -> Result<Channel, Failure> {
    let cannot = |error| format!("{}: {error}", service.variable("URL"));
    channel::connect(&settings.urls(service)?).map_err(cannot)
}

/// Each replica of each service by itself: a status is asked of all of them, where a call is made to any.
pub fn replicas(settings: &Settings) -> Result<Vec<(&'static str, Channel)>, Failure> {
    let mut replicas = Vec::new();
    for service in [Service::Catalog, Service::Orders, Service::Kitchen] {
        let cannot = |error| format!("{}: {error}", service.variable("URL"));
        for url in settings.urls(service)? {
            replicas.push((service.name(), channel::connect(&[url]).map_err(cannot)?));
        }
    }
    Ok(replicas)
}

/// The keys, and the gate that judges by them.
pub fn gate(secrets: Secrets) -> Result<(Keys, Gate), Failure> {
    let keys = Keys::new(secrets);
    let gate = Gate::new(comanda_proto::DESCRIPTORS, keys.clone())?;
    Ok((keys, gate))
}

fn without(url: &str, error: impl ToString) -> String {
    error.to_string().replace(url, "the database")
}
