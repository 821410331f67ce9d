//! An order's whole life, step by step, and a change of the menu. Each step is a request that is repeated under its key
//! until it is settled; whatever was answered with OK is looked up at once in the databases, through connections of the
//! test's own.

use std::{sync::atomic::Ordering, time::Duration};

use comanda_proto::{
    catalog::v1::{GetMenuRequest, SetAvailabilityRequest},
    kitchen::v1::{
        MarkCollectedRequest, MarkReadyRequest, StartTicketRequest, kitchen_service_client::KitchenServiceClient,
    },
    orders::v1::{
        CancelOrderRequest, PlaceOrderLine, PlaceOrderRequest, PlaceOrderResponse,
        order_service_client::OrderServiceClient,
    },
    r#type::v1::{OrderState, ServiceMode, TakeAway, service_mode::Mode},
};
use tokio::time::timeout;
use tonic::{
    Code, Request, Status,
    service::{Interceptor, interceptor::InterceptedService},
    transport::Channel,
};

use super::witness::{Fact, Witness};
use harness::{Shop, with_token};

use crate::{
    clients::{cancel, fresh, order, reason},
    faults::journal::{Of, Outcome},
};

/// What one does in an order's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Place,
    Start,
    Ready,
    Collect,
    /// The order again, with the same key.
    Repeat,
    /// Of another order.
    Cancel,
    /// Of the menu.
    Edit,
}

/// In this order.
pub const LIFE: [Step; 7] =
    [Step::Place, Step::Start, Step::Ready, Step::Collect, Step::Repeat, Step::Cancel, Step::Edit];

/// One order, one more to cancel, and one change of the menu.
pub struct Life<'a> {
    shop: &'a Shop,
    witness: &'a Witness,
    /// How long each attempt may take.
    patience: Duration,
    order: Wanted,
    /// Placed when it is time to cancel it.
    other: Option<Wanted>,
    /// What the cake shall be in the end: never what it was.
    available: bool,
    /// Of each step.
    keys: [String; LIFE.len()],
}

/// An order that somebody wants.
struct Wanted {
    request: PlaceOrderRequest,
    placed: Option<PlaceOrderResponse>,
    cancel: CancelOrderRequest,
}

impl Wanted {
    fn new(witness: &Witness) -> Self {
        let key = fresh();
        witness.journal.sent(&key);
        let line =
            PlaceOrderLine { product_id: witness.bread.clone(), quantity: 1, note: key.clone(), ..Default::default() };
        let request = PlaceOrderRequest {
            request_id: key.clone(),
            customer_name: key,
            shop_id: String::new(),
            service_mode: Some(ServiceMode { mode: Some(Mode::TakeAway(TakeAway {})) }),
            lines: vec![line],
        };
        Self { request, placed: None, cancel: cancel("") }
    }

    fn id(&self) -> String {
        self.placed.as_ref().map(|placed| order(placed).order_id.clone()).unwrap_or_default()
    }

    fn is_placed(&mut self, witness: &Witness, placed: PlaceOrderResponse) -> Fact {
        let (at, taken) = (witness.journal.now(), order(&placed).clone());
        let (order_id, accepted_seq) = (taken.order_id.clone(), taken.accepted_seq);
        witness.journal.settled(&self.request.request_id, Outcome::Accepted { at, order_id, accepted_seq });
        witness.journal.seen(Of::Order, &taken.order_id, taken.revision, taken.state());
        self.cancel.order_id.clone_from(&taken.order_id);
        self.placed = Some(placed);
        Fact::Order { id: taken.order_id, revision: taken.revision }
    }
}

impl<'a> Life<'a> {
    pub fn new(shop: &'a Shop, witness: &'a Witness, patience: Duration) -> Self {
        let (order, available) = (Wanted::new(witness), !witness.cake_is_available.load(Ordering::Acquire));
        Self { shop, witness, patience, order, other: None, available, keys: LIFE.map(|_| fresh()) }
    }

    /// What has to be so before a step.
    pub async fn prepare(&mut self, step: Step) -> Result<(), String> {
        if step == Step::Cancel {
            let mut other = Wanted::new(self.witness);
            let placed = self.orders().place_order(other.request.clone()).await;
            let placed = placed.map_err(|status| format!("nothing is broken, and yet: {status:?}"))?;
            other.is_placed(self.witness, placed.into_inner());
            self.other = Some(other);
        }
        Ok(())
    }

    /// One attempt. What it was told, or why it was not.
    pub async fn attempt(&mut self, step: Step) -> Result<Fact, Status> {
        let patience = self.patience;
        // The answer that the deadline has passed has its way to go, too.
        let asked = timeout(patience + Duration::from_secs(1), self.ask(step)).await;
        asked.unwrap_or_else(|_| Err(Status::new(Code::Unknown, "no answer, a second after the deadline")))
    }

