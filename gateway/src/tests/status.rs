//! The status as the gateway gathers it: who answers, who does not, and who may know.

use super::*;
use axum::body::{Body, to_bytes};
use comanda_telemetry::{
    status::v1::{GetStatusRequest, Level, status_service_client::StatusServiceClient},
    status_service::PATH,
};
use http::{Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

async fn page(token: Option<&str>) -> (StatusCode, Value) {
    let mut request = Request::get("/status.json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {}", super::token(token)));
    }
    let reply = door().await.oneshot(request.body(Body::empty()).expect("a request")).await.expect("infallible");
    let (head, body) = reply.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    (head.status, serde_json::from_slice(&body).expect("JSON"))
}

#[tokio::test]
async fn every_role_is_asked_and_who_is_away_is_named() {
    let (status, told) = page(Some("staff")).await;
    assert_eq!(status, StatusCode::OK);
    let names = told["processes"].as_array().expect("a list").iter().map(|process| &process["roles"][0]["name"]);
    assert_eq!(names.collect::<Vec<_>>(), ["gateway", "orders"]);
    let away = told["unreachable"].as_array().expect("a list").iter().map(|role| &role["role"]);
    assert_eq!(away.collect::<Vec<_>>(), ["catalog", "kitchen", "identity"]);
    let alarm = told["findings"].as_array().expect("a list").iter().find(|finding| finding["level"] == "LEVEL_ALARM");
    let sentence = alarm.expect("an alarm")["sentence"]["english"].as_str().expect("a sentence");
    assert!(sentence.starts_with("catalog does not answer: "), "{sentence}");
}

#[tokio::test]
async fn only_staff_and_services_may_know() {
    for (token, status, reason) in [
        (None, StatusCode::UNAUTHORIZED, "TOKEN_INVALID"),
        (Some("nonsense"), StatusCode::UNAUTHORIZED, "TOKEN_INVALID"),
        (Some("panel"), StatusCode::FORBIDDEN, "ROLE_REQUIRED"),
    ] {
        let (refused, problem) = page(token).await;
        assert_eq!((refused, &problem["motivo"]), (status, &reason.into()));
    }
    let (status, _) = page(Some("service")).await;
    assert_eq!(status, StatusCode::OK);
    let mut client = StatusServiceClient::new(door().await.into_service());
    let refused = client.get_status(as_caller("panel", GetStatusRequest {})).await.expect_err("the panel's");
    assert_eq!(reason(&refused), (Code::PermissionDenied, "ROLE_REQUIRED".to_owned()));
}

#[tokio::test]
async fn grpc_tells_the_same() {
    let mut client = StatusServiceClient::new(door().await.into_service());
    let told = client.get_status(as_caller("staff", GetStatusRequest {})).await.expect("an answer").into_inner();
    assert_eq!(told.processes.len(), 2);
    assert!(told.findings.iter().any(|finding| finding.level() == Level::Alarm), "{told:?}");
    assert!(gate().is_public_path(PATH));
}
