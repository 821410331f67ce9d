//! The board of one shop as this replica last read it, and who watches it. Pure but for its lock: no SQL, no clock of
//! its own.
//!
//! A watcher is owed ids, not messages: when it is ready for the next message, it gets the ticket as it is then. So a
//! slow reader costs no more than a set of ids, and never sees an old state after a new one.

use comanda_mesh::fault::Fault;
use comanda_proto::kitchen::v1::{
    BoardHeartbeat, BoardSnapshot, Ticket, TicketRemoved, WatchTicketsResponse, watch_tickets_response::News,
};
use sea_orm::prelude::Uuid;
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// A watcher that takes nothing for that long is cut off.
const PATIENCE: Duration = Duration::from_secs(10);
const SNAPSHOT_PART: usize = 200;

/// The open tickets of a shop.
#[derive(Default)]
pub struct Board {
    tickets: HashMap<Uuid, Arc<Ticket>>,
    watchers: Vec<Weak<Watcher>>,
    /// False until the first read.
    loaded: bool,
}

impl Board {
    /// The revision of an open ticket.
    pub fn revision(&self, id: Uuid) -> Option<i64> {
        self.tickets.get(&id).map(|ticket| ticket.revision)
    }

    /// The ids of all open tickets.
    pub fn ids(&self) -> Vec<Uuid> {
        self.tickets.keys().copied().collect()
    }

    /// Whether it was ever read.
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// Takes a ticket as it was just read; it stands on the board, or it has left it.
    pub fn put(&mut self, id: Uuid, ticket: Ticket, open: bool) {
        let revision = ticket.revision;
        let news = match open {
            true if self.revision(id).is_some_and(|known| known >= revision) => false,
            true => self.tickets.insert(id, Arc::new(ticket)).is_none_or(|old| old.revision < revision),
            false => self.tickets.remove(&id).is_some(),
        };
        if news {
            self.each_watcher(|watcher| watcher.owe(id, revision));
        }
    }

    /// Marks the end of a read of the whole board: everyone is owed a heartbeat, and whoever took nothing for too long
    /// is cut off.
    pub fn beat(&mut self, heartbeat: &BoardHeartbeat, now: Instant) {
        if !self.loaded {
            self.loaded = true;
            let ids = self.in_order();
            self.each_watcher(|watcher| watcher.begin(ids.clone()));
        }
        self.each_watcher(|watcher| watcher.beat(heartbeat, now));
    }

    /// Adds a watcher, owed the whole board.
    pub fn add(&mut self) -> Arc<Watcher> {
        let watcher = Arc::new(Watcher::default());
        if self.loaded {
            watcher.begin(self.in_order());
        }
        self.watchers.push(Arc::downgrade(&watcher));
        watcher
    }

    /// Ends every stream.
    pub fn end(&mut self, fault: &Fault) {
        self.each_watcher(|watcher| watcher.end(fault.clone()));
    }

    /// Whether anyone watches.
    pub fn is_watched(&self) -> bool {
        self.watchers.iter().any(|watcher| watcher.strong_count() > 0)
    }

    fn in_order(&self) -> VecDeque<Uuid> {
        let ordered: BTreeMap<_, _> =
            self.tickets.iter().map(|(id, ticket)| ((ticket.accepted_seq, *id), *id)).collect();
        ordered.into_values().collect()
    }

    fn each_watcher(&mut self, tell: impl Fn(&Watcher)) {
        self.watchers.retain(|watcher| watcher.upgrade().inspect(|watcher| tell(watcher)).is_some());
    }
}

/// The digest of a board, as `BoardHeartbeat` defines it.
pub fn digest(open: &[(Uuid, i64)]) -> u64 {
    open.iter().fold(0, |sum: u64, (id, revision)| {
        let low = id.as_u64_pair().1;
        sum.wrapping_add(low.wrapping_mul(revision.cast_unsigned().wrapping_mul(2).wrapping_add(1)))
    })
}

/// One stream's debts.
#[derive(Default)]
pub struct Watcher {
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
    end: Option<Fault>,
    /// Since when something is owed without any of it being taken.
    waiting_since: Option<Instant>,
}

impl Watcher {
    /// The next message for this stream, waiting for one if need be.
    pub async fn next(&self, board: &Mutex<Board>) -> Result<WatchTicketsResponse, Fault> {
        loop {
            if let Some(news) = self.take(&lock(board))? {
                return Ok(WatchTicketsResponse { news: Some(news) });
            }
            self.wake.notified().await;
        }
    }

    fn take(&self, board: &Board) -> Result<Option<News>, Fault> {
        let debts = &mut *lock(&self.debts);
        debts.waiting_since = None;
        if let Some(fault) = &debts.end {
            return Err(fault.clone());
        }
        if let Some(ids) = &mut debts.snapshot {
            let part = ids.drain(..ids.len().min(SNAPSHOT_PART)).collect::<Vec<_>>();
            let complete = ids.is_empty();
            let tickets = part.iter().filter_map(|id| board.tickets.get(id)).map(|ticket| (**ticket).clone()).collect();
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
            return Ok(Some(match board.tickets.get(&id) {
                Some(ticket) => News::Upsert((**ticket).clone()),
                None => News::Removed(TicketRemoved { order_id: id.to_string(), revision }),
            }));
        }
        Ok(debts.heartbeat.take().map(News::Heartbeat))
    }

