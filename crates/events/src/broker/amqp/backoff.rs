//! Backoff, and what goes wrong with RabbitMQ: how long to wait before the next attempt, when to say so again in the
//! log, and what a status says of it. Must not keep a password.

use super::open_error::{OpenError, Why};
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use comanda_telemetry::status::v1::{Problem, ProblemKind};
use lapin::{Error, ErrorKind};
use parking_lot::{Mutex, MutexGuard};
use std::{collections::BTreeMap, io, sync::Arc, time::Duration};
use tokio::time::Instant;

/// Between rounds of nodes.
const BACKOFF: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(200))
    .with_max_delay(Duration::from_secs(2))
    .without_max_times();
/// A connection that held that long was a good one.
const LASTED: Duration = Duration::from_secs(10);
/// A trouble that lasts is logged that often.
const LOG_INTERVAL: Duration = Duration::from_secs(60);
/// What was refused on an open connection is tried again far sooner than this.
const REFUSED_FOR: Duration = Duration::from_secs(60);

/// AMQP's reply codes.
const ACCESS_REFUSED: u16 = 403;
const PRECONDITION_FAILED: u16 = 406;
const NOT_ALLOWED: u16 = 530;

/// What is wrong now, by connection. Cloning shares it.
#[derive(Clone, Default)]
pub(super) struct Troubles(Arc<Mutex<BTreeMap<String, Noted>>>);

struct Noted {
    problem: Problem,
    /// Until when it counts, if nothing ends it before.
    until: Option<Instant>,
}

impl Troubles {
    /// Each once.
    pub fn all(&self) -> Vec<Problem> {
        let now = Instant::now();
        let mut noted = self.noted();
        noted.retain(|_, noted| noted.until.is_none_or(|until| now < until));
        let mut all: Vec<Problem> = Vec::new();
        for Noted { problem, .. } in noted.values() {
            if !all.contains(problem) {
                all.push(problem.clone());
            }
        }
        all
    }

    /// A connection could not be opened.
    pub fn not_opened(&self, who: &str, error: &OpenError) {
        self.note(opening(who), Noted { problem: problem(error), until: None });
    }

    /// It could.
    pub fn opened(&self, who: &str) {
        self.noted().remove(&opening(who));
    }

    /// An open connection was refused something. Errors of the network are not noted here: the next attempt tells.
    pub fn refused(&self, who: &str, error: &Error) {
        if let Some(problem) = refusal(error) {
            self.note(who.to_owned(), Noted { problem, until: Some(Instant::now() + REFUSED_FOR) });
        }
    }

    /// The server says by itself why it takes nothing.
    pub fn blocked(&self, who: &str, reason: String) {
        let problem = Problem { kind: ProblemKind::Blocked.into(), detail: reason };
        self.note(who.to_owned(), Noted { problem, until: None });
    }

    /// It takes what it is given.
    pub fn served(&self, who: &str) {
        self.noted().remove(who);
    }

    fn note(&self, who: String, noted: Noted) {
        self.noted().insert(who, noted);
    }

    fn noted(&self) -> MutexGuard<'_, BTreeMap<String, Noted>> {
        self.0.lock()
    }
}

/// Apart from what an open connection hears, because opening it again proves nothing about that.
fn opening(who: &str) -> String {
    format!("opening {who}")
}

fn problem(error: &OpenError) -> Problem {
    let refused = match &error.why {
        Why::Refused(error) => refusal(error),
        Why::Silent(_) => None,
    };
    refused.unwrap_or_else(|| Problem { kind: ProblemKind::Unreachable.into(), detail: error.to_string() })
}

/// What RabbitMQ itself said no to, in its own words: they name the queue, the user and the virtual host.
fn refusal(error: &Error) -> Option<Problem> {
    let ErrorKind::ProtocolError(said) = error.kind() else { return None };
    let kind = match said.get_id() {
        ACCESS_REFUSED | NOT_ALLOWED => ProblemKind::Permission,
        PRECONDITION_FAILED => ProblemKind::Arguments,
        _ => return None,
    };
    Some(Problem { kind: kind.into(), detail: said.get_message().to_string() })
}

/// An error of our own, as the library's.
pub(super) fn failed(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    ErrorKind::IOError(Arc::new(io::Error::other(why))).into()
}

/// Supervises one connection: waits longer after each round of nodes that failed, and says why, once for each reason
/// and once a minute while it lasts.
pub(super) struct Backoff {
    who: &'static str,
    nodes: u32,
    troubles: Troubles,
    failures: u32,
    pauses: ExponentialBackoff,
    logged: Option<(Instant, String)>,
    since: Option<Instant>,
}

