//! Refusals on the REST face: the same reasons and sentences as over gRPC, as problem+json (RFC 9457) with an HTTP status.

use crate::rest::fields;
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use comanda_context::{error::ApiError, language::Language};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde::{Serialize, Serializer};
use std::{collections::BTreeMap, time::Duration};
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// A refusal, ready to be sent.
#[derive(Debug, Serialize)]
pub struct Problem {
    r#type: String,
    title: &'static str,
    #[serde(serialize_with = "number")]
    pub status: StatusCode,
    detail: String,
    pub motivo: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    campos: Vec<Campo>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadados: BTreeMap<String, String>,
    #[serde(skip)]
    retry_after: Option<Duration>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize)]
struct Campo {
    campo: String,
    descricao: String,
}

impl Problem {
    /// A refusal of the REST face itself, which knows its HTTP status better than a code can tell.
    pub fn new(status: StatusCode, reason: &'static str, english: &str, portuguese: &str) -> Self {
        Self::with(status, ApiError::new(Code::InvalidArgument, reason, english, portuguese))
    }

    /// The same for a fault.
    pub fn with(status: StatusCode, fault: ApiError) -> Self {
        Self { status, title: title(status), ..Status::from(fault).into() }
    }
}

impl From<Status> for Problem {
    fn from(status: Status) -> Self {
        let details = status.get_error_details();
        let (reason, metadata) = details.error_info().map_or_else(
            || (format!("{:?}", status.code()).to_uppercase(), BTreeMap::new()),
            |info| (info.reason.clone(), info.metadata.iter().map(translated).collect()),
        );
        let violations = details.bad_request().map_or(&[][..], |bad| &bad.field_violations);
        let campos = violations.iter().map(|violation| Campo {
            campo: fields::portuguese(&violation.field),
            descricao: violation.description.clone(),
        });
        let campos = campos.collect::<Vec<_>>();
        let http = http_status(status.code(), &reason);
        Self {
            r#type: format!("urn:comanda:{}", reason.to_lowercase().replace('_', "-")),
            title: title(http),
            status: http,
            detail: sentence(&campos).unwrap_or_else(|| {
                details.localized_message().map_or_else(|| status.message().to_owned(), |local| local.message.clone())
            }),
            motivo: reason,
            campos,
            metadados: metadata,
            retry_after: details.retry_info().and_then(|retry| retry.retry_delay),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, wait) = (self.status, self.retry_after);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(Language::current().tag()));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let wait = wait.or((status == StatusCode::SERVICE_UNAVAILABLE).then_some(Duration::from_secs(1)));
        if let Some(wait) = wait {
            headers.insert(
                RETRY_AFTER,
                HeaderValue::from(u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX)),
            );
        }
        response
    }
}

fn number<S: Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

/// All violations in one sentence, by the names that the REST face uses.
fn sentence(campos: &[Campo]) -> Option<String> {
    // What is about no field counts those that are not shown.
    let each = campos.iter().map(|campo| match campo.campo.as_str() {
        "" => campo.descricao.clone(),
        name => format!("{name}: {}", campo.descricao),
    });
    (!campos.is_empty()).then(|| each.collect::<Vec<_>>().join("; "))
}

fn translated((key, value): (&String, &String)) -> (String, String) {
    (fields::portuguese(key), value.clone())
}

