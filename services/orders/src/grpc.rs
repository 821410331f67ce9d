//! The door for calls: each request becomes one verb, each error a status.

use crate::{
    apply::TicketNews,
    cancel::{self, Cancelled},
    config::Config,
    erase,
    estimate::Estimator,
    journey,
    menu_cache::{MenuError, Menus},
    order::{self, token_end::Viewer},
    place::{NewOrder, OrderBatcher},
    store,
    watch::{BoxedNews, Watched},
};
use comanda_auth::{
    caller::Caller,
    token::{Keys, Scope},
};
use comanda_context::error::ApiError;
use comanda_events::relay::EventPublisher;
use comanda_mesh::channel::Channel;
use comanda_proto::{
    kitchen::v1::{CancelTicketRequest, kitchen_service_client::KitchenServiceClient},
    orders::v1::{
        CancelOrderRequest, CancelOrderResponse, EraseCustomerRequest, EraseCustomerResponse, GetOrderJourneyRequest,
        GetOrderJourneyResponse, GetOrderRequest, GetOrderResponse, Order, PlaceOrderRequest, PlaceOrderResponse,
        QuoteOrderRequest, QuoteOrderResponse, WatchOrderRequest, order_service_server::OrderService,
    },
    r#type::v1::{Actor, Money},
};
use comanda_storage::{
    database::{self, Database, Transaction},
    disk::Disk,
    idempotency::{self, IdempotencyKey, StoredResponse},
};
use comanda_types::validation::Checks;
use prost_types::Duration;
use sea_orm::{DbErr, prelude::Uuid};
use std::sync::Arc;
use tonic::{Code, Request, Response, Status};

/// The RPCs of Orders.
pub struct Orders {
    pub config: Config,
    pub database: Database,
    pub publisher: EventPublisher,
    pub batcher: OrderBatcher,
    pub estimator: Arc<Estimator>,
    pub menus: Arc<Menus>,
    pub kitchen: KitchenServiceClient<Channel>,
    pub keys: Keys,
    pub watched: Arc<Watched>,
    pub disk: Disk,
}

impl Orders {
    /// The order that a call is about, if the caller may do that with it.
    fn allowed<T>(&self, request: &Request<T>, order_id: &str, needed: Scope) -> Result<Uuid, Status> {
        let mut checks = Checks::default();
        let id = checks.uuid("order_id", order_id);
        checks.done()?;
        if self.keys.may(&Caller::of(request), needed, id) { Ok(id) } else { Err(cancel::not_found().into()) }
    }

    fn viewer<T>(&self, request: &Request<T>) -> Viewer {
        Viewer { caller: Caller::of(request), token: self.config.order_token() }
    }

    /// An order as it is.
    async fn load(&self, order_id: Uuid, viewer: &Viewer) -> Result<Order, Status> {
        self.read(order_id, Some(viewer), store::load).await
    }

    async fn read(
        &self,
        order_id: Uuid,
        viewer: Option<&Viewer>,
        load: impl AsyncFnOnce(&Transaction, Uuid) -> Result<Option<Order>, DbErr>,
    ) -> Result<Order, Status> {
        let failed = |error| database::fault(&error);
        let snapshot = self.database.snapshot().await.map_err(failed)?;
        let mut order = load(&snapshot, order_id).await.map_err(failed)?;
        if let Some(viewer) = viewer.filter(|_| order.is_some()) {
            let now = database::now(&snapshot).await.map_err(failed)?;
            order = order.filter(|order| viewer.sees(order, now));
        }
        snapshot.commit().await.map_err(failed)?;
        order.ok_or_else(|| cancel::not_found().into())
    }

    /// Checks and prices an order.
    async fn price(&self, request: &PlaceOrderRequest) -> Result<NewOrder, ApiError> {
        self.disk.check()?;
        let mut checks = Checks::default();
        let shop_id = checks.shop("shop_id", &request.shop_id);
        let guest = order::check(request, &mut checks);
        checks.done()?;
        let menu = self.menus.get(&shop_id).await?;
        let mut checks = Checks::default();
        let priced = order::price(&menu, &request.lines, &mut checks)?;
        checks.done()?;
        let (order_id, audit_after) = (Uuid::now_v7(), self.config.audit_after_seconds());
        let ready = self.estimator.range(&shop_id, &priced.pieces());
        Ok(NewOrder { order_id, shop_id, guest, priced, menu, audit_after, ready })
    }

    async fn quote(&self, request: &QuoteOrderRequest) -> Result<QuoteOrderResponse, ApiError> {
        let mut checks = Checks::default();
        let shop_id = checks.shop("shop_id", &request.shop_id);
        order::check_lines(&request.lines, &mut checks);
        checks.done()?;
        let menu = self.menus.get(&shop_id).await?;
        let mut checks = Checks::default();
        let priced = order::price(&menu, &request.lines, &mut checks)?;
        checks.done()?;
        let ready = self.estimator.range(&shop_id, &priced.pieces());
        let wait = |seconds: i32| Duration { seconds: seconds.into(), nanos: 0 };
        Ok(QuoteOrderResponse {
            total: Some(Money { currency_code: menu.currency_code.clone(), minor_units: priced.total }),
            earliest_wait: ready.map(|ready| wait(ready.earliest)),
            latest_wait: ready.map(|ready| wait(ready.latest)),
            lines: priced.lines,
        })
    }

