//! One trace for one order: the W3C trace context goes along in gRPC metadata and, through the outbox, in AMQP headers.
//! Spans name the method and nothing of the request: no header, no token, no field.

use crate::{deadline, status::rates};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use opentelemetry::{
    propagation::{Extractor, Injector, TextMapPropagator},
    trace::TraceContextExt,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};
use tower::{Layer, Service};
use tracing::{Instrument, Span, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt;

const UNIMPLEMENTED: &str = "grpc 12";
/// The header of the W3C trace context.
pub const TRACE_PARENT: &str = "traceparent";

/// The trace context of the span under way, to be sent along; `None` outside of any.
#[must_use]
pub fn current() -> Option<String> {
    let mut carrier = Parent(None);
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.0
}

/// The id of the trace under way, as histories keep it; `None` outside of any.
#[must_use]
pub fn id() -> Option<String> {
    let context = Span::current().context();
    let span = context.span();
    span.span_context().is_valid().then(|| span.span_context().trace_id().to_string())
}

/// Makes a span the child of what came along.
pub fn continue_from(span: &Span, parent: Option<&str>) {
    let carrier = Parent(parent.map(str::to_owned));
    // An error means that the span is not recorded.
    let _ = span.set_parent(TraceContextPropagator::new().extract(&carrier));
    let context = span.context();
    span.record("trace_id", tracing::field::display(context.span().span_context().trace_id()));
}

/// Sends the current trace context along in headers.
pub fn inject(headers: &mut HeaderMap) {
    if let Some(value) = current().and_then(|parent| HeaderValue::try_from(parent).ok()) {
        headers.insert(HeaderName::from_static(TRACE_PARENT), value);
    }
}

struct Parent(Option<String>);

impl Injector for Parent {
    fn set(&mut self, key: &str, value: String) {
        if key == TRACE_PARENT {
            self.0 = Some(value);
        }
    }
}

impl Extractor for Parent {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.as_deref().filter(|_| key == TRACE_PARENT)
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACE_PARENT]
    }
}

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
