//! What is revoked, heard from Identity each second by every role that runs on its own. A role with a database keeps what it
//! heard last there, so that it knows after a start while Identity is away.

use comanda_auth::{gate::Gate, revocation::Revocations};
use comanda_context::periodic::every;
use comanda_mesh::channel::Channel;
use comanda_proto::identity::v1::{
    ListRevocationsRequest, ListRevocationsResponse, identity_service_client::IdentityServiceClient,
};
use comanda_storage::{database::Database, heard_revocations};
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Status};
use uuid::Uuid;

const INTERVAL: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_millis(900);

/// Asks until `shutdown`, in the background. What was heard before the start counts from the first call on, unless the
/// database does not say so within a second.
pub async fn follow(identity: Channel, gate: &Gate, database: Option<Database>, shutdown: CancellationToken) {
    let revocations = gate.keys().revocations().clone();
    let mut listener = Listener { identity, revocations, database, loaded: false, stored: 0 };
    listener.load().await;
    tokio::spawn(async move { shutdown.run_until_cancelled(listener.run()).await });
}

struct Listener {
    identity: Channel,
    revocations: Revocations,
    database: Option<Database>,
    /// Whether it is known what the database has.
    loaded: bool,
    /// The version that the database has.
    stored: i64,
}

impl Listener {
    async fn run(mut self) {
        let (mut ticks, mut away) = (every(INTERVAL), false);
        loop {
            ticks.tick().await;
            self.load().await;
            let heard = ask(&self.identity, self.revocations.version()).await;
            match &heard {
                Ok(reply) => self.revocations.replace(reply.version, reply.revocations.iter().filter_map(revoked)),
                Err(status) if !away => {
                    let code = status.code();
                    tracing::warn!(?code, "Identity does not say what is revoked; what it said last counts");
                }
                Err(_) => {}
            }
            away = heard.is_err();
            self.store().await;
        }
    }

    async fn load(&mut self) {
        let Some(database) = self.database.as_ref().filter(|_| !self.loaded) else { return };
        // A database that is away must not keep the next answer of Identity from being heard.
        match timeout(INTERVAL, heard_revocations::load(database)).await {
            Ok(Ok(heard)) => {
                let (version, list) = heard.unwrap_or_default();
                self.revocations.replace(version, list);
                (self.loaded, self.stored) = (true, version);
            }
            Ok(Err(error)) => tracing::debug!(%error, "what was revoked before is not known yet"),
            Err(_) => tracing::debug!("what was revoked before is not known yet"),
        }
    }

    async fn store(&mut self) {
        let version = self.revocations.version();
        let Some(database) = self.database.as_ref().filter(|_| version > self.stored) else { return };
        match timeout(INTERVAL, heard_revocations::store(database, version, &self.revocations.list())).await {
            Ok(Ok(())) => self.stored = version,
            Ok(Err(error)) => tracing::debug!(%error, "what is revoked cannot be stored yet"),
            Err(_) => tracing::debug!("what is revoked cannot be stored yet"),
        }
    }
}

async fn ask(identity: &Channel, known_version: i64) -> Result<ListRevocationsResponse, Status> {
    let mut request = Request::new(ListRevocationsRequest { known_version });
    request.set_timeout(TIMEOUT);
    Ok(IdentityServiceClient::new(identity.clone()).list_revocations(request).await?.into_inner())
}

fn revoked(revocation: &comanda_proto::identity::v1::Revocation) -> Option<(Uuid, u64)> {
    let end = revocation.expire_time?.seconds;
    Some((Uuid::try_parse(&revocation.id).ok()?, u64::try_from(end).ok()?))
}