impl Backoff {
    pub fn new(who: &'static str, nodes: usize, troubles: &Troubles) -> Self {
        let nodes = u32::try_from(nodes).unwrap_or(u32::MAX).max(1);
        Self { who, nodes, troubles: troubles.clone(), failures: 0, pauses: BACKOFF.build(), logged: None, since: None }
    }

    /// A connection is open.
    pub fn opened(&mut self) {
        self.troubles.opened(self.who);
        (self.logged, self.since) = (None, None);
    }

    /// The pause after a session: none after one that lasted, longer and longer while they are lost at once.
    pub fn lost(&mut self, opened: Instant) -> Duration {
        if opened.elapsed() > LASTED {
            (self.failures, self.pauses) = (0, BACKOFF.build());
            return Duration::ZERO;
        }
        self.next_pause()
    }

    /// The pause after an attempt that failed.
    pub fn failed(&mut self, error: &OpenError) -> Duration {
        self.troubles.not_opened(self.who, error);
        let away = self.since.get_or_insert_with(Instant::now).elapsed().as_secs();
        let text = error.to_string();
        let logged = self.logged.as_ref().map(|(at, logged)| (at.elapsed(), logged.as_str()));
        if is_news(logged, &text, self.nodes) {
            match &error.why {
                Why::Refused(why) if refusal(why).is_some() => {
                    tracing::warn!(%error, for_seconds = away, "{}: RabbitMQ refuses, trying again", self.who);
                }
                _ => {
                    tracing::warn!(%error, for_seconds = away, "{}: no connection to RabbitMQ, trying again", self.who)
                }
            }
            self.logged = Some((Instant::now(), text));
        }
        self.next_pause()
    }

    fn next_pause(&mut self) -> Duration {
        self.failures = self.failures.saturating_add(1);
        if !self.failures.is_multiple_of(self.nodes) {
            // Another node may be well.
            return Duration::ZERO;
        }
        self.pauses.next().unwrap_or_default()
    }
}

/// Whether to say so, when something was said that long ago. With several nodes the reasons take turns, and are no
/// news.
fn is_news(logged: Option<(Duration, &str)>, text: &str, nodes: u32) -> bool {
    logged.is_none_or(|(ago, logged)| ago >= LOG_INTERVAL || (nodes == 1 && logged != text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lapin::protocol::{AMQPError, AMQPErrorKind};

    fn refused(code: u16, message: &str) -> OpenError {
        let said = AMQPError::new(AMQPErrorKind::from_id(code).expect("a code"), message.into());
        OpenError { node: "a:5672".to_owned(), why: Why::Refused(ErrorKind::ProtocolError(said).into()) }
    }

    #[test]
    fn a_trouble_that_lasts_is_told_again_every_minute() {
        let logged = |seconds| Some((Duration::from_secs(seconds), "no answer"));
        assert!(
            is_news(None, "no answer", 1) && is_news(logged(60), "no answer", 1) && is_news(logged(1), "refused", 1)
        );
        assert!(
            !is_news(logged(59), "no answer", 1)
                && !is_news(logged(1), "refused", 3)
                && is_news(logged(60), "refused", 3)
        );
    }

    #[test]
    fn what_rabbitmq_refuses_is_kept_in_its_words_until_it_is_over() {
        let troubles = Troubles::default();
        let denied = "ACCESS_REFUSED - access to exchange 'comanda.work' in vhost '/' refused for user 'shop'";
        for who in ["publisher", "kitchen.orders.0"] {
            troubles.not_opened(who, &refused(ACCESS_REFUSED, denied));
        }
        let permission = Problem { kind: ProblemKind::Permission.into(), detail: denied.to_owned() };
        assert_eq!(troubles.all(), std::slice::from_ref(&permission), "once");
        troubles.opened("publisher");
        assert_eq!(troubles.all(), [permission]);
        troubles.not_opened("kitchen.orders.0", &refused(PRECONDITION_FAILED, "inequivalent arg"));
        assert_eq!(troubles.all()[0].kind(), ProblemKind::Arguments);
        troubles.opened("kitchen.orders.0");
        troubles.blocked("publisher", "low on disk".to_owned());
        troubles.opened("publisher");
        assert_eq!(troubles.all()[0].kind(), ProblemKind::Blocked, "opening proves nothing");
        troubles.served("publisher");
        assert_eq!(troubles.all(), []);
    }

    #[test]
    fn pauses_follow_a_whole_round_of_nodes() {
        let mut backoff = Backoff::new("test", 3, &Troubles::default());
        let pauses: Vec<_> = (0..6).map(|_| backoff.next_pause().as_millis()).collect();
        assert_eq!(pauses, [0, 0, 200, 0, 0, 400]);
    }
}
