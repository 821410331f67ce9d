//! The REST face, the pages and CORS.

use super::*;
use axum::body::{Body, to_bytes};
use comanda_context::peer::Peer;
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

const KEY: &str = "5b8f1c1e-5d5f-4b7a-9d51-2f6e9d0f7c11";

async fn send(
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> (StatusCode, HeaderMap, Value) {
    let mut request = Request::new(body.into());
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().expect("a path");
    for (name, value) in headers {
        let name = name.parse::<header::HeaderName>().expect("a name");
        request.headers_mut().append(name, value.parse().expect("a value"));
    }
    let (head, body) = door().await.oneshot(request).await.expect("infallible").into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    (head.status, head.headers, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

async fn order_by(customer: &str) -> (StatusCode, HeaderMap, Value) {
    let price = json!({"moeda": "BRL", "centavos": 990});
    let item = json!({"produto_id": ID, "quantidade": 1, "preco_visto": price});
    let body = json!({"cliente": customer, "mesa": "7", "itens": [item]}).to_string();
    let headers = [("idempotency-key", KEY), ("content-type", "application/json")];
    send(Method::POST, "/pedido", &headers, body).await
}

#[tokio::test]
async fn an_order_is_placed_and_seen() {
    let (status, headers, body) = order_by("Ana").await;
    let expected = json!({"id": ID, "numero": 42, "status": "RECEBIDO", "total": {"moeda": "BRL", "centavos": 990}, "itens": [], "token": "own"});
    assert_eq!((status, body), (StatusCode::CREATED, expected));
    assert_eq!(headers[header::LOCATION], format!("/pedido/{ID}"));
    assert!(!headers.contains_key("idempotent-replay"));
    let (status, headers, body) =
        send(Method::GET, &format!("/pedido/{ID}"), &[("authorization", &bearer("staff"))], "").await;
    let expected = json!({"id": ID, "numero": 42, "status": "EM PREPARO", "total": {"moeda": "BRL", "centavos": 1250}, "itens": []});
    assert_eq!((status, body), (StatusCode::OK, expected));
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn a_repeat_is_marked_and_what_orders_refuses_is_told() {
    let (status, headers, _) = order_by("again").await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(headers["idempotent-replay"], "true");
    let (status, _, body) = order_by("other").await;
    assert_eq!((status.as_u16(), &body["motivo"]), (422, &json!("REQUEST_ID_REUSED")));
    let (status, _, body) = order_by("late").await;
    assert_eq!((status.as_u16(), &body["motivo"]), (504, &json!("DEADLINE_EXCEEDED")));
    let (status, _, body) = order_by("nobody").await;
    assert_eq!((status.as_u16(), &body["metadados"]["dependency"]), (503, &json!("database")));
}

fn bearer(name: &str) -> String {
    format!("Bearer {}", super::token(name))
}

#[tokio::test]
async fn refusals_are_problems() {
    let key = ("idempotency-key", KEY);
    let json = ("content-type", "application/json");
    let huge = " ".repeat(70_000);
    let (staff, panel) = (bearer("staff"), bearer("panel"));
    let cases = [
        (Method::POST, "/pedido", vec![json], "{}", 400, "IDEMPOTENCY_KEY_REQUIRED"),
        (Method::POST, "/pedido", vec![key, json], "{", 400, "JSON_MALFORMED"),
        (Method::POST, "/pedido", vec![key, json], r#"{"clinte": "Ana"}"#, 422, "FIELD_INVALID"),
        (Method::POST, "/pedido", vec![key], "{}", 415, "CONTENT_TYPE_UNSUPPORTED"),
        (Method::POST, "/pedido", vec![key, json], huge.as_str(), 413, "MESSAGE_TOO_LARGE"),
        (Method::DELETE, "/pedido", vec![], "", 405, "METHOD_NOT_ALLOWED"),
        (Method::GET, "/pedido/1", vec![], "", 401, "TOKEN_INVALID"),
        (Method::GET, "/pedido/%ff", vec![("authorization", panel.as_str())], "", 403, "ROLE_REQUIRED"),
        (Method::GET, "/pedido/1", vec![("authorization", staff.as_str())], "", 404, "ORDER_NOT_FOUND"),
        (Method::GET, "/cardapio?shop=x", vec![], "", 400, "QUERY_INVALID"),
        (Method::GET, "/cardapio", vec![], "", 503, "DEPENDENCY_DOWN"),
        (Method::GET, "/nada", vec![], "", 404, "PATH_NOT_FOUND"),
        (Method::GET, "/assets/../../Cargo.toml", vec![], "", 404, "PATH_NOT_FOUND"),
    ];
    for (method, path, headers, body, status, reason) in cases {
        let sent = send(method, path, &headers, body.to_owned()).await;
        assert_eq!((sent.0.as_u16(), &sent.2["motivo"]), (status, &json!(reason)), "{path} {body:.40}");
        assert_eq!(sent.1[header::CONTENT_TYPE], "application/problem+json", "{path}");
    }
}

#[tokio::test]
async fn a_problem_speaks_the_callers_language_and_says_when_to_come_back() {
    let (_, headers, body) = send(Method::GET, "/cardapio", &[("accept-language", "en-US,en;q=0.9")], "").await;
    assert_eq!(body["detail"], "catalog does not answer; try again");
    assert_eq!(headers["retry-after"], "1");
    assert_eq!(headers["content-language"], "en");
    let (_, _, body) = send(Method::GET, "/cardapio", &[], "").await;
    assert_eq!((&body["title"], &body["status"]), (&json!("Indisponível"), &json!(503)));
    let (_, headers, _) = send(Method::PUT, "/cardapio", &[], "").await;
    assert_eq!(headers["allow"], "GET,HEAD");
}

#[tokio::test]
async fn only_listed_origins_may_call() {
    let path = "/comanda.orders.v1.OrderService/PlaceOrder";
    let ask = |origin: &'static str| async move {
        let headers = [("origin", origin), ("access-control-request-method", "POST")];
        send(Method::OPTIONS, path, &headers, "").await.1.get("access-control-allow-origin").cloned()
    };
    assert_eq!(ask("https://cafe.example").await.expect("allowed"), "https://cafe.example");
    assert_eq!(ask("https://cafe.example.evil").await, None);
}

#[tokio::test]
async fn pages_are_guarded_and_built_or_not_the_door_says_so() {
    for path in ["/", "/acompanhar", "/barista", "/painel"] {
        let (status, headers, _) = send(Method::GET, path, &[], "").await;
        assert!(matches!(status, StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE), "{path}: {status}");
        let guard = headers["content-security-policy"].to_str().expect("text");
        assert!(guard.starts_with("default-src 'self';"), "{guard}");
    }
}

#[tokio::test]
async fn every_answer_tells_browsers_what_not_to_do() {
    let grpc = ("content-type", "application/grpc-web");
    let cases = [
        (Method::GET, "/", vec![]),
        (Method::GET, "/nada", vec![]),
        (Method::GET, "/cardapio", vec![("origin", "https://cafe.example")]),
        (Method::POST, "/comanda.orders.v1.OrderService/GetOrder", vec![grpc]),
        (
            Method::OPTIONS,
            "/pedido",
            vec![("origin", "https://cafe.example"), ("access-control-request-method", "POST")],
        ),
    ];
    for (method, path, sent) in cases {
        let (_, headers, _) = send(method, path, &sent, "").await;
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin", "{path}");
        let permissions = headers["permissions-policy"].to_str().expect("text");
        assert!(permissions.contains("camera=()") && permissions.contains("screen-wake-lock=(self)"), "{permissions}");
        let policy = headers["content-security-policy"].to_str().expect("text");
        assert_eq!(policy.starts_with("default-src 'self'"), path == "/", "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!headers.contains_key("strict-transport-security"), "{path}");
    }
    let door = door_of(&Config { https: true, ..Config::default() }, links().await.0);
    let response = door.oneshot(Request::new(Body::empty())).await.expect("infallible");
    assert_eq!(response.headers()["strict-transport-security"], "max-age=31536000");
}

#[tokio::test]
async fn pages_are_kept_from_their_openers_where_browsers_keep_them() {
    let config = Config { https_hosts: vec!["cafe.example".into()], ..Config::default() };
    let door = door_of(&config, links().await.0);
    let by_tls = Peer { by_tls: true, ..Peer::default() };
    for (host, forwarded, peer, kept) in [
        ("192.168.0.7:8080", "", Peer::default(), false),
        ("comanda.local:8080", "http", Peer::default(), false),
        ("192.168.0.7:8443", "", by_tls, true),
        ("192.168.0.7", "https", Peer::default(), true),
        ("cafe.example", "", Peer::default(), true),
        ("localhost:8080", "", Peer::default(), true),
        ("[::1]:8080", "", Peer::default(), true),
    ] {
        let mut request = Request::get("/").header("host", host).header("x-forwarded-proto", forwarded);
        request.extensions_mut().expect("a good request").insert(peer);
        let request = request.body(Body::empty()).expect("a good request");
        let headers = door.clone().oneshot(request).await.expect("infallible").headers().clone();
        assert_eq!(headers.contains_key("cross-origin-opener-policy"), kept, "{host} {forwarded}");
    }
}
