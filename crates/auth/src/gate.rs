//! The gate: who may call which RPC. The rules stand in the contracts, as the access option of each method; a method
//! without the option is refused, and so is everything the rules do not allow.

use crate::{
    caller::Caller,
    contracts::{Access, Contracts},
    principal::Principal,
    revocation::Revocations,
    role::Role,
    token::{Keys, Refused},
};
use comanda_context::{error::ApiError, peer::Peer};
use http::{HeaderMap, HeaderName, Request, Response, header::AUTHORIZATION};
use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tonic::{Code, Status, body::Body};
use tower::{Layer, Service};

/// The role in the gateway's certificate, over which others' calls come, too.
const GATEWAY: &str = "gateway";
/// Infrastructure that carries no shop's data.
const OPEN_PACKAGES: [&str; 2] = ["/grpc.health.", "/grpc.reflection."];

/// The rules and the keys to judge by.
#[derive(Clone)]
pub struct Gate {
    contracts: Contracts,
    keys: Keys,
    services: &'static [&'static str],
}

impl Gate {
    /// Judges by these contracts and keys.
    #[must_use]
    pub fn new(contracts: Contracts, keys: Keys) -> Self {
        Self { contracts, keys, services: &[] }
    }

    /// Takes a certificate of these roles for what the service token is: a role that forwards what others ask must not
    /// be among them.
    #[must_use]
    pub fn with_services(mut self, roles: &'static [&'static str]) -> Self {
        self.services = roles;
        self
    }

    /// The keys that it judges by.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What the contracts say.
    #[must_use]
    pub fn contracts(&self) -> &Contracts {
        &self.contracts
    }

    /// Whether the gateway forwards this path: only RPCs that somebody other than a service may call.
    #[must_use]
    pub fn is_public_path(&self, path: &str) -> bool {
        let method = self.contracts.method(path);
        method.is_some_and(|method| {
            method.access.iter().any(|access| !matches!(access, Access::Service | Access::Gateway))
        })
    }

    /// Decides about a call.
    ///
    /// # Errors
    /// INVALID_ARGUMENT for two tokens, UNAUTHENTICATED without a valid one where one is needed, PERMISSION_DENIED for one
    /// of the wrong kind.
    pub fn admit(&self, path: &str, headers: &HeaderMap, peer: Option<&Peer>) -> Result<Caller, ApiError> {
        if OPEN_PACKAGES.iter().any(|package| path.starts_with(package)) {
            return Ok(Caller::Anonymous);
        }
        // An RPC that no contract knows goes on, to be answered with UNIMPLEMENTED.
        let Some(method) = self.contracts.method(path) else { return Ok(Caller::Anonymous) };
        once_at_most(headers, &[AUTHORIZATION])?;
        let caller = self.caller(headers, peer);
        if method.access.contains(&Access::Public) {
            return Ok(caller.unwrap_or(Caller::Anonymous));
        }
        let mut caller = caller.map_err(refused)?;
        // It forwards no call of such an RPC, so this one is its own.
        let is_gateway = peer.is_some_and(|peer| peer.role.as_deref() == Some(GATEWAY));
        if is_gateway && matches!(caller, Caller::Anonymous) && method.access == [Access::Gateway] {
            caller = Caller::Service;
        }
        let may = |access: &Access| match &caller {
            Caller::Anonymous => false,
            Caller::Customer(_) => *access == Access::Customer,
            Caller::Staff(principal) => principal.role.may(*access),
            Caller::Service => matches!(access, Access::Service | Access::Gateway),
        };
        match &caller {
            Caller::Anonymous => Err(refused(Refused::Invalid)),
            _ if method.access.iter().any(may) => Ok(caller),
            _ => Err(denied()),
        }
    }

    /// Lets in staff, but no panel: for what no contract speaks of.
    ///
    /// # Errors
    /// As [`Self::admit`].
    pub fn admit_staff(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        match self.caller(headers, None).map_err(refused)? {
            Caller::Anonymous => Err(refused(Refused::Invalid)),
            caller if caller.is_at_least(Role::Barista) => Ok(()),
            _ => Err(denied()),
        }
    }

    /// Who calls, if he shows nothing or something good; whoever shows a token is its holder, over whichever connection it
    /// came. An order's token is believed here and judged by who knows the order.
    ///
    /// # Errors
    /// The token is none.
    pub fn caller(&self, headers: &HeaderMap, peer: Option<&Peer>) -> Result<Caller, Refused> {
        let role = peer.and_then(|peer| peer.role.as_deref());
        if !headers.contains_key(AUTHORIZATION) && role.is_some_and(|role| self.services.contains(&role)) {
            return Ok(Caller::Service);
        }
        self.keys.caller(headers)
    }
}

