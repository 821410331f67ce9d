//! Baristas with a tablet each. They tap what they see, two of them sometimes the same ticket, and come back with the same
//! tap until they know what became of it. A tablet whose stream ends watches again, wherever it is let in.

use std::{sync::Arc, time::Duration};

use comanda_proto::{
    kitchen::v1::{
        Ticket, WatchTicketsRequest, WatchTicketsResponse, kitchen_service_client::KitchenServiceClient,
        watch_tickets_response::News,
    },
    r#type::v1::OrderState::{Cancelled, Preparing, Ready, Received},
};
use fastrand::Rng;
use tokio::time::{sleep, timeout};
use tonic::{Streaming, transport::Channel};

use super::{
    customers::{attempt, is_final, pause},
    journal::Of,
    workload::Workload,
};
use harness::with_token;

use crate::clients::{Board, Tap, fresh, tap_as};

/// A tablet that hears nothing for two beats knows that it is stale; this is a little longer.
const STALE: Duration = Duration::from_secs(4);
const PAUSE: Duration = Duration::from_millis(100);
/// So many tickets that nothing is left standing. A board that grew with the time would slow down a slow machine ever more.
const FULL_BOARD: usize = 300;

/// One barista's day, at these doors in turn.
pub async fn work(workload: Arc<Workload>, place: usize, doors: Vec<Channel>) {
    for door in doors.iter().cycle().skip(place) {
        if workload.is_closed() {
            return;
        }
        let mut kitchen = KitchenServiceClient::new(door.clone());
        let request = with_token(WatchTicketsRequest::default(), &workload.staff);
        match attempt(kitchen.watch_tickets(request)).await {
            Ok(stream) => watch(&workload, place, door, stream).await,
            Err(_) => sleep(PAUSE).await,
        }
    }
}

async fn watch(workload: &Arc<Workload>, place: usize, door: &Channel, mut stream: Streaming<WatchTicketsResponse>) {
    let mut board = Board::default();
    while let Ok(Ok(Some(reply))) = timeout(STALE, stream.message()).await {
        let Some(news) = reply.news else { continue };
        let shown: Vec<Ticket> = match &news {
            News::Snapshot(part) => part.tickets.clone(),
            News::Upsert(ticket) => vec![ticket.clone()],
            News::Removed(_) | News::Heartbeat(_) => vec![],
        };
        match board.apply(news) {
            // At a heartbeat the tablet knows that its board is the database's.
            Ok(Some(_)) => workload.tablet_at(place, &board),
            Ok(None) => {}
            Err(what) => workload.journal.violation(format!("tablet {place}: {what}")),
        }
        for ticket in shown {
            workload.journal.seen(Of::Ticket, &ticket.order_id, ticket.revision, ticket.state());
            workload.journal.on_tablet(&ticket.order_id);
            let full = board.tickets.len() > FULL_BOARD;
            if let Some(tap) = workload.serves().then(|| habit(workload, place, &ticket, full)).flatten() {
                // A board that is shown again asks for no tap that is still under way.
                if workload.begin_tap(place, &ticket) {
                    workload.spawn(finish(workload.clone(), place, door.clone(), tap, ticket));
                }
            }
        }
        if workload.is_closed() || workload.cuts_now() {
            return;
        }
    }
}

/// What this barista does about a ticket, always the same for the same ticket as long as the board is not full. Both care
/// for one in five.
fn habit(workload: &Workload, place: usize, ticket: &Ticket, full: bool) -> Option<Tap> {
    let key =
        ticket.order_id.bytes().fold(workload.seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut rng = Rng::with_seed(key ^ ticket.revision.cast_unsigned());
    let (mine, chance) = (rng.usize(0..10), rng.u32(0..100));
    if mine < 8 && mine % 2 != place % 2 {
        return None;
    }
    match ticket.state() {
        // Some stay on the board, so that it fills.
        Received if (25..90).contains(&chance) || full => Some(Tap::Start),
        Preparing | Ready if chance < 5 => Some(Tap::Revert),
        Received | Preparing if chance < 25 && !ticket.lines[0].done => Some(Tap::Line(0, true)),
        Preparing if chance < 30 && ticket.lines[0].done => Some(Tap::Line(0, false)),
        Preparing => Some(Tap::Ready),
        Ready if chance < 90 || full => Some(Tap::Collected),
        Cancelled => Some(Tap::Acknowledge),
        _ => None,
    }
}

async fn finish(workload: Arc<Workload>, place: usize, door: Channel, tap: Tap, ticket: Ticket) {
    let request_id = fresh();
    loop {
        let kitchen = KitchenServiceClient::new(door.clone());
        let call = tap_as(&request_id, kitchen, &workload.staff, tap, &ticket.order_id, ticket.revision);
        match attempt(async { call.await.map(tonic::Response::new) }).await {
            Ok(after) => {
                workload.journal.seen(Of::Ticket, &after.order_id, after.revision, after.state());
                break;
            }
            Err(status) if is_final(&status) => break,
            Err(status) => sleep(pause(&status)).await,
        }
    }
    workload.end_tap(place, &ticket);
}
