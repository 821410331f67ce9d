//! By the token of an OpenID Connect provider. There is none yet: whoever adds one checks the token here, by the provider's
//! keys, and maps its claims to a person.

use super::{Door, Proved};
use crate::{Identity, refusal::Refusal};

/// Whose token it is.
pub async fn prove(_identity: &Identity, _token: &str, _door: Door<'_>) -> Result<Proved, Refusal> {
    Err(Refusal::NoProvider)
}
