//! Reads a JSON body and says precisely what is wrong with it. What the values mean is for the services to judge.

use super::upload::Upload;
use crate::problem::Problem;
use comanda_context::error::{ApiError, Violation};
use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::error::Category;
use std::{fmt, marker::PhantomData};

/// Something that must be written as an object. serde takes a list of values, in the fields' order, for a struct as well,
/// and such a list would change its meaning with the next field.
#[derive(Debug, Clone, PartialEq)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfMap<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for OfMap<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(OfMap(PhantomData))
    }
}

/// The body as a `T`.
///
/// # Errors
/// 415 for another content type, 413 for too large a body, 408 for one that does not come, 400 for what is no JSON, 422
/// with the field at fault.
pub fn read<T: DeserializeOwned>(headers: &HeaderMap, Upload(body): Upload) -> Result<T, Problem> {
    if !is_json(headers) {
        return Err(other_type());
    }
    let body = body?;
    let mut json = serde_json::Deserializer::from_slice(&body);
    let Object(value) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let at = error.path().iter().next().is_some().then(|| error.path().to_string());
        refused(at, &error.into_inner())
    })?;
    json.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn refused(at: Option<String>, error: &serde_json::Error) -> Problem {
    if error.classify() != Category::Data {
        return malformed(error);
    }
    let violation = Violation {
        field: at.unwrap_or_else(|| "corpo".to_owned()),
        english: "unknown, repeated or incomplete field, or a value of another type".to_owned(),
        portuguese: "campo desconhecido, repetido ou incompleto, ou valor de outro tipo".to_owned(),
    };
    Problem::with(StatusCode::UNPROCESSABLE_ENTITY, ApiError::invalid(vec![violation]))
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "JSON_MALFORMED",
        &format!("the body is not JSON: error in line {}, column {}", error.line(), error.column()),
        &format!("o corpo não é JSON: erro na linha {}, coluna {}", error.line(), error.column()),
    )
}

fn other_type() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "CONTENT_TYPE_UNSUPPORTED",
        "the body must be sent as application/json",
        "o corpo deve ser enviado como application/json",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;
    use http::HeaderValue;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Order {
        itens: Vec<Object<Line>>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        quanto: i32,
    }

    fn read_as(kind: &'static str, body: &'static str) -> Result<Order, (u16, String, String)> {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
        let read = read::<Order>(&headers, Upload(Ok(Bytes::from_static(body.as_bytes()))));
        read.map_err(|problem| {
            let field =
                serde_json::to_value(&problem).expect("JSON")["campos"][0]["campo"].as_str().unwrap_or("").to_owned();
            (problem.status.as_u16(), problem.motivo, field)
        })
    }

    #[test]
    fn a_good_body_is_read() {
        let order = Order { itens: vec![Object(Line { quanto: 2 })] };
        assert_eq!(read_as("Application/JSON; charset=utf-8", r#"{"itens":[{"quanto":2}]}"#), Ok(order));
    }

    #[test]
    fn a_bad_body_is_refused_with_its_fault() {
        let cases = [
            ("text/plain", "{}", 415, "CONTENT_TYPE_UNSUPPORTED", ""),
            ("application/json", "", 400, "JSON_MALFORMED", ""),
            ("application/json", r#"{"itens":["#, 400, "JSON_MALFORMED", ""),
            ("application/json", r#"{"itens":[]} x"#, 400, "JSON_MALFORMED", ""),
            ("application/json", r#"{"itens":[{"quanto":"two"}]}"#, 422, "FIELD_INVALID", "itens[0].quanto"),
            ("application/json", r#"{"itens":[{"quanto":9999999999}]}"#, 422, "FIELD_INVALID", "itens[0].quanto"),
            ("application/json", r#"{"itens":[{"quanto":1,"qty":1}]}"#, 422, "FIELD_INVALID", "itens[0].qty"),
            ("application/json", r#"{"itens":[{}]}"#, 422, "FIELD_INVALID", "itens[0]"),
            ("application/json", "7", 422, "FIELD_INVALID", "corpo"),
            ("application/json", "[[]]", 422, "FIELD_INVALID", "corpo"),
            ("application/json", r#"{"itens":[[2]]}"#, 422, "FIELD_INVALID", "itens[0]"),
            ("application/json", r#"{"itens":[],"itens":[]}"#, 422, "FIELD_INVALID", "corpo"),
        ];
        for (kind, body, status, reason, field) in cases {
            assert_eq!(read_as(kind, body), Err((status, reason.to_owned(), field.to_owned())), "{body}");
        }
    }
}
