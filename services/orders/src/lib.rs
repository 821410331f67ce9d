//! Orders: taken fast, kept safely, followed live.
//!
//! An order is priced from a local cache of the menu; `place` asks `order::availability` whether the shop takes it
//! now, and stores it with its outbox row in one transaction, together with others that wait; the answer is given after the
//! commit and never waits for the queue, and says by `estimate` when the order will be ready. From then on the kitchen decides: its tickets come back through `events`, and
//! `apply` stores what they say; `audit` asks for those that do not come. `cancel` asks the kitchen. `watch` shows each
//! customer what is committed, and `journey` the whole story of an order. What is long over goes to the archive by
//! `retention`.

mod apply;
mod audit;
mod cancel;
mod config;
mod erase;
mod estimate;
mod events;
mod grpc;
mod journey;
mod menu_cache;
mod order;
mod place;
mod retention;
mod store;
mod watch;

use comanda_auth::{contracts::MAX_REQUEST_BYTES, gate::Gate, token::Keys};
use comanda_events::{
    broker::{Broker, ORDERS_TICKETS},
    consumer::Consumer,
    relay::Relay,
};
use comanda_mesh::{
    channel::Channel,
    listener::Incoming,
    load_shed::Limits,
    server::RoleServer,
    supervisor::{PartFailed, Supervisor},
};
use comanda_proto::{
    DESCRIPTORS, catalog::v1::catalog_service_client::CatalogServiceClient,
    kitchen::v1::kitchen_service_client::KitchenServiceClient, orders::v1::order_service_server::OrderServiceServer,
};
use comanda_storage::{database::Database, disk::Disk, probe};
use comanda_telemetry::health::Health;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

pub use config::Config;

/// A menu of thousands of products is a few MB, and so are a hundred tickets.
const MAX_REPLY_BYTES: usize = 16 * 1024 * 1024;

/// What Orders is connected to.
pub struct Dependencies {
    /// Its own database.
    pub database: Database,
    /// Takes orders, brings tickets.
    pub broker: Broker,
    /// Has the menus.
    pub catalog: Channel,
    /// Decides cancellations.
    pub kitchen: Channel,
    /// Make and verify the tokens of orders.
    pub keys: Keys,
    /// Decides who may call.
    pub gate: Gate,
    /// Tells probes and callers how it is.
    pub health: Health,
    /// How much it takes on.
    pub limits: Limits,
    /// Where its database lies, if that is a file: no orders are taken without room for them.
    pub disk: Disk,
}

/// Runs Orders until `shutdown`.
///
/// # Errors
/// The listener failed.
pub async fn serve(
    config: Config,
    links: Dependencies,
    incoming: Incoming,
    shutdown: CancellationToken,
) -> Result<(), PartFailed> {
    let Dependencies { database, broker, catalog, kitchen, keys, gate, health, limits, disk } = links;
    let delivery = database.for_delivery();
    let (relay, publisher) = Relay::new(delivery.clone(), broker.clone());
    let consumer = Consumer {
        queue: ORDERS_TICKETS,
        broker: broker.clone(),
        database: delivery.clone(),
        publisher: publisher.clone(),
        handler: events::Tickets,
    };
    let catalog = CatalogServiceClient::new(catalog).max_decoding_message_size(MAX_REPLY_BYTES);
    let menus = Arc::new(menu_cache::Menus::new(catalog));
    let watched = Arc::new(watch::Watched::new(delivery.clone()));
    let estimator = Arc::new(estimate::Estimator::new(delivery.clone(), health.clone()));
    let kitchen = KitchenServiceClient::new(kitchen).max_decoding_message_size(MAX_REPLY_BYTES);
    let audit = audit::Audit {
        database: delivery.clone(),
        publisher: publisher.clone(),
        kitchen: kitchen.clone(),
        health: health.clone(),
        after: config.audit_after,
        window: 0,
    };
    let orders = grpc::Orders {
        config,
        database: database.clone(),
        batcher: place::OrderBatcher::new(database.clone(), publisher.clone()),
        publisher,
        estimator: estimator.clone(),
        menus: menus.clone(),
        kitchen,
        keys,
        watched: watched.clone(),
        disk,
    };
    let service = OrderServiceServer::new(orders).max_decoding_message_size(MAX_REQUEST_BYTES);
    let server = RoleServer::new(gate, DESCRIPTORS, health.clone(), limits).with(service);
    let mut parts = Supervisor::new(shutdown.clone());
    parts.essential("server", server.serve(incoming, shutdown.clone()));
    parts.background("probe", probe::follow(health.clone(), delivery.clone(), true, shutdown.clone()));
    parts.background("relay", relay.run("orders", health, shutdown.clone()));
    parts.background("consumer", consumer.run(shutdown.clone()));
    parts.endless("estimates", estimator.run());
    parts.endless("audit", audit.run());
    parts.endless("menus", async move { menus.run().await });
    parts.background("watch", async move { watched.run(broker.hints(), shutdown).await });
    let pass = move |database, now| retention::pass(database, config, now);
    parts.endless("retention", comanda_storage::retention::run(delivery, pass));
    parts.all_ended().await
}
