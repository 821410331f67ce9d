//! Which language the caller reads, from `accept-language`: Brazilian Portuguese unless English is asked for.

use http::HeaderMap;
use std::future::Future;

/// A language that Comanda speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Brazilian Portuguese.
    Portuguese,
    /// English.
    English,
}

tokio::task_local! {
    static LANGUAGE: Language;
}

impl Language {
    /// Reads the first language of the header.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let header = headers.get(http::header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if header.trim_start().to_ascii_lowercase().starts_with("en") { Self::English } else { Self::Portuguese }
    }

    /// The language of the call under way.
    #[must_use]
    pub fn current() -> Self {
        LANGUAGE.try_with(|language| *language).unwrap_or(Self::Portuguese)
    }

    /// Runs a call in this language.
    pub async fn scope<F: Future>(self, call: F) -> F::Output {
        LANGUAGE.scope(self, call).await
    }

    /// Picks one of two texts.
    #[must_use]
    pub fn pick<'a>(self, english: &'a str, portuguese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Portuguese => portuguese,
        }
    }

    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.pick("en", "pt-BR")
    }
}
