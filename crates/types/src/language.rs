//! Tags of languages, by BCP 47: which are well formed, and how each is written. Knows no list of languages: whoever shows
//! a text in one knows what it is.

use icu_locale_core::LanguageIdentifier;

/// Longer ones name nothing that people speak; in bytes.
const MAX_BYTES: usize = 35;

/// The one spelling of a tag, such as `pt-BR` for `pt-br`: language, script, region and variants. None for what is no tag,
/// names no language, or says more than that.
#[must_use]
pub fn normal(tag: &str) -> Option<String> {
    let short = Some(tag).filter(|tag| tag.len() <= MAX_BYTES && !tag.contains('_'))?;
    let known = LanguageIdentifier::try_from_str(short).ok()?;
    (!known.language.is_unknown()).then(|| known.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_one_spelling() {
        for (tag, expected) in [
            ("en", "en"),
            ("EN", "en"),
            ("pt-br", "pt-BR"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("no", "no"),
            ("ca-valencia", "ca-valencia"),
        ] {
            assert_eq!(normal(tag).as_deref(), Some(expected), "{tag}");
        }
        for wrong in ["", "e", "english language", "en_US", "en-", "und", "-en", "português", "en-US-u-ca-buddhist"] {
            assert_eq!(normal(wrong), None, "{wrong}");
        }
        assert_eq!(normal(&format!("en{}", "-abcde".repeat(6))), None);
    }
}
