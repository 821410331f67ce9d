//! The people of the tests: a customer who orders and follows, a barista whose tablet keeps the board. They know only
//! the contracts, and hold the system to them.

use comanda_proto::{
    catalog::v1::{GetMenuRequest, Menu, Product},
    kitchen::v1::{
        AcknowledgeCancellationRequest, CompleteLineRequest, MarkCollectedRequest, MarkReadyRequest,
        ReopenTicketRequest, RevertTicketRequest, StartTicketRequest, Ticket, WatchTicketsRequest,
        WatchTicketsResponse, kitchen_service_client::KitchenServiceClient, watch_tickets_response::News as BoardNews,
    },
    orders::v1::{
        CancelOrderRequest, Order, PlaceOrderLine, PlaceOrderRequest, PlaceOrderResponse, WatchOrderRequest,
        WatchOrderResponse, watch_order_response::News as OrderNews,
    },
    r#type::v1::{OrderState, ServiceMode, TakeAway, service_mode::Mode},
};
use harness::{Replica, Shop, eventually, settled, with_token};
use sea_orm::prelude::Uuid;
use std::{collections::HashMap, time::Duration};
use tokio::time::{Instant, timeout};
use tonic::{Status, Streaming, body::Body, client::GrpcService, transport::Channel};
use tonic_types::StatusExt;
use tower::BoxError;

/// For one message of a stream. A stream that has none for that long is broken: heartbeats come every second.
const NEXT_MESSAGE: Duration = Duration::from_secs(20);

/// For a board to become as wished.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A random request id.
pub fn fresh() -> String {
    Uuid::new_v4().to_string()
}

/// The reason of a refusal.
pub fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// The menu of the shop. Asks again like anybody who stands before a replica that has just died, or a busy machine.
pub async fn menu(shop: &Shop) -> Menu {
    let mut catalog = shop.gateway.catalog();
    let reply = eventually("there is a menu", async || catalog.get_menu(GetMenuRequest::default()).await).await;
    reply.into_inner().menu().expect("readable").expect("a menu")
}

/// A product of the sample menu.
pub async fn product(shop: &Shop, name: &str) -> Product {
    let categories = menu(shop).await.categories;
    categories.into_iter().flat_map(|c| c.products).find(|p| p.name == name).expect("a product of the sample menu")
}

/// An order that every shop takes: one pão de queijo, to take away.
pub async fn simple_order(shop: &Shop, customer_name: &str) -> PlaceOrderRequest {
    PlaceOrderRequest {
        request_id: fresh(),
        shop_id: String::new(),
        customer_name: customer_name.to_owned(),
        service_mode: Some(ServiceMode { mode: Some(Mode::TakeAway(TakeAway {})) }),
        lines: vec![PlaceOrderLine {
            product_id: product(shop, "Pão de queijo").await.product_id,
            quantity: 1,
            ..Default::default()
        }],
    }
}

/// Places it.
pub async fn place(shop: &Shop, customer_name: &str) -> PlaceOrderResponse {
    let request = simple_order(shop, customer_name).await;
    placed(shop, &request).await
}

/// Places this one.
pub async fn placed(shop: &Shop, request: &PlaceOrderRequest) -> PlaceOrderResponse {
    settled(async || shop.gateway.orders().place_order(request.clone()).await).await.expect("accepted").into_inner()
}

/// The order in a reply.
pub fn order(placed: &PlaceOrderResponse) -> &Order {
    placed.order.as_ref().expect("an order")
}

/// A request to cancel.
pub fn cancel(order_id: &str) -> CancelOrderRequest {
    CancelOrderRequest { request_id: fresh(), order_id: order_id.to_owned(), reason: "mudei de ideia".to_owned() }
}

/// Who follows an order.
pub struct Follower {
    stream: Streaming<WatchOrderResponse>,
    revision: i64,
}

impl Follower {
    pub async fn of(shop: &Shop, order_id: &str, token: &str) -> Self {
        Self::at(&shop.gateway, order_id, token).await
    }

    /// The same by another gateway.
    pub async fn at(gateway: &Replica, order_id: &str, token: &str) -> Self {
        let request = WatchOrderRequest { order_id: order_id.to_owned() };
        let stream = gateway.orders().watch_order(with_token(request, token)).await.expect("a stream");
        Self { stream: stream.into_inner(), revision: 0 }
    }

