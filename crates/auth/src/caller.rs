//! Who calls, as the gate found it.

use crate::{principal::Principal, role::Role};
use comanda_proto::r#type::v1::Author;
use std::sync::Arc;
use tonic::Request;

/// Who calls, as far as the token tells without knowing which order or shop is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// No token.
    Anonymous,
    /// Holder of some order's token; [`Keys::may`](crate::token::Keys::may) decides about a given order.
    Customer(String),
    /// Staff, or a device of theirs.
    Staff(Arc<Principal>),
    /// Another Comanda service.
    Service,
}

impl Caller {
    /// Who the gate found to be calling.
    pub fn of<T>(request: &Request<T>) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or(Self::Anonymous)
    }

    /// The staff that call.
    #[must_use]
    pub fn principal(&self) -> Option<&Arc<Principal>> {
        match self {
            Self::Staff(principal) => Some(principal),
            Self::Anonymous | Self::Customer(_) | Self::Service => None,
        }
    }

    /// Whether a shop, or what belongs to it, is there for this caller: staff have their own. Of the others, the tokens of
    /// orders say more, and services may all.
    #[must_use]
    pub fn may_shop(&self, shop: &str) -> bool {
        self.principal().is_none_or(|principal| principal.may_shop(shop))
    }

    /// Whether staff of at least this role call, or a service.
    #[must_use]
    pub fn is_at_least(&self, role: Role) -> bool {
        *self == Self::Service || self.principal().is_some_and(|principal| principal.role >= role)
    }

    /// Whether the panel calls, which sees less.
    #[must_use]
    pub fn is_panel(&self) -> bool {
        self.principal().is_some_and(|principal| principal.role == Role::Panel)
    }

    /// For histories; `None` for who is none of the staff.
    #[must_use]
    pub fn author(&self) -> Option<Author> {
        let principal = self.principal()?;
        let mut author = Author::default();
        if let Some(person) = &principal.person {
            (author.person_id, author.person_name) = (person.id.to_string(), person.name.clone());
        }
        if let Some(device) = &principal.device {
            (author.device_id, author.device_name) = (device.id.to_string(), device.name.clone());
        }
        Some(author)
    }
}
