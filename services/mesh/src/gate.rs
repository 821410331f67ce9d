//! The gate: who may call which RPC. The rules stand in the contracts, as the access option of each method; a method
//! without the option is refused, and so is everything the rules do not allow.

use crate::{
    fault::Fault,
    language::Language,
    token::{Caller, Keys},
};
use http::{HeaderMap, Request, Response};
use prost_reflect::{DescriptorPool, ExtensionDescriptor, MethodDescriptor, Value};
use std::{
    collections::HashMap,
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tonic::{Code, Status, body::Body};
use tower::{Layer, Service};

const ACCESS_OPTION: &str = "comanda.type.v1.access";
/// Infrastructure that carries no shop's data.
const OPEN_PACKAGES: [&str; 2] = ["/grpc.health.", "/grpc.reflection."];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Public,
    Order,
    Staff,
    Panel,
    Service,
}

/// The rules and the keys to judge by.
#[derive(Clone)]
pub struct Gate {
    rules: Arc<HashMap<String, Vec<Access>>>,
    keys: Keys,
}

impl Gate {
    /// Reads the rules from a serialized `FileDescriptorSet`.
    ///
    /// # Errors
    /// The bytes are no descriptor set, or do not define the access option.
    pub fn new(descriptors: &[u8], keys: Keys) -> Result<Self, String> {
        let pool = DescriptorPool::decode(descriptors).map_err(|error| error.to_string())?;
        let option = pool.get_extension_by_name(ACCESS_OPTION).ok_or("the contracts define no access option")?;
        let methods = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>());
        let rules = methods.map(|method| {
            let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
            (path, allowed(&method, &option))
        });
        Ok(Self { rules: Arc::new(rules.collect()), keys })
    }

    /// Whether the gateway forwards this path: only RPCs that somebody other than a service may call.
    #[must_use]
    pub fn is_public_path(&self, path: &str) -> bool {
        self.rules.get(path).is_some_and(|allowed| allowed.iter().any(|access| *access != Access::Service))
    }

    /// Decides about a call.
    ///
    /// # Errors
    /// UNAUTHENTICATED without a valid token where one is needed, PERMISSION_DENIED for a token of the wrong kind.
    pub fn admit(&self, path: &str, headers: &HeaderMap) -> Result<Caller, Fault> {
        if OPEN_PACKAGES.iter().any(|package| path.starts_with(package)) {
            return Ok(Caller::Anonymous);
        }
        // An RPC that no contract knows goes on, to be answered with UNIMPLEMENTED.
        let Some(allowed) = self.rules.get(path) else { return Ok(Caller::Anonymous) };
        let caller = self.keys.caller(headers);
        if allowed.contains(&Access::Public) {
            return Ok(caller.unwrap_or(Caller::Anonymous));
        }
        let caller = caller.ok_or_else(unauthenticated)?;
        let kind = match caller {
            Caller::Anonymous => return Err(unauthenticated()),
            Caller::Order(_) => Access::Order,
            Caller::Staff => Access::Staff,
            Caller::Panel => Access::Panel,
            Caller::Service => Access::Service,
        };
        if allowed.contains(&kind) { Ok(caller) } else { Err(denied()) }
    }
}

fn allowed(method: &MethodDescriptor, option: &ExtensionDescriptor) -> Vec<Access> {
    let options = method.options();
    let value = options.get_extension(option);
    let numbers = value.as_list().unwrap_or(&[]).iter().filter_map(Value::as_enum_number);
    let access = |number| match number {
        1 => Some(Access::Public),
        2 => Some(Access::Order),
        3 => Some(Access::Staff),
        4 => Some(Access::Panel),
        5 => Some(Access::Service),
        _ => None,
    };
    numbers.filter_map(access).collect()
}

fn unauthenticated() -> Fault {
    Fault::new(Code::Unauthenticated, "TOKEN_INVALID", "a valid token is needed", "é preciso um token válido")
}

fn denied() -> Fault {
    Fault::new(
        Code::PermissionDenied,
        "ROLE_REQUIRED",
        "this token may not do that",
        "este token não permite fazer isso",
    )
}

/// Puts the gate before a service: the [`Caller`] travels on as an extension of the request.
#[derive(Clone)]
pub struct GateLayer(pub Gate);

impl<S> Layer<S> for GateLayer {
    type Service = Gated<S>;

    fn layer(&self, inner: S) -> Gated<S> {
        Gated { gate: self.0.clone(), inner }
    }
}

/// A service behind the gate.
#[derive(Clone)]
pub struct Gated<S> {
    gate: Gate,
    inner: S,
}

impl<S, B> Service<Request<B>> for Gated<S>
where
    S: Service<Request<B>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let language = Language::of(request.headers());
        let admitted = self.gate.admit(request.uri().path(), request.headers()).map(|caller| {
            request.extensions_mut().insert(caller);
            self.inner.call(request)
        });
        Box::pin(language.scope(async move {
            match admitted {
                Ok(call) => call.await.map(|response| too_large(&response).map_or(response, Status::into_http)),
                Err(fault) => Ok(Status::from(fault).into_http()),
            }
        }))
    }
}

/// tonic refuses an oversized message with OUT_OF_RANGE before any handler sees it; callers get it as what it is.
fn too_large(response: &Response<Body>) -> Option<Status> {
    let code = response.headers().get(Status::GRPC_STATUS)?;
    let message = response.headers().get(Status::GRPC_MESSAGE)?.to_str().ok()?;
    let oversized = code == "11" && message.contains("message%20length%20too%20large");
    oversized.then(|| {
        Fault::new(
            Code::InvalidArgument,
            "MESSAGE_TOO_LARGE",
            "the request is too large",
            "a requisição é grande demais",
        )
        .into()
    })
}
