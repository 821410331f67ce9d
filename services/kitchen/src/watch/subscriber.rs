//! One stream of a board and the queue of what it has yet to send. No SQL, no clock of its own.
//!
//! The queue holds ticket ids, not messages: when the stream is ready for the next message, it sends the ticket as it is
//! then. A slow reader costs a set of ids and never sees an old state after a new one.

use crate::ticket::stations::Stations;
use comanda_context::error::ApiError;
use comanda_proto::kitchen::v1::{BoardHeartbeat, BoardSnapshot, Ticket, TicketRemoved, watch_tickets_response::News};
use parking_lot::Mutex;
use sea_orm::prelude::Uuid;
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// The open tickets of a board by order id.
pub type Tickets = HashMap<Uuid, Arc<Ticket>>;

/// A subscriber that takes nothing for that long is cut off.
const TIMEOUT: Duration = Duration::from_secs(10);
const SNAPSHOT_PART: usize = 200;

/// One stream.
pub struct Subscriber {
    /// Whose tickets it shows.
    pub stations: Stations,
    queue: Mutex<SendQueue>,
    wake: Notify,
}

#[derive(Default)]
struct SendQueue {
    /// False until the board is read for the first time.
    begun: bool,
    /// The first part of the stream, until it is sent.
    snapshot: Option<VecDeque<Uuid>>,
    order: VecDeque<Uuid>,
    /// The latest revision of each queued ticket.
    revisions: HashMap<Uuid, i64>,
    heartbeat: Option<BoardHeartbeat>,
    end: Option<ApiError>,
    /// Since when something is queued without any of it being taken.
    waiting_since: Option<Instant>,
}

impl Subscriber {
    /// With an empty queue.
    pub fn new(stations: Stations) -> Self {
        Self { stations, queue: Mutex::default(), wake: Notify::new() }
    }

    /// Waits until there may be something to take.
    pub async fn changed(&self) {
        self.wake.notified().await;
    }

    /// The next message for this stream, of tickets as they are now.
    ///
    /// # Errors
    /// Why the stream ends.
    pub fn take(&self, tickets: &Tickets) -> Result<Option<News>, ApiError> {
        let queue = &mut *self.queue.lock();
        queue.waiting_since = None;
        if let Some(fault) = &queue.end {
            return Err(fault.clone());
        }
        if let Some(ids) = &mut queue.snapshot {
            let part = ids.drain(..ids.len().min(SNAPSHOT_PART)).collect::<Vec<_>>();
            let complete = ids.is_empty();
            let part_tickets = part.iter().filter_map(|id| tickets.get(id)).map(|ticket| (**ticket).clone()).collect();
            // What changed while the snapshot waited is in it.
            for id in &part {
                queue.revisions.remove(id);
            }
            if complete {
                queue.snapshot = None;
            }
            return Ok(Some(News::Snapshot(BoardSnapshot { tickets: part_tickets, complete })));
        }
        while let Some(id) = queue.order.pop_front() {
            let Some(revision) = queue.revisions.remove(&id) else { continue };
            return Ok(Some(match tickets.get(&id) {
                Some(ticket) => News::Upsert((**ticket).clone()),
                None => News::Removed(TicketRemoved { order_id: id.to_string(), revision }),
            }));
        }
        Ok(queue.heartbeat.take().map(News::Heartbeat))
    }

    /// Queues these tickets as the snapshot that begins the stream.
    pub fn begin(&self, ids: VecDeque<Uuid>) {
        *self.queue.lock() = SendQueue { begun: true, snapshot: Some(ids), ..SendQueue::default() };
        self.wake.notify_one();
    }

    /// Queues a ticket that has changed.
    pub fn queue(&self, id: Uuid, revision: i64) {
        let mut queue = self.queue.lock();
        // What comes before the snapshot is part of it.
        if queue.end.is_some() || !queue.begun {
            return;
        }
        // The board has moved on: a heartbeat that was not sent yet would no longer fit it.
        queue.heartbeat = None;
        if queue.revisions.insert(id, revision).is_none() {
            queue.order.push_back(id);
        }
        drop(queue);
        self.wake.notify_one();
    }

    /// Queues a heartbeat, or ends a stream that takes nothing.
    pub fn heartbeat(&self, heartbeat: BoardHeartbeat, now: Instant) {
        let mut queue = self.queue.lock();
        let since = *queue.waiting_since.get_or_insert(now);
        if now.duration_since(since) > TIMEOUT {
            *queue = SendQueue { end: Some(ApiError::slow_reader()), ..SendQueue::default() };
        } else {
            queue.heartbeat = Some(heartbeat);
        }
        drop(queue);
        self.wake.notify_one();
    }

    /// Ends the stream.
    pub fn end(&self, fault: ApiError) {
        self.queue.lock().end.get_or_insert(fault);
        self.wake.notify_one();
    }
}
