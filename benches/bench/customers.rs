//! What customers send: requests for the sample menu, as bytes, through a door that counts what becomes of them.

use harness::{Shop, eventually};

use super::{
    load::{call, connections},
    menu,
};
use comanda_proto::{
    catalog::v1::GetMenuRequest,
    orders::v1::{Order, PlaceOrderLine, PlaceOrderRequest, PlaceOrderResponse},
    r#type::v1::{ServiceMode, TakeAway, service_mode::Mode},
};
use prost::{Message, bytes::Bytes};
use sea_orm::{ConnectionTrait, DatabaseConnection, prelude::Uuid};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tonic::{Code, Request, transport::Channel};

pub const PLACE: &str = "/comanda.orders.v1.OrderService/PlaceOrder";
/// What the simplest thing on the sample menu is called.
const PRODUCT: &str = "Pão de queijo";

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Answered OK in time.
    Done,
    /// RESOURCE_EXHAUSTED.
    Refused,
    /// Anything else.
    Failed,
}

/// Connections to one server, and what is asked of it.
#[derive(Clone)]
pub struct Door {
    channels: Arc<[Channel]>,
    order: Arc<PlaceOrderRequest>,
    look: Bytes,
    pub deadline: Duration,
}

impl Door {
    /// To the server at the address, which is one of this shop's.
    pub async fn of(shop: &Shop, address: &str, count: usize, deadline: Duration) -> Self {
        let look = GetMenuRequest::default().encode_to_vec().into();
        let order = Arc::new(an_order(shop).await);
        Self { channels: connections(address, count).await.into(), order, look, deadline }
    }

    /// Reads the menu.
    pub async fn look(&self, caller: usize) -> Outcome {
        self.ask(caller, menu::PATH, self.look.clone()).await
    }

    /// Places an order of one line.
    pub async fn order(&self, caller: usize) -> Outcome {
        let mut order = PlaceOrderRequest::clone(&self.order);
        order.request_id = Uuid::new_v4().to_string();
        self.ask(caller, PLACE, order.encode_to_vec().into()).await
    }

    /// Places one and shows it.
    pub async fn one_order(&self) -> Order {
        let mut order = PlaceOrderRequest::clone(&self.order);
        order.request_id = Uuid::new_v4().to_string();
        let reply = call(self.channels[0].clone(), PLACE, Request::new(order.encode_to_vec().into())).await;
        let reply = PlaceOrderResponse::decode(reply.expect("accepted")).expect("a reply");
        reply.order.expect("an order")
    }

    async fn ask(&self, caller: usize, path: &'static str, message: Bytes) -> Outcome {
        let mut request = Request::new(message);
        request.set_timeout(self.deadline);
        let (channel, sent) = (self.channels[caller % self.channels.len()].clone(), Instant::now());
        match call(channel, path, request).await {
            Ok(_) if sent.elapsed() <= self.deadline => Outcome::Done,
            Err(status) if status.code() == Code::ResourceExhausted => Outcome::Refused,
            _ => Outcome::Failed,
        }
    }
}

/// Of the sample menu, without its request id.
pub async fn an_order(shop: &Shop) -> PlaceOrderRequest {
    let menu = eventually("there is a menu", async || {
        let reply = shop.gateway.catalog().get_menu(GetMenuRequest::default()).await?.into_inner();
        Ok::<_, tonic::Status>(reply.menu().expect("readable").expect("a menu"))
    });
    let products = menu.await.categories.into_iter().flat_map(|category| category.products);
    let products: Vec<_> = products.collect();
    let simple = products.iter().find(|product| product.name == PRODUCT);
    let product = simple.or(products.first()).expect("there is something on the menu").clone();
    let line = PlaceOrderLine { product_id: product.product_id, quantity: 1, ..Default::default() };
    PlaceOrderRequest {
        customer_name: "Ana".into(),
        service_mode: Some(ServiceMode { mode: Some(Mode::TakeAway(TakeAway {})) }),
        lines: vec![line],
        ..Default::default()
    }
}

/// Until every order has its ticket, so that what one measurement left is not done in the next.
pub async fn at_rest(orders: &DatabaseConnection) {
    eventually("every order has its ticket", async || {
        let waiting = "SELECT 1 FROM orders WHERE ticket_at IS NULL LIMIT 1";
        orders
            .query_one_raw(sea_orm::Statement::from_string(orders.get_database_backend(), waiting))
            .await
            .map(|row| row.is_none())
            .unwrap_or(false)
    })
    .await;
}
