//! Metrics of each RPC by the OpenTelemetry conventions (1.39): `rpc.server.call.duration`, with the status that the
//! trailers carry. Labels are closed: an RPC that no contract knows is `_OTHER`, whatever its caller calls it.

use comanda_auth::contracts::Contracts;
use comanda_context::deadline;
use comanda_telemetry::status::rates;
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};
use tonic::{Code, Status};
use tower::{Layer, Service};

const OTHER: &str = "_OTHER";
/// The infrastructure's own, which no contract of ours describes.
const INFRASTRUCTURE: [&str; 4] = [
    "grpc.health.v1.Health/Check",
    "grpc.health.v1.Health/Watch",
    "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// Measures each RPC. Stands where trailers are still trailers, so within a translation to grpc-web.
#[derive(Clone)]
pub struct RpcMetricsLayer(pub Contracts);

impl<S> Layer<S> for RpcMetricsLayer {
    type Service = RpcMetrics<S>;

    fn layer(&self, inner: S) -> RpcMetrics<S> {
        RpcMetrics { contracts: self.0.clone(), inner }
    }
}

/// A service whose RPCs are measured.
#[derive(Clone)]
pub struct RpcMetrics<S> {
    contracts: Contracts,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for RpcMetrics<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = Response<Measured<R>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let path = request.uri().path();
        let (known, name) = (self.contracts.method(path), path.trim_start_matches('/'));
        let method = if known.is_some() || INFRASTRUCTURE.contains(&name) { name } else { OTHER };
        let mut call = Call {
            method: method.to_owned(),
            streams: known.is_none_or(|method| method.streams),
            given: deadline::asked(request.headers()),
            started: Instant::now(),
            measured: false,
        };
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            // An answer without a body has its status in the head.
            if let Some(code) = code(answer.headers()) {
                call.end(code);
            } else if call.streams {
                // What a stream does later is no failure of the call that opened it.
                call.count(Code::Ok);
            }
            Ok(answer.map(|body| Measured { body, call }))
        })
    }
}

/// A call under way.
struct Call {
    method: String,
    streams: bool,
    given: Option<Duration>,
    started: Instant,
    measured: bool,
}

impl Call {
    fn count(&self, code: Code) {
        rates::count(&self.method, code, self.given, self.started.elapsed());
    }

    /// Once, however the call ends.
    fn end(&mut self, code: Code) {
        if std::mem::replace(&mut self.measured, true) {
            return;
        }
        if !self.streams {
            self.count(code);
        }
        let (method, status) = (self.method.clone(), name(code));
        metrics::histogram!(
            "rpc_server_call_duration_seconds",
            "rpc_system_name" => "grpc", "rpc_method" => method, "rpc_response_status_code" => status
        )
        .record(self.started.elapsed().as_secs_f64());
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // Its caller went away, or it was given up before there was an answer.
        self.end(Code::Cancelled);
    }
}

/// A body whose trailers end the measurement.
pub struct Measured<B> {
    body: B,
    call: Call,
}

impl<B: Body + Unpin> Body for Measured<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        match &frame {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(code) = frame.trailers_ref().and_then(code) {
                    self.call.end(code);
                }
            }
            Poll::Ready(Some(Err(_))) => self.call.end(Code::Unknown),
            Poll::Ready(None) | Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn code(headers: &HeaderMap) -> Option<Code> {
    headers.get(Status::GRPC_STATUS).map(|code| Code::from_bytes(code.as_bytes()))
}

/// As the conventions write it.
fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
