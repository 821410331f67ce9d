//! `GET /openapi.json`: the REST face for programs, as OpenAPI 3.1. Written by hand beside the handlers; tests hold it
//! against them, from inside and, by schemathesis, from outside.

use axum::response::IntoResponse;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

const DOCUMENT: &str = include_str!("openapi.json");

pub async fn show() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")], DOCUMENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn document() -> Value {
        serde_json::from_str(DOCUMENT).expect("JSON")
    }

    /// As `.route("/pedido/{id}", get(…).post(…))` writes them.
    fn routes(source: &str) -> BTreeSet<(String, String)> {
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        let each = code.split(".route(\"").skip(1).flat_map(|route| {
            let (path, rest) = route.split_once('"').expect("a path");
            let handlers = rest.lines().next().unwrap_or_default();
            let known = ["get(", "post(", "put(", "patch(", "delete("];
            let methods = known.into_iter().filter(move |method| handlers.contains(method));
            methods.map(move |method| (path.to_owned(), method.trim_end_matches('(').to_owned()))
        });
        each.collect()
    }

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let mut routed = routes(include_str!("../rest.rs"));
        routed.extend(routes(include_str!("../status.rs")));
        let document = document();
        let paths = document["paths"].as_object().expect("paths");
        let described = paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().expect("a path").keys().filter(|key| *key != "parameters");
            methods.map(|method| (path.clone(), method.clone()))
        });
        assert_eq!(described.collect::<BTreeSet<_>>(), routed);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn follow(whole: &Value, part: &Value) {
            match part {
                Value::Object(fields) => {
                    if let Some(Value::String(reference)) = fields.get("$ref") {
                        let pointer = reference.strip_prefix('#').expect("within the document");
                        assert!(whole.pointer(pointer).is_some(), "{reference}");
                    }
                    fields.values().for_each(|field| follow(whole, field));
                }
                Value::Array(items) => items.iter().for_each(|item| follow(whole, item)),
                _ => {}
            }
        }
        let document = document();
        assert_eq!(document["openapi"], "3.1.0");
        follow(&document, &document);
    }
}
