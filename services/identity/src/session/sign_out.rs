//! The end of the caller's own session.

use crate::{
    Identity,
    refusal::Refusal,
    security_log::{self, Actor},
    session::{self, revocations},
    store::{self, sessions::Whose},
};

/// Ends the session; a device that nobody is signed in at has none.
pub async fn sign_out(identity: &Identity, actor: Actor<'_>) -> Result<(), Refusal> {
    let (Some(id), Some(person)) = (actor.principal.session, &actor.principal.person) else { return Ok(()) };
    let (txn, now) = identity.database.begin_now().await?;
    if session::end(&txn, Whose::Session(id), now).await? > 0 {
        let person = store::staff::find(&txn, person.id).await?;
        let (login, shops) = person.map(|person| (person.row.login, person.shops)).unwrap_or_default();
        security_log::record(&txn, now, actor.did("SESSION_ENDED", &login, &shops)).await?;
    }
    txn.commit().await?;
    revocations::read_at_once(&identity.database, &identity.revocations).await;
    Ok(())
}
