//! A shop in a box: every role in this process, talking through the same generated clients over in-memory channels.
//! Only the gateway listens, unless another role is given an address.

use crate::{
    Failure,
    config::{AllConfig, Service, TlsConfig},
    data_dir::{self, DataDir},
    run_role, schema, secrets, wiring,
};
use comanda_auth::token::Secrets;
use comanda_mesh::{channel::local, listener, supervisor::Supervisor};
use comanda_telemetry::health::Health;
use comanda_tls::Identity;
use std::{
    io::{IsTerminal, stdout},
    net::SocketAddr,
    path::Path,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// In the data folder.
const LINKS: &str = "links.txt";

/// Runs the shop until `shutdown`. `new_shop`: as [`DataDir::open`] has it.
pub async fn run(config: AllConfig, new_shop: bool, shutdown: CancellationToken) -> Result<(), Failure> {
    let cache = wiring::cache(&config.cache)?;
    let listener = wiring::listen("COMANDA_GATEWAY_LISTEN", config.listen).await?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let health = wiring::health(&config.process, run_role::GATEWAY).await?;
    let browsers = wiring::browser_identity(config.browser_tls.as_deref(), &health, &shutdown)?;
    let [catalog_port, orders_port, kitchen_port] = &config.ports;
    let catalog_port = listen(Service::Catalog, catalog_port.as_ref(), &health, &shutdown).await?;
    let orders_port = listen(Service::Orders, orders_port.as_ref(), &health, &shutdown).await?;
    let kitchen_port = listen(Service::Kitchen, kitchen_port.as_ref(), &health, &shutdown).await?;
    let data_dir = &config.process.data_dir;
    let data = DataDir::open(data_dir, new_shop)?;
    let secrets = secrets::load_or_create(&config.secrets, data_dir)?;
    let welcome = welcome(address, browsers.is_some(), &secrets, data_dir)?;
    let (keys, gate) = wiring::gate(secrets)?;
    let [catalog_database, orders_database, kitchen_database] = schema::upgrade_own(&config.databases).await?;
    schema::load_sample(&catalog_database).await?;

    let (broker, limits) = (wiring::broker(&config.broker), config.process.limits);
    let pipe = |service: Service| local(service.name(), gate.contracts().clone());
    let (catalog, catalog_pipes) = pipe(Service::Catalog);
    let (orders, orders_pipes) = pipe(Service::Orders);
    let (kitchen, kitchen_pipes) = pipe(Service::Kitchen);
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
    let dependencies = comanda_gateway::Dependencies { catalog, orders, kitchen, gate, health, limits };
    let browsers = listener::tcp(listener, browsers);
    roles.essential("gateway", comanda_gateway::serve(config.gateway, dependencies, browsers, shutdown.clone()));
    println!("{welcome}");
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

/// Where to begin. Links that hold secrets are for the eyes of whoever started this: what is no terminal may be a log that
/// many read, so there they go to a file.
fn welcome(address: SocketAddr, by_tls: bool, secrets: &Secrets, data: &Path) -> Result<String, Failure> {
    let scheme = if by_tls { "https" } else { "http" };
    let Secrets { staff, panel, .. } = secrets;
    let links = format!(
        "customers   {scheme}://{address}/\n  \
         barista     {scheme}://{address}/barista#{staff}\n  \
         panel       {scheme}://{address}/painel#{panel}\n  \
         status      {scheme}://{address}/status#{staff}\n\n\
         The last three hold secrets: give them to staff only."
    );
    if stdout().is_terminal() {
        return Ok(format!("Comanda is open. Open these in a browser:\n\n  {links} Stop with Ctrl-C."));
    }
    let file = data.join(LINKS);
    let cannot = |error| format!("COMANDA_DATA_DIR: cannot write {}: {error}", file.display());
    data_dir::write(&file, format!("  {links}\n").as_bytes()).map_err(cannot)?;
    Ok(format!(
        "Comanda is open: customers find it at {scheme}://{address}/\n\
         The links for barista, panel and status hold secrets; they are in {}. Stop with Ctrl-C.",
        file.display()
    ))
}
