//! By login and password. Wrong ones slow the account, at the places that it knows apart from everywhere else, and the
//! address; an unknown login takes as long as a wrong password.

use super::{By, Door, Proved, place, refuse};
use crate::{Identity, people, refusal::Refusal, slowing, store};

/// Whose password it is.
pub async fn prove(identity: &Identity, login: &str, password: String, door: Door<'_>) -> Result<Proved, Refusal> {
    // As phones write the first letter.
    let login = login.trim().to_ascii_lowercase();
    let person = store::staff::by_login(identity.database.reader(), &login).await?.filter(people::is_at_work);
    let slowed = place::slowed(identity, &login, person.as_ref(), door).await?;
    let counted = slowing::count(&identity.database, slowed).await?;
    let hash = person.as_ref().and_then(|person| person.row.password_hash.clone());
    let matches = identity.hasher.matches(password, hash.clone()).await?;
    match (person, hash) {
        (Some(person), Some(hash)) if matches => {
            Ok(Proved { staff_id: person.row.staff_id, by: By::Password(hash), counted })
        }
        (person, _) => Err(refuse(identity, person.as_ref(), &counted, door).await),
    }
}
