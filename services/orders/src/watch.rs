//! Orders, live: one task reads all watched orders, on hints and at every beat, and tells those who watch. A stream
//! holds no messages, only the latest state, so a slow reader costs nothing.

use crate::{order::token_end::Viewer, store};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_context::error::ApiError;
use comanda_context::periodic::every;
use comanda_proto::{
    events::v1::{Hint, HintKind},
    orders::v1::{Order, WatchOrderHeartbeat, WatchOrderResponse, watch_order_response::News},
    r#type::v1::OrderState,
};
use comanda_storage::database::{Database, now};
use comanda_telemetry::open_streams::OpenStream;
use comanda_types::timestamp::{from_proto, to_proto};
use futures_util::stream::unfold;
use parking_lot::{Mutex, MutexGuard};
use sea_orm::{DbErr, prelude::Uuid};
use std::{
    collections::HashMap,
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::{broadcast, watch};
use tokio_stream::Stream;
use tokio_util::sync::CancellationToken;
use tonic::Status;

const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(1);
/// How long a step can be taken back in the kitchen, and a little for the way.
const UNDO_WINDOW: TimeDelta = TimeDelta::seconds(65);
const IDS_PER_QUERY: usize = 500;

/// A stream of news.
pub type BoxedNews = Pin<Box<dyn Stream<Item = Result<WatchOrderResponse, Status>> + Send>>;

/// An order as it was last read.
#[derive(Clone)]
struct Seen {
    order: Arc<Order>,
    read_at: DateTime<Utc>,
    draining: bool,
}

impl Seen {
    /// Whether nothing can change any more.
    fn is_final(&self) -> bool {
        let since = self.order.update_time.as_ref().and_then(from_proto).unwrap_or(self.read_at);
        match self.order.state() {
            OrderState::Cancelled => true,
            OrderState::Collected => self.read_at - since > UNDO_WINDOW,
            _ => false,
        }
    }
}

/// The orders that someone watches on this replica.
pub struct Watched {
    database: Database,
    orders: Mutex<HashMap<Uuid, watch::Sender<Seen>>>,
    stopped: AtomicBool,
}

impl Watched {
    /// Nobody watches yet.
    pub fn new(database: Database) -> Self {
        Self { database, orders: Mutex::default(), stopped: AtomicBool::new(false) }
    }

    /// Streams an order; `None` when there is none, or none for this viewer.
    pub async fn watch(&self, order_id: Uuid, viewer: &Viewer) -> Result<Option<BoxedNews>, DbErr> {
        let read_at = now(self.database.reader()).await?;
        let Some(order) = store::load(self.database.reader(), order_id).await? else { return Ok(None) };
        if !viewer.sees(&order, read_at) {
            return Ok(None);
        }
        let draining = self.stopped.load(Ordering::Acquire);
        let seen = Seen { order: Arc::new(order), read_at, draining };
        let receiver = match self.lock().entry(order_id) {
            std::collections::hash_map::Entry::Occupied(known) => {
                raise(known.get(), seen.clone());
                known.get().subscribe()
            }
            std::collections::hash_map::Entry::Vacant(free) => free.insert(watch::channel(seen.clone()).0).subscribe(),
        };
        Ok(Some(Box::pin(stream(seen, receiver))))
    }

    /// Keeps all watched orders current until `shutdown`.
    pub async fn run(&self, mut hints: broadcast::Receiver<Hint>, shutdown: CancellationToken) {
        let follow = async {
            let mut beats = every(HEARTBEAT_INTERVAL);
            loop {
                let read = tokio::select! {
                    _ = beats.tick() => self.read_all().await,
                    Ok(hint) = hints.recv() => self.follow(&hint).await,
                };
                if let Err(error) = read {
                    tracing::warn!(%error, "watched orders cannot be read");
                }
            }
        };
        // Not only between reads: a database that says nothing must not hold up the stop.
        let _: Option<Infallible> = shutdown.run_until_cancelled(follow).await;
        self.stopped.store(true, Ordering::Release);
        for (_, order) in self.lock().drain() {
            order.send_modify(|seen| seen.draining = true);
        }
    }

    async fn follow(&self, hint: &Hint) -> Result<(), DbErr> {
        let Ok(order_id) = Uuid::try_parse(&hint.order_id) else { return Ok(()) };
        if hint.kind() != HintKind::Order || !self.lock().contains_key(&order_id) {
            return Ok(());
        }
        let read_at = now(self.database.reader()).await?;
        self.read(order_id, read_at).await
    }

    /// One query tells which orders have changed; every stream gets news or a heartbeat.
    async fn read_all(&self) -> Result<(), DbErr> {
        let watched = self.still_watched();
        if watched.is_empty() {
            return Ok(());
        }
        let read_at = now(self.database.reader()).await?;
        for ids in watched.chunks(IDS_PER_QUERY) {
            for (order_id, revision) in store::revisions(self.database.reader(), ids.to_vec()).await? {
                let known = self.lock().get(&order_id).map(|order| order.borrow().order.revision);
                match known {
                    Some(known) if known < revision => self.read(order_id, read_at).await?,
                    _ => self.confirm(order_id, read_at),
                }
            }
        }
        Ok(())
    }

    async fn read(&self, order_id: Uuid, read_at: DateTime<Utc>) -> Result<(), DbErr> {
        let Some(order) = store::load(self.database.reader(), order_id).await? else { return Ok(()) };
        if let Some(watched) = self.lock().get(&order_id) {
            raise(watched, Seen { order: Arc::new(order), read_at, draining: false });
        }
        Ok(())
    }

    fn confirm(&self, order_id: Uuid, read_at: DateTime<Utc>) {
        if let Some(watched) = self.lock().get(&order_id) {
            watched.send_modify(|seen| seen.read_at = read_at);
        }
    }

    fn still_watched(&self) -> Vec<Uuid> {
        let mut orders = self.lock();
        orders.retain(|_, order| order.receiver_count() > 0);
        orders.keys().copied().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, watch::Sender<Seen>>> {
        self.orders.lock()
    }
}

/// Shows an order as it was just read, unless another read, begun earlier and done later, has shown a newer one.
fn raise(shown: &watch::Sender<Seen>, seen: Seen) {
    shown.send_if_modified(|shown| {
        let newer = seen.order.revision > shown.order.revision;
        if newer {
            *shown = Seen { draining: shown.draining, ..seen };
        }
        newer
    });
}

/// What one stream has sent, and what it waits for.
struct Cursor {
    first: Option<Seen>,
    sent: i64,
    receiver: watch::Receiver<Seen>,
    over: bool,
    _open: OpenStream,
}

fn stream(first: Seen, receiver: watch::Receiver<Seen>) -> impl Stream<Item = Result<WatchOrderResponse, Status>> {
    let cursor = Cursor { first: Some(first), sent: 0, receiver, over: false, _open: OpenStream::of("WatchOrder") };
    unfold(cursor, |mut cursor| async move {
        if cursor.over {
            return None;
        }
        let seen = match cursor.first.take() {
            Some(first) => first,
            // The sender goes only when this replica stops.
            None => match cursor.receiver.changed().await {
                Ok(()) => cursor.receiver.borrow_and_update().clone(),
                Err(_) => return stopped(cursor),
            },
        };
        if seen.draining {
            return stopped(cursor);
        }
        cursor.over = seen.is_final();
        let news = if seen.order.revision > cursor.sent {
            cursor.sent = seen.order.revision;
            News::Order((*seen.order).clone())
        } else {
            let server_time = Some(to_proto(seen.read_at));
            News::Heartbeat(WatchOrderHeartbeat { server_time, revision: seen.order.revision })
        };
        Some((Ok(WatchOrderResponse { news: Some(news) }), cursor))
    })
}

fn stopped(mut cursor: Cursor) -> Option<(Result<WatchOrderResponse, Status>, Cursor)> {
    cursor.over = true;
    Some((Err(ApiError::draining().into()), cursor))
}
