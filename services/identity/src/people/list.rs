//! The people of a shop.

use super::{OWNER, to_contract};
use crate::{Identity, refusal::Refusal, store};
use comanda_auth::{principal::Principal, role::Role};
use comanda_proto::identity::v1::Staff;

/// By name; owners see owners among them.
pub async fn list(
    identity: &Identity,
    caller: &Principal,
    shop: &str,
    with_archived: bool,
) -> Result<Vec<Staff>, Refusal> {
    let owners = (caller.role == Role::Owner).then_some(OWNER);
    let moment = identity.database.snapshot().await?;
    let people = store::staff::of_shop(&moment, shop, owners, with_archived).await?;
    moment.commit().await?;
    Ok(people.iter().map(to_contract).collect())
}