/// In the extensions of an answer to staff: when it must end, if it is a stream.
#[derive(Clone)]
pub struct StaffCall {
    principal: Arc<Principal>,
    revocations: Revocations,
}

impl StaffCall {
    /// Waits until these staff are let in no more.
    pub async fn ended(self) -> ApiError {
        let over = self.principal.clone();
        self.revocations.ended(self.principal).await;
        refused(if over.remaining().is_some() { Refused::Revoked } else { Refused::Expired })
    }
}

/// Refuses headers that stand there twice: which of them counts would be anybody's guess, a proxy's another than ours.
///
/// # Errors
/// INVALID_ARGUMENT HEADER_REPEATED, naming it.
pub fn once_at_most(headers: &HeaderMap, names: &[HeaderName]) -> Result<(), ApiError> {
    let twice = names.iter().find(|name| headers.get_all(*name).iter().nth(1).is_some());
    twice.map_or(Ok(()), |name| {
        let (english, portuguese) = (format!("{name} was sent twice"), format!("{name} foi enviado duas vezes"));
        Err(ApiError::new(Code::InvalidArgument, "HEADER_REPEATED", english, portuguese).meta("header", name))
    })
}

/// Each line of a log within the call says who calls, if it is staff.
pub fn name_in_log(caller: &Caller) {
    let Some(principal) = caller.principal() else { return };
    let span = tracing::Span::current();
    let named = [("person", &principal.person), ("device", &principal.device)];
    for (field, named) in named.into_iter().filter_map(|(field, named)| Some((field, named.as_ref()?))) {
        span.record(field, named.name.as_str());
    }
}

fn refused(why: Refused) -> ApiError {
    let (reason, english, portuguese) = match why {
        Refused::Invalid => ("TOKEN_INVALID", "a valid token is needed", "é preciso um token válido"),
        Refused::Expired => ("TOKEN_EXPIRED", "the token has expired; sign in again", "o acesso venceu; entre de novo"),
        Refused::Revoked => {
            ("TOKEN_REVOKED", "this access was ended; sign in again", "este acesso foi encerrado; entre de novo")
        }
    };
    ApiError::new(Code::Unauthenticated, reason, english, portuguese)
}

/// Of a role that may not do something.
#[must_use]
pub fn denied() -> ApiError {
    ApiError::new(
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
        let peer = request.extensions().get::<Peer>();
        let admitted = self.gate.admit(request.uri().path(), request.headers(), peer).map(|caller| {
            name_in_log(&caller);
            let staff = caller.principal().map(|principal| StaffCall {
                principal: principal.clone(),
                revocations: self.gate.keys.revocations().clone(),
            });
            request.extensions_mut().insert(caller);
            (self.inner.call(request), staff)
        });
        Box::pin(async move {
            match admitted {
                Ok((call, staff)) => {
                    let mut answer = call.await?;
                    if let Some(staff) = staff {
                        answer.extensions_mut().insert(staff);
                    }
                    Ok(answer)
                }
                Err(fault) => Ok(Status::from(fault).into_http()),
            }
        })
    }
}
