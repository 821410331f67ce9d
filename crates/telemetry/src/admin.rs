//! The operator's port: health for probes and people, metrics for Prometheus, in plaintext and without tokens, so it
//! belongs to the inside of a deployment. It answers until the process ends, also while calls drain.

use crate::{health::Health, metric_help, status};
use axum::{Json, response::IntoResponse, routing::get};
use http::StatusCode;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};
use serde_json::{Map, Value, json};
use std::{future::IntoFuture, io, time::Duration};
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic_health::pb::health_check_response::ServingStatus;

/// How often the samples of histograms are put into their buckets.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);
/// Seconds; a hit in memory takes microseconds, a call that waits for a database may take seconds.
const BUCKETS: [f64; 13] = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Why the operator's port cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// A recorder of metrics is installed already.
    #[error(transparent)]
    Metrics(#[from] BuildError),
    /// The listener failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Serves `grpc.health.v1.Health`, `GET /health`, `GET /status` and `GET /metrics`. Never ends by itself.
///
/// # Errors
/// Metrics are collected already, or the listener failed.
pub async fn serve(listener: TcpListener, health: Health) -> Result<(), AdminError> {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS)?;
    let metrics = builder.install_recorder()?;
    metric_help::describe_all();
    let upkeep = metrics.clone();
    let shown = health.clone();
    let app = Routes::new(health.service())
        .into_axum_router()
        .route("/status", get(move || own_status(shown)))
        .route("/health", get(move || page(health)))
        .route("/metrics", get(move || std::future::ready(metrics.render())));
    // Histograms collect samples until they are drained, whether or not anybody scrapes.
    let drain = async {
        let mut ticks = tokio::time::interval(UPKEEP_INTERVAL);
        loop {
            ticks.tick().await;
            upkeep.run_upkeep();
        }
    };
    tokio::select! {
        served = axum::serve(listener, app).into_future() => Ok(served?),
        never = drain => never,
    }
}

/// All that is known, such as
/// `{"database":"SERVING","orders_outbox":{"events":3,"oldest_seconds":1.2},"readiness":"SERVING"}`; with 503 when
/// calls should go elsewhere.
async fn page(health: Health) -> impl IntoResponse {
    let mut page = Map::new();
    for name in ["liveness", "readiness", "database"] {
        if let Some(status) = health.status(name).await {
            page.insert(name.to_owned(), status.as_str_name().into());
        }
    }
    for (group, numbers) in health.details() {
        let numbers: Map<_, _> = numbers.into_iter().map(|(name, number)| (name.to_owned(), plain(number))).collect();
        page.insert(group, numbers.into());
    }
    let ready = health.status("readiness").await == Some(ServingStatus::Serving);
    (if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(Value::Object(page)))
}

/// The status of this process alone, as [`status`] tells it.
async fn own_status(health: Health) -> impl IntoResponse {
    status::json(&status::of(vec![health.process()]))
        .map(Json)
        .map_err(|why| (StatusCode::INTERNAL_SERVER_ERROR, why.to_string()))
}

/// A count without a point.
fn plain(number: f64) -> Value {
    let whole = number.trunc();
    if whole == number && whole.abs() < 1e15 { json!(whole as i64) } else { json!(number) }
}
