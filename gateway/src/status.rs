//! The status of the whole deployment: the gateway asks every replica that it knows for its own, adds what it knows of
//! this process, and has it judged. Answered over gRPC, and at `/status.json` for scripts; the page `/status` calls
//! like any page.
//!
//! A role that does not answer is part of the answer. Must not look at a database or a broker itself: whoever has one
//! tells.

use crate::{
    Dependencies,
    config::OpenTo,
    layers::host,
    limit::{self, Limiter},
    problem::Problem,
    rest::method_not_allowed,
};
use axum::{
    Json, Router,
    extract::{Request as HttpRequest, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response as HttpResponse},
    routing::get,
};
use comanda_auth::gate::Gate;
use comanda_context::{error::ApiError, language::Language};
use comanda_mesh::channel::Channel;
use comanda_telemetry::{
    health::Health,
    status::{
        self, diagnostics,
        v1::{
            GetStatusRequest, GetStatusResponse, Process, Unreachable,
            status_service_client::StatusServiceClient,
            status_service_server::{StatusService, StatusServiceServer},
        },
    },
    status_service::PATH,
};
use http::{
    HeaderMap, StatusCode,
    header::{AUTHORIZATION, CACHE_CONTROL},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{task::JoinSet, time::timeout};
use tonic::{Code, Request, Response, Status, metadata::MetadataMap};

/// For scripts.
const PAGE: &str = "/status.json";

/// A role that has not answered by then is as good as away.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Gathers the status of all processes. Cloning shares it.
#[derive(Clone)]
pub struct StatusAggregator(Arc<Asked>);

struct Asked {
    roles: [Channel; 4],
    gate: Gate,
    health: Health,
}

impl StatusAggregator {
    pub fn new(links: &Dependencies) -> Self {
        let Dependencies { catalog, orders, kitchen, identity, gate, health, .. } = links;
        let roles = [catalog.clone(), orders.clone(), kitchen.clone(), identity.clone()];
        Self(Arc::new(Asked { roles, gate: gate.clone(), health: health.clone() }))
    }

    pub fn service(&self) -> StatusServiceServer<Self> {
        StatusServiceServer::new(self.clone())
    }

    /// Everything that whoever shows these headers may know.
    async fn answer(&self, headers: &HeaderMap) -> Result<GetStatusResponse, ApiError> {
        self.0.gate.admit(PATH, headers, None)?;
        let (mut gathered, mut asking) = (Gathered::default(), JoinSet::new());
        gathered.hear(vec![self.0.health.process()]);
        for channel in &self.0.roles {
            let replicas = channel.each();
            if replicas.is_empty() {
                gathered.miss(channel.role(), "the name service knows nobody by its name".to_owned());
            }
            for replica in replicas {
                let (place, role, headers) = (asking.len(), channel.role(), headers.clone());
                asking.spawn(async move { (place, role, ask(replica, &headers).await) });
            }
        }
        let mut answers = asking.join_all().await;
        answers.sort_by_key(|(place, ..)| *place);
        for (_, role, answer) in answers {
            match answer {
                Ok(processes) => gathered.hear(processes),
                Err(reason) => gathered.miss(role, reason),
            }
        }
        Ok(gathered.judged())
    }
}

/// What was heard so far, each process once: two addresses may lead to the same one.
#[derive(Default)]
struct Gathered {
    processes: BTreeMap<String, (usize, Process)>,
    unreachable: Vec<Unreachable>,
}

impl Gathered {
    fn hear(&mut self, processes: Vec<Process>) {
        for process in processes {
            let place = self.processes.len();
            self.processes.entry(process.process_id.clone()).or_insert((place, process));
        }
    }

    fn miss(&mut self, role: &str, reason: String) {
        self.unreachable.push(Unreachable { role: role.to_owned(), reason });
    }

    fn judged(self) -> GetStatusResponse {
        let mut processes = Vec::from_iter(self.processes.into_values());
        processes.sort_by_key(|(place, _)| *place);
        let processes = processes.into_iter().map(|(_, process)| process).collect();
        let heard = GetStatusResponse { unreachable: self.unreachable, ..status::of(processes) };
        let findings = diagnostics::diagnose(&heard);
        GetStatusResponse { findings, ..heard }
    }
}

/// Asks one replica with the caller's own token: each role decides for itself who may know.
async fn ask(channel: Channel, headers: &HeaderMap) -> Result<Vec<Process>, String> {
    let token = headers.get(AUTHORIZATION).map(|token| (AUTHORIZATION, token.clone()));
    let mut request = Request::new(GetStatusRequest {});
    *request.metadata_mut() = MetadataMap::from_headers(token.into_iter().collect());
    request.set_timeout(TIMEOUT);
    let mut client = StatusServiceClient::new(channel.clone());
    match timeout(TIMEOUT, client.get_status(request)).await {
        Ok(Ok(reply)) => Ok(reply.into_inner().processes),
        Ok(Err(status)) => Err(why(&channel, &status)),
        Err(_) => Err(silent()),
    }
}

/// Why a replica did not answer, in words for the person who runs it.
fn why(channel: &Channel, status: &Status) -> String {
    match status.code() {
        Code::Unauthenticated | Code::PermissionDenied => {
            "it refuses the token: its COMANDA_IDENTITY_KEYS_FILE is another one".to_owned()
        }
        Code::Unimplemented => "it is of a release that tells no status".to_owned(),
        Code::DeadlineExceeded | Code::Cancelled => silent(),
        _ => channel.last_error().unwrap_or_else(|| status.message().to_owned()),
    }
}

fn silent() -> String {
    format!("no answer within {} s", TIMEOUT.as_secs())
}

#[tonic::async_trait]
impl StatusService for StatusAggregator {
    async fn get_status(&self, request: Request<GetStatusRequest>) -> Result<Response<GetStatusResponse>, Status> {
        let headers = request.into_parts().0.into_headers();
        let language = Language::of(&headers);
        language.scope(async { self.answer(&headers).await.map(Response::new).map_err(Status::from) }).await
    }
}

pub fn routes(gather: StatusAggregator, limiter: Limiter) -> Router {
    Router::new()
        .route("/status.json", get(show))
        .method_not_allowed_fallback(method_not_allowed)
        .route_layer(from_fn_with_state(limiter, limit::rest))
        .with_state(gather)
}

/// Asks for those who may know without a token as the gateway itself, whom the roles believe by the service token.
pub async fn ask_as_oneself(
    State((gate, open)): State<(Gate, OpenTo)>,
    mut request: HttpRequest,
    next: Next,
) -> HttpResponse {
    let asks = [PATH, PAGE].contains(&request.uri().path()) && !request.headers().contains_key(AUTHORIZATION);
    if asks && host::is_open(open, &request) {
        request.headers_mut().extend(gate.keys().service_header().map(|token| (AUTHORIZATION, token)));
    }
    next.run(request).await
}

async fn show(State(gather): State<StatusAggregator>, headers: HeaderMap) -> Result<impl IntoResponse, Problem> {
    let status = gather.answer(&headers).await.map_err(|fault| Problem::from(Status::from(fault)))?;
    let json = status::json(&status).map_err(|error| {
        tracing::error!(%error, "the status cannot be written");
        Problem::with(StatusCode::INTERNAL_SERVER_ERROR, ApiError::internal())
    })?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(json)))
}