    async fn cancel(
        &self,
        key: &IdempotencyKey,
        (order_id, viewer): (Uuid, &Viewer),
        request: CancelOrderRequest,
    ) -> Result<StoredResponse<Order>, Status> {
        let mut checks = Checks::default();
        let reason = checks.text("reason", &request.reason, 0, 200);
        checks.done()?;
        let order = Some(self.load(order_id, viewer).await?);
        let author = viewer.caller.author();
        let actor = if author.is_some() { Actor::Staff } else { Actor::Customer };
        let ask = CancelTicketRequest { request_id: request.request_id, order, actor: actor.into(), reason, author };
        match cancel::ask_kitchen(&self.kitchen, ask).await {
            Ok(ticket) => {
                let news = TicketNews::try_from(ticket).map_err(|why| {
                    tracing::error!(%why, "the kitchen's reply is impossible");
                    ApiError::internal()
                })?;
                idempotency::make(&self.database, &self.publisher, key, &Cancelled(news)).await
            }
            Err(refusal) => idempotency::refuse(&self.database, key, refusal).await,
        }
    }
}

#[tonic::async_trait]
impl OrderService for Orders {
    type WatchOrderStream = BoxedNews;

    async fn place_order(&self, request: Request<PlaceOrderRequest>) -> Result<Response<PlaceOrderResponse>, Status> {
        let request = request.into_inner();
        let key = IdempotencyKey::new(&request.request_id, "PlaceOrder", &request)?;
        // An earlier answer comes before any refusal: both ways look for it, storing by the key of its own row.
        let mut answer = match self.price(&request).await {
            Ok(place) => self.batcher.place(&key, place).await?,
            Err(refusal) => idempotency::refuse(&self.database, &key, refusal).await?,
        };
        let id = Uuid::try_parse(&answer.reply.order_id).map_err(|_| ApiError::internal())?;
        if answer.replayed {
            answer.reply = self.read(id, None, store::load_as_accepted).await?;
        }
        Ok(answer.into_response(|order| PlaceOrderResponse {
            order: Some(order),
            own_token: self.keys.order_token(Scope::Own, id),
            view_token: self.keys.order_token(Scope::View, id),
        }))
    }

    async fn quote_order(&self, request: Request<QuoteOrderRequest>) -> Result<Response<QuoteOrderResponse>, Status> {
        Ok(Response::new(self.quote(request.get_ref()).await?))
    }

    async fn get_order(&self, request: Request<GetOrderRequest>) -> Result<Response<GetOrderResponse>, Status> {
        let id = self.allowed(&request, &request.get_ref().order_id, Scope::View)?;
        Ok(Response::new(GetOrderResponse { order: Some(self.load(id, &self.viewer(&request)).await?) }))
    }

    async fn cancel_order(
        &self,
        request: Request<CancelOrderRequest>,
    ) -> Result<Response<CancelOrderResponse>, Status> {
        let id = self.allowed(&request, &request.get_ref().order_id, Scope::Own)?;
        let viewer = self.viewer(&request);
        let request = request.into_inner();
        let key = IdempotencyKey::new(&request.request_id, "CancelOrder", &request)?;
        let answer = match idempotency::find_replay(&self.database, &key).await? {
            Some(answer) => answer,
            None => self.cancel(&key, (id, &viewer), request).await?,
        };
        // A repeat is answered from what is stored, whoever asks.
        if !viewer.caller.may_shop(&answer.reply.shop_id) {
            return Err(cancel::not_found().into());
        }
        Ok(answer.into_response(|order| CancelOrderResponse { order: Some(order) }))
    }

    async fn watch_order(&self, request: Request<WatchOrderRequest>) -> Result<Response<BoxedNews>, Status> {
        let id = self.allowed(&request, &request.get_ref().order_id, Scope::View)?;
        let stream = self.watched.watch(id, &self.viewer(&request)).await.map_err(|error| database::fault(&error))?;
        Ok(Response::new(stream.ok_or_else(cancel::not_found)?))
    }

    async fn get_order_journey(
        &self,
        request: Request<GetOrderJourneyRequest>,
    ) -> Result<Response<GetOrderJourneyResponse>, Status> {
        let id = self.allowed(&request, &request.get_ref().order_id, Scope::View)?;
        let journey =
            journey::read(&self.database, id, &self.viewer(&request)).await.map_err(|error| database::fault(&error))?;
        Ok(Response::new(journey.ok_or_else(cancel::not_found)?))
    }

    async fn erase_customer(
        &self,
        request: Request<EraseCustomerRequest>,
    ) -> Result<Response<EraseCustomerResponse>, Status> {
        let id = self.allowed(&request, &request.get_ref().order_id, Scope::Own)?;
        erase::check_over(&self.load(id, &self.viewer(&request)).await?)?;
        erase::in_the_kitchen(&self.kitchen, id).await?;
        erase::here(&self.database, id).await.map_err(|error| database::fault(&error))?;
        Ok(Response::new(EraseCustomerResponse {}))
    }
}

impl From<MenuError> for ApiError {
    fn from(error: MenuError) -> Self {
        match error {
            MenuError::UnknownShop => {
                Self::new(Code::NotFound, "SHOP_NOT_FOUND", "no such shop", "loja não encontrada")
            }
            MenuError::Away(_) => Self::unavailable("catalog"),
        }
    }
}
