//! Each role as a process of its own, on real servers. Ports are bound first, so that a port in use is known at once.

use crate::{
    Failure,
    data_dir::{self, DataDir},
    schema, secrets,
    settings::{Service, Settings},
    wiring,
};
use comanda_mesh::listener;
use comanda_storage::{database::Database, disk::Disk};
use std::{pin::pin, time::Duration};
use tokio::{
    net::TcpListener,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

const RETRY_INTERVAL: Duration = Duration::from_millis(100);
/// A database that has not answered by then is away.
const SCHEMA_TIMEOUT: Duration = Duration::from_secs(1);

/// The catalog.
pub async fn catalog(settings: &Settings, shutdown: CancellationToken) -> Result<(), Failure> {
    let health = wiring::health_of(settings, Service::Catalog).await?;
    let identity = wiring::identity(settings, callers_of(Service::Catalog), &health, &shutdown)?;
    let (_, gate) = wiring::gate(secrets::required(settings, identity.as_ref())?)?;
    let cache = wiring::cache(settings, false)?;
    let listener = listen(settings, Service::Catalog).await?;
    let data = data_dir(settings, Service::Catalog)?;
    // It starts without its database too: Redis may hold the menus, and a menu marked stale is better than none.
    let database = wiring::database_or_wait(settings, Service::Catalog).await?;
    let links = comanda_catalog::Dependencies {
        database: database.clone(),
        cache,
        gate,
        health,
        limits: wiring::limits(settings),
    };
    let mut checking = pin!(schema::require_current(&database, Service::Catalog));
    let unchecked = match timeout(SCHEMA_TIMEOUT, &mut checking).await {
        Ok(checked) => checked.map(|()| false)?,
        Err(_) => true,
    };
    let serving = async {
        tokio::select! {
            served = comanda_catalog::serve(links, listener::tcp(listener, identity), shutdown) => served,
            Err(why) = checking, if unchecked => Err(why),
        }
    };
    data_dir::while_there(data, Box::pin(serving)).await
}

/// Orders.
pub async fn orders(settings: &Settings, shutdown: CancellationToken) -> Result<(), Failure> {
    let health = wiring::health_of(settings, Service::Orders).await?;
    let identity = wiring::identity(settings, callers_of(Service::Orders), &health, &shutdown)?;
    let (keys, gate) = wiring::gate(secrets::required(settings, identity.as_ref())?)?;
    let as_service = |service| {
        let channel = wiring::channel(settings, service, identity.as_ref(), &gate)?;
        Ok::<_, Failure>(channel.with_token(keys.service_header()))
    };
    let (catalog, kitchen) = (as_service(Service::Catalog)?, as_service(Service::Kitchen)?);
    settings.broker_url(false)?;
    let config = orders_config(settings)?;
    let listener = listen(settings, Service::Orders).await?;
    let data = data_dir(settings, Service::Orders)?;
    let disk = if data.is_some() { wiring::disk(settings, &health, &shutdown) } else { Disk::default() };
    let Some(database) = current_database(settings, Service::Orders, &listener, &shutdown).await? else {
        return Ok(());
    };
    let broker = wiring::broker(settings, false, &shutdown)?;
    let limits = wiring::limits(settings);
    let links = comanda_orders::Dependencies { database, broker, catalog, kitchen, keys, gate, health, limits, disk };
    let serving = comanda_orders::serve(config, links, listener::tcp(listener, identity), shutdown);
    data_dir::while_there(data, Box::pin(serving)).await
}

/// The kitchen.
pub async fn kitchen(settings: &Settings, shutdown: CancellationToken) -> Result<(), Failure> {
    let health = wiring::health_of(settings, Service::Kitchen).await?;
    let identity = wiring::identity(settings, callers_of(Service::Kitchen), &health, &shutdown)?;
    let (_, gate) = wiring::gate(secrets::required(settings, identity.as_ref())?)?;
    settings.broker_url(false)?;
    let listener = listen(settings, Service::Kitchen).await?;
    let data = data_dir(settings, Service::Kitchen)?;
    let Some(database) = current_database(settings, Service::Kitchen, &listener, &shutdown).await? else {
        return Ok(());
    };
    let broker = wiring::broker(settings, false, &shutdown)?;
    let links = comanda_kitchen::Dependencies { database, broker, gate, health, limits: wiring::limits(settings) };
    let serving = comanda_kitchen::serve(links, listener::tcp(listener, identity), shutdown);
    data_dir::while_there(data, Box::pin(serving)).await
}

/// The gateway's name in the status.
pub const GATEWAY: &str = "gateway";

/// The gateway.
pub async fn gateway(settings: &Settings, shutdown: CancellationToken) -> Result<(), Failure> {
    let health = wiring::health(settings, GATEWAY).await?;
    let identity = wiring::identity(settings, &[], &health, &shutdown)?;
    let browsers = wiring::browser_identity(settings, &health, &shutdown)?;
    let (_, gate) = wiring::gate(secrets::required(settings, identity.as_ref())?)?;
    let channel = |service| {
        let channel = wiring::channel(settings, service, identity.as_ref(), &gate)?;
        Ok::<_, Failure>(wiring::with_retries(settings, channel))
    };
    let links = comanda_gateway::Dependencies {
        catalog: channel(Service::Catalog)?,
        orders: channel(Service::Orders)?,
        kitchen: channel(Service::Kitchen)?,
        gate,
        health,
        limits: wiring::limits(settings),
    };
    let config = gateway_config(settings)?;
    let listener = wiring::listen("COMANDA_GATEWAY_LISTEN", settings.gateway_listen()?).await?;
    comanda_gateway::serve(config, links, listener::tcp(listener, browsers), shutdown).await
}

/// Which roles may connect to a service.
pub fn callers_of(service: Service) -> &'static [&'static str] {
    match service {
        Service::Orders => &["gateway"],
        Service::Catalog | Service::Kitchen => &["gateway", "orders"],
    }
}

