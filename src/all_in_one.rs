//! A shop in a box: every role in this process, talking through the same generated clients over in-memory channels.
//! Only the gateway listens, unless another role is given an address.

use crate::{
    Failure,
    data_dir::{self, DataDir},
    run_role, schema, secrets,
    settings::{Service, Settings},
    wiring,
};
use comanda_auth::token::Secrets;
use comanda_mesh::{channel::local, listener};
use comanda_telemetry::health::Health;
use comanda_tls::Identity;
use std::{
    io::{IsTerminal, stdout},
    net::SocketAddr,
    path::Path,
};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// In the data folder.
const LINKS: &str = "links.txt";

/// Runs the shop until `shutdown`. `new_shop`: as [`DataDir::open`] has it.
pub async fn run(settings: &Settings, new_shop: bool, shutdown: CancellationToken) -> Result<(), Failure> {
    let config = run_role::gateway_config(settings)?;
    let orders_config = run_role::orders_config(settings)?;
    let cache = wiring::cache(settings, true)?;
    settings.broker_url(true)?;
    schema::require_own_databases(settings)?;
    let listener = wiring::listen("COMANDA_GATEWAY_LISTEN", settings.gateway_listen()?).await?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let health = wiring::health(settings, run_role::GATEWAY).await?;
    let browsers = wiring::browser_identity(settings, &health, &shutdown)?;
    let [catalog_port, orders_port, kitchen_port] = [
        port(settings, Service::Catalog, &health, &shutdown).await?,
        port(settings, Service::Orders, &health, &shutdown).await?,
        port(settings, Service::Kitchen, &health, &shutdown).await?,
    ];
    let data = DataDir::open(&settings.data_dir, new_shop)?;
    let secrets = secrets::load_or_create(settings)?;
    let welcome = welcome(address, browsers.is_some(), &secrets, &settings.data_dir)?;
    let (keys, gate) = wiring::gate(secrets)?;
    let upgrade = |service| schema::upgrade_own(settings, service);
    // At once, and each to its end: a failure must not leave another half upgraded.
    let (catalog_database, orders_database, kitchen_database) =
        tokio::join!(upgrade(Service::Catalog), upgrade(Service::Orders), upgrade(Service::Kitchen));
    let (catalog_database, orders_database, kitchen_database) =
        (catalog_database?, orders_database?, kitchen_database?);
    schema::load_sample(&catalog_database).await?;

    let broker = wiring::broker(settings, true, &shutdown)?;
    let limits = wiring::limits(settings);
    let pipe = |service: Service| local(service.name(), gate.contracts().clone());
    let [(catalog, catalog_pipes), (orders, orders_pipes), (kitchen, kitchen_pipes)] =
        [pipe(Service::Catalog), pipe(Service::Orders), pipe(Service::Kitchen)];
    let catalog_links = comanda_catalog::Dependencies {
        database: catalog_database,
        cache,
        gate: gate.clone(),
        health: wiring::health_beside(&health, Service::Catalog).await,
        limits,
    };
    let orders_links = comanda_orders::Dependencies {
        database: orders_database,
        broker: broker.clone(),
        catalog: catalog.clone().with_token(keys.service_header()),
        kitchen: kitchen.clone().with_token(keys.service_header()),
        keys,
        gate: gate.clone(),
        health: wiring::health_beside(&health, Service::Orders).await,
        limits,
        disk: wiring::disk(settings, &health, &shutdown),
    };
    let kitchen_links = comanda_kitchen::Dependencies {
        database: kitchen_database,
        broker,
        gate: gate.clone(),
        health: wiring::health_beside(&health, Service::Kitchen).await,
        limits,
    };
    let gateway_links = comanda_gateway::Dependencies { catalog, orders, kitchen, gate, health, limits };

    let mut tasks = JoinSet::new();
    let door = |pipes, port: Option<(TcpListener, Option<Identity>)>| {
        let (listener, identity) = port.unzip();
        listener::local(pipes, listener, identity.flatten())
    };
    tasks.spawn(comanda_catalog::serve(catalog_links, door(catalog_pipes, catalog_port), shutdown.clone()));
    tasks.spawn(comanda_orders::serve(orders_config, orders_links, door(orders_pipes, orders_port), shutdown.clone()));
    tasks.spawn(comanda_kitchen::serve(kitchen_links, door(kitchen_pipes, kitchen_port), shutdown.clone()));
    tasks.spawn(comanda_gateway::serve(config, gateway_links, listener::tcp(listener, browsers), shutdown.clone()));
    println!("{welcome}");
    data.while_there(all(tasks, &shutdown)).await
}

/// Ends when all have ended; the first failure stops the others.
async fn all(mut tasks: JoinSet<Result<(), Failure>>, shutdown: &CancellationToken) -> Result<(), Failure> {
    let mut outcome = Ok(());
    while let Some(ended) = tasks.join_next().await {
        let ended = ended.unwrap_or_else(|error| Err(error.to_string()));
        if let Err(failure) = ended {
            shutdown.cancel();
            outcome = outcome.and(Err(failure));
        }
    }
    outcome
}

/// A role's own port, where it is given one.
async fn port(
    settings: &Settings,
    service: Service,
    health: &Health,
    shutdown: &CancellationToken,
) -> Result<Option<(TcpListener, Option<Identity>)>, Failure> {
    let Some(address) = settings.listen(service)? else { return Ok(None) };
    let identity = wiring::identity(settings, run_role::callers_of(service), health, shutdown)?;
    Ok(Some((wiring::listen(&service.variable("LISTEN"), address).await?, identity)))
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
