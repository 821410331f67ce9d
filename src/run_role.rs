//! A role that runs on its own: a process of the mesh.

use crate::{
    Failure,
    config::{CatalogConfig, DatabaseConfig, GatewayConfig, IdentityConfig, KitchenConfig, OrdersConfig, Service},
    data_dir::{self, DataDir},
    revocations, schema, wiring,
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
pub async fn catalog(config: CatalogConfig, shutdown: CancellationToken) -> Result<(), Failure> {
    let health = wiring::health_of(&config.service.process, Service::Catalog).await?;
    let identity = wiring::identity(&config.service.tls, callers_of(Service::Catalog), &health, &shutdown)?;
    let (_, gate) = wiring::gate(config.service.secrets)?;
    let staff = wiring::channel(Service::Identity, &config.service.identity, identity.as_ref(), &gate)?;
    let cache = wiring::cache(&config.cache)?;
    let listener = wiring::listen("COMANDA_CATALOG_LISTEN", config.service.listen).await?;
    let data = data_dir_of(&config.service.database)?;
    // It starts without its database too: Redis may hold the menus, and a menu marked stale is better than none.
    let database = wiring::database_or_wait(&config.service.database).await?;
    let limits = config.service.process.limits;
    let dependencies =
        comanda_catalog::Dependencies { database: database.clone(), cache, gate: gate.clone(), health, limits };
    revocations::follow(staff, &gate, Some(database.clone()), shutdown.clone()).await;
    let mut checking = pin!(schema::require_current(&database, Service::Catalog));
    let unchecked = match timeout(SCHEMA_TIMEOUT, &mut checking).await {
        Ok(checked) => checked.map(|()| false)?,
        Err(_) => true,
    };
    let serving = async {
        tokio::select! {
            served = comanda_catalog::serve(dependencies, listener::tcp(listener, identity), shutdown) => {
                served.map_err(Failure::from)
            }
            Err(why) = checking, if unchecked => Err(why),
        }
    };
    data_dir::while_there(data, Box::pin(serving)).await
}

/// Orders.
pub async fn orders(config: OrdersConfig, shutdown: CancellationToken) -> Result<(), Failure> {
    let health = wiring::health_of(&config.service.process, Service::Orders).await?;
    let identity = wiring::identity(&config.service.tls, callers_of(Service::Orders), &health, &shutdown)?;
    let (keys, gate) = wiring::gate(config.service.secrets)?;
    let as_service = |service, urls| {
        let channel = wiring::channel(service, urls, identity.as_ref(), &gate)?;
        Ok::<_, Failure>(channel.with_token(keys.service_header()))
    };
    let catalog = as_service(Service::Catalog, &config.catalog)?;
    let kitchen = as_service(Service::Kitchen, &config.kitchen)?;
    let staff = wiring::channel(Service::Identity, &config.service.identity, identity.as_ref(), &gate)?;
    let listener = wiring::listen("COMANDA_ORDERS_LISTEN", config.service.listen).await?;
    let data = data_dir_of(&config.service.database)?;
    let disk = match &data {
        Some(_) => wiring::disk(&config.service.process.data_dir, &health, &shutdown),
        None => Disk::default(),
    };
    let Some(database) = current_database(&config.service.database, &listener, &shutdown).await? else { return Ok(()) };
    revocations::follow(staff, &gate, Some(database.clone()), shutdown.clone()).await;
    let (broker, limits) = (wiring::broker(&config.broker), config.service.process.limits);
    let dependencies = comanda_orders::Dependencies {
        database,
        broker,
        catalog,
        kitchen,
        keys,
        gate: gate.clone(),
        health,
        limits,
        disk,
    };
    let serving = comanda_orders::serve(config.orders, dependencies, listener::tcp(listener, identity), shutdown);
    data_dir::while_there(data, Box::pin(async { serving.await.map_err(Failure::from) })).await
}

/// The kitchen.
pub async fn kitchen(config: KitchenConfig, shutdown: CancellationToken) -> Result<(), Failure> {
    let health = wiring::health_of(&config.service.process, Service::Kitchen).await?;
    let identity = wiring::identity(&config.service.tls, callers_of(Service::Kitchen), &health, &shutdown)?;
    let (_, gate) = wiring::gate(config.service.secrets)?;
    let staff = wiring::channel(Service::Identity, &config.service.identity, identity.as_ref(), &gate)?;
    let listener = wiring::listen("COMANDA_KITCHEN_LISTEN", config.service.listen).await?;
    let data = data_dir_of(&config.service.database)?;
    let Some(database) = current_database(&config.service.database, &listener, &shutdown).await? else { return Ok(()) };
    revocations::follow(staff, &gate, Some(database.clone()), shutdown.clone()).await;
    let (broker, limits) = (wiring::broker(&config.broker), config.service.process.limits);
    let dependencies = comanda_kitchen::Dependencies { database, broker, gate: gate.clone(), health, limits };
    let serving = comanda_kitchen::serve(dependencies, listener::tcp(listener, identity), shutdown);
    data_dir::while_there(data, Box::pin(async { serving.await.map_err(Failure::from) })).await
}

/// Identity.
pub async fn identity(config: IdentityConfig, shutdown: CancellationToken) -> Result<(), Failure> {
    let health = wiring::health_of(&config.service.process, Service::Identity).await?;
    let identity = wiring::identity(&config.service.tls, callers_of(Service::Identity), &health, &shutdown)?;
    let (_, gate) = wiring::gate(config.service.secrets)?;
    let listener = wiring::listen("COMANDA_IDENTITY_LISTEN", config.service.listen).await?;
    let data = data_dir_of(&config.service.database)?;
    let Some(database) = current_database(&config.service.database, &listener, &shutdown).await? else { return Ok(()) };
    let dependencies = comanda_identity::Dependencies {
        database,
        signer: config.signer,
        oidc: config.oidc,
        gate,
        health,
        limits: config.service.process.limits,
    };
    let serving = comanda_identity::serve(dependencies, listener::tcp(listener, identity), shutdown);
    data_dir::while_there(data, Box::pin(async { serving.await.map_err(Failure::from) })).await
}

/// The gateway's name in the status.
pub const GATEWAY: &str = "gateway";

/// The gateway.
pub async fn gateway(config: GatewayConfig, shutdown: CancellationToken) -> Result<(), Failure> {
    let health = wiring::health(&config.process, GATEWAY).await?;
    let identity = wiring::identity(&config.tls, &[], &health, &shutdown)?;
    let browsers = wiring::browser_identity(config.browser_tls.as_deref(), &health, &shutdown)?;
    let (_, gate) = wiring::gate(config.secrets)?;
    let channel = |service, urls| {
        let channel = wiring::channel(service, urls, identity.as_ref(), &gate)?;
        Ok::<_, Failure>(if config.retries { channel.with_retries() } else { channel })
    };
    let staff = channel(Service::Identity, &config.identity)?;
    revocations::follow(staff.clone(), &gate, None, shutdown.clone()).await;
    let dependencies = comanda_gateway::Dependencies {
        catalog: channel(Service::Catalog, &config.catalog)?,
        orders: channel(Service::Orders, &config.orders)?,
        kitchen: channel(Service::Kitchen, &config.kitchen)?,
        identity: staff.clone(),
        gate: gate.clone(),
        health,
        limits: config.process.limits,
    };
    let listener = wiring::listen("COMANDA_GATEWAY_LISTEN", config.listen).await?;
    let serving = comanda_gateway::serve(config.gateway, dependencies, listener::tcp(listener, browsers), shutdown);
    serving.await.map_err(Failure::from)
}

/// Which roles may connect to a service.
pub fn callers_of(service: Service) -> &'static [&'static str] {
    match service {
        Service::Orders => &["gateway"],
        Service::Catalog | Service::Kitchen => &["gateway", "orders"],
        Service::Identity => &["gateway", "catalog", "orders", "kitchen"],
    }
}

/// Waits for the database of a role that can do nothing without it, and for its schema. Meanwhile health says that the role
/// is not ready, and calls are refused at once, so that they try another replica. `None` when a stop comes first.
async fn current_database(
    config: &DatabaseConfig,
    listener: &TcpListener,
    shutdown: &CancellationToken,
) -> Result<Option<Database>, Failure> {
    let database = async {
        let database = wiring::database_or_wait(config).await?;
        schema::require_current(&database, config.service).await?;
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

/// The data folder, for a role that keeps its database there.
fn data_dir_of(database: &DatabaseConfig) -> Result<Option<DataDir>, Failure> {
    database.file().map(|_| DataDir::open(&database.data_dir, false)).transpose()
}
