//! What a file says in other languages.

use super::Import;
use crate::{
    edit::{
        checks::{AS_MANY, LANGUAGE, MAX_QUICK_NOTES, QUICK_NOTE},
        file::{ByLanguage, Product, Text, TranslatedName},
    },
    menu::translation::MAX_LANGUAGES,
    store::entity::{Translation, Translations},
};
use comanda_types::language;
use std::collections::BTreeMap;

impl Import<'_> {
    pub(super) fn quick_notes(&mut self, notes: &[Text], owner: &Text, path: &str) -> Vec<String> {
        self.words(notes, QUICK_NOTE, MAX_QUICK_NOTES, owner, path)
    }

    pub(super) fn translated_names(
        &mut self,
        said: &ByLanguage<TranslatedName>,
        key: &Text,
        path: &str,
    ) -> Translations {
        let path = format!("{path}.translations");
        self.translations(said, key, &path, |import, said, path| Translation {
            name: import.text(&said.name, &format!("{path}.name"), 1, 60),
            ..Translation::default()
        })
    }

    pub(super) fn translated_product(&mut self, product: &Product, path: &str) -> Translations {
        let (key, path) = (&product.key, format!("{path}.translations"));
        self.translations(&product.translations, key, &path, |import, said, path| {
            let optional = |import: &mut Self, text: Option<&Text>, field: &str, most| {
                text.map(|text| import.text(text, &format!("{path}.{field}"), 1, most)).unwrap_or_default()
            };
            let name = optional(import, said.name.as_ref(), "name", 80);
            let description = optional(import, said.description.as_ref(), "description", 400);
            let place = format!("{path}.quick_notes");
            let quick_notes = import.quick_notes(&said.quick_notes, key, &place);
            let first = said.quick_notes.first().filter(|_| quick_notes.len() != product.quick_notes.len());
            if let Some(first) = first {
                import.fail(first, &place, AS_MANY[0], AS_MANY[1]);
            }
            if said.name.is_none() && said.description.is_none() && said.quick_notes.is_empty() {
                import.fail(key, path, "must have a text", "deve ter algum texto");
            }
            Translation { name, description, quick_notes, ..Translation::default() }
        })
    }

    /// Judges the languages of something that stands at `key`; what it says in one is read by `read`.
    pub(super) fn translations<T>(
        &mut self,
        said: &ByLanguage<T>,
        key: &Text,
        path: &str,
        read: impl Fn(&mut Self, &T, &str) -> Translation,
    ) -> Translations {
        self.at_most(MAX_LANGUAGES, said.0.len(), Some(key), path);
        let mut translations = BTreeMap::new();
        for (tag, said) in &said.0 {
            let path = format!("{path}.{tag}");
            let translation = read(self, said, &path);
            match language::normal(tag) {
                None => self.fail(key, &path, LANGUAGE[0], LANGUAGE[1]),
                Some(tag) => {
                    if translations.insert(tag, translation).is_some() {
                        self.fail(key, &path, "stands there twice", "está repetido");
                    }
                }
            }
        }
        Translations(translations)
    }
}
