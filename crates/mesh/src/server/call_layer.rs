//! What every call goes through, in a role as at the gateway: it is done in the caller's language, within his deadline,
//! while there is room for it; a panic costs this call and no other. Who may call is the gate's business. Streams ask
//! whatever stands in between not to hold them back.

use crate::{
    load_shed::{self, Limits, Load},
    server::{
        library_errors,
        stream_lifetime::{Draining, StreamLifetime},
    },
};
use comanda_auth::{contracts::Contracts, gate::StaffCall};
use comanda_context::{
    deadline,
    error::ApiError,
    language::Language,
    permit::{self, Permit},
};
use comanda_failpoint as failpoint;
use futures_util::FutureExt;
use http::{HeaderName, HeaderValue, Request, Response, header::CACHE_CONTROL};
use std::{
    convert::Infallible,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::Instant;
use tonic::{Status, body::Body, codegen::Bytes};
use tower::{BoxError, Layer, Service};

/// nginx passes on what comes as it comes, and nothing that honours `no-transform` gathers it to compress it.
const UNBUFFERED: [(HeaderName, HeaderValue); 2] = [
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    (CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform")),
];

/// Puts all that before a service.
#[derive(Clone)]
pub struct CallLayer {
    contracts: Contracts,
    load: Load,
    max_age: Duration,
}

impl CallLayer {
    /// For the methods of these contracts, within these limits.
    #[must_use]
    pub fn new(contracts: Contracts, limits: Limits) -> Self {
        Self { contracts, load: Load::new(limits), max_age: limits.max_age }
    }
}

impl<S> Layer<S> for CallLayer {
    type Service = Called<S>;

    fn layer(&self, inner: S) -> Called<S> {
        Called { layer: self.clone(), inner }
    }
}

/// A service behind [`CallLayer`].
#[derive(Clone)]
pub struct Called<S> {
    layer: CallLayer,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for Called<S>
where
    S: Service<Request<B>, Response = Response<R>, Error = Infallible>,
    S::Future: Send + 'static,
    R: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let language = Language::of(request.headers());
        let method = self.layer.contracts.method(request.uri().path());
        // What no contract knows is health, reflection, or refused; it must be answered under any load.
        let asked = deadline::asked(request.headers());
        let place = match method.map(|method| self.layer.load.take(method, asked)).transpose() {
            Ok(place) => place,
            Err(fault) => return Box::pin(language.scope(refuse(fault))),
        };
        if method.is_some_and(|method| !method.streams) {
            return Box::pin(language.scope(unary(asked, place, self.inner.call(request))));
        }
        let draining = request.extensions().get::<Draining>().cloned();
        // Each layer around a future holds room for it twice, and thousands of streams may open at once.
        let opened = Box::pin(self.inner.call(request));
        let opened = Box::pin(unary(asked.or(Some(deadline::MAX)), None, opened));
        let (started, max_age) = (Instant::now(), self.layer.max_age);
        Box::pin(language.scope(async move {
            let until = asked.map(|time| started + time);
            let ending = StreamLifetime { _place: place, until, draining, staff: None, max_age, language };
            let mut answer = opened.await?;
            let staff = answer.extensions_mut().remove::<StaffCall>();
            let mut answer = answer.map(|body| StreamLifetime { staff, ..ending }.of(body));
            for (name, value) in UNBUFFERED {
                answer.headers_mut().insert(name, value);
            }
            Ok(answer)
        }))
    }
}

async fn refuse(fault: ApiError) -> Result<Response<Body>, Infallible> {
    Ok(Status::from(fault).into_http())
}

/// Until the answer's head is there, which for a unary call is the whole.
async fn unary<R>(
    asked: Option<Duration>,
    place: Option<Permit>,
    call: impl Future<Output = Result<Response<R>, Infallible>>,
) -> Result<Response<Body>, Infallible>
where
    R: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let until = Instant::now() + asked.unwrap_or(deadline::DEFAULT).min(deadline::MAX);
    if let Some(place) = &place {
        load_shed::turn(place).await;
    }
    // What a panic may have left half done is dropped with the call.
    let call = permit::scope(place, AssertUnwindSafe(call).catch_unwind());
    match deadline::scope(until, failpoint::sever("call", call)).await.flatten() {
        Some(Ok(answer)) => answer.map(|answer| library_errors::head(answer.map(Body::new), Language::current())),
        Some(Err(_)) => {
            metrics::counter!("comanda_panics_total").increment(1);
            tracing::error!("a handler panicked");
            refuse(ApiError::internal()).await
        }
        None => {
            tracing::debug!("a call was not done in time");
            refuse(ApiError::too_late()).await
        }
    }
}
