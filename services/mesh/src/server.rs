//! One way to serve gRPC for every role: the gate in front, health and reflection beside, and an end that comes in time.

use crate::{
    fault::Fault,
    gate::{Gate, GateLayer},
    health::Health,
    incoming::Incoming,
    status,
    trace::TraceLayer,
};
use http::{Request, Response};
use std::{convert::Infallible, time::Duration};
use tokio_util::sync::CancellationToken;
use tonic::{
    Status,
    body::Body,
    server::NamedService,
    service::{Routes, RoutesBuilder},
    transport::Server,
};
use tower::Service;
use tower_http::catch_panic::CatchPanicLayer;

/// The largest request that a service reads from outside.
pub const MAX_REQUEST_BYTES: usize = 64 * 1024;
/// How long open calls may go on after a stop was asked for.
pub const DRAIN: Duration = Duration::from_secs(8);
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs a server; when it ends, however it ends, the rest of the role is told to.
///
/// # Errors
/// The server's.
pub async fn until_served(
    server: impl Future<Output = Result<(), String>>,
    shutdown: &CancellationToken,
) -> Result<(), String> {
    let served = server.await;
    shutdown.cancel();
    served
}

/// A role's server before it runs.
pub struct RoleServer {
    gate: Gate,
    descriptors: &'static [u8],
    routes: RoutesBuilder,
    names: Vec<&'static str>,
    health: Health,
}

impl RoleServer {
    /// A server that lets in whom the gate admits, shows these descriptors by reflection, and tells its health.
    #[must_use]
    pub fn new(gate: Gate, descriptors: &'static [u8], health: Health) -> Self {
        let status = status::service(health.clone());
        Self { gate, descriptors, routes: Routes::builder(), names: Vec::new(), health }.with(status)
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

    /// Serves until `shutdown`, then waits for open calls, at most [`DRAIN`].
    ///
    /// # Errors
    /// The descriptors are unreadable, or the listener failed.
    pub async fn serve(mut self, incoming: Incoming, shutdown: CancellationToken) -> Result<(), String> {
        let health = self.health.clone();
        self.routes.add_service(health.service());
        self.add_reflection()?;
        let stopping = shutdown.clone();
        let server = Server::builder()
            .http2_keepalive_interval(Some(KEEP_ALIVE_EVERY))
            .http2_keepalive_timeout(Some(KEEP_ALIVE_TIMEOUT))
            .layer(TraceLayer)
            .layer(CatchPanicLayer::custom(|_| {
                tracing::error!("a handler panicked");
                Status::from(Fault::internal()).into_http::<Body>()
            }))
            .layer(GateLayer(self.gate))
            .add_routes(self.routes.routes())
            .serve_with_incoming_shutdown(incoming, async move {
                stopping.cancelled().await;
                health.set_ready(false).await;
            });
        let too_late = async {
            shutdown.cancelled().await;
            tokio::time::sleep(DRAIN).await;
        };
        tokio::select! {
            ended = server => ended.map_err(|error| error.to_string()),
            () = too_late => Ok(()),
        }
    }

    fn add_reflection(&mut self) -> Result<(), String> {
        let builder = || {
            let builder = tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(self.descriptors)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
                .with_service_name("grpc.health.v1.Health");
            self.names.iter().fold(builder, |builder, name| builder.with_service_name(*name))
        };
        let v1 = builder().build_v1().map_err(|error| error.to_string())?;
        let v1alpha = builder().build_v1alpha().map_err(|error| error.to_string())?;
        self.routes.add_service(v1).add_service(v1alpha);
        Ok(())
    }
}