    /// Waits until the order is shown as wished; `None` when the stream ends before.
    pub async fn until(&mut self, wish: impl Fn(&Order) -> bool) -> Option<Order> {
        loop {
            let next = timeout(NEXT_MESSAGE, self.stream.message()).await.expect("news or a heartbeat in time");
            match next.expect("no error").and_then(|reply| reply.news) {
                Some(OrderNews::Order(order)) => {
                    assert!(order.revision > self.revision, "revisions only rise");
                    self.revision = order.revision;
                    if wish(&order) {
                        return Some(order);
                    }
                }
                Some(OrderNews::Heartbeat(beat)) => assert_eq!(beat.revision, self.revision, "the heartbeat fits"),
                None => return None,
            }
        }
    }

    pub async fn until_state(&mut self, state: OrderState) -> Order {
        self.until(|order| order.state() == state).await.unwrap_or_else(|| panic!("the stream ended before {state:?}"))
    }

    pub async fn until_end(&mut self) {
        assert_eq!(self.until(|_| false).await, None);
    }
}

/// A board as a tablet keeps it from one stream, held to the contract message by message.
#[derive(Default)]
pub struct Board {
    pub tickets: HashMap<String, Ticket>,
    /// True once the snapshot is whole.
    pub complete: bool,
    /// The place in the order of acceptance of the snapshot's last ticket.
    last_of_snapshot: i64,
    /// At which revision tickets have left it.
    gone: HashMap<String, i64>,
}

impl Board {
    /// Applies what came; how many tickets are open if that was a heartbeat, or what the contract forbids.
    pub fn apply(&mut self, news: BoardNews) -> Result<Option<i32>, String> {
        match news {
            BoardNews::Snapshot(part) => {
                self.complete = part.complete;
                for ticket in part.tickets {
                    if ticket.accepted_seq <= self.last_of_snapshot {
                        return Err(format!("a snapshot out of order: {} came late", ticket.accepted_seq));
                    }
                    self.last_of_snapshot = ticket.accepted_seq;
                    self.tickets.insert(ticket.order_id.clone(), ticket);
                }
            }
            BoardNews::Upsert(ticket) => {
                let gone = self.gone.get(&ticket.order_id).copied().unwrap_or_default();
                let known = self.tickets.get(&ticket.order_id).map_or(gone, |known| known.revision);
                if ticket.revision <= known {
                    return Err(format!("{} after revision {known}: {}", ticket.revision, ticket.order_id));
                }
                self.tickets.insert(ticket.order_id.clone(), ticket);
            }
            BoardNews::Removed(removed) => {
                self.tickets.remove(&removed.order_id);
                self.gone.insert(removed.order_id, removed.revision);
            }
            BoardNews::Heartbeat(beat) => {
                if (beat.open_count, beat.digest) != (self.tickets.len() as i32, self.digest()) {
                    return Err(format!(
                        "{} tickets, but the heartbeat tells of {}",
                        self.tickets.len(),
                        beat.open_count
                    ));
                }
                return Ok(Some(beat.open_count));
            }
        }
        Ok(None)
    }

    /// Whether it was told that a ticket left.
    pub fn has_left(&self, order_id: &str) -> bool {
        self.gone.contains_key(order_id)
    }

    /// As the contract defines it.
    fn digest(&self) -> u64 {
        self.tickets.values().fold(0, |sum: u64, ticket| {
            let low = Uuid::try_parse(&ticket.order_id).expect("a UUID").as_u64_pair().1;
            sum.wrapping_add(low.wrapping_mul(2 * ticket.revision as u64 + 1))
        })
    }
}

/// A tablet with its stream.
pub struct Tablet {
    stream: Streaming<WatchTicketsResponse>,
    pub board: Board,
}

impl Tablet {
    pub async fn watch(kitchen: KitchenServiceClient<Channel>, token: &str) -> Self {
        Self::watch_at(kitchen, token, "", Vec::new()).await
    }

    /// One that stands at these stations of a shop.
    pub async fn watch_at(
        mut kitchen: KitchenServiceClient<Channel>,
        token: &str,
        shop_id: &str,
        stations: Vec<String>,
    ) -> Self {
        let request = WatchTicketsRequest { shop_id: shop_id.to_owned(), stations };
        let stream = kitchen.watch_tickets(with_token(request, token)).await.expect("a stream").into_inner();
        Self { stream, board: Board::default() }
    }

