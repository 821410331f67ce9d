//! The board of one watcher, then that of many: whatever happens, and whoever reads when, each tablet holds the tickets of
//! its stations and every heartbeat fits them.

use super::*;
use comanda_proto::kitchen::v1::{BoardSnapshot, TicketLine, TicketRemoved, watch_tickets_response::News};
use comanda_types::validation::Checks;
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use std::{iter, time::Duration};

const ID: Uuid = Uuid::from_u128(7);

fn ticket(revision: i64) -> Ticket {
    Ticket { order_id: ID.to_string(), revision, accepted_seq: 1, ..Default::default() }
}

fn open(board: &Board) -> Vec<(Uuid, i64)> {
    board.tickets.iter().map(|(id, ticket)| (*id, ticket.revision)).collect()
}

fn heartbeat(board: &Board) -> BoardHeartbeat {
    let open = open(board);
    let server_time = Some(Timestamp::default());
    BoardHeartbeat { open_count: open.len() as i32, digest: digest(&open), server_time }
}

fn tick(board: &mut Board, at: Instant) {
    board.heartbeat(&open(board), Timestamp::default(), at);
}

fn all() -> Stations {
    Stations::default()
}

/// All that the watcher would be sent now.
fn sent(subscriber: &Subscriber, board: &Board) -> Vec<News> {
    iter::from_fn(|| subscriber.take(board.tickets()).expect("not ended")).collect()
}

#[test]
fn a_stream_begins_with_the_whole_board_once_it_is_read() {
    let (mut board, now) = (Board::default(), Instant::now());
    let early = board.add(all());
    assert_eq!(sent(&early, &board), []);
    board.put(ID, ticket(1), true);
    assert_eq!(sent(&early, &board), []);
    tick(&mut board, now);
    let snapshot = News::Snapshot(BoardSnapshot { tickets: vec![ticket(1)], complete: true });
    assert_eq!(sent(&early, &board), [snapshot.clone(), News::Heartbeat(heartbeat(&board))]);
    let late = board.add(all());
    assert_eq!(sent(&late, &board), [snapshot]);
}

#[test]
fn what_the_snapshot_holds_is_not_sent_again() {
    let (mut board, now) = (Board::default(), Instant::now());
    board.put(ID, ticket(1), true);
    tick(&mut board, now);
    let subscriber = board.add(all());
    board.put(ID, ticket(2), true);
    let snapshot = News::Snapshot(BoardSnapshot { tickets: vec![ticket(2)], complete: true });
    assert_eq!(sent(&subscriber, &board), [snapshot]);
    board.put(ID, ticket(3), true);
    assert_eq!(sent(&subscriber, &board), [News::Upsert(ticket(3))]);
}

#[test]
fn a_slow_reader_gets_the_present_state_only() {
    let (mut board, now) = (Board::default(), Instant::now());
    tick(&mut board, now);
    let subscriber = board.add(all());
    sent(&subscriber, &board);
    board.put(ID, ticket(1), true);
    board.put(ID, ticket(2), true);
    assert_eq!(sent(&subscriber, &board), [News::Upsert(ticket(2))]);
    board.put(ID, ticket(3), false);
    let removed = News::Removed(TicketRemoved { order_id: ID.to_string(), revision: 3 });
    assert_eq!(sent(&subscriber, &board), [removed]);
}

#[test]
fn an_old_state_changes_nothing() {
    let (mut board, now) = (Board::default(), Instant::now());
    board.put(ID, ticket(2), true);
    tick(&mut board, now);
    let subscriber = board.add(all());
    sent(&subscriber, &board);
    board.put(ID, ticket(1), true);
    assert_eq!(sent(&subscriber, &board), []);
}

#[test]
fn a_heartbeat_fits_what_was_sent_before_it() {
    let (mut board, now) = (Board::default(), Instant::now());
    tick(&mut board, now);
    let subscriber = board.add(all());
    sent(&subscriber, &board);
    tick(&mut board, now);
    board.put(ID, ticket(1), true);
    assert_eq!(sent(&subscriber, &board), [News::Upsert(ticket(1))], "the heartbeat of the empty board is dropped");
}

#[test]
fn who_takes_nothing_is_cut_off_and_who_takes_is_not() {
    let (mut board, start) = (Board::default(), Instant::now());
    tick(&mut board, start);
    let (stuck, live) = (board.add(all()), board.add(all()));
    for second in 0..=11 {
        tick(&mut board, start + Duration::from_secs(second));
        sent(&live, &board);
    }
    assert_eq!(stuck.take(board.tickets()), Err(ApiError::slow_reader()));
    assert_eq!(live.take(board.tickets()), Ok(None));
}

#[test]
fn the_digest_tells_revisions_and_tickets_apart() {
    let (a, b) = (Uuid::from_u128(5), Uuid::from_u128(6));
    assert_eq!(digest(&[(a, 1), (b, 2)]), 5 * 3 + 6 * 5);
    assert_eq!(digest(&[(b, 2), (a, 1)]), digest(&[(a, 1), (b, 2)]));
    assert_eq!(digest(&[(Uuid::from_u128(u128::MAX), i64::MAX)]), u64::MAX.wrapping_mul(u64::MAX));
}

