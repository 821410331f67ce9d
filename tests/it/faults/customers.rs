//! Customers who order whether or not the shop keeps up. Each wants one order, asks with the same key until there is an
//! answer, and may then ask again, follow, or change their mind.

use std::{sync::Arc, time::Duration};

use comanda_proto::{
    orders::v1::{
        PlaceOrderLine, PlaceOrderRequest, PlaceOrderResponse, WatchOrderRequest, WatchOrderResponse,
        order_service_client::OrderServiceClient, watch_order_response::News,
    },
    r#type::v1::{Money, OrderState, ServiceMode, TakeAway, service_mode::Mode},
};
use fastrand::Rng;
use sea_orm::prelude::Uuid;
use tokio::time::{sleep, timeout};
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_types::StatusExt;

use super::{
    journal::{Of, Outcome},
    workload::Workload,
};
use harness::with_token;

use crate::clients::{cancel, order};

/// A customer's patience with one attempt.
const ATTEMPT: Duration = Duration::from_secs(4);
const PAUSE: Duration = Duration::from_millis(200);

/// Of those who are in a hurry, in milliseconds.
const HASTE: std::ops::Range<u64> = 50..920;

/// They stay until the day is over, so a long day would be spent on them.
const MAX_FOLLOWERS: usize = 300;

/// What a customer does beside ordering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// Leaves it at that.
    Patient,
    /// Asks once more with the same key.
    Repeats,
    /// Follows the order.
    Follows,
    /// Wants it no more.
    Cancels,
    /// Believes in a price that was never true.
    Mistaken,
}

impl Habit {
    fn of(rng: &mut Rng) -> Self {
        match rng.u32(0..100) {
            0..10 => Self::Repeats,
            10..20 => Self::Follows,
            20..28 => Self::Cancels,
            28..32 => Self::Mistaken,
            _ => Self::Patient,
        }
    }
}

/// One customer's visit.
pub async fn visit(workload: Arc<Workload>, mut rng: Rng) {
    let habit = Habit::of(&mut rng);
    let request = intent(&workload, &mut rng, habit);
    workload.journal.sent(&request.request_id);
    let Some(placed) = settle(&workload, &request).await else { return };
    let id = &order(&placed).order_id;
    match habit {
        Habit::Repeats => drop(settle(&workload, &request).await),
        Habit::Follows if workload.followers().len() < MAX_FOLLOWERS => follow(&workload, id, &placed.own_token).await,
        Habit::Follows => {}
        Habit::Cancels => {
            sleep(Duration::from_millis(rng.u64(0..100))).await;
            change_mind(&workload, id, &placed.own_token).await;
        }
        Habit::Patient | Habit::Mistaken => {}
    }
}

/// A visit of somebody who orders, and leaves with the answer.
pub async fn short_visit(workload: Arc<Workload>, mut rng: Rng) {
    let request = intent(&workload, &mut rng, Habit::Patient);
    workload.journal.sent(&request.request_id);
    settle(&workload, &request).await;
}

/// A visit of somebody who waits for an answer no longer than a moment, another each time.
pub async fn hasty_visit(workload: Arc<Workload>, mut rng: Rng) {
    let request = intent(&workload, &mut rng, Habit::Patient);
    workload.journal.sent(&request.request_id);
    settle_within(&workload, &request, || Duration::from_millis(rng.u64(HASTE))).await;
}

fn intent(workload: &Workload, rng: &mut Rng, habit: Habit) -> PlaceOrderRequest {
    let key = Uuid::from_u128(rng.u128(..)).to_string();
    let wrong_price = Money { currency_code: "BRL".into(), minor_units: 1 };
    PlaceOrderRequest {
        customer_name: key.clone(),
        request_id: key.clone(),
        shop_id: String::new(),
        service_mode: Some(ServiceMode { mode: Some(Mode::TakeAway(TakeAway {})) }),
        lines: vec![PlaceOrderLine {
            product_id: workload.product_id.clone(),
            quantity: rng.i32(1..10),
            note: key,
            seen_unit_price: (habit == Habit::Mistaken).then_some(wrong_price),
            ..Default::default()
        }],
    }
}

/// Asks until there is an answer.
async fn settle(workload: &Arc<Workload>, request: &PlaceOrderRequest) -> Option<PlaceOrderResponse> {
    settle_within(workload, request, || ATTEMPT).await
}

