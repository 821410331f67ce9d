//! One stream of a board: what it is still owed. Pure but for its lock: no SQL, no clock of its own.
//!
//! A watcher is owed ids, not messages: when it is ready for the next message, it gets the ticket as it is then. So a
//! slow reader costs no more than a set of ids, and never sees an old state after a new one.

use crate::{
    board::{Board, lock},
    stations::Stations,
};
use comanda_context::error::ApiError;
use comanda_proto::kitchen::v1::{
    BoardHeartbeat, BoardSnapshot, TicketRemoved, WatchTicketsResponse, watch_tickets_response::News,
};
use sea_orm::prelude::Uuid;
use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// A watcher that takes nothing for that long is cut off.
const TIMEOUT: Duration = Duration::from_secs(10);
const SNAPSHOT_PART: usize = 200;

/// One stream's debts.
pub struct Subscriber {
    /// Whose tickets it shows.
    pub stations: Stations,
    debts: Mutex<Debts>,
    wake: Notify,
}

#[derive(Default)]
struct Debts {
    /// False until the board is read for the first time.
    begun: bool,
    /// The first part of the stream, until it is sent.
    snapshot: Option<VecDeque<Uuid>>,
    order: VecDeque<Uuid>,
    /// The latest revision of each ticket owed.
    revisions: HashMap<Uuid, i64>,
    heartbeat: Option<BoardHeartbeat>,
    end: Option<ApiError>,
    /// Since when something is owed without any of it being taken.
    waiting_since: Option<Instant>,
}

impl Subscriber {
    /// Owed nothing yet.
    pub fn new(stations: Stations) -> Self {
        Self { stations, debts: Mutex::default(), wake: Notify::new() }
    }

    /// The next message for this stream, waiting for one if need be.
    pub async fn next(&self, board: &Mutex<Board>) -> Result<WatchTicketsResponse, ApiError> {
        loop {
            if let Some(news) = self.take(&lock(board))? {
                return Ok(WatchTicketsResponse { news: Some(news) });
            }
            self.wake.notified().await;
        }
    }

    /// The same without waiting.
    pub fn take(&self, board: &Board) -> Result<Option<News>, ApiError> {
        let debts = &mut *lock(&self.debts);
        debts.waiting_since = None;
        if let Some(fault) = &debts.end {
            return Err(fault.clone());
        }
        if let Some(ids) = &mut debts.snapshot {
            let part = ids.drain(..ids.len().min(SNAPSHOT_PART)).collect::<Vec<_>>();
            let complete = ids.is_empty();
            let tickets = part.iter().filter_map(|id| board.ticket(*id)).map(|ticket| (**ticket).clone()).collect();
            // What changed while the snapshot waited is in it.
            for id in &part {
                debts.revisions.remove(id);
            }
            if complete {
                debts.snapshot = None;
            }
            return Ok(Some(News::Snapshot(BoardSnapshot { tickets, complete })));
        }
        while let Some(id) = debts.order.pop_front() {
            let Some(revision) = debts.revisions.remove(&id) else { continue };
            return Ok(Some(match board.ticket(id) {
                Some(ticket) => News::Upsert((**ticket).clone()),
                None => News::Removed(TicketRemoved { order_id: id.to_string(), revision }),
            }));
        }
        Ok(debts.heartbeat.take().map(News::Heartbeat))
    }

    /// Owes these tickets as the beginning of the stream.
    pub fn begin(&self, ids: VecDeque<Uuid>) {
        *lock(&self.debts) = Debts { begun: true, snapshot: Some(ids), ..Debts::default() };
        self.wake.notify_one();
    }

    /// Owes a ticket that has changed.
    pub fn queue(&self, id: Uuid, revision: i64) {
        let mut debts = lock(&self.debts);
        // What comes before the snapshot is part of it.
        if debts.end.is_some() || !debts.begun {
            return;
        }
        // The board has moved on: a heartbeat that was not sent yet would no longer fit it.
        debts.heartbeat = None;
        if debts.revisions.insert(id, revision).is_none() {
            debts.order.push_back(id);
        }
        drop(debts);
        self.wake.notify_one();
    }

    /// Owes a heartbeat, or cuts off who takes nothing.
    pub fn heartbeat(&self, heartbeat: BoardHeartbeat, now: Instant) {
        let mut debts = lock(&self.debts);
        let since = *debts.waiting_since.get_or_insert(now);
        if now.duration_since(since) > TIMEOUT {
            *debts = Debts { end: Some(ApiError::slow_reader()), ..Debts::default() };
        } else {
            debts.heartbeat = Some(heartbeat);
        }
        drop(debts);
        self.wake.notify_one();
    }

    /// Ends the stream.
    pub fn end(&self, fault: ApiError) {
        lock(&self.debts).end.get_or_insert(fault);
        self.wake.notify_one();
    }
}
