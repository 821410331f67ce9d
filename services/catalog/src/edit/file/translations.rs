//! What a file says in other languages.

use super::{Text, given, text};
use crate::store::entity::{Translation, Translations};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Texts by the tags of their languages, such as `en`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ByLanguage<T>(pub BTreeMap<String, T>);

/// Of what has nothing but a name.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TranslatedName {
    pub name: Text,
}

/// Of a product.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TranslatedProduct {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick_notes: Vec<Text>,
}

/// Of the shop itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TranslatedMenu {
    pub payment_text: Text,
}

impl<T> Default for ByLanguage<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> ByLanguage<T> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: for<'a> From<&'a Translation>> ByLanguage<T> {
    pub(super) fn of(stored: &Translations) -> Self {
        Self(stored.0.iter().map(|(language, said)| (language.clone(), said.into())).collect())
    }
}

impl From<&Translation> for TranslatedName {
    fn from(said: &Translation) -> Self {
        Self { name: text(&said.name) }
    }
}

impl From<&Translation> for TranslatedProduct {
    fn from(said: &Translation) -> Self {
        let quick_notes = said.quick_notes.iter().map(text).collect();
        Self { name: given(&said.name), description: given(&said.description), quick_notes }
    }
}

impl From<&Translation> for TranslatedMenu {
    fn from(said: &Translation) -> Self {
        Self { payment_text: text(&said.payment_text) }
    }
}
