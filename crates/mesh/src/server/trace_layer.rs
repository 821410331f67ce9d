//! A span for each call, the child of what its caller sent along.

use comanda_telemetry::trace::{TRACE_PARENT, continue_from};
use http::{Request, Response};
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use tower::{Layer, Service};
use tracing::{Instrument, field::Empty};

/// Gives every call a span.
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
        // The gate says who calls.
        let span = tracing::info_span!(
            "call",
            otel.name = method.as_str(),
            otel.kind = "server",
            trace_id = Empty,
            person = Empty,
            device = Empty
        );
        let parent = request.headers().get(TRACE_PARENT).and_then(|value| value.to_str().ok());
        continue_from(&span, parent);
        let call = span.in_scope(|| self.0.call(request));
        Box::pin(call.instrument(span))
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
