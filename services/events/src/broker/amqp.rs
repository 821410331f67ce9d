//! RabbitMQ, supervised by ourselves: one connection for publishing, one for each reader, one for hints; each opened
//! again with back-off whenever it is lost. The library's own recovery is not used, because it leaves unconfirmed
//! messages and dead channels hanging.

mod connection;
mod hints;
mod publisher;
mod reader;

use super::{HINTS_KEPT, Outgoing, Unconfirmed, topology};
use comanda_mesh::trust::Trust;
use comanda_proto::events::v1::Hint;
use connection::Address;
pub use reader::Reader;
use std::{sync::Arc, time::Duration};
use thiserror::Error;
use tokio::{
    sync::{broadcast, mpsc, oneshot, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

const OPEN_TIMEOUT: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// A connection that held that long was a good one.
const LASTED: Duration = Duration::from_secs(10);

/// RabbitMQ.
#[derive(Clone)]
pub struct Amqp {
    address: Address,
    commands: mpsc::Sender<Command>,
    connected: watch::Receiver<bool>,
    hints: broadcast::Sender<Hint>,
    /// RabbitMQ may fail when the same quorum queue is declared twice at once.
    declaring: Declaring,
}

type Declaring = Arc<tokio::sync::Mutex<()>>;

/// What the publisher is asked to do.
enum Command {
    Publish { message: Outgoing, done: oneshot::Sender<Result<(), Unconfirmed>> },
    Hint(Hint),
}

impl Amqp {
    pub(super) fn start(url: &str, trust: Trust, shutdown: CancellationToken) -> Self {
        let (commands, receiver) = mpsc::channel(publisher::WINDOW);
        let (connected_sender, connected) = watch::channel(false);
        let hints = broadcast::channel(HINTS_KEPT).0;
        let address = Address { url: url.into(), trust };
        let declaring = Declaring::default();
        let publisher = publisher::run(address.clone(), declaring.clone(), receiver, connected_sender);
        let live = hints::run(address.clone(), hints.clone());
        tokio::spawn(async move { shutdown.run_until_cancelled(async { tokio::join!(publisher, live) }).await });
        Self { address, commands, connected, hints, declaring }
    }

    pub(super) async fn publish(&self, message: Outgoing) -> Result<(), Unconfirmed> {
        let (done, outcome) = oneshot::channel();
        let gone = |_| Unconfirmed("the publisher has stopped".into());
        self.commands.send(Command::Publish { message, done }).await.map_err(|_| gone(()))?;
        outcome.await.unwrap_or_else(|_| Err(Unconfirmed("the channel was lost".into())))
    }

    pub(super) fn is_connected(&self) -> bool {
        *self.connected.borrow()
    }

    pub(super) async fn subscribe(&self, queue: &str) -> Result<Reader, OpenError> {
        in_time(Reader::open(&self.address, &self.declaring, queue)).await
    }

    pub(super) fn hint(&self, hints: Vec<Hint>) {
        // This replica need not wait for the round trip. Errors mean that nobody listens, or that there is no room:
        // the next beat repairs both.
        hints.iter().for_each(|hint| drop(self.hints.send(hint.clone())));
        if let Some(hint) = hints::together(hints) {
            let _ = self.commands.try_send(Command::Hint(hint));
        }
    }

    pub(super) fn hints(&self) -> broadcast::Receiver<Hint> {
        self.hints.subscribe()
    }
}

/// Why a connection could not be opened.
#[derive(Debug, Error)]
pub(super) enum OpenError {
    #[error(transparent)]
    Refused(#[from] lapin::Error),
    #[error("RabbitMQ does not answer")]
    Silent(#[from] tokio::time::error::Elapsed),
}

/// Opens something, within bounds: a broker that accepts connections and then says nothing must not hold us.
async fn in_time<T>(open: impl Future<Output = lapin::Result<T>>) -> Result<T, OpenError> {
    Ok(tokio::time::timeout(OPEN_TIMEOUT, open).await??)
}

/// Waits longer after each failure, and logs a failure only if it is not the same as before.
#[derive(Default)]
struct Backoff {
    failures: u32,
    told: String,
}

impl Backoff {
    /// The pause after a session: none after one that lasted, longer and longer while they are lost at once.
    fn lost(&mut self, opened: Instant) -> Duration {
        self.told.clear();
        if opened.elapsed() > LASTED {
            self.failures = 0;
            return Duration::ZERO;
        }
        self.next_pause()
    }

    fn failed(&mut self, what: &str, error: &OpenError) -> Duration {
        let told = error.to_string();
        if self.told != told {
            tracing::warn!(%error, "{what}: no connection to RabbitMQ, trying again");
            self.told = told;
        }
        self.next_pause()
    }

    fn next_pause(&mut self) -> Duration {
        self.failures = self.failures.saturating_add(1);
        FIRST_PAUSE.saturating_mul(1 << self.failures.min(5)).min(LONGEST_PAUSE)
    }
}
