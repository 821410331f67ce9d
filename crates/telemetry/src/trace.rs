//! One trace for one order: the W3C trace context goes along in gRPC metadata and, through the outbox, in AMQP headers.
//! Spans name the method and nothing of the request: no header, no token, no field.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::{
    propagation::{Extractor, Injector, TextMapPropagator},
    trace::TraceContextExt,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

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
