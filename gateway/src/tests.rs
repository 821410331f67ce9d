//! The whole door in one process: a small OrderService behind it, reached as browsers, native clients and curl do.

mod limits;
mod network;
mod port;
mod rpc;
mod status;
mod web;

use crate::{Config, Dependencies, app, reflection};
use axum::Router;
use comanda_auth::{
    contracts::{Contracts, MAX_REQUEST_BYTES},
    gate::Gate,
    role::Role,
    test_tokens,
    token::{Keys, Secrets},
};
use comanda_context::error::ApiError;
use comanda_mesh::{channel, listener, load_shed::Limits, server::RoleServer};
use comanda_proto::{
    orders::v1::{
        CancelOrderRequest, CancelOrderResponse, EraseCustomerRequest, EraseCustomerResponse, GetOrderJourneyRequest,
        GetOrderJourneyResponse, GetOrderRequest, GetOrderResponse, Order, PlaceOrderRequest, PlaceOrderResponse,
        QuoteOrderRequest, QuoteOrderResponse, WatchOrderRequest, WatchOrderResponse,
        order_service_server::{OrderService, OrderServiceServer},
        watch_order_response::News,
    },
    r#type::v1::{Money, OrderState},
};
use comanda_telemetry::health::Health;
use std::pin::Pin;
use tokio::{io::DuplexStream, sync::mpsc};
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;
use tonic::{Code, Response, Status};
use tonic_types::StatusExt;

const ID: &str = "0192f0c1-0000-7000-8000-000000000001";
const STATES: [OrderState; 3] = [OrderState::Received, OrderState::Preparing, OrderState::Ready];

fn contracts() -> Contracts {
    Contracts::new(comanda_proto::DESCRIPTORS).expect("readable contracts")
}

/// A channel to a role that nobody serves.
fn nobody(role: &'static str) -> channel::Channel {
    channel::local(role, contracts()).0
}

pub fn gate() -> Gate {
    let order_keys = vec![vec![7; 32]];
    let secrets = Secrets { service: vec!["service".into()], order_keys, public_keys: test_tokens::public_keys() };
    Gate::new(contracts(), Keys::new(secrets))
}

/// Answers as orders would; the customer's name, or the order's id, says with what.
struct Orders;

#[tonic::async_trait]
impl OrderService for Orders {
    async fn place_order(
        &self,
        request: tonic::Request<PlaceOrderRequest>,
    ) -> Result<Response<PlaceOrderResponse>, Status> {
        let request = request.into_inner();
        match request.customer_name.as_str() {
            "slow" => std::future::pending().await,
            "nobody" => return Err(ApiError::unavailable("database").into()),
            "late" => return Err(ApiError::too_late().into()),
            "other" => return Err(ApiError::request_id_reused().into()),
            _ => {}
        }
        let order = Order { total: request.lines[0].seen_unit_price.clone(), ..order(OrderState::Received) };
        let reply = PlaceOrderResponse { order: Some(order), own_token: "own".into(), view_token: "view".into() };
        let mut response = Response::new(reply);
        if request.customer_name == "again" {
            response.metadata_mut().insert("x-idempotent-replay", "true".parse().expect("metadata"));
        }
        Ok(response)
    }

    async fn get_order(&self, request: tonic::Request<GetOrderRequest>) -> Result<Response<GetOrderResponse>, Status> {
        let leaked = ["cookie", "origin", "x-hop"].into_iter().find(|name| request.metadata().contains_key(*name));
        match (leaked, request.get_ref().order_id.as_str()) {
            (Some(name), _) => Err(Status::internal(format!("{name} was forwarded"))),
            (None, ID) => Ok(Response::new(GetOrderResponse { order: Some(order(OrderState::Preparing)) })),
            _ => Err(ApiError::new(Code::NotFound, "ORDER_NOT_FOUND", "no such order", "pedido não encontrado").into()),
        }
    }

    async fn cancel_order(
        &self,
        _: tonic::Request<CancelOrderRequest>,
    ) -> Result<Response<CancelOrderResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn erase_customer(
        &self,
        _: tonic::Request<EraseCustomerRequest>,
    ) -> Result<Response<EraseCustomerResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn quote_order(&self, _: tonic::Request<QuoteOrderRequest>) -> Result<Response<QuoteOrderResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn get_order_journey(
        &self,
        _: tonic::Request<GetOrderJourneyRequest>,
    ) -> Result<Response<GetOrderJourneyResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    type WatchOrderStream = Pin<Box<dyn Stream<Item = Result<WatchOrderResponse, Status>> + Send>>;

