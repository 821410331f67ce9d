//! What is wrong with the form of a menu file, in our own words and both languages. The library knows more than a shop
//! needs.

use serde_saphyr::Error;

/// English first.
pub fn explained(error: &Error) -> [String; 2] {
    match error.without_snippet() {
        Error::SerdeUnknownField { field, .. } => {
            [format!("{field} does not belong here"), format!("{field} não pertence a este lugar")]
        }
        Error::SerdeMissingField { field, .. } => [format!("{field} is missing"), format!("falta {field}")],
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().unwrap_or("?");
            [format!("{key} stands here twice"), format!("{key} aparece duas vezes")]
        }
        Error::InvalidScalar { ty, .. } => {
            let (english, portuguese) = kind(ty);
            [format!("must be {english}"), format!("deve ser {portuguese}")]
        }
        Error::Unexpected { .. }
        | Error::NullIntoString { .. }
        | Error::SerdeInvalidType { .. }
        | Error::SerdeInvalidValue { .. }
        | Error::SerdeInvalidLength { .. }
        | Error::SerdeUnknownVariant { .. } => {
            ["the value is of another kind than expected".to_owned(), "o valor é de outro tipo".to_owned()]
        }
        Error::Eof { .. } => {
            ["the file is empty, or ends too early".to_owned(), "o arquivo está vazio ou incompleto".to_owned()]
        }
        Error::Budget { .. } | Error::AliasExpansionLimitExceeded { .. } => {
            ["the file is too complicated".to_owned(), "o arquivo é complicado demais".to_owned()]
        }
        _ => ["this is not a menu in YAML".to_owned(), "isto não é um cardápio em YAML".to_owned()],
    }
}

/// A type of ours, as people call it.
fn kind(name: &str) -> (&'static str, &'static str) {
    match name {
        "bool" => ("true or false", "true ou false"),
        "i32" | "i64" | "u32" | "u64" => ("a whole number", "um número inteiro"),
        _ => ("of another kind", "de outro tipo"),
    }
}