/// The tickets of the property, and who prepares them; the last is for all.
const PREPARED_BY: [&[&str]; 4] = [&["bar"], &["oven"], &["bar", "grill"], &[]];
const WATCHED: [&[&str]; 4] = [&["bar"], &["oven", "grill"], &["cellar"], &[]];

fn stations(names: &[&str]) -> Stations {
    Stations::check(&words(names), &mut Checks::default())
}

#[derive(Debug, Clone)]
enum Event {
    /// A ticket is read in its next revision, open or not.
    Put(usize, bool),
    Beat,
    /// A tablet takes so many messages at most.
    Read(usize, usize),
    /// A tablet begins anew.
    Watch(usize),
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0..PREPARED_BY.len(), prop::bool::weighted(0.7)).prop_map(|(ticket, open)| Event::Put(ticket, open)),
        3 => Just(Event::Beat),
        4 => (0..WATCHED.len(), 0..5_usize).prop_map(|(tablet, most)| Event::Read(tablet, most)),
        1 => (0..WATCHED.len()).prop_map(Event::Watch),
    ]
}

/// A tablet that believes its stream.
struct Tablet {
    subscriber: Arc<Subscriber>,
    ticket_changed: HashMap<String, i64>,
    complete: bool,
}

impl Tablet {
    fn watch(board: &mut Board, names: &[&str]) -> Self {
        Self { subscriber: board.add(stations(names)), ticket_changed: HashMap::new(), complete: false }
    }

    fn read(&mut self, board: &Board, most: usize) -> Result<(), TestCaseError> {
        for _ in 0..most {
            let Some(news) = self.subscriber.take(board.tickets()).expect("not ended") else { break };
            match news {
                News::Snapshot(part) => {
                    self.complete = part.complete;
                    self.ticket_changed
                        .extend(part.tickets.into_iter().map(|ticket| (ticket.order_id, ticket.revision)));
                }
                News::Upsert(ticket) => drop(self.ticket_changed.insert(ticket.order_id, ticket.revision)),
                News::Removed(removed) => drop(self.ticket_changed.remove(&removed.order_id)),
                News::Heartbeat(heartbeat) => {
                    let ticket_changed = self
                        .ticket_changed
                        .iter()
                        .map(|(id, revision)| (Uuid::try_parse(id).expect("a UUID"), *revision));
                    let ticket_changed: Vec<_> = ticket_changed.collect();
                    prop_assert!(self.complete);
                    prop_assert_eq!(
                        (heartbeat.open_count, heartbeat.digest),
                        (ticket_changed.len() as i32, digest(&ticket_changed))
                    );
                }
            }
        }
        Ok(())
    }
}

fn play(events: Vec<Event>) -> Result<(), TestCaseError> {
    let (mut board, now) = (Board::default(), Instant::now());
    let mut tablets = WATCHED.map(|names| Tablet::watch(&mut board, names));
    let mut revisions = [0; PREPARED_BY.len()];
    for event in events {
        match event {
            Event::Put(ticket, open) => {
                revisions[ticket] += 1;
                let id = Uuid::from_u128(ticket as u128 + 1);
                let line = TicketLine { stations: words(PREPARED_BY[ticket]), ..Default::default() };
                let (order_id, revision, lines) = (id.to_string(), revisions[ticket], vec![line]);
                board.put(id, Ticket { order_id, revision, lines, ..Default::default() }, open);
            }
            Event::Beat => tick(&mut board, now),
            Event::Read(tablet, most) => tablets[tablet].read(&board, most)?,
            Event::Watch(tablet) => tablets[tablet] = Tablet::watch(&mut board, WATCHED[tablet]),
        }
    }
    tick(&mut board, now);
    for (tablet, names) in tablets.iter_mut().zip(WATCHED) {
        tablet.read(&board, usize::MAX)?;
        let is_theirs = |ticket: usize| {
            let by = PREPARED_BY[ticket];
            names.is_empty() || by.is_empty() || by.iter().any(|station| names.contains(station))
        };
        let open = (0..PREPARED_BY.len()).filter(|ticket| is_theirs(*ticket));
        let open =
            open.map(|ticket| Uuid::from_u128(ticket as u128 + 1)).filter(|id| board.tickets().get(id).is_some());
        let expected = open.map(|id| (id.to_string(), board.revision(id).unwrap_or_default())).collect();
        prop_assert_eq!(&tablet.ticket_changed, &expected, "{:?}", names);
    }
    Ok(())
}

fn words(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn each_tablet_holds_the_tickets_of_its_stations() {
    let config = Config { cases: 500, failure_persistence: None, ..Config::default() };
    if let Err(failure) = TestRunner::new(config).run(&vec(any_event(), 0..60), play) {
        panic!("{failure}");
    }
}
