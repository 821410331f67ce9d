//! Who calls, where the call comes from staff: a person, a device, or a person at a device.

use crate::role::Role;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// A name that histories keep, with the id behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Of a person or a device.
    pub id: Uuid,
    /// As it was when the token was signed.
    pub name: String,
}

/// Staff, as their token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// What they may do.
    pub role: Role,
    /// Where: slugs. Owners have every shop.
    pub shops: Vec<String>,
    /// Who signed in; `None` for a device that nobody has signed in at.
    pub person: Option<Named>,
    /// The paired device; `None` for a person with a browser of his or her own.
    pub device: Option<Named>,
    /// The session, where a person signed in.
    pub session: Option<Uuid>,
    /// Seconds since 1970 after which the token is worth nothing.
    pub expires: u64,
}

impl Principal {
    /// Whether the shop is theirs.
    #[must_use]
    pub fn may_shop(&self, shop: &str) -> bool {
        self.role == Role::Owner || self.shops.iter().any(|own| own == shop)
    }

    /// What a revocation may name.
    pub fn revocable(&self) -> impl Iterator<Item = Uuid> {
        self.session.into_iter().chain(self.device.as_ref().map(|device| device.id))
    }

    /// How long the token is still good; `None` once it is over.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        let end = UNIX_EPOCH + Duration::from_secs(self.expires);
        end.duration_since(SystemTime::now()).ok().filter(|left| !left.is_zero())
    }

    /// How others call them: the person, or the device that nobody has signed in at.
    #[must_use]
    pub fn name(&self) -> &str {
        self.person.as_ref().or(self.device.as_ref()).map_or("", |named| &named.name)
    }
}
