//! Errors as callers see them: a canonical code, a stable reason, and a sentence in the caller's language.

mod bounded;

pub use bounded::{LEFT_OUT, MAX_BYTES, listed};

use crate::language::Language;
use http::HeaderMap;
use prost::Message;
use std::{collections::HashMap, time::Duration};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// The `domain` of every ErrorInfo.
pub const DOMAIN: &str = "comanda";

/// A refusal or failure, with all that a caller needs to act on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The canonical code.
    pub code: Code,
    /// A stable word for programs, such as `PRODUCT_SOLD_OUT`.
    pub reason: &'static str,
    english: String,
    portuguese: String,
    metadata: HashMap<String, String>,
    violations: Vec<Violation>,
    /// How many violations there are beyond those.
    more: usize,
    retry_after: Option<Duration>,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field's path, such as `lines[2].quantity`.
    pub field: String,
    /// What it must be, for English readers.
    pub english: String,
    /// The same for Portuguese readers.
    pub portuguese: String,
}

impl ApiError {
    /// A fault with its sentence in both languages.
    pub fn new(code: Code, reason: &'static str, english: impl Into<String>, portuguese: impl Into<String>) -> Self {
        Self {
            code,
            reason,
            english: english.into(),
            portuguese: portuguese.into(),
            metadata: HashMap::new(),
            violations: Vec::new(),
            more: 0,
            retry_after: None,
        }
    }

    /// INVALID_ARGUMENT FIELD_INVALID, naming the fields at fault: as many as fit an answer, and how many more there are.
    #[must_use]
    pub fn invalid(mut violations: Vec<Violation>) -> Self {
        let list = |language: Language| {
            let each = violations.iter().map(|v| format!("{}: {}", v.field, language.pick(&v.english, &v.portuguese)));
            listed(each, "; ", language)
        };
        let (english, portuguese) = (list(Language::English), list(Language::Portuguese));
        let more = violations.len().saturating_sub(bounded::MAX_VIOLATIONS);
        violations.truncate(bounded::MAX_VIOLATIONS);
        Self { violations, more, ..Self::new(Code::InvalidArgument, "FIELD_INVALID", english, portuguese) }
    }

    /// INVALID_ARGUMENT REQUEST_ID_REUSED.
    #[must_use]
    pub fn request_id_reused() -> Self {
        Self::new(
            Code::InvalidArgument,
            "REQUEST_ID_REUSED",
            "this request_id was used for a different request",
            "este request_id já foi usado para outro pedido",
        )
    }

    /// UNAVAILABLE DEPENDENCY_DOWN: something we need does not answer; the caller may try again soon.
    #[must_use]
    pub fn unavailable(dependency: &str) -> Self {
        Self::new(
            Code::Unavailable,
            "DEPENDENCY_DOWN",
            format!("{dependency} does not answer; try again"),
            "serviço indisponível no momento; tente de novo",
        )
        .meta("dependency", dependency)
        .retry_after(Duration::from_secs(1))
    }

    /// UNAVAILABLE DRAINING: this replica is stopping; another one answers.
    #[must_use]
    pub fn draining() -> Self {
        Self::new(Code::Unavailable, "DRAINING", "this replica is stopping; connect again", "reconecte")
            .retry_after(Duration::ZERO)
    }

    /// RESOURCE_EXHAUSTED SLOW_READER: a stream was not read for too long.
    #[must_use]
    pub fn slow_reader() -> Self {
        Self::new(Code::ResourceExhausted, "SLOW_READER", "the stream was not read; watch again", "reconecte")
    }

    /// DEADLINE_EXCEEDED: the caller's time, or the longest that anybody is given, was not enough.
    #[must_use]
    pub fn too_late() -> Self {
        Self::new(
            Code::DeadlineExceeded,
            "DEADLINE_EXCEEDED",
            "the deadline passed before the answer came",
            "o prazo acabou antes da resposta",
        )
    }

    /// INVALID_ARGUMENT MESSAGE_TOO_LARGE: longer than its method takes.
    #[must_use]
    pub fn message_too_large() -> Self {
        Self::new(
            Code::InvalidArgument,
            "MESSAGE_TOO_LARGE",
            "the request is too large",
            "a requisição é grande demais",
        )
    }

    /// INVALID_ARGUMENT MESSAGE_MALFORMED: the bytes are no request of this method.
    #[must_use]
    pub fn malformed() -> Self {
        Self::new(
            Code::InvalidArgument,
            "MESSAGE_MALFORMED",
            "the request could not be read",
            "não foi possível ler a requisição",
        )
    }

    /// UNIMPLEMENTED RPC_UNKNOWN.
    #[must_use]
    pub fn unknown_rpc() -> Self {
        Self::new(Code::Unimplemented, "RPC_UNKNOWN", "there is no such RPC here", "esta chamada não existe aqui")
    }

    /// INTERNAL: our own mistake. The cause goes to the log, not to the caller.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(Code::Internal, "INTERNAL", "internal error", "erro interno")
    }

    /// What is wrong with which field.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Adds a fact for programs.
    #[must_use]
    pub fn meta(mut self, key: &str, value: impl ToString) -> Self {
        self.metadata.insert(key.to_owned(), value.to_string());
        self
    }

    /// As the end of an answer that has begun.
    pub fn into_trailers(self, language: Language) -> HeaderMap {
        let mut trailers = HeaderMap::new();
        // Fails only for metadata that is no header, and this status has none.
        let _ = self.into_status(language).add_header(&mut trailers);
        trailers
    }

    /// Says when another attempt makes sense.
    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }
}

impl From<ApiError> for Status {
    fn from(fault: ApiError) -> Self {
        fault.into_status(Language::current())
    }
}

impl ApiError {
    /// For a caller who reads this language. Never larger than headers may be: what does not fit is counted.
    #[must_use]
    pub fn into_status(self, language: Language) -> Status {
        let mut details = ErrorDetails::with_error_info(self.reason, DOMAIN, self.metadata);
        details.set_localized_message(language.tag(), language.pick(&self.english, &self.portuguese));
        for violation in &self.violations {
            let text = language.pick(&violation.english, &violation.portuguese);
            details.add_bad_request_violation(&violation.field, text);
        }
        if let Some(delay) = self.retry_after {
            details.set_retry_info(Some(delay));
        }
        bounded::status(self.code, &self.english, details, self.more)
    }
}

/// A refusal as it was kept, by an older release perhaps, which kept more than can be sent.
pub fn stored(code: Code, details: &[u8]) -> Status {
    let sentence = tonic_types::Status::decode(details).map(|status| status.message).unwrap_or_default();
    let details = Status::with_details(code, "", details.to_vec().into()).get_error_details();
    bounded::status(code, &sentence, details, 0)
}
