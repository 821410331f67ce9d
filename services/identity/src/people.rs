//! The staff: what a person is made of, and who may change whom. Each verb that changes people takes the one lock first, so
//! that two of them cannot each think that another owner is left.

pub mod archive;
pub mod create;
pub mod list;
pub mod me;
pub mod owner;
pub mod update;

use crate::{
    refusal::Refusal,
    store::{self, staff::Person},
};
use comanda_auth::{principal::Principal, role::Role};
use comanda_proto::identity::v1::{self as contract, Staff};
use comanda_storage::database::Transaction;
use comanda_types::{
    timestamp::to_proto,
    validation::{Checks, is_shop},
};
use std::collections::HashSet;

/// Owners, as a row says it.
pub const OWNER: i16 = contract::Role::Owner as i16;
/// Where one person may work.
pub const MAX_SHOPS: usize = 50;

/// The role that a row names; a number that this release does not know counts as the least.
pub fn role(number: i16) -> Role {
    match contract::Role::try_from(i32::from(number)) {
        Ok(contract::Role::Owner) => Role::Owner,
        Ok(contract::Role::Manager) => Role::Manager,
        Ok(contract::Role::Barista) => Role::Barista,
        Ok(contract::Role::Panel | contract::Role::Unspecified) | Err(_) => Role::Panel,
    }
}

/// As rows and contracts number it.
pub fn number(role: Role) -> i16 {
    let role = match role {
        Role::Panel => contract::Role::Panel,
        Role::Barista => contract::Role::Barista,
        Role::Manager => contract::Role::Manager,
        Role::Owner => contract::Role::Owner,
    };
    role as i16
}

/// Whether a person has not left.
pub fn is_at_work(person: &Person) -> bool {
    person.row.archived_at.is_none()
}

/// As contracts show a person.
pub fn to_contract(person: &Person) -> Staff {
    Staff {
        staff_id: person.row.staff_id.to_string(),
        name: person.row.name.clone(),
        login: person.row.login.clone(),
        role: person.row.role.into(),
        shop_ids: person.shops.clone(),
        has_pin: person.row.pin_hash.is_some(),
        has_password: person.row.password_hash.is_some(),
        archive_time: person.row.archived_at.map(to_proto),
        revision: person.row.revision,
        by_provider: person.row.subject.is_some(),
    }
}

/// What somebody wants a person to be.
#[derive(Clone, PartialEq, Eq)]
pub struct Wanted {
    pub name: String,
    pub login: String,
    pub role: Role,
    /// In order.
    pub shops: Vec<String>,
    /// A new one.
    pub password: Option<String>,
    /// A new one.
    pub pin: Option<String>,
}

impl Wanted {
    /// Checks every field.
    pub fn check(staff: Staff, password: String, pin: String, checks: &mut Checks) -> Self {
        let name = checks.text("staff.name", &staff.name, 1, 40);
        if !is_login(&staff.login) {
            let portuguese = "deve ter de 1 a 60 entre a-z, 0-9, ., - e _";
            checks.fail("staff.login", "must be 1 to 60 of a-z, 0-9, ., - and _", portuguese);
        }
        let role = role(i16::try_from(staff.role).unwrap_or_default());
        if role == Role::Panel {
            let portuguese = "deve ser BARISTA, MANAGER ou OWNER";
            checks.fail("staff.role", "must be BARISTA, MANAGER or OWNER", portuguese);
        }
        let mut shops = staff.shop_ids;
        check_shops(role, &shops, checks);
        shops.sort();
        if !password.is_empty() && !(10..=200).contains(&password.chars().count()) {
            checks.fail("password", "must have 10 to 200 characters", "deve ter de 10 a 200 caracteres");
        }
        if !pin.is_empty() && !is_pin(&pin) {
            checks.fail("pin", "must be four to eight digits", "deve ter de quatro a oito dígitos");
        }
        let given = |secret: String| Some(secret).filter(|secret| !secret.is_empty());
        Self { name, login: staff.login, role, shops, password: given(password), pin: given(pin) }
    }
}

fn check_shops(role: Role, shops: &[String], checks: &mut Checks) {
    let different = shops.iter().collect::<HashSet<_>>().len() == shops.len();
    if role == Role::Owner {
        if !shops.is_empty() {
            let portuguese = "donos não têm nenhuma: todas são deles";
            checks.fail("staff.shop_ids", "owners have none: every shop is theirs", portuguese);
        }
    } else if shops.is_empty() || shops.len() > MAX_SHOPS || !different || !shops.iter().all(|shop| is_shop(shop)) {
        let portuguese = "deve ter de 1 a 50 lojas, cada uma uma vez";
        checks.fail("staff.shop_ids", "must be 1 to 50 shops, each once", portuguese);
    }
}

/// Whether this can be a login.
pub fn is_login(login: &str) -> bool {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-_".contains(&c);
    (1..=60).contains(&login.len()) && login.bytes().all(fits)
}

/// Whether this can be a PIN.
pub fn is_pin(pin: &str) -> bool {
    (4..=8).contains(&pin.len()) && pin.bytes().all(|c| c.is_ascii_digit())
}

/// Whether the caller may make somebody this, or have somebody be it no more: nobody above himself or herself, and nowhere
/// but where every shop is his or hers.
///
/// # Errors
/// [`Refusal::Role`], or [`Refusal::NoShop`].
pub fn may_make(caller: &Principal, role: Role, shops: &[String]) -> Result<(), Refusal> {
    if role > caller.role || caller.role < Role::Manager {
        return Err(Refusal::Role);
    }
    let others = shops.iter().find(|shop| !caller.may_shop(shop));
    others.map_or(Ok(()), |shop| Err(Refusal::NoShop(shop.clone())))
}

/// Whether the caller may change this person, who is not there at all for managers of other shops.
///
/// # Errors
/// [`Refusal::Role`], or [`Refusal::NoStaff`].
pub fn may_change(caller: &Principal, person: &Person) -> Result<(), Refusal> {
    let role = role(person.row.role);
    if role != Role::Owner && !person.shops.iter().any(|shop| caller.may_shop(shop)) {
        return Err(Refusal::NoStaff);
    }
    // Whoever works elsewhere, too, is seen here, and changed by who has all those shops.
    may_make(caller, role, &person.shops).map_err(|_| Refusal::Role)
}

/// Refuses to take the last owner away, under the lock.
async fn check_another_owner(txn: &Transaction, person: &Person) -> Result<(), Refusal> {
    let is_owner = person.row.role == OWNER && is_at_work(person);
    if is_owner && store::staff::of_role(txn, OWNER).await?.len() < 2 {
        return Err(Refusal::LastOwner);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
