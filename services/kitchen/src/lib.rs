//! The kitchen: every accepted order becomes one ticket, shown on the tablets the moment it arrives.
//!
//! Two doors lead in. Through [`events`](self) come orders from the queue, stored by `receive`. Through `grpc` come the
//! baristas' taps, decided by `advance` and its `complete_line`, and cancellations, decided by `cancel`. Every change is
//! one compare-and-swap with a row of history and an event for Orders, in one transaction. `watch` shows the board, each
//! tablet those tickets that its stations prepare; `advance::uncollected` closes what nobody has come for, `retention`
//! removes old tickets.

mod advance;
mod cancel;
mod erase;
mod events;
mod grpc;
#[cfg(test)]
mod properties;
mod receive;
mod retention;
mod store;
#[cfg(test)]
mod test_db;
mod ticket;
mod watch;

use comanda_auth::gate::Gate;
use comanda_events::{
    broker::{Broker, KITCHEN_ORDERS},
    consumer::Consumer,
    relay::Relay,
};
use comanda_mesh::{
    listener::Incoming,
    load_shed::Limits,
    server::RoleServer,
    supervisor::{PartFailed, Supervisor},
};
use comanda_proto::{DESCRIPTORS, kitchen::v1::kitchen_service_server::KitchenServiceServer};
use comanda_storage::{database::Database, probe};
use comanda_telemetry::health::Health;
use tokio_util::sync::CancellationToken;

/// Orders' `CancelTicket` carries a whole order.
const MAX_REQUEST_BYTES: usize = 512 * 1024;

/// What the kitchen is connected to.
pub struct Dependencies {
    /// Its own database.
    pub database: Database,
    /// Brings orders, takes tickets.
    pub broker: Broker,
    /// Decides who may call.
    pub gate: Gate,
    /// Tells probes and callers how it is.
    pub health: Health,
    /// How much it takes on.
    pub limits: Limits,
}

/// Runs the kitchen until `shutdown`.
///
/// # Errors
/// The listener failed.
pub async fn serve(links: Dependencies, incoming: Incoming, shutdown: CancellationToken) -> Result<(), PartFailed> {
    let Dependencies { database, broker, gate, health, limits } = links;
    let delivery = database.for_delivery();
    let (relay, publisher) = Relay::new(delivery.clone(), broker.clone());
    let consumer = Consumer {
        queue: KITCHEN_ORDERS,
        broker: broker.clone(),
        database: delivery.clone(),
        publisher: publisher.clone(),
        handler: events::Orders,
    };
    let boards = watch::Boards::new(delivery.clone(), broker, shutdown.clone());
    let uncollected = advance::uncollected::run(delivery.clone(), publisher.clone());
    let kitchen = grpc::Kitchen { database: database.clone(), publisher, boards };
    let service = KitchenServiceServer::new(kitchen).max_decoding_message_size(MAX_REQUEST_BYTES);
    let server = RoleServer::new(gate, DESCRIPTORS, health.clone(), limits).with(service);
    let mut parts = Supervisor::new(shutdown.clone());
    parts.essential("server", server.serve(incoming, shutdown.clone()));
    parts.background("probe", probe::follow(health.clone(), delivery.clone(), true, shutdown.clone()));
    parts.background("relay", relay.run("kitchen", health, shutdown.clone()));
    parts.background("consumer", consumer.run(shutdown));
    parts.endless("uncollected", uncollected);
    parts.endless("retention", comanda_storage::retention::run(delivery, retention::pass));
    parts.all_ended().await
}
