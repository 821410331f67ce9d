//! Boards, live: one task per shop reads the database, on hints and at every beat, and tells all who watch.
//!
//! The reads of a shop follow one another, so what is sent never goes back in time. At each beat everything is read from
//! one snapshot; losing every hint delays a change by one beat. Without a read there is no heartbeat, and the tablets
//! know that they are behind.

mod board;
mod subscriber;

use crate::{store, ticket::stations::Stations};
use board::Board;
use comanda_context::error::ApiError;
use comanda_context::periodic::every;
use comanda_events::broker::Broker;
use comanda_failpoint as failpoint;
use comanda_proto::{
    events::v1::{Hint, HintKind},
    kitchen::v1::{Ticket, WatchTicketsResponse, watch_tickets_response::News},
};
use comanda_storage::database::{Database, now};
use comanda_telemetry::open_streams::OpenStream;
use comanda_types::timestamp::to_proto;
use futures_util::stream::unfold;
use parking_lot::Mutex;
use sea_orm::{DbErr, prelude::Uuid};
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};
use subscriber::Subscriber;
use tokio::{
    sync::broadcast::{
        self,
        error::{RecvError, TryRecvError},
    },
    time::Instant,
};
use tokio_stream::Stream;
use tokio_util::sync::CancellationToken;
use tonic::Status;

const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(1);

/// A stream of news.
pub type BoxedNews = Pin<Box<dyn Stream<Item = Result<WatchTicketsResponse, Status>> + Send>>;

type Hubs = Mutex<HashMap<String, Arc<Mutex<Board>>>>;

/// The boards that this replica shows.
#[derive(Clone)]
pub struct Boards {
    database: Database,
    broker: Broker,
    shutdown: CancellationToken,
    hubs: Arc<Hubs>,
}

impl Boards {
    /// No boards yet.
    pub fn new(database: Database, broker: Broker, shutdown: CancellationToken) -> Self {
        Self { database, broker, shutdown, hubs: Arc::default() }
    }

    /// Streams what these stations prepare of a shop's board, for the panel without what only staff may see.
    pub fn watch(&self, shop: &str, stations: Stations, for_panel: bool) -> BoxedNews {
        let (board, subscriber) = {
            let mut hubs = self.hubs.lock();
            if self.shutdown.is_cancelled() {
                return Box::pin(tokio_stream::once(Err(ApiError::draining().into())));
            }
            let board = hubs.entry(shop.to_owned()).or_insert_with(|| self.start(shop)).clone();
            let subscriber = board.lock().add(stations);
            (board, subscriber)
        };
        let open = OpenStream::of("WatchTickets");
        Box::pin(unfold(Some((board, subscriber, open)), move |state| async move {
            let (board, subscriber, open) = state?;
            match next(&board, &subscriber).await {
                Ok(news) => Some((Ok(if for_panel { redacted(news) } else { news }), Some((board, subscriber, open)))),
                Err(fault) => Some((Err(fault.into()), None)),
            }
        }))
    }

    fn start(&self, shop: &str) -> Arc<Mutex<Board>> {
        let board = Arc::new(Mutex::new(Board::default()));
        let hub = Hub { boards: self.clone(), shop: shop.to_owned(), board: board.clone() };
        tokio::spawn(hub.run(self.broker.hints()));
        board
    }
}

/// Keeps one shop's board.
struct Hub {
    boards: Boards,
    shop: String,
    board: Arc<Mutex<Board>>,
}

/// The next message of a stream, waiting for one if need be.
async fn next(board: &Mutex<Board>, subscriber: &Subscriber) -> Result<WatchTicketsResponse, ApiError> {
    loop {
        if let Some(news) = subscriber.take(board.lock().tickets())? {
            return Ok(WatchTicketsResponse { news: Some(news) });
        }
        subscriber.changed().await;
    }
}

impl Hub {
    /// Until nobody watches, or this replica stops. However it ends, those who still watch hear it.
    async fn run(self, hints: broadcast::Receiver<Hint>) {
        // Not only between reads: a database that says nothing must not hold up the stop.
        self.boards.shutdown.run_until_cancelled(self.read_until_stopped(hints)).await;
    }

    async fn read_until_stopped(&self, mut hints: broadcast::Receiver<Hint>) {
        let mut beats = every(HEARTBEAT_INTERVAL);
        loop {
            let read = tokio::select! {
                _ = beats.tick() => {
                    if self.leave_if_unwatched() {
                        return;
                    }
                    failpoint::sever("board", self.read_all()).await.unwrap_or(Ok(()))
                }
                hint = hints.recv() => match hint {
                    Ok(hint) => failpoint::sever("board", self.follow(hint, &mut hints)).await.unwrap_or(Ok(())),
                    Err(RecvError::Lagged(_)) => self.read_all().await,
                    // The process ends.
                    Err(RecvError::Closed) => return,
                },
            };
            if let Err(error) = read {
                tracing::warn!(%error, shop = self.shop, "the board cannot be read");
                let mut board = self.board.lock();
                if !board.is_loaded() {
                    // Nothing to show yet; those who wait shall hear why.
                    board.end(&ApiError::unavailable("database"));
                }
            }
        }
    }