    /// Waits until the board is as wished.
    pub async fn until<T>(&mut self, wish: impl Fn(&HashMap<String, Ticket>) -> Option<T>) -> T {
        let patience = Instant::now() + TIMEOUT;
        loop {
            if let Some(found) = wish(&self.board.tickets).filter(|_| self.board.complete) {
                return found;
            }
            assert!(Instant::now() < patience, "after {TIMEOUT:?} the board still is {:?}", self.board.tickets);
            self.next().await;
        }
    }

    /// Waits for a ticket in this state.
    pub async fn until_state(&mut self, order_id: &str, state: OrderState) -> Ticket {
        self.until(|board| board.get(order_id).filter(|ticket| ticket.state() == state).cloned()).await
    }

    /// Waits until a ticket has left the board.
    pub async fn until_gone(&mut self, order_id: &str) {
        self.until(|board| (!board.contains_key(order_id)).then_some(())).await;
    }

    /// Waits for a heartbeat; returns how many tickets are open.
    pub async fn heartbeat(&mut self) -> i32 {
        loop {
            if let Some(open) = self.next().await {
                return open;
            }
        }
    }

    /// Waits until the stream is ended by somebody, and gives the reason.
    pub async fn until_refused(&mut self) -> Status {
        loop {
            let next = timeout(TIMEOUT, self.stream.message()).await.expect("news, a heartbeat or the end in time");
            if let Err(status) = next {
                return status;
            }
        }
    }

    /// Takes the next message.
    pub async fn next(&mut self) -> Option<i32> {
        let next = timeout(NEXT_MESSAGE, self.stream.message()).await.expect("news or a heartbeat in time");
        let news = next.expect("no error").expect("the board has no end").news.expect("news");
        self.board.apply(news).expect("as the contract says")
    }
}

/// What a barista taps.
#[derive(Debug, Clone, Copy)]
pub enum Tap {
    Start,
    Ready,
    Collected,
    Revert,
    Acknowledge,
    /// Because the customer came after all.
    Reopen,
    /// Sets a line, whatever was seen before.
    Line(i32, bool),
}

/// A channel of tonic's or of ours.
pub trait Carries: GrpcService<Body, ResponseBody = Body, Error: Into<BoxError>, Future: Send> {}
impl<T: GrpcService<Body, ResponseBody = Body, Error: Into<BoxError>, Future: Send>> Carries for T {}

/// Taps, on a ticket that was seen at this revision.
pub async fn tap(
    kitchen: KitchenServiceClient<impl Carries + Clone>,
    token: &str,
    tap: Tap,
    order_id: &str,
    revision: i64,
) -> Result<Ticket, Status> {
    let request_id = fresh();
    settled(async || tap_as(&request_id, kitchen.clone(), token, tap, order_id, revision).await).await
}

/// The same as a request that may be a repeat.
pub async fn tap_as(
    request_id: &str,
    mut kitchen: KitchenServiceClient<impl Carries>,
    token: &str,
    tap: Tap,
    order_id: &str,
    revision: i64,
) -> Result<Ticket, Status> {
    let (request_id, order_id) = (request_id.to_owned(), order_id.to_owned());
    macro_rules! call {
        ($method:ident, $request:ident) => {
            kitchen.$method(with_token($request { request_id, order_id, revision }, token)).await?.into_inner().ticket
        };
    }
    let ticket = match tap {
        Tap::Reopen => {
            let reason = "veio depois".to_owned();
            let request = ReopenTicketRequest { request_id, order_id, revision, reason };
            kitchen.reopen_ticket(with_token(request, token)).await?.into_inner().ticket
        }
        Tap::Line(line, done) => {
            let request = CompleteLineRequest { request_id, order_id, line, done };
            kitchen.complete_line(with_token(request, token)).await?.into_inner().ticket
        }
        Tap::Start => call!(start_ticket, StartTicketRequest),
        Tap::Ready => call!(mark_ready, MarkReadyRequest),
        Tap::Collected => call!(mark_collected, MarkCollectedRequest),
        Tap::Revert => call!(revert_ticket, RevertTicketRequest),
        Tap::Acknowledge => call!(acknowledge_cancellation, AcknowledgeCancellationRequest),
    };
    Ok(ticket.expect("a ticket"))
}