fn http_status(code: Code, reason: &str) -> StatusCode {
    match (code, reason) {
        (_, "MESSAGE_TOO_LARGE") => StatusCode::PAYLOAD_TOO_LARGE,
        // Well-formed, but not to be followed; a product is named in the body, while a shop or an order is what the
        // request is about.
        (_, "FIELD_INVALID" | "REQUEST_ID_REUSED" | "PRODUCT_NOT_FOUND") => StatusCode::UNPROCESSABLE_ENTITY,
        (Code::InvalidArgument | Code::OutOfRange, _) => StatusCode::BAD_REQUEST,
        (Code::Unauthenticated, _) => StatusCode::UNAUTHORIZED,
        (Code::PermissionDenied, _) => StatusCode::FORBIDDEN,
        (Code::NotFound, _) => StatusCode::NOT_FOUND,
        (Code::FailedPrecondition | Code::Aborted | Code::AlreadyExists, _) => StatusCode::CONFLICT,
        (Code::ResourceExhausted, _) => StatusCode::TOO_MANY_REQUESTS,
        (Code::Unimplemented, _) => StatusCode::NOT_IMPLEMENTED,
        (Code::Unavailable, _) => StatusCode::SERVICE_UNAVAILABLE,
        (Code::DeadlineExceeded, _) => StatusCode::GATEWAY_TIMEOUT,
        (Code::Ok | Code::Cancelled | Code::Unknown | Code::Internal | Code::DataLoss, _) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

fn title(status: StatusCode) -> &'static str {
    let portuguese = match status.as_u16() {
        400 => "Requisição inválida",
        401 => "Não autenticado",
        403 => "Sem permissão",
        404 => "Não encontrado",
        405 => "Método não permitido",
        408 => "Requisição lenta demais",
        409 => "Conflito",
        413 => "Corpo grande demais",
        415 => "Tipo de conteúdo não aceito",
        422 => "Dados inválidos",
        429 => "Requisições demais",
        501 => "Não implementado",
        503 => "Indisponível",
        504 => "Prazo esgotado",
        _ => "Erro interno",
    };
    Language::current().pick(status.canonical_reason().unwrap_or("Error"), portuguese)
}

#[cfg(test)]
mod tests {
    use super::*;
    use comanda_context::error::Violation;
    use serde_json::{Value, json};

    fn problem(fault: ApiError) -> Problem {
        Status::from(fault).into()
    }

    #[test]
    fn each_code_has_its_http_status() {
        let cases = [
            (Code::InvalidArgument, "FIELD_INVALID", 422),
            (Code::InvalidArgument, "REQUEST_ID_REUSED", 422),
            (Code::InvalidArgument, "MESSAGE_TOO_LARGE", 413),
            (Code::InvalidArgument, "ANYTHING_ELSE", 400),
            (Code::NotFound, "ORDER_NOT_FOUND", 404),
            (Code::NotFound, "SHOP_NOT_FOUND", 404),
            (Code::NotFound, "PRODUCT_NOT_FOUND", 422),
            (Code::FailedPrecondition, "PRODUCT_SOLD_OUT", 409),
            (Code::Aborted, "REVISION_MISMATCH", 409),
            (Code::Unauthenticated, "TOKEN_INVALID", 401),
            (Code::PermissionDenied, "ROLE_REQUIRED", 403),
            (Code::ResourceExhausted, "RATE_LIMITED", 429),
            (Code::Unavailable, "DEPENDENCY_DOWN", 503),
            (Code::DeadlineExceeded, "DEADLINE_EXCEEDED", 504),
            (Code::Internal, "INTERNAL", 500),
        ];
        for (code, reason, http) in cases {
            assert_eq!(problem(ApiError::new(code, reason, "", "")).status.as_u16(), http, "{code:?} {reason}");
        }
    }

    #[test]
    fn violations_speak_the_names_of_the_rest_face() {
        let violation = |field: &str, portuguese: &str| Violation {
            field: field.into(),
            english: "?".into(),
            portuguese: portuguese.into(),
        };
        let problem = problem(ApiError::invalid(vec![
            violation("customer_name", "deve ter de 1 a 40 caracteres"),
            violation("lines[0].quantity", "deve ser de 1 a 99"),
        ]));
        let expected = json!({
            "type": "urn:comanda:field-invalid",
            "title": "Dados inválidos",
            "status": 422,
            "detail": "cliente: deve ter de 1 a 40 caracteres; itens[0].quantidade: deve ser de 1 a 99",
            "motivo": "FIELD_INVALID",
            "campos": [
                {"campo": "cliente", "descricao": "deve ter de 1 a 40 caracteres"},
                {"campo": "itens[0].quantidade", "descricao": "deve ser de 1 a 99"},
            ],
        });
        assert_eq!(serde_json::to_value(&problem).unwrap_or(Value::Null), expected);
    }

    #[tokio::test]
    async fn a_problem_says_in_its_headers_what_to_do_next() {
        let unavailable =
            Language::English.scope(async { problem(ApiError::unavailable("orders")).into_response() }).await;
        assert_eq!(unavailable.headers()[RETRY_AFTER], "1");
        assert_eq!(unavailable.headers()[CONTENT_TYPE], "application/problem+json");
        let nobody = problem(ApiError::new(Code::Unauthenticated, "TOKEN_INVALID", "", "")).into_response();
        assert_eq!(nobody.headers()[WWW_AUTHENTICATE], "Bearer");
        assert_eq!(nobody.headers()[CONTENT_LANGUAGE], "pt-BR");
    }

    #[test]
    fn metadata_speaks_them_too() {
        let fault = ApiError::new(Code::FailedPrecondition, "PRICE_CHANGED", "", "").meta("lines[1].current", 1300);
        let metadados = problem(fault).metadados;
        assert_eq!(metadados.get("itens[1].atual").map(String::as_str), Some("1300"));
    }

    #[test]
    fn a_status_without_details_is_still_a_problem() {
        let problem = Problem::from(Status::unavailable("transport error"));
        assert_eq!((problem.status.as_u16(), problem.motivo.as_str()), (503, "UNAVAILABLE"));
    }
}