    /// Under both locks, so that nobody can begin to watch a board that is no longer kept.
    fn leave_if_unwatched(&self) -> bool {
        let mut hubs = self.boards.hubs.lock();
        let unwatched = !self.board.lock().is_watched();
        if unwatched {
            hubs.remove(&self.shop);
        }
        unwatched
    }

    /// Reads in one query what this hint and those behind it are about.
    async fn follow(&self, first: Hint, hints: &mut broadcast::Receiver<Hint>) -> Result<(), DbErr> {
        let mut ids: Vec<_> = self.news(&first).into_iter().collect();
        loop {
            match hints.try_recv() {
                Ok(hint) => ids.extend(self.news(&hint)),
                Err(TryRecvError::Lagged(_)) => return self.read_all().await,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        let tickets = store::by_ids(self.boards.database.reader(), &ids).await?;
        let tickets: HashMap<_, _> = tickets.into_iter().map(|ticket| (ticket.order_id, ticket)).collect();
        let mut board = self.board.lock();
        for ticket in ids.iter().filter_map(|id| tickets.get(id)) {
            board.put(ticket.order_id, ticket.to_proto(), ticket.open);
        }
        Ok(())
    }

    /// The ticket that a hint is about, if it may be news.
    fn news(&self, hint: &Hint) -> Option<Uuid> {
        if hint.kind() != HintKind::Ticket || hint.shop_id != self.shop {
            return None;
        }
        let id = Uuid::try_parse(&hint.order_id).ok()?;
        let known = self.board.lock().revision(id).is_some_and(|revision| revision >= hint.revision);
        (!known).then_some(id)
    }

    async fn read_all(&self) -> Result<(), DbErr> {
        let snapshot = self.boards.database.snapshot().await?;
        let server_time = now(&snapshot).await?;
        let open = store::open_revisions(&snapshot, &self.shop).await?;
        let differing = self.differing(&open);
        let tickets = store::by_ids(&snapshot, &differing).await?;
        snapshot.commit().await?;

        let mut board = self.board.lock();
        for ticket in tickets {
            board.put(ticket.order_id, ticket.to_proto(), ticket.open);
        }
        board.heartbeat(&open, to_proto(server_time), Instant::now());
        Ok(())
    }

    /// The tickets that the board lacks, has in another revision, or has though they are no longer open.
    fn differing(&self, open: &[(Uuid, i64)]) -> Vec<Uuid> {
        let board = self.board.lock();
        let listed: HashMap<_, _> = open.iter().copied().collect();
        let gone = board.ids().into_iter().filter(|id| !listed.contains_key(id));
        let changed = open.iter().filter(|(id, revision)| board.revision(*id) != Some(*revision)).map(|(id, _)| *id);
        gone.chain(changed).collect()
    }
}

impl Drop for Hub {
    /// A board that nobody keeps must not be shown any more, not even if its task panicked.
    fn drop(&mut self) {
        let mut hubs = self.boards.hubs.lock();
        // After a quiet leave, the shop may have a new hub already.
        if hubs.get(&self.shop).is_some_and(|stored| Arc::ptr_eq(stored, &self.board)) {
            hubs.remove(&self.shop);
        }
        self.board.lock().end(&ApiError::draining());
    }
}

/// What hangs above the counter for all to see: numbers, first names, states.
fn redacted(news: WatchTicketsResponse) -> WatchTicketsResponse {
    let public = |ticket: Ticket| Ticket {
        customer_name: ticket.customer_name.split_whitespace().next().unwrap_or_default().to_owned(),
        service_mode: None,
        lines: Vec::new(),
        cancel_reason: String::new(),
        ..ticket
    };
    let news = news.news.map(|news| match news {
        News::Snapshot(mut snapshot) => {
            snapshot.tickets = snapshot.tickets.into_iter().map(public).collect();
            News::Snapshot(snapshot)
        }
        News::Upsert(ticket) => News::Upsert(public(ticket)),
        News::Removed(_) | News::Heartbeat(_) => news,
    });
    WatchTicketsResponse { news }
}

#[cfg(test)]
mod tests {
    use super::*;
    use comanda_proto::{
        kitchen::v1::{BoardSnapshot, TicketLine},
        r#type::v1::ServiceMode,
    };

    #[test]
    fn the_panel_shows_no_more_than_all_may_see() {
        let public = Ticket { number: 7, customer_name: "Kátia".into(), ..Default::default() };
        let whole = Ticket {
            customer_name: "Kátia Souza".into(),
            service_mode: Some(ServiceMode::default()),
            lines: vec![TicketLine::default()],
            cancel_reason: "mudei de ideia".into(),
            ..public.clone()
        };
        let shown = |news| redacted(WatchTicketsResponse { news: Some(news) }).news;
        assert_eq!(shown(News::Upsert(whole.clone())), Some(News::Upsert(public.clone())));
        let snapshot = |ticket| News::Snapshot(BoardSnapshot { tickets: vec![ticket], complete: true });
        assert_eq!(shown(snapshot(whole)), Some(snapshot(public)));
    }
}
