//! Checks of request fields that verbs for products and for shops share.

use crate::menu::{self, face::PAYMENT_TEXT, translation::MAX_LANGUAGES};
use comanda_proto::catalog::v1::Translation;
use comanda_types::{language, text::tidy, validation::Checks};

/// Of wishes, in characters.
pub const QUICK_NOTE: usize = 40;
/// Wishes of a product.
pub const MAX_QUICK_NOTES: usize = 8;

/// What can be translated of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Translated {
    /// Name, description and wishes.
    Product,
    /// How to pay.
    Menu,
}

/// None, or an address that pages may show.
pub fn picture(url: &str, place: String, checks: &mut Checks) {
    if !url.is_empty() && !menu::is_picture(url) {
        let english = "must be an https address of at most 500 characters";
        checks.fail(place, english, "deve ser um endereço https de no máximo 500 caracteres");
    }
}

/// At most so many, each once and with at most so many characters.
pub fn words(words: &[String], characters: usize, most: usize, place: &str, checks: &mut Checks) {
    for (index, word) in words.iter().enumerate().take(most + 1) {
        checks.text(format!("{place}[{index}]"), word, 1, characters);
    }
    if !menu::is_each_once(words.iter().map(|word| tidy(word))) {
        checks.fail(place, "must be each once", "não podem se repetir");
    }
    few(words.len(), most, place, checks);
}

/// At most so many.
pub fn few(count: usize, most: usize, place: &str, checks: &mut Checks) {
    if count > most {
        checks.fail(place, format!("must be at most {most}"), format!("deve ter no máximo {most}"));
    }
}

/// A tag of a language.
pub fn language(tag: &str, place: String, checks: &mut Checks) {
    if language::normal(tag).is_none() {
        let [english, portuguese] = LANGUAGE;
        checks.fail(place, english, portuguese);
    }
}

/// What a tag must be, in English and in Portuguese.
pub const LANGUAGE: [&str; 2] = ["must be a language, such as en or pt-BR", "deve ser um idioma, como en ou pt-BR"];

/// What a colour must be.
pub const COLOR: [&str; 2] = ["must be a colour such as #1d5a4b", "deve ser uma cor, como #1d5a4b"];
/// What the age of a ticket must be.
pub const AGE: [&str; 2] = ["must be 1 to 120", "deve ser de 1 a 120"];
/// What both must be.
pub const IN_ORDER: [&str; 2] =
    ["warn_minutes must be less than late_minutes", "warn_minutes deve ser menor que late_minutes"];
/// What translated wishes must be.
pub const AS_MANY: [&str; 2] =
    ["must be as many as in the shop's own language, or none", "deve ter tantos quanto no idioma da loja, ou nenhum"];

/// Translations of one thing, as far as they can be judged without it.
pub fn translations(said: &[Translation], of: Translated, place: &str, checks: &mut Checks) {
    for (index, one) in said.iter().enumerate().take(MAX_LANGUAGES + 1) {
        let place = format!("{place}[{index}]");
        language(&one.language_code, format!("{place}.language_code"), checks);
        let (product, menu) = if of == Translated::Product { (1, 0) } else { (0, 1) };
        let texts = [
            ("name", &one.name, product * 80),
            ("description", &one.description, product * 400),
            ("payment_text", &one.payment_text, menu * PAYMENT_TEXT),
        ];
        for (field, text, most) in texts {
            checks.text(format!("{place}.{field}"), text, 0, most);
        }
        words(&one.quick_notes, QUICK_NOTE, product * MAX_QUICK_NOTES, &format!("{place}.quick_notes"), checks);
        if texts.iter().all(|(_, text, _)| tidy(text).is_empty()) && one.quick_notes.is_empty() {
            checks.fail(place, "must have a text", "deve ter algum texto");
        }
    }
    if !menu::is_each_once(said.iter().map(|one| language::normal(&one.language_code))) {
        checks.fail(place, "must be each language once", "não podem repetir o idioma");
    }
    few(said.len(), MAX_LANGUAGES, place, checks);
}
