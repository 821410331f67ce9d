//! Why something is refused, and what the caller hears of it. Never says which part of a proof was wrong.

use comanda_auth::gate;
use comanda_context::error::ApiError;
use comanda_storage::database;
use sea_orm::DbErr;
use std::time::Duration;
use tonic::Code;

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The proof is none.
    #[error("the proof is none")]
    SignIn,
    /// Too many guesses.
    #[error("too many guesses")]
    Slowed(Duration),
    /// There is no OpenID Connect provider.
    #[error("there is no OpenID Connect provider")]
    NoProvider,
    /// The provider does not answer.
    #[error("the OpenID Connect provider is away")]
    ProviderAway,
    /// Known to the provider, and nobody here.
    #[error("no role here")]
    NoRole,
    /// The session is over, or never was.
    #[error("the session is over")]
    SessionEnded,
    /// The pairing code is none.
    #[error("the pairing code is none")]
    Pairing,
    /// Another's, or nobody's.
    #[error("no such person")]
    NoStaff,
    /// Another's, or none.
    #[error("no such device")]
    NoDevice,
    /// Another's.
    #[error("no shop {0}")]
    NoShop(String),
    /// Not with this role.
    #[error("not with this role")]
    Role,
    /// Not without the present password.
    #[error("the present password is another")]
    PresentPassword,
    /// Somebody has this login, or had it.
    #[error("the login is taken")]
    LoginTaken,
    /// Somebody must be left who may everything.
    #[error("the last owner")]
    LastOwner,
    /// Somebody else came first.
    #[error("the revision is {0} by now")]
    RevisionMismatch(i64),
    /// An answer that is complete.
    #[error("{}", .0.reason)]
    Other(ApiError),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] DbErr),
}

impl From<ApiError> for Refusal {
    fn from(fault: ApiError) -> Self {
        Self::Other(fault)
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::SignIn => Self::new(
                Code::Unauthenticated,
                "SIGN_IN_REFUSED",
                "that is not right; nobody was signed in",
                "não confere; ninguém entrou",
            ),
            Refusal::Slowed(wait) => Self::new(
                Code::ResourceExhausted,
                "SIGN_IN_SLOWED",
                format!("too many attempts; try again in {} s", wait.as_secs() + 1),
                format!("tentativas demais; tente de novo em {} s", wait.as_secs() + 1),
            )
            .retry_after(wait),
            Refusal::NoProvider => Self::new(
                Code::FailedPrecondition,
                "OIDC_NOT_CONFIGURED",
                "no OpenID Connect provider is configured",
                "nenhum provedor OpenID Connect está configurado",
            ),
            Refusal::ProviderAway => Self::unavailable("oidc"),
            Refusal::NoRole => Self::new(
                Code::PermissionDenied,
                "SIGN_IN_NO_ROLE",
                "your account has no role in this shop; ask who manages it",
                "a sua conta não tem papel nesta loja; fale com quem a gerencia",
            ),
            Refusal::SessionEnded => {
                Self::new(Code::Unauthenticated, "SESSION_ENDED", "sign in again", "entre de novo")
            }
            Refusal::Pairing => Self::new(
                Code::Unauthenticated,
                "PAIRING_REFUSED",
                "this code is not, or no longer, good; ask for a new one",
                "este código não vale, ou não vale mais; peça outro",
            ),
            Refusal::NoStaff => {
                Self::new(Code::NotFound, "STAFF_NOT_FOUND", "there is no such person", "essa pessoa não existe")
            }
            Refusal::NoDevice => {
                Self::new(Code::NotFound, "DEVICE_NOT_FOUND", "there is no such device", "esse aparelho não existe")
            }
            Refusal::NoShop(shop) => {
                Self::new(Code::NotFound, "SHOP_NOT_FOUND", "there is no such shop", "essa loja não existe")
                    .meta("shop_id", shop)
            }
            Refusal::Role => gate::denied(),
            Refusal::PresentPassword => Self::new(
                Code::PermissionDenied,
                "PRESENT_PASSWORD_WRONG",
                "the present password is needed for that",
                "é preciso a senha atual para isso",
            ),
            Refusal::LoginTaken => {
                Self::new(Code::FailedPrecondition, "LOGIN_TAKEN", "this login is taken", "esse login já existe")
            }
            Refusal::LastOwner => Self::new(
                Code::FailedPrecondition,
                "LAST_OWNER",
                "make somebody else an owner first",
                "antes, dê a outra pessoa o papel de dono",
            ),
            Refusal::RevisionMismatch(revision) => Self::new(
                Code::Aborted,
                "REVISION_MISMATCH",
                "somebody else changed it first",
                "outra pessoa alterou antes",
            )
            .meta("revision", revision),
            Refusal::Other(fault) => fault,
            Refusal::Database(error) => database::fault(&error),
        }
    }
}
