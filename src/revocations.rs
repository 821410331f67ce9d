//! What is revoked, heard from Identity each second by every role that runs on its own. A role with a database keeps what it
//! heard last there, so that it knows after a start while Identity is away.

use comanda_auth::{gate::Gate, revocation::Revocations};
use comanda_mesh::channel::Channel;
use comanda_proto::identity::v1::{
    ListRevocationsRequest, ListRevocationsResponse, identity_service_client::IdentityServiceClient,
};
use comanda_storage::{database::Database, heard_revocations};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Status};
use uuid::Uuid;

const INTERVAL: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_millis(900);

/// Asks until `shutdown`, in the background.
pub fn follow(identity: Channel, gate: &Gate, database: Option<Database>, shutdown: CancellationToken) {
    let revocations = gate.keys().revocations().clone();
    tokio::spawn(async move { shutdown.run_until_cancelled(ask_for_ever(identity, revocations, database)).await });
}

async fn ask_for_ever(identity: Channel, revocations: Revocations, mut database: Option<Database>) {
    let (mut ticks, mut away) = (interval(INTERVAL), false);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stored = 0;
    loop {
        ticks.tick().await;
        if let Some(kept) = database.as_ref().filter(|_| stored == 0 && revocations.version() == 0) {
            match heard_revocations::load(kept).await {
                Ok(Some((version, list))) => {
                    stored = version;
                    revocations.replace(version, list);
                }
                Ok(None) => stored = -1,
                Err(error) => tracing::debug!(%error, "what was revoked before is not known yet"),
            }
        }
        match ask(&identity, revocations.version()).await {
            Ok(reply) => {
                revocations.replace(reply.version, reply.revocations.iter().filter_map(revoked));
                away = false;
            }
            Err(status) if !away => {
                tracing::warn!(code = ?status.code(), "Identity does not say what is revoked; what it said last counts");
                away = true;
            }
            Err(_) => {}
        }
        let version = revocations.version();
        if let Some(kept) = database.as_mut().filter(|_| version > stored) {
            match heard_revocations::store(kept, version, &revocations.list()).await {
                Ok(()) => stored = version,
                Err(error) => tracing::debug!(%error, "what is revoked cannot be kept yet"),
            }
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
