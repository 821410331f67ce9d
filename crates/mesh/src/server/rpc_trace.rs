//! A span and a measurement for each call.

use comanda_context::deadline;
use comanda_telemetry::{
    status::rates,
    trace::{TRACE_PARENT, continue_from},
};
use http::{Request, Response};
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};
use tower::{Layer, Service};
use tracing::{Instrument, field::Empty};

const UNIMPLEMENTED: &str = "grpc 12";

/// Gives every call a span, and counts it.
#[derive(Clone, Copy)]
pub struct TraceLayer;

impl<S> Layer<S> for TraceLayer {
    type Service = Traced<S>;

    fn layer(&self, inner: S) -> Traced<S> {
        Traced(inner)
    }
}

/// A service whose calls have spans.
#[derive(Clone)]
pub struct Traced<S>(S);

impl<S, B, R> Service<Request<B>> for Traced<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let method = method(&request);
        let span = tracing::info_span!("call", otel.name = method.as_str(), otel.kind = "server", trace_id = Empty);
        let parent = request.headers().get(TRACE_PARENT).and_then(|value| value.to_str().ok());
        continue_from(&span, parent);
        let (started, given) = (Instant::now(), deadline::asked(request.headers()));
        let call = span.in_scope(|| self.0.call(request));
        let counted = async move {
            let reply = call.await;
            let status = reply.as_ref().map_or_else(|_| "error".to_owned(), status);
            // Whoever calls what does not exist must not be able to make up labels.
            let answered = status == "200" || status.starts_with("grpc ") && status != UNIMPLEMENTED;
            rates::count(&method, &status, given, started.elapsed());
            let method = if method.contains('.') && !answered { "unknown".to_owned() } else { method };
            metrics::histogram!("comanda_call_duration_seconds", "method" => method, "status" => status)
                .record(started.elapsed().as_secs_f64());
            reply
        };
        Box::pin(counted.instrument(span))
    }
}

/// The RPC's path; for anything else the first part of the path, since the rest may name an order.
fn method<B>(request: &Request<B>) -> String {
    let path = request.uri().path();
    if path.starts_with("/comanda.") || path.starts_with("/grpc.") {
        return path.trim_start_matches('/').to_owned();
    }
    let first = path.split('/').nth(1).filter(|first| ["cardapio", "pedido"].contains(first));
    format!("{} /{}", request.method(), first.unwrap_or("…"))
}

/// A gRPC status that came with the headers, else the HTTP status.
fn status<R>(reply: &Response<R>) -> String {
    let grpc = reply.headers().get("grpc-status").and_then(|value| value.to_str().ok());
    grpc.map_or_else(|| reply.status().as_u16().to_string(), |code| format!("grpc {code}"))
}
