//! The browser's door: everything that comes from outside enters here, on one port that speaks HTTP/1.1 and HTTP/2.
//!
//! A request is told apart by its content type. `application/grpc…` is an RPC: `discovery` answers for health and
//! reflection, all else goes through `forward`, which lets pass what the gate allows and hands it to the role that
//! serves it, without decoding it; tonic-web translates for browsers. Everything else is the web: `rest` with
//! Portuguese names, which makes its calls through the same forwarder, and `pages`, the web apps. Before RPCs and REST
//! stands `limit`, so that one caller cannot spoil it for the others.
//!
//! Nothing here decides about a menu, an order or a ticket, and nothing here writes a caller's token or name to a log.

mod body;
mod caller;
mod config;
mod discovery;
mod forward;
mod guards;
mod limit;
mod pages;
mod problem;
mod rest;
#[cfg(test)]
mod tests;

pub use caller::TrustedProxies;
pub use config::Config;
pub use limit::{Limits, Rate};

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    serve::ListenerExt,
};
use comanda_mesh::{gate::Gate, health::Health, language::Language, server::DRAIN, trace::TraceLayer};
use forward::Forward;
use http::header::CONTENT_TYPE;
use limit::Limiter;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;
use tonic_web::GrpcWebLayer;
use tower::ServiceExt;

/// What the gateway needs from others.
#[derive(Clone)]
pub struct Links {
    /// To the catalog.
    pub catalog: Channel,
    /// To orders.
    pub orders: Channel,
    /// To the kitchen.
    pub kitchen: Channel,
    /// Who may call what.
    pub gate: Gate,
    /// Tells probes and callers how it is.
    pub health: Health,
}

/// Serves until `shutdown`, then waits for open calls, at most [`DRAIN`].
///
/// # Errors
/// An allowed origin is none, the contracts are unreadable, or the listener failed.
pub async fn serve(
    config: Config,
    links: Links,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> Result<(), String> {
    let health = links.health.clone();
    let own = discovery::services(&links.gate, &health)?;
    let app = app(&config, links, own)?;
    // Nothing is served before the port listens, and a role that is away is no reason to send callers to another gateway.
    health.set_ready(true).await;
    // Small replies must not wait for an acknowledgement; where the option is refused, they merely do.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let stopping = shutdown.clone();
    let app = app.layer(axum::middleware::from_fn(peer));
    let app = app.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
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

/// The whole door: gRPC beside the web, each behind its limits; CORS and what browsers are told around both.
fn app(config: &Config, links: Links, own: Router) -> Result<Router, String> {
    let limiter = Limiter::new(&config.limits, config.trusted_proxies.clone(), links.gate.clone())?;
    let forward = Forward::new(links);
    // tonic-web refuses whatever is not gRPC, so it must not stand before the web.
    let grpc = own.fallback_service(forward.clone()).layer(from_fn_with_state(limiter.clone(), limit::rpc));
    let grpc = grpc.layer(GrpcWebLayer::new());
    let web = rest::routes(forward, limiter).fallback(pages::page).layer(from_fn(in_the_callers_language));
    let both = web.layer(from_fn_with_state(grpc, tell_apart));
    let traced = both.layer(TraceLayer);
    let shared = match config.cors()? {
        Some(cors) => traced.layer(cors),
        None => traced,
    };
    Ok(shared.layer(from_fn_with_state(config.https, guards::add)))
}

async fn peer(mut request: Request, next: Next) -> Response {
    let from = request.extensions().get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
    let address = from.map(|axum::extract::ConnectInfo(address)| address.ip());
    request.extensions_mut().insert(comanda_mesh::peer::Peer { address, role: None });
    next.run(request).await
}

async fn tell_apart(State(grpc): State<Router>, request: Request, next: Next) -> Response {
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
