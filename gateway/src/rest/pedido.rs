//! `POST /pedido` and `GET /pedido/{id}`: an order is placed, an order is seen.
//!
//! Fields that a caller leaves out travel empty, so that the service names all that is missing at once.

use super::{
    KEY, Valor, broken_promise,
    json::{self, Object},
    on_behalf,
    upload::Upload,
};
use crate::{Upstream, problem::Problem};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use comanda_proto::{
    orders::v1::{
        GetOrderRequest, Order, OrderLine, PlaceOrderLine, PlaceOrderRequest, order_service_client::OrderServiceClient,
    },
    r#type::v1::{AtTable, OrderState, ServiceMode, TakeAway, service_mode::Mode},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, LOCATION},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const REPLAY: HeaderName = HeaderName::from_static("idempotent-replay");
/// Replies carry a name, and one of them a token: no cache may keep them.
const UNCACHED: (HeaderName, HeaderValue) = (CACHE_CONTROL, HeaderValue::from_static("no-store"));

pub async fn place(State(forward): State<Upstream>, headers: HeaderMap, body: Upload) -> Result<Response, Problem> {
    let key = key(&headers)?;
    let wanted: Novo = json::read(&headers, body)?;
    let call = on_behalf(&headers, wanted.into_request(key));
    let reply = OrderServiceClient::new(forward).place_order(call).await?;
    let replayed = reply.metadata().get("x-idempotent-replay").is_some_and(|value| value == "true");
    let reply = reply.into_inner();
    let order = reply.order.ok_or_else(broken_promise)?;
    let location = [(LOCATION, format!("/pedido/{}", order.order_id))];
    let pedido = Pedido { token: Some(reply.own_token), ..order.into() };
    let mut response = (StatusCode::CREATED, [UNCACHED], location, Json(pedido)).into_response();
    if replayed {
        response.headers_mut().insert(REPLAY, HeaderValue::from_static("true"));
    }
    Ok(response)
}

pub async fn show(
    State(forward): State<Upstream>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // What is no text is no id either; the service says so.
    let order_id = id.map(|Path(id)| id).unwrap_or_default();
    let call = on_behalf(&headers, GetOrderRequest { order_id });
    let reply = OrderServiceClient::new(forward).get_order(call).await?.into_inner();
    let order = reply.order.ok_or_else(broken_promise)?;
    Ok(([UNCACHED], Json(Pedido::from(order))).into_response())
}

/// The key is required: without it a repeat after a lost answer would be a second order. Quotes, which RFC drafts ask
/// for, may stand around it.
fn key(headers: &HeaderMap) -> Result<Uuid, Problem> {
    let value = headers.get(KEY).ok_or_else(|| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "IDEMPOTENCY_KEY_REQUIRED",
            "send a random UUID as Idempotency-Key, and the same one when you repeat this order",
            "envie um UUID aleatório em Idempotency-Key, e o mesmo ao repetir este pedido",
        )
    })?;
    let text = value.to_str().unwrap_or("").trim_matches('"');
    Uuid::try_parse(text).ok().filter(|key| text.len() == 36 && !key.is_nil()).ok_or_else(|| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "IDEMPOTENCY_KEY_INVALID",
            "Idempotency-Key must be a UUID",
            "Idempotency-Key deve ser um UUID",
        )
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Novo {
    loja: Option<String>,
    cliente: String,
    mesa: Option<String>,
    itens: Vec<Object<NovoItem>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NovoItem {
    produto_id: String,
    quantidade: i32,
    opcoes: Vec<String>,
    observacao: Option<String>,
    alergia: Option<String>,
    preco_visto: Option<Object<Valor>>,
}

impl Novo {
    fn into_request(self, key: Uuid) -> PlaceOrderRequest {
        let mode = self.mesa.map_or(Mode::TakeAway(TakeAway {}), |table| Mode::AtTable(AtTable { table }));
        PlaceOrderRequest {
            request_id: key.to_string(),
            shop_id: self.loja.unwrap_or_default(),
            customer_name: self.cliente,
            service_mode: Some(ServiceMode { mode: Some(mode) }),
            lines: self.itens.into_iter().map(|Object(item)| item.into()).collect(),
        }
    }
}

impl From<NovoItem> for PlaceOrderLine {
    fn from(item: NovoItem) -> Self {
        Self {
            product_id: item.produto_id,
            quantity: item.quantidade,
            option_ids: item.opcoes,
            note: item.observacao.unwrap_or_default(),
            allergy: item.alergia.unwrap_or_default(),
            seen_unit_price: item.preco_visto.map(|Object(price)| price.into()),
        }
    }
}

#[derive(Debug, Serialize)]
struct Pedido {
    id: String,
    numero: i64,
    status: &'static str,
    total: Option<Valor>,
    itens: Vec<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

#[derive(Debug, Serialize)]
struct Item {
    produto_id: String,
    nome: String,
    quantidade: i32,
    preco: Option<Valor>,
    opcoes: Vec<Opcao>,
    observacao: String,
    alergia: String,
}

#[derive(Debug, Serialize)]
struct Opcao {
    id: String,
    nome: String,
}

impl From<Order> for Pedido {
    fn from(order: Order) -> Self {
        Self {
            status: label(order.state()),
            id: order.order_id,
            numero: order.number,
            total: order.total.map(Into::into),
            itens: order.lines.into_iter().map(Into::into).collect(),
            token: None,
        }
    }
}

impl From<OrderLine> for Item {
    fn from(line: OrderLine) -> Self {
        let options = line.options.into_iter();
        Self {
            produto_id: line.product_id,
            nome: line.name,
            quantidade: line.quantity,
            preco: line.unit_price.map(Into::into),
            opcoes: options.map(|option| Opcao { id: option.option_id, nome: option.name }).collect(),
            observacao: line.note,
            alergia: line.allergy,
        }
    }
}

fn label(state: OrderState) -> &'static str {
    match state {
        OrderState::Received => "RECEBIDO",
        OrderState::Preparing => "EM PREPARO",
        OrderState::Ready => "PRONTO",
        OrderState::Collected => "ENTREGUE",
        OrderState::Cancelled => "CANCELADO",
        // A state of a later release.
        OrderState::Unspecified => "DESCONHECIDO",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_a_uuid_with_or_without_quotes() {
        let given = |key: &'static str| {
            let headers = HeaderMap::from_iter([(KEY, HeaderValue::from_static(key))]);
            super::key(&headers).map_err(|problem| (problem.status.as_u16(), problem.motivo))
        };
        let key = Uuid::from_u128(0x0192_f0c1_0000_7000_8000_0000_0000_0001);
        assert_eq!(given("0192f0c1-0000-7000-8000-000000000001"), Ok(key));
        assert_eq!(given("\"0192F0C1-0000-7000-8000-000000000001\""), Ok(key));
        let invalid = Err((400, "IDEMPOTENCY_KEY_INVALID".to_owned()));
        for bad in ["", "abc", "0192f0c1000070008000000000000001", "00000000-0000-0000-0000-000000000000"] {
            assert_eq!(given(bad), invalid, "{bad}");
        }
        let missing = super::key(&HeaderMap::new()).expect_err("no key");
        assert_eq!((missing.status.as_u16(), missing.motivo.as_str()), (400, "IDEMPOTENCY_KEY_REQUIRED"));
    }

    #[test]
    fn what_is_left_out_travels_empty_and_no_table_means_take_away() {
        let wanted: Novo = serde_json::from_str(r#"{"itens":[{"quantidade":2}]}"#).expect("a partial order");
        let request = wanted.into_request(Uuid::from_u128(1));
        assert_eq!((request.customer_name.as_str(), request.shop_id.as_str()), ("", ""));
        assert_eq!(request.service_mode.and_then(|mode| mode.mode), Some(Mode::TakeAway(TakeAway {})));
        assert_eq!(request.lines, [PlaceOrderLine { quantity: 2, ..Default::default() }]);
    }

    #[test]
    fn every_state_has_its_label() {
        let states = (0..6).map(|state| label(OrderState::try_from(state).expect("a state")));
        let labels = ["DESCONHECIDO", "RECEBIDO", "EM PREPARO", "PRONTO", "ENTREGUE", "CANCELADO"];
        assert_eq!(states.collect::<Vec<_>>(), labels);
        assert!(OrderState::try_from(6).is_err(), "a new state needs a label");
    }
}