/// Orders' settings.
pub fn orders_config(settings: &Settings) -> Result<comanda_orders::Config, Failure> {
    let config = comanda_orders::Config {
        audit_after: Duration::from_secs(settings.orders.audit_after_seconds),
        archive_after_days: settings.orders.archive_after_days,
        retention_days: settings.orders.retention_days,
    };
    config.check()?;
    Ok(config)
}

/// The gateway's settings.
pub fn gateway_config(settings: &Settings) -> Result<comanda_gateway::Config, Failure> {
    let edge = &settings.edge;
    let config = comanda_gateway::Config {
        allowed_origins: edge.allowed_origins.clone(),
        trusted_proxies: edge.trusted_proxies()?,
        limits: edge.limits(wiring::limits(settings).connections)?,
        https: settings.mesh.gateway_tls_dir.is_some(),
    };
    config.check().map_err(|why| format!("COMANDA_ALLOWED_ORIGINS: {why}"))?;
    Ok(config)
}

/// Waits for the database of a role that can do nothing without it, and for its schema. Meanwhile health says that the role
/// is not ready, and calls are refused at once, so that they try another replica. `None` when a stop comes first.
async fn current_database(
    settings: &Settings,
    service: Service,
    listener: &TcpListener,
    shutdown: &CancellationToken,
) -> Result<Option<Database>, Failure> {
    let database = async {
        let database = wiring::database_or_wait(settings, service).await?;
        schema::require_current(&database, service).await?;
        Ok(database)
    };
    let refuse = async {
        loop {
            if listener.accept().await.is_err() {
                sleep(RETRY_INTERVAL).await;
            }
        }
    };
    tokio::select! {
        database = database => database.map(Some),
        () = shutdown.cancelled() => Ok(None),
        never = refuse => never,
    }
}

async fn listen(settings: &Settings, service: Service) -> Result<TcpListener, Failure> {
    wiring::listen(&service.variable("LISTEN"), settings.listen_or_default(service)?).await
}

/// The data folder, for a role that keeps its database there.
fn data_dir(settings: &Settings, service: Service) -> Result<Option<DataDir>, Failure> {
    let embedded = settings.database_url(service)?.starts_with("sqlite:");
    embedded.then(|| DataDir::open(&settings.data_dir, false)).transpose()
}
