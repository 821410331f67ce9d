//! One way to serve for every role: connections with limits, the layers in front, health and reflection, and a
//! graceful shutdown. The layers stand in this order, from outside: [`comanda_telemetry::trace`], `call`,
//! [`comanda_auth::gate`], the service.

mod call_layer;
pub mod connection;
mod library_errors;
mod rpc_metrics;
pub mod stream_lifetime;
mod trace_layer;

pub use call_layer::{CallLayer, Called};
pub use connection::Callers;
pub use rpc_metrics::RpcMetricsLayer;
pub use trace_layer::TraceLayer;

use crate::{connection_limit::ConnectionLimit, listener::Incoming, load_shed::Limits};
use axum::Router;
use comanda_auth::gate::{Gate, GateLayer};
use comanda_telemetry::{health::Health, status_service};
use connection::Connections;
use http::{Request, Response};
use std::{convert::Infallible, time::Duration};
use tokio::{task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;
use tonic::{
    body::Body,
    server::NamedService,
    service::{Routes, RoutesBuilder},
};
use tower::Service;

/// How long open calls may go on after a stop was asked for.
pub const DRAIN: Duration = Duration::from_secs(8);

/// Serves an app until `shutdown`; then says that it is not ready, tells streams to end, and waits for open calls, at most
/// [`DRAIN`]. Who calls decides what a connection may do.
pub async fn run(
    app: Router,
    mut incoming: Incoming,
    callers: Callers,
    (limits, health): (Limits, Health),
    shutdown: CancellationToken,
) {
    let connections = Connections::new(app, &callers, limits);
    let places = match callers {
        Callers::Roles => ConnectionLimit::new(limits.connections, None),
        Callers::Anybody(per_address) => ConnectionLimit::new(limits.connections, Some(per_address)),
    };
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            accepted = incoming.next() => {
                // Whoever finds no place is hung up on before anything is read: an answer would cost what is scarce.
                if let Ok(place) = accepted.slot(&places) {
                    let served = connections.clone().serve(accepted, shutdown.clone());
                    open.spawn(async move {
                        let _place = place;
                        served.await;
                    });
                }
            }
            // Forgets those that are over.
            Some(_) = open.join_next() => {}
            () = shutdown.cancelled() => break,
        }
    }
    health.set_ready(false).await;
    // Whoever connects now must be refused, and try another replica.
    drop(incoming);
    let all_closed = async { while open.join_next().await.is_some() {} };
    if timeout(DRAIN, all_closed).await.is_err() {
        tracing::warn!("some calls were still open and are cut off");
    }
}

/// The contracts' descriptors cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the contracts cannot be shown by reflection: {0}")]
pub struct ReflectionError(String);

/// A role's server before it runs.
pub struct RoleServer {
    gate: Gate,
    descriptors: &'static [u8],
    routes: RoutesBuilder,
    names: Vec<&'static str>,
    health: Health,
    limits: Limits,
}

impl RoleServer {
    /// A server that lets in whom the gate admits, shows these descriptors by reflection, and tells its health.
    #[must_use]
    pub fn new(gate: Gate, descriptors: &'static [u8], health: Health, limits: Limits) -> Self {
        let status = status_service::service(health.clone());
        Self { gate, descriptors, routes: Routes::builder(), names: Vec::new(), health, limits }.with(status)
    }

    /// Adds a generated service.
    #[must_use]
    pub fn with<S>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + NamedService,
        S: Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        self.names.push(S::NAME);
        self.routes.add_service(service);
        self
    }

    /// Serves until `shutdown`, then ends as [`run`] does.
    ///
    /// # Errors
    /// The descriptors are unreadable.
    pub async fn serve(mut self, incoming: Incoming, shutdown: CancellationToken) -> Result<(), ReflectionError> {
        self.routes.add_service(self.health.service());
        self.add_reflection()?;
        let call = CallLayer::new(self.gate.contracts().clone(), self.limits);
        let metrics = RpcMetricsLayer(self.gate.contracts().clone());
        let layers =
            tower::ServiceBuilder::new().layer(TraceLayer).layer(metrics).layer(call).layer(GateLayer(self.gate));
        let services = layers.service(self.routes.routes());
        let app = Router::new().fallback_service(services);
        run(app, incoming, Callers::Roles, (self.limits, self.health), shutdown).await;
        Ok(())
    }

    fn add_reflection(&mut self) -> Result<(), ReflectionError> {
        let builder = || {
            let builder = tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(self.descriptors)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
                .with_service_name("grpc.health.v1.Health");
            self.names.iter().fold(builder, |builder, name| builder.with_service_name(*name))
        };
        let v1 = builder().build_v1().map_err(|error| ReflectionError(error.to_string()))?;
        let v1alpha = builder().build_v1alpha().map_err(|error| ReflectionError(error.to_string()))?;
        self.routes.add_service(v1).add_service(v1alpha);
        Ok(())
    }
}
