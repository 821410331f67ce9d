//! By a code of an OpenID Connect provider: the authorization code flow with PKCE. The page sends people there and brings
//! the code back; here it is exchanged (`exchange`), the ID token is checked (`id_token`) by what is known of the provider
//! (`provider`), its claims become a role and shops (`roles`), and the person who has them is found or made (`person`).
//!
//! A provider that is away keeps nobody out who signs in otherwise: it is asked when somebody comes by it, never before.

mod document;
mod exchange;
mod failed;
mod fetch;
mod id_token;
mod person;
pub mod provider;
pub mod roles;
pub mod settings;

use super::{By, Counted, Door, Proved, record_refusal};
use crate::{
    Identity,
    refusal::Refusal,
    slowing::{self, Slowed},
};
use comanda_proto::identity::v1::OidcProof;
use failed::Failed;
use id_token::Claims;
use settings::Settings;

/// Who the provider says it is.
pub async fn prove(identity: &Identity, proof: OidcProof, door: Door<'_>) -> Result<Proved, Refusal> {
    let provider = identity.provider.as_deref().ok_or(Refusal::NoProvider)?;
    let slowed = door.address.map(Slowed::address).into_iter().collect();
    let counted = slowing::count(&identity.database, slowed).await?;
    let claims = match provider.identify(&proof).await {
        Ok(claims) => claims,
        Err(Failed::Away) => return Err(away(identity, counted).await?),
        Err(Failed::Refused(why)) => {
            let detail = format!("{}: {why}", provider.settings().name);
            record_refusal(identity, None, &counted, door, detail).await?;
            return Err(Refusal::SignIn);
        }
    };
    admit(identity, provider.settings(), &claims, counted, door).await
}

/// The person of these claims, if they grant a role here.
async fn admit(
    identity: &Identity,
    settings: &Settings,
    claims: &Claims,
    counted: Counted,
    door: Door<'_>,
) -> Result<Proved, Refusal> {
    let refused = match settings.roles.of(claims.get(&settings.roles_claim)) {
        Some(granted) => match person::updated(identity, settings, claims, granted, door.address).await? {
            Some(staff_id) => return Ok(Proved { staff_id, by: By::Provider, counted }),
            None => "has left",
        },
        None => "no role here",
    };
    let known = person::known(identity, settings, &claims.sub).await?;
    let detail = format!("{}: {}, {refused}", settings.name, person::name(claims));
    record_refusal(identity, known.as_ref(), &counted, door, detail).await?;
    Err(Refusal::NoRole)
}

/// It was no guess.
async fn away(identity: &Identity, counted: Counted) -> Result<Refusal, Refusal> {
    let (txn, _) = identity.database.begin_now().await?;
    counted.forget(&txn).await?;
    txn.commit().await?;
    Ok(Refusal::ProviderAway)
}

#[cfg(test)]
mod tests;
