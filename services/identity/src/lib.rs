//! Who people and devices are: the staff with what they sign in by, the devices that they have paired, and the tokens that
//! say so to every other service.
//!
//! All calls come in through `grpc`. `people` has who works where and may change whom, `devices` what is paired, `sign_in`
//! the ways in, each slowed by `slowing`, and `session` what a sign-in gives and what ends it. Nothing that was given is
//! looked up when it is used: services check a token by themselves, less the `session::revocations` that they poll. So
//! nobody but those who sign in or pair notices that Identity is away.
//!
//! Secrets are stored as hashes (`secrets`); `security_log` says what was done with them, and never shows one.

mod devices;
mod grpc;
mod people;
mod refusal;
mod retention;
mod secrets;
mod security_log;
mod session;
mod sign_in;
mod slowing;
mod store;
#[cfg(test)]
mod test_db;

pub use devices::code::start_code;
pub use people::owner::{is_claimed, owner_link};
pub use sign_in::oidc::{
    roles::{NoRoles, Roles as OidcRoles},
    settings::{Settings as OidcSettings, is_safe},
};

use comanda_auth::{gate::Gate, jwt::TokenSigner, revocation::Revocations};
use comanda_mesh::{
    listener::Incoming,
    load_shed::Limits,
    server::RoleServer,
    supervisor::{PartFailed, Supervisor},
};
use comanda_proto::{DESCRIPTORS, identity::v1::identity_service_server::IdentityServiceServer};
use comanda_storage::{database::Database, probe};
use comanda_telemetry::health::Health;
use secrets::Hasher;
use sign_in::oidc::provider::Provider;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What Identity is connected to.
pub struct Dependencies {
    /// Its own database.
    pub database: Database,
    /// Signs access tokens and device credentials.
    pub signer: TokenSigner,
    /// By whom else people may come in.
    pub oidc: Option<OidcSettings>,
    /// Decides who may call; its revocations are kept up to date from the database.
    pub gate: Gate,
    /// Tells probes and callers how it is.
    pub health: Health,
    /// How much it takes on.
    pub limits: Limits,
}

/// What every verb needs. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Identity {
    pub database: Database,
    pub signer: Arc<TokenSigner>,
    pub revocations: Revocations,
    pub hasher: Hasher,
    pub provider: Option<Arc<Provider>>,
}

/// Runs Identity until `shutdown`.
///
/// # Errors
/// The listener failed, the system has no randomness, or no CAs where there is a provider.
pub async fn serve(
    dependencies: Dependencies,
    incoming: Incoming,
    shutdown: CancellationToken,
) -> Result<(), PartFailed> {
    let Dependencies { database, signer, oidc, gate, health, limits } = dependencies;
    let hasher = Hasher::new().map_err(|fault| PartFailed { part: "secrets", why: fault.reason.to_owned() })?;
    let provider = oidc.map(Provider::new).transpose();
    let provider = provider.map_err(|error| PartFailed { part: "OpenID Connect", why: error.to_string() })?;
    let revocations = gate.keys().revocations().clone();
    let own = database.for_delivery();
    // Who asks from the first moment on is told what is revoked, and not that nobody knows yet.
    session::revocations::read_at_once(&own, &revocations).await;
    let (signer, provider) = (Arc::new(signer), provider.map(Arc::new));
    let identity = Identity { database, signer, revocations: revocations.clone(), hasher, provider };
    let service = IdentityServiceServer::new(grpc::Grpc(identity));
    let server = RoleServer::new(gate, DESCRIPTORS, health.clone(), limits).with(service);
    let mut parts = Supervisor::new(shutdown.clone());
    parts.essential("server", server.serve(incoming, shutdown.clone()));
    parts.background("probe", probe::follow(health, own.clone(), true, shutdown));
    let followed = own.clone();
    parts.endless("revocations", async move { session::revocations::follow(&followed, &revocations).await });
    parts.endless("retention", comanda_storage::retention::run(own, retention::pass));
    parts.all_ended().await
}
