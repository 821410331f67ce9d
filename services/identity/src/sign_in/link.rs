//! By a link that works once. Its secret is too long to be guessed; what is counted are those who try.

use super::{By, Door, Proved, refuse};
use crate::{
    Identity,
    refusal::Refusal,
    secrets::fast_hash,
    slowing::{self, Slowed},
    store,
};

/// Whose link it is. It is used up with the session that it opens.
pub async fn prove(identity: &Identity, secret: &str, door: Door<'_>) -> Result<Proved, Refusal> {
    let slowed = door.address.map(Slowed::address).into_iter().collect();
    let counted = slowing::count(&identity.database, slowed).await?;
    let hash = fast_hash(secret);
    let (moment, now) = identity.database.begin_now().await?;
    let link = store::links::find(&moment, &hash, now).await?;
    moment.rollback().await?;
    match link {
        Some(link) => Ok(Proved { staff_id: link.staff_id, by: By::Link(hash), counted }),
        None => Err(refuse(identity, None, &counted, door).await),
    }
}