    fn begin(&self, ids: VecDeque<Uuid>) {
        *lock(&self.debts) = Debts { begun: true, snapshot: Some(ids), ..Debts::default() };
        self.wake.notify_one();
    }

    fn owe(&self, id: Uuid, revision: i64) {
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

    fn beat(&self, heartbeat: &BoardHeartbeat, now: Instant) {
        let mut debts = lock(&self.debts);
        let since = *debts.waiting_since.get_or_insert(now);
        if now.duration_since(since) > PATIENCE {
            *debts = Debts { end: Some(Fault::slow_reader()), ..Debts::default() };
        } else {
            debts.heartbeat = Some(*heartbeat);
        }
        drop(debts);
        self.wake.notify_one();
    }

    fn end(&self, fault: Fault) {
        lock(&self.debts).end.get_or_insert(fault);
        self.wake.notify_one();
    }
}

/// Locks; a panic elsewhere must not spread.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter;

    const ID: Uuid = Uuid::from_u128(7);

    fn ticket(revision: i64) -> Ticket {
        Ticket { order_id: ID.to_string(), revision, accepted_seq: 1, ..Default::default() }
    }

    fn heartbeat(board: &Board) -> BoardHeartbeat {
        let open: Vec<_> = board.tickets.iter().map(|(id, ticket)| (*id, ticket.revision)).collect();
        BoardHeartbeat { open_count: open.len() as i32, digest: digest(&open), ..Default::default() }
    }

    fn beat(board: &mut Board, at: Instant) {
        let heartbeat = heartbeat(board);
        board.beat(&heartbeat, at);
    }

    /// All that the watcher would be sent now.
    fn sent(watcher: &Watcher, board: &Board) -> Vec<News> {
        iter::from_fn(|| watcher.take(board).expect("not ended")).collect()
    }

    #[test]
    fn a_stream_begins_with_the_whole_board_once_it_is_read() {
        let (mut board, now) = (Board::default(), Instant::now());
        let early = board.add();
        assert_eq!(sent(&early, &board), []);
        board.put(ID, ticket(1), true);
        assert_eq!(sent(&early, &board), []);
        beat(&mut board, now);
        let snapshot = News::Snapshot(BoardSnapshot { tickets: vec![ticket(1)], complete: true });
        assert_eq!(sent(&early, &board), [snapshot.clone(), News::Heartbeat(heartbeat(&board))]);
        let late = board.add();
        assert_eq!(sent(&late, &board), [snapshot]);
    }

    #[test]
    fn what_the_snapshot_holds_is_not_sent_again() {
        let (mut board, now) = (Board::default(), Instant::now());
        board.put(ID, ticket(1), true);
        beat(&mut board, now);
        let watcher = board.add();
        board.put(ID, ticket(2), true);
        let snapshot = News::Snapshot(BoardSnapshot { tickets: vec![ticket(2)], complete: true });
        assert_eq!(sent(&watcher, &board), [snapshot]);
        board.put(ID, ticket(3), true);
        assert_eq!(sent(&watcher, &board), [News::Upsert(ticket(3))]);
    }

    #[test]
    fn a_slow_reader_gets_the_present_state_only() {
        let (mut board, now) = (Board::default(), Instant::now());
        beat(&mut board, now);
        let watcher = board.add();
        sent(&watcher, &board);
        board.put(ID, ticket(1), true);
        board.put(ID, ticket(2), true);
        assert_eq!(sent(&watcher, &board), [News::Upsert(ticket(2))]);
        board.put(ID, ticket(3), false);
        let removed = News::Removed(TicketRemoved { order_id: ID.to_string(), revision: 3 });
        assert_eq!(sent(&watcher, &board), [removed]);
    }

    #[test]
    fn an_old_state_changes_nothing() {
        let (mut board, now) = (Board::default(), Instant::now());
        board.put(ID, ticket(2), true);
        beat(&mut board, now);
        let watcher = board.add();
        sent(&watcher, &board);
        board.put(ID, ticket(1), true);
        assert_eq!(sent(&watcher, &board), []);
    }

    #[test]
    fn a_heartbeat_fits_what_was_sent_before_it() {
        let (mut board, now) = (Board::default(), Instant::now());
        beat(&mut board, now);
        let watcher = board.add();
        sent(&watcher, &board);
        beat(&mut board, now);
        board.put(ID, ticket(1), true);
        assert_eq!(sent(&watcher, &board), [News::Upsert(ticket(1))], "the heartbeat of the empty board is dropped");
    }

    #[test]
    fn who_takes_nothing_is_cut_off_and_who_takes_is_not() {
        let (mut board, start) = (Board::default(), Instant::now());
        beat(&mut board, start);
        let (stuck, live) = (board.add(), board.add());
        for second in 0..=11 {
            beat(&mut board, start + Duration::from_secs(second));
            sent(&live, &board);
        }
        assert_eq!(stuck.take(&board), Err(Fault::slow_reader()));
        assert_eq!(live.take(&board), Ok(None));
    }

    #[test]
    fn the_digest_tells_revisions_and_tickets_apart() {
        let (a, b) = (Uuid::from_u128(5), Uuid::from_u128(6));
        assert_eq!(digest(&[(a, 1), (b, 2)]), 5 * 3 + 6 * 5);
        assert_eq!(digest(&[(b, 2), (a, 1)]), digest(&[(a, 1), (b, 2)]));
        assert_eq!(digest(&[(Uuid::from_u128(u128::MAX), i64::MAX)]), u64::MAX.wrapping_mul(u64::MAX));
    }
}
