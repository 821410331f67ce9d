//! The last warnings and errors of this process's own log, for someone who has no access to the log. Only lines of our own
//! code, of which a test holds that they name no token and no password. One list for the process, as there is one log.

use super::{now, v1::RecentError};
use parking_lot::Mutex;
use std::{
    collections::VecDeque,
    fmt::{self, Write},
};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

const CAPACITY: usize = 20;
const MAX_TEXT: usize = 300;
const OURS: &str = "comanda";

static LATEST: Mutex<VecDeque<RecentError>> = Mutex::new(VecDeque::new());

/// The last of them, latest first.
pub(super) fn latest() -> Vec<RecentError> {
    LATEST.lock().iter().cloned().collect()
}

/// Keeps them as they are logged.
pub struct RecentErrors;

impl<S: Subscriber> Layer<S> for RecentErrors {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if *metadata.level() > Level::WARN || !metadata.target().starts_with(OURS) {
            return;
        }
        let mut words = Words::default();
        event.record(&mut words);
        let mut latest = LATEST.lock();
        note(&mut latest, metadata.level().as_str(), metadata.target(), words.text());
    }
}

/// Puts a line first. The same line once more only raises its count: a flood must not wash away what came before it.
fn note(latest: &mut VecDeque<RecentError>, level: &str, target: &str, text: String) {
    let log_time = Some(now());
    match latest.front_mut() {
        Some(last) if last.text == text && last.target == target => {
            last.times = last.times.saturating_add(1);
            last.log_time = log_time;
        }
        _ => {
            latest.truncate(CAPACITY - 1);
            let (level, target) = (level.to_owned(), target.to_owned());
            latest.push_front(RecentError { log_time, level, target, text, times: 1 });
        }
    }
}

/// The message of a line, and its fields behind it.
#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Words {
    fn text(self) -> String {
        let text = format!("{}{}", self.message, self.fields);
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_TEXT).collect()
    }
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string does not fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_come_first_repeats_are_counted_and_the_oldest_go() {
        let mut latest = VecDeque::new();
        for number in 0..30 {
            for _ in 0..2 {
                note(&mut latest, "WARN", "comanda_mesh", format!("line {number}"));
            }
        }
        assert_eq!(latest.len(), CAPACITY);
        assert_eq!((latest[0].text.as_str(), latest[0].times), ("line 29", 2));
        assert_eq!(latest[CAPACITY - 1].text, "line 10");
    }

    #[test]
    fn only_our_own_warnings_are_kept_and_nothing_in_them_steers_a_terminal() {
        use tracing_subscriber::layer::SubscriberExt;
        let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(RecentErrors));
        tracing::warn!(target: "comanda_status_test", why = "no\u{1b}[31m answer", "it failed");
        tracing::info!(target: "comanda_status_test", "all is well");
        tracing::error!(target: "somebody_else", "postgres://user:password@host");
        let stored = latest();
        let ours = stored.iter().filter(|complaint| complaint.target == "comanda_status_test").collect::<Vec<_>>();
        assert_eq!(ours.len(), 1, "{stored:?}");
        assert_eq!((ours[0].level.as_str(), ours[0].text.as_str()), ("WARN", "it failed why=\"no\\u{1b}[31m answer\""));
        assert!(stored.iter().all(|complaint| complaint.target != "somebody_else"));
    }
}
