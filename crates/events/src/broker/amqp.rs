//! RabbitMQ, supervised by ourselves: one connection for publishing, one for each reader, one for hints; each opened
//! again with back-off whenever it is lost. The library's own recovery is not used, because it leaves unconfirmed
//! messages and dead channels hanging.

mod backoff;
mod connection;
mod drain_old_queues;
mod hints;
mod open_error;
mod publisher;
mod reader;

use super::{HINT_BUFFER, Outgoing, Unconfirmed, topology};
use backoff::{Backoff, Troubles};
use comanda_proto::events::v1::Hint;
use comanda_telemetry::status::v1::Problem;
use comanda_tls::ca_roots::CaRoots;
pub use connection::nodes;
use connection::{Address, in_time};
use lapin::Connection;
use open_error::Why;
pub use reader::Reader;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

/// RabbitMQ.
#[derive(Clone)]
pub struct Amqp {
    address: Address,
    commands: mpsc::Sender<Command>,
    connected: watch::Receiver<bool>,
    hints: broadcast::Sender<Hint>,
    /// RabbitMQ may fail when the same quorum queue is declared twice at once.
    declaring: Declaring,
    troubles: Troubles,
}

type Declaring = Arc<tokio::sync::Mutex<()>>;

/// What the publisher is asked to do.
enum Command {
    Publish { message: Outgoing, done: oneshot::Sender<Result<(), Unconfirmed>> },
    Hint(Hint),
}

impl Amqp {
    pub(super) fn start(urls: &str, trust: CaRoots) -> Self {
        let (commands, receiver) = mpsc::channel(publisher::WINDOW);
        let (connected_sender, connected) = watch::channel(false);
        let hints = broadcast::channel(HINT_BUFFER).0;
        let address = Address::new(urls, trust);
        let (declaring, troubles) = (Declaring::default(), Troubles::default());
        let backoff = |who| Backoff::new(who, address.count(), &troubles);
        let publisher =
            publisher::run(address.clone(), declaring.clone(), troubles.clone(), receiver, connected_sender);
        let live = hints::run(address.clone(), backoff("hints"), hints.clone());
        let drain_old_queues = drain_old_queues::run(address.clone(), backoff("queues of before"), declaring.clone());
        tokio::spawn(async { tokio::join!(publisher, live, drain_old_queues) });
        Self { address, commands, connected, hints, declaring, troubles }
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

    pub(super) async fn subscribe(&self, queue: &str) -> Result<Reader, String> {
        let opened = Reader::open(&self.address, &self.declaring, queue).await;
        match &opened {
            Ok(_) => self.troubles.opened(queue),
            Err(error) => self.troubles.not_opened(queue, error),
        }
        opened.map_err(|error| error.to_string())
    }

    /// What a status says of it.
    pub(super) fn problems(&self) -> Vec<Problem> {
        self.troubles.all()
    }

    pub(super) fn hint(&self, hints: Vec<Hint>) {
        // This replica need not wait for the round trip. Errors mean that nobody listens, or that there is no room:
        // the next beat repairs both.
        hints.iter().for_each(|hint| drop(self.hints.send(hint.clone())));
        if let Some(hint) = hints::pack(hints) {
            let _ = self.commands.try_send(Command::Hint(hint));
        }
    }

    pub(super) fn hints(&self) -> broadcast::Receiver<Hint> {
        self.hints.subscribe()
    }
}

/// Declares what is not there yet, one caller of this process at a time. Waiting for one's turn is not the broker's
/// fault: only the declaring itself has to be done in time.
async fn declare(connection: &Connection, declaring: &Declaring) -> Result<(), Why> {
    let _one = declaring.lock().await;
    in_time(async { topology::declare(&connection.create_channel().await?).await }).await
}