    async fn watch_order(
        &self,
        request: tonic::Request<WatchOrderRequest>,
    ) -> Result<Response<Self::WatchOrderStream>, Status> {
        if request.metadata().contains_key("grpc-timeout") {
            return Err(Status::internal("nobody asked for a deadline, which would end the stream"));
        }
        let news = STATES.map(|state| Ok(WatchOrderResponse { news: Some(News::Order(order(state))) }));
        let news = tokio_stream::iter(news);
        Ok(Response::new(match request.into_inner().order_id.as_str() {
            "endless" => Box::pin(news.chain(tokio_stream::pending())),
            "drained" => Box::pin(news.chain(tokio_stream::once(Err(ApiError::draining().into())))),
            _ => Box::pin(news),
        }))
    }
}

fn order(state: OrderState) -> Order {
    let total = Some(Money { currency_code: "BRL".into(), minor_units: 1250 });
    Order { order_id: ID.into(), number: 42, state: state.into(), total, ..Default::default() }
}

/// Links to the small OrderService, whose connections tear when the token is cancelled. Nobody serves the catalog or
/// the kitchen.
async fn links() -> (Dependencies, CancellationToken) {
    let (orders, pipes) = channel::local("orders", contracts());
    let (torn, death) = (CancellationToken::new(), CancellationToken::new());
    let (far, server_pipes) = mpsc::channel(8);
    tokio::spawn(carry(pipes, far, death.clone()));
    let orders_server = OrderServiceServer::new(Orders).max_decoding_message_size(MAX_REQUEST_BYTES);
    let (health, limits) = (Health::of_role("orders").await, Limits::default());
    let server = RoleServer::new(gate(), comanda_proto::DESCRIPTORS, health.clone(), limits).with(orders_server);
    tokio::spawn(server.serve(listener::local(server_pipes, None, None), torn));
    let (catalog, kitchen, health) = (nobody("catalog"), nobody("kitchen"), Health::of_role("gateway").await);
    (Dependencies { catalog, orders, kitchen, identity: nobody("identity"), gate: gate(), health, limits }, death)
}

/// Carries bytes between the channel's pipes and the server's until `death`.
async fn carry(mut pipes: mpsc::Receiver<DuplexStream>, far: mpsc::Sender<DuplexStream>, death: CancellationToken) {
    while let Some(mut near) = pipes.recv().await {
        let (mut here, there) = tokio::io::duplex(64 * 1024);
        far.send(there).await.expect("the server takes connections");
        let carried = async move { tokio::io::copy_bidirectional(&mut near, &mut here).await };
        tokio::spawn(death.clone().run_until_cancelled_owned(carried));
    }
}

async fn door() -> Router {
    door_to(links().await.0)
}

fn door_to(links: Dependencies) -> Router {
    let config = Config { allowed_origins: vec!["https://cafe.example".into()], ..Config::default() };
    door_of(&config, links)
}

fn door_of(config: &Config, links: Dependencies) -> Router {
    let own = reflection::services(&links.gate, &links.health).expect("readable contracts");
    let limiter = crate::limit::Limiter::new(&config.limits, config.trusted_proxies.clone(), links.gate.clone());
    app(config, links, own, limiter).expect("a good configuration")
}

/// What the staff or the panel of these tests show; any other word is a token itself.
fn token(name: &str) -> String {
    let role = match name {
        "staff" => Role::Barista,
        "panel" => Role::Panel,
        other => return other.to_owned(),
    };
    test_tokens::sign(&test_tokens::ana(role, &["main"]))
}

fn as_caller<T>(token: &str, message: T) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {}", self::token(token)).parse().expect("metadata"));
    request
}

fn get_order() -> GetOrderRequest {
    GetOrderRequest { order_id: ID.into() }
}

fn watch(id: &str) -> tonic::Request<WatchOrderRequest> {
    as_caller("staff", WatchOrderRequest { order_id: id.into() })
}

fn reason(status: &Status) -> (Code, String) {
    (status.code(), status.get_details_error_info().map_or(String::new(), |info| info.reason))
}

/// The states that a stream tells, and how it ends.
async fn told(mut news: tonic::Streaming<WatchOrderResponse>) -> (Vec<OrderState>, Result<(), (Code, String)>) {
    let mut states = Vec::new();
    loop {
        match news.message().await {
            Ok(Some(WatchOrderResponse { news: Some(News::Order(order)) })) => states.push(order.state()),
            Ok(Some(_)) => {}
            Ok(None) => return (states, Ok(())),
            Err(status) => return (states, Err(reason(&status))),
        }
    }
}
