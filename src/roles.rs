//! Each role as a process of its own, on real servers. Ports are bound first, so that a port in use is known at once.

use crate::{
    Failure,
    data_dir::DataDir,
    links, schema, secrets,
    settings::{Service, Settings},
};
use comanda_mesh::{channel::as_service, incoming};
use std::{pin::pin, time::Duration};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// A database that has not answered by then is away.
const SCHEMA_PATIENCE: Duration = Duration::from_secs(1);

/// The catalog.
pub async fn catalog(settings: &Settings, shutdown: CancellationToken) -> Result<(), Failure> {
    let (_, gate) = links::gate(secrets::required(settings)?)?;
    let cache = links::cache(settings, false)?;
    let listener = listen(settings, Service::Catalog).await?;
    let _data = data_dir(settings, Service::Catalog)?;
    // It starts without its database too: Redis may hold the menus, and a menu marked stale is better than none.
    let database = links::database_or_wait(settings, Service::Catalog).await?;
    let health = links::health(settings).await?;
    let links = comanda_catalog::Links { database: database.clone(), cache, gate, health };
    let mut checking = pin!(schema::require_current_in_time(&database, Service::Catalog));
    let unchecked = match timeout(SCHEMA_PATIENCE, &mut checking).await {
        Ok(checked) => checked.map(|()| false)?,
        Err(_) => true,
    };
    tokio::select! {
        served = comanda_catalog::serve(links, incoming::tcp(listener), shutdown) => served,
        Err(why) = checking, if unchecked => Err(why),
    }
}

/// Orders.
pub async fn orders(settings: &Settings, shutdown: CancellationToken) -> Result<(), Failure> {
    let (keys, gate) = links::gate(secrets::required(settings)?)?;
    let catalog = as_service(links::channel(settings, Service::Catalog)?, keys.service_bearer());
    let kitchen = as_service(links::channel(settings, Service::Kitchen)?, keys.service_bearer());
    settings.broker_url(false)?;
    let config = orders_config(settings)?;
    let listener = listen(settings, Service::Orders).await?;
    let _data = data_dir(settings, Service::Orders)?;
    let database = links::current_database(settings, Service::Orders).await?;
    let broker = links::broker(settings, false, &shutdown)?;
    let health = links::health(settings).await?;
    let links = comanda_orders::Links { database, broker, catalog, kitchen, keys, gate, health };
    comanda_orders::serve(config, links, incoming::tcp(listener), shutdown).await
}

/// The kitchen.
pub async fn kitchen(settings: &Settings, shutdown: CancellationToken) -> Result<(), Failure> {
    let (_, gate) = links::gate(secrets::required(settings)?)?;
    settings.broker_url(false)?;
    let listener = listen(settings, Service::Kitchen).await?;
    let _data = data_dir(settings, Service::Kitchen)?;
    let database = links::current_database(settings, Service::Kitchen).await?;
    let broker = links::broker(settings, false, &shutdown)?;
    let health = links::health(settings).await?;
    let links = comanda_kitchen::Links { database, broker, gate, health };
    comanda_kitchen::serve(links, incoming::tcp(listener), shutdown).await
}

/// The gateway.
pub async fn gateway(settings: &Settings, shutdown: CancellationToken) -> Result<(), Failure> {
    let (_, gate) = links::gate(secrets::required(settings)?)?;
    let links = comanda_gateway::Links {
        catalog: links::channel(settings, Service::Catalog)?,
        orders: links::channel(settings, Service::Orders)?,
        kitchen: links::channel(settings, Service::Kitchen)?,
        gate,
        health: links::health(settings).await?,
    };
    let config = gateway_config(settings)?;
    let listener = links::listen("COMANDA_GATEWAY_LISTEN", settings.gateway_listen()?).await?;
    comanda_gateway::serve(config, links, listener, shutdown).await
}

/// Orders' settings.
pub fn orders_config(settings: &Settings) -> Result<comanda_orders::Config, Failure> {
    let config = comanda_orders::Config { audit_after: Duration::from_secs(settings.audit_after_seconds) };
    config.check().map_err(|why| format!("COMANDA_AUDIT_AFTER_SECONDS {why}"))?;
    Ok(config)
}

/// The gateway's settings.
pub fn gateway_config(settings: &Settings) -> Result<comanda_gateway::Config, Failure> {
    let edge = &settings.edge;
    let config = comanda_gateway::Config {
        allowed_origins: edge.allowed_origins.clone(),
        trusted_proxies: edge.trusted_proxies()?,
        limits: edge.limits()?,
        https: false,
    };
    config.check().map_err(|why| format!("COMANDA_ALLOWED_ORIGINS: {why}"))?;
    Ok(config)
}

async fn listen(settings: &Settings, service: Service) -> Result<tokio::net::TcpListener, Failure> {
    links::listen(&service.variable("LISTEN"), settings.listen_or_default(service)?).await
}

/// The data folder, for a role that keeps its database there.
fn data_dir(settings: &Settings, service: Service) -> Result<Option<DataDir>, Failure> {
    let embedded = settings.database_url(service)?.starts_with("sqlite:");
    embedded.then(|| DataDir::open(&settings.data_dir)).transpose()
}
