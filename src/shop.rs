//! A shop in a box: every role in this process, talking through the same generated clients over in-memory channels.
//! Only the gateway listens, unless another role is given an address.

use crate::{
    Failure,
    data_dir::DataDir,
    links, roles, schema, secrets,
    settings::{Service, Settings},
};
use comanda_mesh::{
    channel::{as_service, local},
    incoming,
    token::Secrets,
};
use std::net::SocketAddr;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// Runs the shop until `shutdown`.
pub async fn run(settings: &Settings, shutdown: CancellationToken) -> Result<(), Failure> {
    let config = roles::gateway_config(settings)?;
    let orders_config = roles::orders_config(settings)?;
    let cache = links::cache(settings, true)?;
    settings.broker_url(true)?;
    let listener = links::listen("COMANDA_GATEWAY_LISTEN", settings.gateway_listen()?).await?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let [catalog_port, orders_port, kitchen_port] = [
        listen(settings, Service::Catalog).await?,
        listen(settings, Service::Orders).await?,
        listen(settings, Service::Kitchen).await?,
    ];
    let health = links::health(settings, roles::GATEWAY).await?;
    let _data = DataDir::open(&settings.data_dir)?;
    let secrets = secrets::kept(settings)?;
    let welcome = welcome(address, &secrets);
    let (keys, gate) = links::gate(secrets)?;
    let catalog_database = schema::upgrade_own(settings, Service::Catalog).await?;
    let orders_database = schema::upgrade_own(settings, Service::Orders).await?;
    let kitchen_database = schema::upgrade_own(settings, Service::Kitchen).await?;
    schema::load_sample(&catalog_database).await?;

    let broker = links::broker(settings, true, &shutdown)?;
    let ((catalog, catalog_pipes), (orders, orders_pipes), (kitchen, kitchen_pipes)) = (local(), local(), local());
    let catalog_links = comanda_catalog::Links {
        database: catalog_database,
        cache,
        gate: gate.clone(),
        health: links::health_beside(&health, Service::Catalog).await,
    };
    let orders_links = comanda_orders::Links {
        database: orders_database,
        broker: broker.clone(),
        catalog: as_service(catalog.clone(), keys.service_bearer()),
        kitchen: as_service(kitchen.clone(), keys.service_bearer()),
        keys,
        gate: gate.clone(),
        health: links::health_beside(&health, Service::Orders).await,
    };
    let kitchen_links = comanda_kitchen::Links {
        database: kitchen_database,
        broker,
        gate: gate.clone(),
        health: links::health_beside(&health, Service::Kitchen).await,
    };
    // The process tells of all its roles at once, so there is nobody to ask.
    let gateway_links = comanda_gateway::Links { catalog, orders, kitchen, gate, health, replicas: Vec::new() };

    let mut tasks = JoinSet::new();
    let door = |pipes, port| incoming::local(pipes, port);
    tasks.spawn(comanda_catalog::serve(catalog_links, door(catalog_pipes, catalog_port), shutdown.clone()));
    tasks.spawn(comanda_orders::serve(orders_config, orders_links, door(orders_pipes, orders_port), shutdown.clone()));
    tasks.spawn(comanda_kitchen::serve(kitchen_links, door(kitchen_pipes, kitchen_port), shutdown.clone()));
    tasks.spawn(comanda_gateway::serve(config, gateway_links, listener, shutdown.clone()));
    println!("{welcome}");
    all(tasks, &shutdown).await
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

async fn listen(settings: &Settings, service: Service) -> Result<Option<TcpListener>, Failure> {
    match settings.listen(service)? {
        Some(address) => links::listen(&service.variable("LISTEN"), address).await.map(Some),
        None => Ok(None),
    }
}

fn welcome(address: SocketAddr, secrets: &Secrets) -> String {
    let Secrets { staff, panel, .. } = secrets;
    format!(
        "Comanda is open. Open these in a browser:\n\n  \
         customers   http://{address}/\n  \
         barista     http://{address}/barista#{staff}\n  \
         panel       http://{address}/painel#{panel}\n  \
         status      http://{address}/status#{staff}\n\n\
         The last three hold secrets: give them to staff only. Stop with Ctrl-C."
    )
}
