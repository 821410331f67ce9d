//! The REST face: few paths, Portuguese names, for whoever has no gRPC at hand. Each handler turns a request into one RPC,
//! which goes through the forwarder like everyone's. Must not decide anything that a service decides.

mod cardapio;
mod encoded_cardapio;
pub mod fields;
mod json;
mod openapi;
mod pedido;
mod upload;

use crate::{
    Upstream,
    limit::{self, Limiter},
    problem::Problem,
};
use axum::{
    Router,
    extract::{FromRef, Request},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use comanda_auth::gate::once_at_most;
use comanda_context::error::ApiError;
use comanda_proto::r#type::v1::Money;
use encoded_cardapio::EncodedMenus;
use http::{
    HeaderMap, HeaderName, StatusCode,
    header::{ACCEPT_LANGUAGE, AUTHORIZATION},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tonic::metadata::MetadataMap;

/// What makes a repeat of an order the same order.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Twice, nobody knows which one counts. So it is with the content type, which the door looks at.
const ONCE: [HeaderName; 2] = [AUTHORIZATION, KEY];
const DEADLINE: Duration = Duration::from_secs(5);

/// What handlers need.
#[derive(Clone)]
struct Parts {
    forward: Upstream,
    menus: EncodedMenus,
}

impl FromRef<Parts> for Upstream {
    fn from_ref(parts: &Parts) -> Self {
        parts.forward.clone()
    }
}

impl FromRef<Parts> for EncodedMenus {
    fn from_ref(parts: &Parts) -> Self {
        parts.menus.clone()
    }
}

pub fn routes(forward: Upstream, limiter: Limiter) -> Router {
    Router::new()
        .route("/cardapio", get(cardapio::show))
        .route("/pedido", post(pedido::place))
        .route("/pedido/{id}", get(pedido::show))
        .route("/openapi.json", get(openapi::show))
        .method_not_allowed_fallback(method_not_allowed)
        .route_layer(from_fn(refuse_repeated))
        .route_layer(from_fn_with_state(limiter, limit::rest))
        .with_state(Parts { forward, menus: EncodedMenus::default() })
}

pub async fn method_not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        "this path does not take this method",
        "este caminho não aceita este método",
    )
}

async fn refuse_repeated(request: Request, next: Next) -> Response {
    match once_at_most(request.headers(), &ONCE) {
        Ok(()) => next.run(request).await,
        Err(fault) => Problem::with(StatusCode::BAD_REQUEST, fault).into_response(),
    }
}

/// A call on behalf of this request: with its token, in its language, and not for ever.
fn on_behalf<T>(headers: &HeaderMap, message: T) -> tonic::Request<T> {
    let passed = [AUTHORIZATION, ACCEPT_LANGUAGE].into_iter();
    let passed = passed.flat_map(|name| headers.get_all(&name).iter().map(move |value| (name.clone(), value.clone())));
    let mut call = tonic::Request::new(message);
    *call.metadata_mut() = MetadataMap::from_headers(passed.collect());
    call.set_timeout(DEADLINE);
    call
}

/// A reply without what its contract promises.
fn broken_promise() -> Problem {
    Problem::with(StatusCode::INTERNAL_SERVER_ERROR, ApiError::internal())
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Valor {
    moeda: String,
    centavos: i64,
}

impl From<Money> for Valor {
    fn from(money: Money) -> Self {
        Self { moeda: money.currency_code, centavos: money.minor_units }
    }
}

impl From<Valor> for Money {
    fn from(valor: Valor) -> Self {
        Self { currency_code: valor.moeda, minor_units: valor.centavos }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_call_carries_the_callers_token_and_language_and_a_deadline_of_ours() {
        let given =
            [("authorization", "Bearer x"), ("accept-language", "en"), ("cookie", "a=b"), ("grpc-timeout", "1H")];
        let given = given.map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value)));
        let headers = on_behalf(&HeaderMap::from_iter(given), ()).metadata().clone().into_headers();
        let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        assert_eq!((value("authorization"), value("accept-language")), (Some("Bearer x"), Some("en")));
        assert_eq!((value("grpc-timeout"), headers.len()), (Some("5000000u"), 3));
    }
}