    async fn ask(&mut self, step: Step) -> Result<Fact, Status> {
        match step {
            Step::Place | Step::Repeat => {
                let placed = self.orders().place_order(self.order.request.clone()).await?.into_inner();
                Ok(self.order.is_placed(self.witness, placed))
            }
            Step::Start => self.tap(step, 1).await,
            Step::Ready => self.tap(step, 2).await,
            Step::Collect => self.tap(step, 3).await,
            Step::Cancel => {
                let other = self.other.as_ref().expect("placed before");
                let token = other.placed.as_ref().map(|placed| placed.own_token.clone()).unwrap_or_default();
                let call = with_token(other.cancel.clone(), &token);
                let cancelled = self.orders().cancel_order(call).await?.into_inner().order.expect("an order");
                let (id, revision) = (cancelled.order_id.clone(), cancelled.revision);
                self.witness.journal.seen(Of::Order, &id, revision, cancelled.state());
                Ok(Fact::Order { id, revision })
            }
            Step::Edit => {
                let product_id = self.witness.cake.clone();
                let request = SetAvailabilityRequest {
                    request_id: self.key(step),
                    product_id: product_id.clone(),
                    available: self.available,
                    ..Default::default()
                };
                let mut call = with_token(request, &self.shop.secrets.staff);
                call.set_timeout(self.patience);
                let version = self.shop.gateway.catalog_admin().set_availability(call).await?.into_inner().menu_version;
                Ok(Fact::Menu { version, product_id, available: self.available })
            }
        }
    }

    async fn tap(&mut self, step: Step, revision: i64) -> Result<Fact, Status> {
        let (request_id, order_id) = (self.key(step), self.order.id());
        let mut kitchen = KitchenServiceClient::with_interceptor(self.shop.gateway.channel(), Limit(self.patience));
        let staff = &self.shop.secrets.staff;
        macro_rules! call {
            ($method:ident, $request:ident) => {
                kitchen
                    .$method(with_token($request { request_id, order_id, revision }, staff))
                    .await?
                    .into_inner()
                    .ticket
            };
        }
        let ticket = match step {
            Step::Start => call!(start_ticket, StartTicketRequest),
            Step::Ready => call!(mark_ready, MarkReadyRequest),
            _ => call!(mark_collected, MarkCollectedRequest),
        };
        let ticket = ticket.expect("a ticket");
        self.witness.journal.seen(Of::Ticket, &ticket.order_id, ticket.revision, ticket.state());
        Ok(Fact::Ticket { id: ticket.order_id, revision: ticket.revision })
    }

    /// Whether the step, once settled, has come to all who have to hear of it; or why not.
    pub async fn is_at_rest(&self, step: Step) -> Result<(), String> {
        match step {
            Step::Edit => self.menu_shows_it().await,
            Step::Cancel => {
                let id = self.other.as_ref().map(Wanted::id).unwrap_or_default();
                self.witness.is_at_rest(&id, OrderState::Cancelled).await
            }
            _ => {
                let state = match step {
                    Step::Place => OrderState::Received,
                    Step::Start => OrderState::Preparing,
                    Step::Ready => OrderState::Ready,
                    _ => OrderState::Collected,
                };
                self.witness.is_at_rest(&self.order.id(), state).await
            }
        }
    }

    async fn menu_shows_it(&self) -> Result<(), String> {
        let mut call = Request::new(GetMenuRequest::default());
        call.set_timeout(self.patience);
        let reply = self.shop.gateway.catalog().get_menu(call).await.map_err(|status| status.to_string())?;
        let menu = reply.into_inner().menu().ok().flatten().ok_or("no menu")?;
        let mut products = menu.categories.into_iter().flat_map(|category| category.products);
        let cake = products.find(|product| product.product_id == self.witness.cake).ok_or("no cake")?;
        self.witness.cake_is_available.store(self.available, Ordering::Release);
        if cake.available == self.available { Ok(()) } else { Err("the menu still shows what was before".to_owned()) }
    }

    fn key(&self, step: Step) -> String {
        self.keys[step as usize].clone()
    }

    fn orders(&self) -> OrderServiceClient<InterceptedService<Channel, Limit>> {
        OrderServiceClient::with_interceptor(self.shop.gateway.channel(), Limit(self.patience))
    }
}

/// The deadline that every call tells.
#[derive(Clone, Copy)]
struct Limit(Duration);

impl Interceptor for Limit {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.set_timeout(self.0);
        Ok(request)
    }
}

/// Whether a failure tells its caller what to make of it.
pub fn is_clear(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable | Code::DeadlineExceeded => !reason(status).is_empty(),
        _ => false,
    }
}
