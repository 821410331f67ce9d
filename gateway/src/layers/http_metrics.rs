//! Metrics of REST and pages by the OpenTelemetry conventions (1.39): `http.server.request.duration` by route. Labels are
//! closed: a verb or a route that does not exist is `_OTHER`.

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use comanda_telemetry::status::rates;
use http::{Method, StatusCode};
use std::time::Instant;
use tonic::Code;

const OTHER: &str = "_OTHER";
const VERBS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];

/// Measures a request until its head is answered.
pub async fn measure(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let verb = VERBS.iter().find(|verb| *verb == request.method()).map_or(OTHER, Method::as_str).to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or(OTHER, MatchedPath::as_str).to_owned();
    let answer = next.run(request).await;
    let (status, took) = (answer.status(), started.elapsed());
    rates::count(&route, code(status), None, took);
    metrics::histogram!(
        "http_server_request_duration_seconds",
        "http_request_method" => verb, "http_route" => route, "http_response_status_code" => status.as_str().to_owned()
    )
    .record(took.as_secs_f64());
    answer
}

/// What a status means for the rate of failures.
fn code(status: StatusCode) -> Code {
    match status {
        StatusCode::GATEWAY_TIMEOUT => Code::DeadlineExceeded,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY => Code::Unavailable,
        status if status.is_server_error() => Code::Internal,
        _ => Code::Ok,
    }
}
