//! The menu: read from Redis in an instant, owned by Postgres.
//!
//! A menu is read far more often than it is changed, so reading is what this service is built for. The shop's row
//! carries a version that every change raises in its own transaction; a body therefore never changes once it has a
//! version, and nothing ever has to be invalidated.
//!
//! - There are two doors in. Readers come through `grpc`, those who change menus through `admin`.
//! - A menu is encoded once per version: `read::encoded_menu` is what the local cache, Redis and all replies share. `watch` streams it.
//! - `read` answers from its `local_cache`, else from the `cache`, else from the `store`; its `single_flight` makes one read
//!   of however many ask at once. Every 300 ms it looks, in one query, whether the shops at hand have moved on.
//! - A reply shows every change that was acknowledged a second before the read began, or it is marked stale. When the
//!   database is away, menus go on being served, marked; Redis may come and go without anybody noticing.
//! - `edit` is the one way to change a menu: a verb is a pure function on the `rows` that a menu is made of, in
//!   `availability`, `product`, `shop` and `import`; versions, revisions and the history follow from what differs.
//! - `file` is a menu as YAML, `sample` the one of a first start. `menu`, `hours`, `money` are the pure domain.

mod admin;
mod edit;
mod grpc;
mod hours;
mod menu;
mod money;
mod read;
mod refusal;
mod rows;
mod store;
#[cfg(test)]
mod test_db;
mod watch;

pub use edit::import::check_file;
pub use edit::sample::{SampleError, load_sample};
pub use read::cache::Cache;

use comanda_auth::{contracts::MAX_REQUEST_BYTES, gate::Gate};
use comanda_context::periodic::every;
use comanda_mesh::{
    listener::Incoming,
    load_shed::Limits,
    server::RoleServer,
    supervisor::{PartFailed, Supervisor},
};
use comanda_proto::catalog::v1::{
    catalog_admin_service_server::CatalogAdminServiceServer, catalog_service_server::CatalogServiceServer,
};
use comanda_storage::{database::Database, probe};
use comanda_telemetry::health::Health;
use std::{future::ready, time::Duration};
use tokio_util::sync::CancellationToken;

/// A menu file, and what stands around it.
const MAX_FILE_BYTES: usize = 4 * 1024 * 1024 + MAX_REQUEST_BYTES;

const CACHE_POLL_INTERVAL: Duration = Duration::from_secs(2);

/// What the Catalog needs from outside.
pub struct Dependencies {
    /// Its own database, with the schema in place.
    pub database: Database,
    /// Where menus are kept for all replicas.
    pub cache: Cache,
    /// Decides who may call what.
    pub gate: Gate,
    /// Tells probes and callers how it is.
    pub health: Health,
    /// How much it takes on.
    pub limits: Limits,
}

/// Serves the Catalog until `shutdown`, then ends open calls within the mesh's time. The cache's connection ends with
/// it; the database stays open for its owner to close.
///
/// # Errors
/// One sentence: the server could not run.
pub async fn serve(links: Dependencies, incoming: Incoming, shutdown: CancellationToken) -> Result<(), PartFailed> {
    let database = links.database.for_delivery();
    links.cache.wait_for_connection().await;
    let reader = read::Reader::new(links.database.clone(), links.cache.clone());
    let grpc = grpc::Grpc { database: links.database, reader: reader.clone(), shutdown: shutdown.clone() };
    let menus = CatalogServiceServer::new(grpc.clone()).max_decoding_message_size(MAX_REQUEST_BYTES);
    let admin = CatalogAdminServiceServer::new(grpc).max_decoding_message_size(MAX_FILE_BYTES);
    let server = RoleServer::new(links.gate, comanda_proto::DESCRIPTORS, links.health.clone(), links.limits)
        .with(menus)
        .with(admin);
    // Without the database menus are still served, marked stale: a reason to tell, not to send callers away.
    links.health.set_ready(true).await;
    let (health, cache) = (links.health, links.cache);
    let mut parts = Supervisor::new(shutdown.clone());
    parts.background("probe", probe::follow(health.clone(), database.clone(), false, shutdown.clone()));
    // Menus are followed until the last calls have ended, so that they stay fresh during a drain.
    let serving = server.serve(incoming, shutdown.clone());
    parts.essential("server", async move {
        tokio::select! {
            served = serving => served,
            never = reader.follow() => match never {},
        }
    });
    let scheduled = database.clone();
    parts.endless("scheduled", async move { edit::scheduled::follow(&scheduled).await });
    // Menus and who changed them are kept for good.
    parts.endless("retention", comanda_storage::retention::run(database, |_, _| ready(Ok(0))));
    let shown = cache.clone();
    parts.endless("cache status", async move {
        let mut polls = every(CACHE_POLL_INTERVAL);
        loop {
            polls.tick().await;
            health.update_role(|role| role.servers = shown.server().into_iter().collect());
        }
    });
    let ended = parts.all_ended().await;
    cache.close().await;
    ended
}
