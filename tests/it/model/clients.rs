//! Customers who order, ask twice and change their minds, and one barista who taps what the tablet shows.

use std::{sync::Arc, time::Duration};

use comanda_events::broker::QUEUES;
use comanda_mesh::channel::Channel;
use comanda_proto::{
    catalog::v1::{GetMenuRequest, catalog_service_client::CatalogServiceClient},
    kitchen::v1::{
        Ticket, WatchTicketsRequest, kitchen_service_client::KitchenServiceClient, watch_tickets_response::News,
    },
    orders::v1::{PlaceOrderLine, PlaceOrderRequest, PlaceOrderResponse, order_service_client::OrderServiceClient},
    r#type::v1::{
        OrderState::{Cancelled, Preparing, Ready, Received},
        ServiceMode, TakeAway,
        service_mode::Mode,
    },
};
use fastrand::Rng;
use sea_orm::prelude::Uuid;
use tokio::{task::JoinSet, time::interval};
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};

use super::{
    in_process_cluster::{Rooms, STAFF},
    ledger::{Fate, Ledger},
};
use harness::{eventually, with_token};

use crate::{
    clients::{Tap, cancel, order, tap},
    faults::journal::{Journal, Of, Outcome},
};

const ONE_EVERY: Duration = Duration::from_millis(40);
/// So many come when the network is past its worst.
const LATE_CUSTOMERS: usize = 75;
/// Even if it never is.
const MAX_CUSTOMERS: usize = 600;

/// Customers come until the network has done its worst on both lines, and for a while after; returns when all have left.
pub async fn arrive(rooms: &Rooms, journal: &Arc<Journal>, ledger: &Ledger, mut rng: Rng) {
    let product_id = product(rooms.catalog_door.clone()).await;
    let (mut ticks, mut inside) = (interval(ONE_EVERY), JoinSet::new());
    let done = || QUEUES.iter().all(|queue| ledger.count(queue, Fate::Unconfirmed) > 0);
    let mut late = 0;
    for _ in 0..MAX_CUSTOMERS {
        ticks.tick().await;
        inside.spawn_local(visit(rooms.orders_door.clone(), journal.clone(), product_id.clone(), rng.fork()));
        late += usize::from(done());
        if late > LATE_CUSTOMERS {
            break;
        }
    }
    while let Some(left) = inside.join_next().await {
        left.expect("a customer leaves content");
    }
}

async fn product(door: Channel) -> String {
    let mut catalog = CatalogServiceClient::new(door);
    let menu = eventually("there is a menu", async || catalog.get_menu(GetMenuRequest::default()).await).await;
    let mut products =
        menu.into_inner().menu().expect("readable").expect("a menu").categories.into_iter().flat_map(|c| c.products);
    products.find(|product| product.name == "Pão de queijo").expect("a product of the sample menu").product_id
}

async fn visit(door: Channel, journal: Arc<Journal>, product_id: String, mut rng: Rng) {
    let key = Uuid::from_u128(rng.u128(..)).to_string();
    let line = PlaceOrderLine { product_id, quantity: rng.i32(1..10), note: key.clone(), ..Default::default() };
    let request = PlaceOrderRequest {
        request_id: key.clone(),
        customer_name: key,
        service_mode: Some(ServiceMode { mode: Some(Mode::TakeAway(TakeAway {})) }),
        lines: vec![line],
        ..Default::default()
    };
    journal.sent(&request.request_id);
    let placed = place(&door, &journal, &request).await;
    match rng.u8(0..100) {
        0..10 => drop(place(&door, &journal, &request).await),
        10..30 => change_mind(&door, &journal, &placed).await,
        _ => {}
    }
}

async fn place(door: &Channel, journal: &Journal, request: &PlaceOrderRequest) -> PlaceOrderResponse {
    let mut orders = OrderServiceClient::new(door.clone());
    let placed = eventually("an order is taken", async || orders.place_order(request.clone()).await).await.into_inner();
    let (at, order) = (journal.now(), order(&placed));
    let (order_id, accepted_seq) = (order.order_id.clone(), order.accepted_seq);
    journal.settled(&request.request_id, Outcome::Accepted { at, order_id, accepted_seq });
    placed
}

/// The kitchen may have begun; then it is too late.
async fn change_mind(door: &Channel, journal: &Journal, placed: &PlaceOrderResponse) {
    let (mut orders, request) = (OrderServiceClient::new(door.clone()), cancel(&order(placed).order_id));
    let settled = eventually("a cancellation is settled", async || {
        match orders.cancel_order(with_token(request.clone(), &placed.own_token)).await {
            Err(status) if !is_final(&status) => Err(status),
            settled => Ok(settled),
        }
    });
    if let Ok(reply) = settled.await {
        let order = reply.into_inner().order.expect("an order");
        journal.seen(Of::Order, &order.order_id, order.revision, order.state());
    }
}

/// The barista's day, until `closed`.
pub async fn serve(door: Channel, journal: Arc<Journal>, mut rng: Rng, closed: CancellationToken) {
    let mut kitchen = KitchenServiceClient::new(door);
    let watch = async || kitchen.watch_tickets(with_token(WatchTicketsRequest::default(), &STAFF)).await;
    let mut stream = eventually("a tablet is served", watch).await.into_inner();
    while let Some(reply) = closed.run_until_cancelled(stream.message()).await {
        let tickets = match reply.expect("no error").expect("a board has no end").news {
            Some(News::Snapshot(part)) => part.tickets,
            Some(News::Upsert(ticket)) => vec![ticket],
            Some(News::Removed(_) | News::Heartbeat(_)) | None => vec![],
        };
        for ticket in tickets {
            journal.seen(Of::Ticket, &ticket.order_id, ticket.revision, ticket.state());
            let Some(next) = habit(&mut rng, &ticket) else { continue };
            match tap(kitchen.clone(), &STAFF, next, &ticket.order_id, ticket.revision).await {
                Ok(after) => journal.seen(Of::Ticket, &after.order_id, after.revision, after.state()),
                Err(status) => assert!(is_final(&status), "{status}"),
            }
        }
    }
}

/// Some are left where they are.
fn habit(rng: &mut Rng, ticket: &Ticket) -> Option<Tap> {
    let dice = rng.u8(0..100);
    match ticket.state() {
        Received if dice < 75 => Some(Tap::Start),
        Received if dice < 85 => Some(Tap::Line(0, true)),
        Preparing | Ready if dice < 15 => Some(Tap::Revert),
        Preparing if dice < 40 => Some(Tap::Line(0, !ticket.lines[0].done)),
        Preparing => Some(Tap::Ready),
        Ready if dice < 90 => Some(Tap::Collected),
        Cancelled if dice < 90 => Some(Tap::Acknowledge),
        _ => None,
    }
}

/// Whether asking again makes no sense.
fn is_final(status: &Status) -> bool {
    matches!(status.code(), Code::FailedPrecondition | Code::Aborted)
}
