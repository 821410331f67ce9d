//! The browser's door: everything that comes from outside enters here, on one port that speaks HTTP/1.1 and HTTP/2.
//!
//! A request is told apart by its content type. `application/grpc…` is an RPC: `reflection` answers for health and
//! reflection, all else goes through `forward`, which lets pass what the gate allows and hands it to the role that
//! serves it, without decoding it; tonic-web translates for browsers. Everything else is the web: `rest` with
//! Portuguese names, which makes its calls through the same forwarder, `pages`, the web apps, and `network`, where they are
//! found. Both sides answer for the whole deployment's `status`. Before RPCs and REST stands `limit`, so that one caller cannot spoil it for the others.
//!
//! Nothing here decides about a menu, an order or a ticket, and nothing here writes a caller's token or name to a log.

mod client_ip;
mod config;
mod etag;
mod forward;
mod layers;
mod limit;
mod network;
mod pages;
mod problem;
mod read_body;
mod reflection;
mod rest;
mod status;
#[cfg(test)]
mod tests;

pub use client_ip::{NetworkError, TrustedProxies};
pub use config::{Config, OpenTo, OriginError};
pub use limit::{PerCaller, Rate};
pub use network::Lan;
pub use reflection::ReflectionError;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use comanda_auth::gate::{Gate, once_at_most};
use comanda_context::{error::ApiError, language::Language};
use comanda_mesh::{
    channel::Channel,
    connection_limit::PerAddress,
    listener::Incoming,
    load_shed::Limits,
    server::{self, CallLayer, Called, Callers, RpcMetricsLayer, TraceLayer},
};
use comanda_telemetry::{health::Health, status_service::PATH};
use forward::Forward;
use http::{StatusCode, header::CONTENT_TYPE};
use layers::{compress, host, http_metrics, security_headers};
use limit::Limiter;
use network::Network;
use problem::Problem;
use status::StatusAggregator;
use std::{any::Any, sync::Arc};
use tokio_util::sync::CancellationToken;
use tonic_web::GrpcWebLayer;
use tower::{Layer, ServiceExt};
use tower_http::catch_panic::CatchPanicLayer;

/// The forwarder, behind what every call goes through.
type Upstream = Called<Forward>;

/// What the gateway needs from others.
#[derive(Clone)]
pub struct Dependencies {
    /// To the catalog.
    pub catalog: Channel,
    /// To orders.
    pub orders: Channel,
    /// To the kitchen.
    pub kitchen: Channel,
    /// To Identity.
    pub identity: Channel,
    /// Who may call what.
    pub gate: Gate,
    /// Tells probes and callers how it is.
    pub health: Health,
    /// How much it takes on.
    pub limits: Limits,
}

/// Why the gateway cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The contracts cannot be shown.
    #[error(transparent)]
    Reflection(#[from] ReflectionError),
    /// An allowed origin is none.
    #[error(transparent)]
    Origin(#[from] OriginError),
}

/// Serves until `shutdown`, then ends as [`server::run`] does.
///
/// # Errors
/// An allowed origin is none, or the contracts are unreadable.
pub async fn serve(
    config: Config,
    links: Dependencies,
    incoming: Incoming,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    let (health, limits) = (links.health.clone(), links.limits);
    let own = reflection::services(&links.gate, &health)?;
    let own = own.layer(from_fn_with_state((links.gate.clone(), config.reflection), reflection::check));
    let limiter = Limiter::new(&config.limits, config.trusted_proxies.clone(), links.gate.clone());
    let identity = links.identity.clone().with_token(links.gate.keys().service_header());
    let (report, stop) = (limiter.clone().report(identity), shutdown.clone());
    tokio::spawn(async move { stop.run_until_cancelled(report).await });
    let app = app(&config, links, own, limiter)?;
    let proxies = config.trusted_proxies;
    let for_many = Arc::new(move |address| proxies.trusts(address));
    let callers = Callers::Anybody(PerAddress { most: config.limits.connections, for_many });
    // Nothing is served before the port listens, and a role that is away is no reason to send callers to another gateway.
    health.set_ready(true).await;
    server::run(app, incoming, callers, (limits, health), shutdown).await;
    Ok(())
}

/// The whole door: gRPC beside the web, each behind its limits; CORS and what browsers are told around both.
fn app(config: &Config, links: Dependencies, own: Router, limiter: Limiter) -> Result<Router, ServeError> {
    let call = CallLayer::new(links.gate.contracts().clone(), links.limits);
    let metrics = RpcMetricsLayer(links.gate.contracts().clone());
    let gather = StatusAggregator::new(&links);
    let gate = links.gate.clone();
    let keys = links.gate.keys().public_keys().to_jwks();
    let network = Network { customers: config.customers.clone(), lan: config.lan.clone() };
    let forward = Forward::new(links);
    // tonic-web refuses whatever is not gRPC, so it must not stand before the web.
    let grpc = own.route_service(PATH, gather.service()).fallback_service(forward.clone()).layer(call.clone());
    let grpc = grpc.layer(from_fn_with_state(limiter.clone(), limit::rpc)).layer(metrics).layer(GrpcWebLayer::new());
    let web = rest::routes(call.layer(forward), limiter.clone())
        .merge(status::routes(gather, limiter))
        .merge(network::routes(network.clone()))
        .route("/.well-known/jwks.json", get(|| async { ([(CONTENT_TYPE, "application/json")], keys) }))
        .fallback(pages::page)
        .layer(from_fn(in_the_callers_language))
        .layer(compress::layer())
        .layer(from_fn(compress::weaken_tag))
        .layer(from_fn(http_metrics::measure));
    let both = web.layer(from_fn_with_state(grpc, tell_apart));
    let both = both.layer(from_fn_with_state((gate, config.status), status::ask_as_oneself));
    let traced = both.layer(CatchPanicLayer::custom(panicked)).layer(TraceLayer);
    let shared = match config.cors()? {
        Some(cors) => traced.layer(cors),
        None => traced,
    };
    let hosts: host::Hosts = config.hosts.as_ref().map(|hosts| hosts.as_slice().into());
    let named = shared.layer(from_fn_with_state((hosts, network), host::check));
    let promises =
        security_headers::Promises { https: config.https, https_hosts: config.https_hosts.as_slice().into() };
    Ok(named.layer(from_fn_with_state(promises, security_headers::add)))
}

/// What no call caught: a page's or a REST handler's.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Problem::with(StatusCode::INTERNAL_SERVER_ERROR, ApiError::internal()).into_response()
}

async fn tell_apart(State(grpc): State<Router>, request: Request, next: Next) -> Response {
    if let Err(fault) = once_at_most(request.headers(), &[CONTENT_TYPE]) {
        let refusal = async { Problem::with(StatusCode::BAD_REQUEST, fault).into_response() };
        return Language::of(request.headers()).scope(refusal).await;
    }
    if !request.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc")) {
        return next.run(request).await;
    }
    match grpc.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn in_the_callers_language(request: Request, next: Next) -> Response {
    Language::of(request.headers()).scope(next.run(request)).await
}
