//! What a person or a device may do, by name: the roles that the contracts' access option speaks of.

use crate::contracts::Access;
use serde::{Deserialize, Serialize};

/// A role. Each may also do what the one before it may, the panel apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Shows numbers and first names.
    Panel,
    /// Works through tickets.
    Barista,
    /// Looks after a shop: menu, prices, hours, staff.
    Manager,
    /// Of every shop.
    Owner,
}

impl Role {
    /// Whether an RPC with this access is open to the role.
    #[must_use]
    pub fn may(self, access: Access) -> bool {
        match access {
            Access::Public => true,
            Access::Panel => self == Self::Panel,
            Access::Barista => self >= Self::Barista,
            Access::Manager => self >= Self::Manager,
            Access::Owner => self == Self::Owner,
            Access::Customer | Access::Service | Access::Gateway => false,
        }
    }

    /// Its name in tokens, logs and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Panel => "panel",
            Self::Barista => "barista",
            Self::Manager => "manager",
            Self::Owner => "owner",
        }
    }
}
