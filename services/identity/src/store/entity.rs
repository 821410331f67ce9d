//! Identity's tables as sea-orm sees them. The schema itself is in `comanda-migrations`.

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, DeriveValueType, FromJsonQueryResult, TryFromU64, entity::prelude::*};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The hash of a secret: not the secret, and yet nothing that a log should show.
#[derive(Clone, PartialEq, Eq, Hash, DeriveValueType)]
pub struct Hash(pub String);

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash(…)")
    }
}

impl TryFromU64 for Hash {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("Hash"))
    }
}

/// Words in their order, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Words(pub Vec<String>);

/// A person.
pub mod staff {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub staff_id: Uuid,
        pub name: String,
        pub login: String,
        /// The number of the contract's `Role`.
        pub role: i16,
        pub password_hash: Option<Hash>,
        pub pin_hash: Option<Hash>,
        pub revision: i64,
        pub created_at: DateTime<Utc>,
        /// The last time.
        pub signed_in_at: Option<DateTime<Utc>>,
        pub archived_at: Option<DateTime<Utc>>,
        /// Of who comes by an OpenID Connect provider.
        pub issuer: Option<String>,
        /// Who that is there.
        pub subject: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Where a person works.
pub mod staff_shop {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff_shop")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub staff_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub shop_id: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A paired device.
pub mod device {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "device")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub device_id: Uuid,
        pub name: String,
        /// Empty for an owner's machine.
        pub shop_id: String,
        pub role: i16,
        pub stations: Words,
        pub paired_at: DateTime<Utc>,
        /// When its credential ends by itself.
        pub expires_at: DateTime<Utc>,
        pub revoked_at: Option<DateTime<Utc>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// What pairs a device, once.
pub mod pairing_code {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pairing_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code_hash: Hash,
        pub name: String,
        pub shop_id: String,
        pub role: i16,
        pub stations: Words,
        /// The person or machine that asked for it; `None` for the program itself.
        pub created_by: Option<Uuid>,
        pub expires_at: DateTime<Utc>,
        pub used_at: Option<DateTime<Utc>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A link that signs a person in, once.
pub mod sign_in_link {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub link_hash: Hash,
        pub staff_id: Uuid,
        pub expires_at: DateTime<Utc>,
        pub used_at: Option<DateTime<Utc>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody who has signed in.
pub mod session {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub session_id: Uuid,
        pub staff_id: Uuid,
        pub device_id: Option<Uuid>,
        pub by_pin: bool,
        pub by_provider: bool,
        /// When its latest access token ends.
        pub access_until: DateTime<Utc>,
        /// When nothing of it is good any more.
        pub expires_at: DateTime<Utc>,
        pub ended_at: Option<DateTime<Utc>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a session goes on by, used or not.
pub mod refresh_token {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "refresh_token")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: Hash,
        pub session_id: Uuid,
        pub spent_at: Option<DateTime<Utc>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A session or device that is let in no more.
pub mod revocation {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revocation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub expires_at: DateTime<Utc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// The one row that says which list of revocations this is.
pub mod revocation_version {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revocation_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub version: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Guesses, by whom or what they slow.
pub mod sign_in_attempt {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_attempt")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub failures: i32,
        pub blocked_until: DateTime<Utc>,
        pub counted_at: DateTime<Utc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A network that somebody has signed in from.
pub mod sign_in_place {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_place")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub staff_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub network: String,
        /// The last time.
        pub used_at: DateTime<Utc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// What concerned security, never changed.
pub mod security_event {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "security_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Uuid,
        /// `None` where no shop is concerned more than others.
        pub shop_id: Option<String>,
        pub happened_at: DateTime<Utc>,
        pub kind: String,
        pub actor: String,
        pub subject: String,
        pub address: String,
        pub detail: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
