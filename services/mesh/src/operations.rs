//! The operator's port: health for probes and metrics for Prometheus, in plaintext and without tokens, so it belongs to the
//! inside of a deployment. It answers until the process ends, also while calls drain.

use crate::health::Health;
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tokio::net::TcpListener;
use tonic::service::Routes;

/// Seconds; a hit in memory takes microseconds, a call that waits for a database may take seconds.
const BUCKETS: [f64; 12] = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// Serves `grpc.health.v1.Health` and `GET /metrics`. Never ends by itself.
///
/// # Errors
/// Metrics are collected already, or the listener failed.
pub async fn serve(listener: TcpListener, health: Health) -> Result<(), String> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS)
        .map_err(|error| error.to_string())?;
    let metrics = builder.install_recorder().map_err(|error| error.to_string())?;
    let app = Routes::new(health.service())
        .into_axum_router()
        .route("/metrics", get(move || std::future::ready(metrics.render())));
    axum::serve(listener, app).await.map_err(|error| error.to_string())
}
