//! Which language the caller reads, from `accept-language`: Brazilian Portuguese unless English is preferred.

use http::{HeaderMap, header::ACCEPT_LANGUAGE};
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
    /// The one that the headers prefer: the higher quality wins, then the first named; languages that we do not speak are
    /// passed over.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let lists = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
        let ranges = lists.flat_map(|list| list.split(',')).filter_map(Range::read).collect::<Vec<_>>();
        // What is named by itself is not meant by the asterisk.
        let quality = |tag: &str| {
            let named = ranges.iter().enumerate().find(|(_, range)| range.is(tag));
            let found = named.or_else(|| ranges.iter().enumerate().find(|(_, range)| range.tag == "*"));
            // None at all is no quality, whatever stands first.
            found.filter(|(_, range)| range.quality > 0).map(|(place, range)| (range.quality, ranges.len() - place))
        };
        if quality("en") > quality("pt") { Self::English } else { Self::Portuguese }
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

/// One entry of the header, such as `en-US;q=0.8`.
struct Range<'a> {
    tag: &'a str,
    /// In thousandths, as the protocol writes it at most.
    quality: u16,
}

impl<'a> Range<'a> {
    fn read(entry: &'a str) -> Option<Self> {
        let (tag, parameter) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let (name, value) = parameter.split_once('=')?;
        let quality = value.trim().parse::<f32>().ok().filter(|quality| (0.0..=1.0).contains(quality))?;
        let quality = (quality * 1000.0) as u16;
        name.trim().eq_ignore_ascii_case("q").then_some(Self { tag: tag.trim(), quality })
    }

    /// Whether it means this language, wherever it is spoken.
    fn is(&self, language: &str) -> bool {
        self.tag.split('-').next().is_some_and(|first| first.eq_ignore_ascii_case(language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn of(lines: &[&'static str]) -> Language {
        Language::of(&lines.iter().map(|line| (ACCEPT_LANGUAGE, HeaderValue::from_static(line))).collect())
    }

    #[test]
    fn the_preferred_language_that_we_speak_is_taken() {
        for english in [
            "en",
            "EN-us",
            "en-US,en;q=0.9",
            "fr, en;q=0.8, pt;q=0.7",
            "pt;q=0.3, en;q=0.5",
            "de;q=1, *;q=0, en;q=0.1",
            "pt;q=0, *",
            "en, pt",
            " en ; q=1.000 ",
        ] {
            assert_eq!(of(&[english]), Language::English, "{english}");
        }
        for portuguese in [
            "",
            "pt-BR",
            "pt, en",
            "fr",
            "*",
            "enm",
            "en;q=0",
            "pt-BR,pt;q=0.9,en;q=0.8",
            "en;q=0.5, pt",
            "en;q=2",
            "en;x",
            "en;q=0.5, *;q=0.7",
        ] {
            assert_eq!(of(&[portuguese]), Language::Portuguese, "{portuguese}");
        }
        assert_eq!(of(&["fr", "en;q=0.5"]), Language::English, "in several lines");
    }
}
