//! A shop in a box: every role in this process, talking through the same generated clients over in-memory channels.
//! Only the gateway listens, unless another role is given an address; with a network of its own at a second port, too.

use crate::{
    Failure,
    config::{AllConfig, Service, TlsConfig},
    data_dir::DataDir,
    lan, run_role, schema, secrets, welcome, wiring,
};
use comanda_mesh::{channel::local, listener, supervisor::Supervisor};
use comanda_telemetry::health::Health;
use comanda_tls::Identity;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Runs the shop until `shutdown`. `new_shop`: as [`DataDir::open`] has it.
pub async fn run(mut config: AllConfig, new_shop: bool, shutdown: CancellationToken) -> Result<(), Failure> {
    let cache = wiring::cache(&config.cache)?;
    let listener = wiring::listen("COMANDA_GATEWAY_LISTEN", config.listen).await?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let lan_listener = match &config.lan {
        Some(lan) => Some(wiring::listen("COMANDA_LAN_LISTEN", lan.listen).await?),
        None => None,
    };
    let health = wiring::health(&config.process, run_role::GATEWAY).await?;
    let browsers = wiring::browser_identity(config.browser_tls.as_deref(), &health, &shutdown)?;
    let [catalog_port, orders_port, kitchen_port, identity_port] = &config.ports;
    let catalog_port = listen(Service::Catalog, catalog_port.as_ref(), &health, &shutdown).await?;
    let orders_port = listen(Service::Orders, orders_port.as_ref(), &health, &shutdown).await?;
    let kitchen_port = listen(Service::Kitchen, kitchen_port.as_ref(), &health, &shutdown).await?;
    let identity_port = listen(Service::Identity, identity_port.as_ref(), &health, &shutdown).await?;
    let data_dir = &config.process.data_dir;
    let data = DataDir::open(data_dir, new_shop)?;
    let (secrets, signer) = secrets::load_or_create(&config.secrets, data_dir)?;
    let (keys, gate) = wiring::gate(secrets)?;
    let [catalog_database, orders_database, kitchen_database, identity_database] =
        schema::upgrade_own(&config.databases).await?;
    let links = welcome::Links::make(&identity_database).await?;
    let by_tls = browsers.is_some();
    let customers = || lan::Customers { public: config.gateway.customers.clone(), listening: address, by_tls };
    let network = match (&config.lan, lan_listener) {
        (Some(asked), Some(listener)) => {
            Some(lan::Network::open(asked, listener, customers(), (data_dir, &health), &shutdown)?)
        }
        _ => None,
    };
    config.gateway.lan = network.as_ref().map(|network| network.now.clone());
    schema::load_sample(&catalog_database).await?;

    let (broker, limits) = (wiring::broker(&config.broker), config.process.limits);
    let pipe = |service: Service| local(service.name(), gate.contracts().clone());
    let (catalog, catalog_pipes) = pipe(Service::Catalog);
    let (orders, orders_pipes) = pipe(Service::Orders);
    let (kitchen, kitchen_pipes) = pipe(Service::Kitchen);
    let (identity, identity_pipes) = pipe(Service::Identity);
    let incoming = |pipes, port: Option<(TcpListener, Option<Identity>)>| {
        let (listener, identity) = port.unzip();
        listener::local(pipes, listener, identity.flatten())
    };

    let mut roles = Supervisor::new(shutdown.clone());
    let dependencies = comanda_catalog::Dependencies {
        database: catalog_database,
        cache,
        gate: gate.clone(),
        health: wiring::health_beside(&health, Service::Catalog).await,
        limits,
    };
    roles.essential(
        "catalog",
        comanda_catalog::serve(dependencies, incoming(catalog_pipes, catalog_port), shutdown.clone()),
    );
    let dependencies = comanda_orders::Dependencies {
        database: orders_database,
        broker: broker.clone(),
        catalog: catalog.clone().with_token(keys.service_header()),
        kitchen: kitchen.clone().with_token(keys.service_header()),
        keys,
        gate: gate.clone(),
        health: wiring::health_beside(&health, Service::Orders).await,
        limits,
        disk: wiring::disk(data_dir, &health, &shutdown),
    };
    roles.essential(
        "orders",
        comanda_orders::serve(config.orders, dependencies, incoming(orders_pipes, orders_port), shutdown.clone()),
    );
    let dependencies = comanda_kitchen::Dependencies {
        database: kitchen_database,
        broker,
        gate: gate.clone(),
        health: wiring::health_beside(&health, Service::Kitchen).await,
        limits,
    };
    roles.essential(
        "kitchen",
        comanda_kitchen::serve(dependencies, incoming(kitchen_pipes, kitchen_port), shutdown.clone()),
    );
    let dependencies = comanda_identity::Dependencies {
        database: identity_database,
        signer,
        oidc: config.oidc,
        gate: gate.clone(),
        health: wiring::health_beside(&health, Service::Identity).await,
        limits,
    };
    roles.essential(
        "identity",
        comanda_identity::serve(dependencies, incoming(identity_pipes, identity_port), shutdown.clone()),
    );
    let dependencies = comanda_gateway::Dependencies { catalog, orders, kitchen, identity, gate, health, limits };
    let lan = config.gateway.lan.clone();
    let browsers = listener::tcp(listener, browsers);
    let browsers = match network {
        Some(network) => browsers.and(network.listener, Some(network.identity)),
        None => browsers,
    };
    roles.essential("gateway", comanda_gateway::serve(config.gateway, dependencies, browsers, shutdown.clone()));
    let places = match lan {
        Some(now) => welcome::Places::in_the_network(&lan::settled(now).await),
        None => welcome::Places::alone(address, by_tls),
    };
    println!("{}", links.welcome(&places, data_dir)?);
    data.while_there(async { roles.all_ended().await.map_err(Failure::from) }).await
}

/// A role's own port, where it is given one.
async fn listen(
    service: Service,
    port: Option<&(SocketAddr, TlsConfig)>,
    health: &Health,
    shutdown: &CancellationToken,
) -> Result<Option<(TcpListener, Option<Identity>)>, Failure> {
    let Some((address, tls)) = port else { return Ok(None) };
    let identity = wiring::identity(tls, run_role::callers_of(service), health, shutdown)?;
    Ok(Some((wiring::listen(&service.variable("LISTEN"), *address).await?, identity)))
}
