//! What a menu says in other languages, between contracts and tables. Pure.

use crate::store::entity::{Translation, Translations};
use comanda_proto::catalog::v1;
use comanda_types::{language, text::tidy};

/// Languages of one thing beside the shop's own.
pub const MAX_LANGUAGES: usize = 5;

/// As contracts say them, in order of their tags.
#[must_use]
pub fn to_proto(stored: Translations) -> Vec<v1::Translation> {
    let translation = |(language_code, Translation { name, description, quick_notes, payment_text })| v1::Translation {
        language_code,
        name,
        description,
        quick_notes,
        payment_text,
    };
    stored.0.into_iter().map(translation).collect()
}

/// As tables hold them; what names no language is left out.
#[must_use]
pub fn from_proto(said: &[v1::Translation]) -> Translations {
    let text = |text: &String| tidy(text).to_owned();
    let translation = |said: &v1::Translation| Translation {
        name: text(&said.name),
        description: text(&said.description),
        quick_notes: said.quick_notes.iter().map(text).collect(),
        payment_text: text(&said.payment_text),
    };
    Translations(
        said.iter().filter_map(|said| Some((language::normal(&said.language_code)?, translation(said)))).collect(),
    )
}

/// Those whose quick notes are not as many as the original's, so that nobody knows which is which.
pub fn without_match(translations: &Translations, quick_notes: usize) -> impl Iterator<Item = &str> {
    let differs = move |notes: &[String]| !notes.is_empty() && notes.len() != quick_notes;
    let unmatched = translations.0.iter().filter(move |(_, said)| differs(&said.quick_notes));
    unmatched.map(|(language, _)| language.as_str())
}
