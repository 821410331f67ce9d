//! What the clients saw, noted before each request goes out and after each reply came in. The checker holds the databases
//! to it; it never asks the program what happened.

use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
    fs::File,
    io::Write,
    path::PathBuf,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use comanda_proto::r#type::v1::OrderState;
use tokio::time::Instant;

/// Where journals and the report go.
pub fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/faults");
    std::fs::create_dir_all(&folder).expect("target can be written");
    folder
}

/// The journal of one cell. Times count from its beginning.
pub struct Journal {
    began: Instant,
    pages: Mutex<Pages>,
}

struct Pages {
    wishes: HashMap<String, Wish>,
    /// What anyone was shown of a ticket: order, revision, state.
    tickets_seen: HashSet<(String, i64, i32)>,
    /// The same of an order.
    orders_seen: HashSet<(String, i64, i32)>,
    first_on_tablet: HashMap<String, Duration>,
    violations: Vec<String>,
    file: File,
}

/// One order that a customer wants. Its key is also the customer's name.
#[derive(Debug, Clone)]
pub struct Wish {
    pub sent: Duration,
    /// Attempts whose outcome the customer did not learn.
    pub unknown: usize,
    pub outcome: Option<Outcome>,
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Outcome {
    Accepted { at: Duration, order_id: String, accepted_seq: i64 },
    Refused,
}

/// What was seen of whom.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    Ticket,
    Order,
}

impl Journal {
    pub fn new(shape: &str, cell: &str) -> Self {
        let file = File::create(folder().join(format!("{shape}-{cell}.journal"))).expect("a file");
        let pages = Pages {
            wishes: HashMap::new(),
            tickets_seen: HashSet::new(),
            orders_seen: HashSet::new(),
            first_on_tablet: HashMap::new(),
            violations: Vec::new(),
            file,
        };
        Self { began: Instant::now(), pages: Mutex::new(pages) }
    }

    pub fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Before the first attempt.
    pub fn sent(&self, key: &str) {
        let sent = self.now();
        let mut pages = self.pages();
        pages.write(sent, format_args!("sent {key}"));
        pages.wishes.insert(key.to_owned(), Wish { sent, unknown: 0, outcome: None });
    }

    /// After an attempt without an answer.
    pub fn unknown(&self, key: &str, why: impl Display) {
        let mut pages = self.pages();
        pages.write(self.now(), format_args!("unknown {key}: {why}"));
        pages.intent(key).unknown += 1;
    }

    /// After an answer. One key has one answer for ever.
    pub fn settled(&self, key: &str, outcome: Outcome) {
        let mut pages = self.pages();
        pages.write(self.now(), format_args!("settled {key}: {outcome:?}"));
        let before = pages.intent(key).outcome.replace(outcome.clone());
        let same = match (&before, &outcome) {
            (None, _) | (Some(Outcome::Refused), Outcome::Refused) => true,
            (Some(Outcome::Accepted { order_id: a, .. }), Outcome::Accepted { order_id: b, .. }) => a == b,
            _ => false,
        };
        if let Some(before) = before {
            pages.intent(key).outcome = Some(before.clone());
            if !same {
                pages.violations.push(format!("two answers to {key}: {before:?}, then {outcome:?}"));
            }
        }
    }

    /// Someone was shown this.
    pub fn seen(&self, of: Of, order_id: &str, revision: i64, state: OrderState) {
        let mut pages = self.pages();
        let seen = (order_id.replace('-', ""), revision, state as i32);
        match of {
            Of::Ticket => pages.tickets_seen.insert(seen),
            Of::Order => pages.orders_seen.insert(seen),
        };
    }

    /// A ticket stands on a tablet.
    pub fn on_tablet(&self, order_id: &str) {
        let now = self.now();
        self.pages().first_on_tablet.entry(order_id.to_owned()).or_insert(now);
    }

    /// Something that must never happen.
    pub fn violation(&self, what: impl Into<String>) {
        let mut pages = self.pages();
        let what = what.into();
        pages.write(self.now(), format_args!("violation {what}"));
        pages.violations.push(what);
    }

    /// What the test itself does.
    pub fn note(&self, what: impl Display) {
        self.pages().write(self.now(), format_args!("{what}"));
    }

    pub fn wishes(&self) -> HashMap<String, Wish> {
        self.pages().wishes.clone()
    }

    /// When each order was accepted.
    pub fn acceptances(&self) -> Vec<Duration> {
        let accepted = |intent: &Wish| match &intent.outcome {
            Some(Outcome::Accepted { at, .. }) => Some(*at),
            _ => None,
        };
        self.pages().wishes.values().filter_map(accepted).collect()
    }

    /// Every ticket and every order that anyone was shown.
    pub fn sights(&self) -> [HashSet<(String, i64, i32)>; 2] {
        let pages = self.pages();
        [pages.tickets_seen.clone(), pages.orders_seen.clone()]
    }

    pub fn violations(&self) -> Vec<String> {
        self.pages().violations.clone()
    }

    /// When the first order that was accepted after this moment stood on a tablet.
    pub fn first_journey_after(&self, moment: Duration) -> Option<Duration> {
        let pages = self.pages();
        let after = pages.wishes.values().filter_map(|intent| match &intent.outcome {
            Some(Outcome::Accepted { at, order_id, .. }) if *at > moment => pages.first_on_tablet.get(order_id),
            _ => None,
        });
        after.min().copied()
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().expect("no client panics while it writes")
    }
}

impl Pages {
    fn intent(&mut self, key: &str) -> &mut Wish {
        self.wishes.get_mut(key).expect("noted before it was sent")
    }

    fn write(&mut self, at: Duration, line: impl Display) {
        writeln!(self.file, "{:10.3} {line}", at.as_secs_f64()).expect("the journal can be written");
    }
}
