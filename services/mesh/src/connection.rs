//! One connection from its greeting to its end: the limits that no peer can pass, whichever protocol it speaks, and an
//! age at which it takes no new calls.

use crate::{
    ending::{Draining, about},
    gather::Gathered,
    incoming::Accepted,
    peer::Peer,
};
use axum::Router;
use http::Request;
use hyper::body::Incoming as Body;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use std::{pin::pin, time::Duration};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

const HEADER_BYTES: usize = 16 * 1024;
const HEADERS: usize = 64;
/// For the head of a request over HTTP/1.1, and for the next request on a connection that is kept.
const HEAD_PATIENCE: Duration = Duration::from_secs(15);
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(5);
/// Between calls and the connection that carries them: one gateway brings a whole house's streams over one connection.
pub(crate) const STREAMS_OF_A_ROLE: u32 = 16 * 1024;
/// Of one browser or client.
pub const STREAMS_OF_A_CLIENT: u32 = 128;

/// How connections of one server are served.
#[derive(Clone)]
pub(crate) struct Connections {
    builder: Builder<TokioExecutor>,
    app: Router,
    max_age: Duration,
}

impl Connections {
    pub(crate) fn new(app: Router, streams: u32, max_age: Duration) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        let mut http1 = builder.http1();
        http1.timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE).max_headers(HEADERS);
        http1.max_buf_size(4 * HEADER_BYTES);
        let mut http2 = builder.http2();
        http2.timer(TokioTimer::new()).keep_alive_interval(KEEP_ALIVE_EVERY).keep_alive_timeout(KEEP_ALIVE_TIMEOUT);
        http2.max_concurrent_streams(streams).max_header_list_size(HEADER_BYTES as u32);
        Self { builder, app, max_age }
    }

    /// Serves one until its peer leaves, or until `draining` and its calls are done.
    pub(crate) async fn serve(self, accepted: Accepted, draining: CancellationToken) {
        let Some(opened) = draining.run_until_cancelled(accepted.open()).await else { return };
        let (stream, peer) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                metrics::counter!("comanda_handshakes_refused_total").increment(1);
                return tracing::debug!(%error, "a connection was not let in");
            }
        };
        let app = known_to(self.app, peer, Draining(draining.clone()));
        let stream = TokioIo::new(Gathered::new(stream));
        let mut connection = pin!(self.builder.serve_connection(stream, TowerToHyperService::new(app)));
        let age = tokio::time::sleep(about(self.max_age));
        tokio::select! {
            // How it ended is the peer's business; each call has told its own story.
            _ = connection.as_mut() => return,
            () = age => {}
            () = draining.cancelled() => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

/// The same service for requests of this peer.
fn known_to(
    app: Router,
    peer: Peer,
    draining: Draining,
) -> impl tower::Service<Request<Body>, Response = axum::response::Response, Error = std::convert::Infallible, Future: Send>
+ Clone {
    tower::service_fn(move |mut request: Request<Body>| {
        request.extensions_mut().insert(peer.clone());
        request.extensions_mut().insert(draining.clone());
        app.clone().oneshot(request)
    })
}