async fn settle_within(
    workload: &Arc<Workload>,
    request: &PlaceOrderRequest,
    mut deadline: impl FnMut() -> Duration,
) -> Option<PlaceOrderResponse> {
    let key = &request.request_id;
    loop {
        let mut orders = OrderServiceClient::new(workload.door());
        let mut call = Request::new(request.clone());
        let deadline = deadline();
        if deadline < ATTEMPT {
            call.set_timeout(deadline);
        }
        match attempt(orders.place_order(call)).await {
            Ok(placed) => {
                workload.look_up(&order(&placed).order_id);
                let (at, order) = (workload.journal.now(), order(&placed));
                let (order_id, accepted_seq) = (order.order_id.clone(), order.accepted_seq);
                workload.journal.settled(key, Outcome::Accepted { at, order_id, accepted_seq });
                return Some(placed);
            }
            Err(status) if is_final(&status) => {
                workload.journal.settled(key, Outcome::Refused);
                return None;
            }
            Err(status) => {
                let wait = pause(&status);
                workload.journal.unknown(key, status);
                sleep(wait).await;
            }
        }
    }
}

async fn change_mind(workload: &Workload, order_id: &str, token: &str) {
    let request = cancel(order_id);
    loop {
        let mut orders = OrderServiceClient::new(workload.door());
        match attempt(orders.cancel_order(with_token(request.clone(), token))).await {
            Ok(reply) => {
                let order = reply.order.expect("an order");
                return workload.journal.seen(Of::Order, order_id, order.revision, order.state());
            }
            Err(status) if is_final(&status) => return,
            Err(status) => sleep(pause(&status)).await,
        }
    }
}

/// Until the day is over; any end but the order's own is a reason to come back.
async fn follow(workload: &Workload, order_id: &str, token: &str) {
    while !workload.is_closed() {
        let request = with_token(WatchOrderRequest { order_id: order_id.to_owned() }, token);
        let mut orders = OrderServiceClient::new(workload.door());
        let Ok(stream) = attempt(orders.watch_order(request)).await else {
            sleep(PAUSE).await;
            continue;
        };
        if watch(workload, order_id, stream).await == OrderState::Cancelled {
            return workload.forget_follower(order_id);
        }
    }
}

/// Reads one stream to its end; returns the last state shown.
async fn watch(workload: &Workload, order_id: &str, mut stream: Streaming<WatchOrderResponse>) -> OrderState {
    let (mut newest, mut state) = (0, OrderState::Unspecified);
    while let Ok(Ok(Some(reply))) = timeout(ATTEMPT, stream.message()).await {
        match reply.news {
            Some(News::Order(order)) => {
                if order.revision <= newest {
                    workload.journal.violation(format!("{order_id} went back from {newest} to {}", order.revision));
                }
                (newest, state) = (order.revision, order.state());
                workload.journal.seen(Of::Order, order_id, newest, state);
                workload.follower_at(order_id, newest);
            }
            Some(News::Heartbeat(beat)) if beat.revision != newest => {
                workload.journal.violation(format!("{order_id}: a heartbeat of {} after {newest}", beat.revision));
            }
            Some(News::Heartbeat(_)) | None => {}
        }
        if workload.is_closed() {
            break;
        }
    }
    state
}

/// One call, given up when it hangs.
pub async fn attempt<T>(call: impl Future<Output = Result<Response<T>, Status>>) -> Result<T, Status> {
    match timeout(ATTEMPT, call).await {
        Ok(reply) => reply.map(Response::into_inner),
        Err(_) => Err(Status::deadline_exceeded("the customer has given up")),
    }
}

/// Until the next attempt. As the pages do: no sooner than the server asks for, and not all at the same moment.
pub fn pause(status: &Status) -> Duration {
    let asked = status.get_details_retry_info().and_then(|retry| retry.retry_delay).unwrap_or_default();
    asked.max(PAUSE).mul_f64(1.0 + fastrand::f64() / 2.0)
}

/// Whether asking again makes no sense.
pub fn is_final(status: &Status) -> bool {
    matches!(status.code(), Code::FailedPrecondition | Code::InvalidArgument | Code::NotFound | Code::Aborted)
}
