//! Why a menu is not changed, and what the caller hears of it.

use crate::edit::difference::Values;
use chrono::{DateTime, Utc};
use comanda_context::error::ApiError;
use comanda_storage::database;
use sea_orm::DbErr;
use tonic::Code;
use uuid::Uuid;

/// Why a menu was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such shop.
    #[error("no shop {0}")]
    NoShop(String),
    /// The shop has no such product.
    #[error("no product {0}")]
    NoProduct(Uuid),
    /// The shop has no such category.
    #[error("no category {0}")]
    NoCategory(Uuid),
    /// The shop has no such option group.
    #[error("no option group {0}")]
    NoOptionGroup(Uuid),
    /// A product of the shop has this key.
    #[error("the key {0} is taken")]
    KeyTaken(String),
    /// Somebody else came first.
    #[error("the revision is {revision} by now")]
    RevisionMismatch {
        /// The one to name.
        revision: i64,
        /// Who came first.
        by: String,
        /// When.
        at: Option<DateTime<Utc>>,
        /// What it is now.
        current: Values,
    },
    /// The menu is no longer what the file was made from.
    #[error("the menu's version is {current} by now")]
    VersionMismatch {
        /// The one to name.
        current: i64,
    },
    /// The menu would be more than clients take.
    #[error("the menu would take {bytes} bytes")]
    TooLarge {
        /// Encoded.
        bytes: usize,
    },
    /// What is wanted breaks the contract's limits.
    #[error("malformed")]
    Invalid(ApiError),
    /// The database failed; whether the change was stored is not known, and its `request_id` settles it.
    #[error("the database failed")]
    Database(#[from] DbErr),
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let not_found = |reason, english, portuguese| Self::new(Code::NotFound, reason, english, portuguese);
        match refusal {
            Refusal::NoShop(shop) => no_shop(&shop),
            Refusal::NoProduct(id) => {
                not_found("PRODUCT_NOT_FOUND", "the shop has no such product", "a loja não tem esse produto")
                    .meta("product_id", id)
            }
            Refusal::NoCategory(id) => {
                not_found("CATEGORY_NOT_FOUND", "the shop has no such category", "a loja não tem essa categoria")
                    .meta("category_id", id)
            }
            Refusal::NoOptionGroup(id) => not_found(
                "OPTION_GROUP_NOT_FOUND",
                "the shop has no such option group",
                "a loja não tem esse grupo de opções",
            )
            .meta("option_group_id", id),
            Refusal::KeyTaken(key) => {
                let (english, portuguese) = ("another product has this key", "outro produto tem essa chave");
                Self::new(Code::FailedPrecondition, "KEY_TAKEN", english, portuguese).meta("key", key)
            }
            Refusal::RevisionMismatch { revision, by, at, current } => {
                let (english, portuguese) = ("somebody else changed it first", "outra pessoa alterou antes");
                let fault = Self::new(Code::Aborted, "REVISION_MISMATCH", english, portuguese);
                let fault = fault.meta("revision", revision).meta("changed_by", by);
                let fault = at.map_or(fault.clone(), |at| fault.meta("change_time", at.to_rfc3339()));
                current.into_iter().fold(fault, |fault, (path, value)| fault.meta(&path, value))
            }
            Refusal::VersionMismatch { current } => {
                let (english, portuguese) =
                    ("the menu was changed meanwhile", "o cardápio foi alterado nesse meio-tempo");
                Self::new(Code::Aborted, "VERSION_MISMATCH", english, portuguese).meta("menu_version", current)
            }
            Refusal::TooLarge { bytes } => {
                let (english, portuguese) = ("the menu would be too large", "o cardápio ficaria grande demais");
                Self::new(Code::FailedPrecondition, "MENU_TOO_LARGE", english, portuguese).meta("bytes", bytes)
            }
            Refusal::Invalid(fault) => fault,
            Refusal::Database(error) => database::fault(&error),
        }
    }
}

/// NOT_FOUND SHOP_NOT_FOUND.
#[must_use]
pub fn no_shop(shop: &str) -> ApiError {
    let (english, portuguese) = ("there is no such shop", "essa loja não existe");
    ApiError::new(Code::NotFound, "SHOP_NOT_FOUND", english, portuguese).meta("shop_id", shop)
}
