//! One connection from its greeting to its end: the limits that no peer can pass, whichever protocol it speaks, and an
//! age at which it takes no new calls. One from outside also ends when nobody asks for anything, or reads what he asked
//! for. One between roles may be idle for as long as it likes: it is there so that a call finds it, its peers are few, and
//! age ends it.

mod sending;
mod watch;

use crate::connection_limit::PerAddress;
use crate::{
    listener::Accepted,
    load_shed::Limits,
    server::stream_lifetime::{Draining, about},
    write_coalescing::CoalescedWrites,
};
use axum::Router;
use comanda_context::peer::Peer;
use http::{Request, Response};
use hyper::body::Incoming as Body;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use sending::ProgressIo;
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use watch::{Answer, IdleReason, Watch};

const HEADER_BYTES: usize = 16 * 1024;
const HEADERS: usize = 64;
/// For the head of a request over HTTP/1.1, and for the next request on a connection that is kept.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(15);
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(10);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(5);
/// Between calls and the connection that carries them: one gateway brings a whole house's streams over one connection.
pub(crate) const STREAMS_OF_A_ROLE: u32 = 16 * 1024;
/// Of one browser or client.
pub const STREAMS_OF_A_CLIENT: u32 = 128;

/// For what was handed over to reach a peer that was told to go.
const LINGERING: Duration = Duration::from_secs(15);
/// For one that is idle, or does not read.
const LEAVING: Duration = Duration::from_secs(60);
/// The longest deadline of a call.
const LAST_CALL: Duration = Duration::from_secs(30);

/// Who connects to a server.
#[derive(Debug, Clone)]
pub enum Callers {
    /// Roles of the same deployment. One gateway brings what a whole house gives up at once, so however many calls end
    /// before this process has looked at them, the others on that connection go on.
    Roles,
    /// Anybody, so many from one address.
    Anybody(PerAddress),
}

/// How connections of one server are served.
#[derive(Clone)]
pub(crate) struct Connections {
    builder: Builder<TokioExecutor>,
    app: Router,
    max_age: Duration,
    /// For those who ask for nothing, or do not read.
    patience: Option<Duration>,
}

impl Connections {
    pub(crate) fn new(app: Router, callers: &Callers, limits: Limits) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        let mut http1 = builder.http1();
        http1.timer(TokioTimer::new()).header_read_timeout(HEADER_READ_TIMEOUT).max_headers(HEADERS);
        http1.max_buf_size(4 * HEADER_BYTES);
        let mut http2 = builder.http2();
        http2.timer(TokioTimer::new()).keep_alive_interval(KEEP_ALIVE_INTERVAL).keep_alive_timeout(KEEP_ALIVE_TIMEOUT);
        http2.max_header_list_size(HEADER_BYTES as u32);
        let patience = match callers {
            Callers::Roles => {
                http2.max_concurrent_streams(STREAMS_OF_A_ROLE);
                // The first counts calls that were given up before anybody looked, the second what reached a call that
                // was over, in all the connection's life. Neither is an attack where callers are known.
                http2.max_pending_accept_reset_streams(STREAMS_OF_A_ROLE as usize).max_local_error_reset_streams(None);
                None
            }
            Callers::Anybody(_) => {
                http2.max_concurrent_streams(STREAMS_OF_A_CLIENT);
                // A page that is left gives up all that it asked for. More at once, again and again, is an attack.
                http2.max_pending_accept_reset_streams(STREAMS_OF_A_CLIENT as usize);
                Some(limits.max_idle)
            }
        };
        Self { builder, app, max_age: limits.max_age, patience }
    }

    /// Serves one until its peer leaves, or until `draining`, age or uselessness and its calls are done.
    pub(crate) async fn serve(self, accepted: Accepted, draining: CancellationToken) {
        let Some(opened) = draining.run_until_cancelled(accepted.open()).await else { return };
        let (stream, peer) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                metrics::counter!("comanda_handshakes_refused_total").increment(1);
                return tracing::debug!(%error, "a connection was not let in");
            }
        };
        let watch = Watch::new();
        let watched = self.patience.map(|_| watch.clone());
        let app = known_to(self.app, peer, Draining(draining.clone()), watched);
        let stream = TokioIo::new(CoalescedWrites::new(ProgressIo::new(stream, watch.sent.clone())));
        let mut connection = pin!(self.builder.serve_connection(stream, TowerToHyperService::new(app)));
        let useless = async {
            match self.patience {
                Some(patience) => watch.useless(patience).await,
                None => std::future::pending().await,
            }
        };
        let (why, at_most) = tokio::select! {
            // How it ended is the peer's business; each call has told its own story.
            _ = connection.as_mut() => return,
            // A stream that began a moment ago gets as old as a connection.
            () = sleep(about(self.max_age)) => ("age", about(self.max_age) + LAST_CALL),
            () = draining.cancelled() => ("stop", about(self.max_age) + LAST_CALL),
            useless = useless => match useless {
                IdleReason::Idle => ("idle", LEAVING),
                IdleReason::Unread => ("unread", LINGERING),
            }
        };
        metrics::counter!("comanda_connections_ended_total", "why" => why).increment(1);
        connection.as_mut().graceful_shutdown();
        let stands_still = async {
            match self.patience {
                Some(_) => watch.stands_still(LINGERING).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = connection => return,
            () = stands_still => {}
            () = sleep(at_most) => {}
        }
        metrics::counter!("comanda_connections_cut_total").increment(1);
    }
}

/// The same service for requests of this peer.
fn known_to(
    app: Router,
    peer: Peer,
    draining: Draining,
    watch: Option<Arc<Watch>>,
) -> impl tower::Service<
    Request<Body>,
    Response = Response<Answer<axum::body::Body>>,
    Error = std::convert::Infallible,
    Future: Send,
> + Clone {
    tower::service_fn(move |mut request: Request<Body>| {
        request.extensions_mut().insert(peer.clone());
        request.extensions_mut().insert(draining.clone());
        let call = watch.as_ref().map(Watch::call);
        let answered = app.clone().oneshot(request);
        async move { Ok(answered.await?.map(|body| Answer { body, call })) }
    })
}

#[cfg(test)]
mod tests;
