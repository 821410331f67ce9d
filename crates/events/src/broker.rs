//! The broker: RabbitMQ, or its stand-in inside one process. Both keep the same promises: a confirmed message is safe
//! with its reader's side, an unconfirmed one may be published again, a message without a reader waits.

mod amqp;
pub(crate) mod event_batch;
mod memory;
mod topology;

pub use amqp::nodes;
use comanda_proto::events::v1::Hint;
use comanda_telemetry::status::v1::Server;
use comanda_tls::ca_roots::CaRoots;
use thiserror::Error;
use tokio::sync::broadcast;

/// Orders on their way to the kitchen.
pub const KITCHEN_ORDERS: &str = "kitchen.orders.0";
/// Tickets on their way back to Orders.
pub const ORDERS_TICKETS: &str = "orders.tickets.0";
/// Every work queue.
pub const QUEUES: [&str; 2] = [KITCHEN_ORDERS, ORDERS_TICKETS];

/// How many events are handled at a time: so many, and the rest of the last message.
pub const BATCH_SIZE: usize = 64;
/// How many a reader holds: one batch in hand, and the next, so that it need not wait for the broker.
pub const PREFETCH: u16 = 128;
const HINT_BUFFER: usize = 1024;

/// A message for a work queue.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The event's id.
    pub message_id: String,
    /// One of [`QUEUES`].
    pub queue: String,
    /// A serialized event.
    pub body: Vec<u8>,
    /// The trace that it belongs to.
    pub trace_parent: Option<String>,
    /// True when it may have been published before. RabbitMQ knows by itself what it delivered before; a broker that dies
    /// with its process does not.
    pub redelivered: bool,
}

/// A message from a work queue.
#[derive(Debug)]
pub struct Delivery {
    /// The event's id, as its sender set it.
    pub message_id: String,
    /// A serialized event, if its sender is one of ours.
    pub body: Vec<u8>,
    /// True when it may have been handled before, by a reader that did not acknowledge it.
    pub redelivered: bool,
    /// The trace that it belongs to.
    pub trace_parent: Option<String>,
    /// The broker's name for the message, at the last event that it holds.
    tag: Option<u64>,
}

/// Whether a message arrived is unknown: publish it again.
#[derive(Debug, Error)]
#[error("not confirmed: {0}")]
pub struct Unconfirmed(String);

/// A broker. Cloning shares it.
#[derive(Clone)]
pub enum Broker {
    /// Inside this process.
    Memory(memory::Memory),
    /// RabbitMQ.
    Amqp(amqp::Amqp),
}

/// Why a queue cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SubscribeError(String);

impl From<String> for SubscribeError {
    fn from(why: String) -> Self {
        Self(why)
    }
}

impl Broker {
    /// A broker for roles that share one process.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(memory::Memory::new())
    }

    /// RabbitMQ at `amqp://user:password@host:port/vhost`, or `amqps:` for TLS with a server that is trusted; several
    /// nodes of one cluster as [`nodes`] separates them. Connects in the background and again whenever the connection
    /// is lost, for as long as the runtime lasts.
    #[must_use]
    pub fn amqp(urls: &str, trust: CaRoots) -> Self {
        Self::Amqp(amqp::Amqp::start(urls, trust))
    }

    /// Publishes a message and waits until it is safe.
    ///
    /// # Errors
    /// It may or may not have arrived.
    pub async fn publish(&self, message: Outgoing) -> Result<(), Unconfirmed> {
        match self {
            Self::Memory(memory) => memory.publish(message).await,
            Self::Amqp(amqp) => amqp.publish(message).await,
        }
    }

    /// Whether publishing has a chance now.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        match self {
            Self::Memory(_) => true,
            Self::Amqp(amqp) => amqp.is_connected(),
        }
    }

    /// What a status says of it; nothing of one within this process. Its version stays unsaid: the client library keeps
    /// what RabbitMQ tells of itself to itself.
    #[must_use]
    pub fn server(&self) -> Option<Server> {
        let Self::Amqp(amqp) = self else { return None };
        let (product, answers, problems) = ("RabbitMQ".to_owned(), amqp.is_connected(), amqp.problems());
        Some(Server { product, version: String::new(), answers, problems })
    }

    /// Starts reading a work queue. Of several readers one gets the messages, and the next takes over when it is gone.
    ///
    /// # Errors
    /// The broker does not answer.
    pub async fn subscribe(&self, queue: &str) -> Result<Subscription, SubscribeError> {
        match self {
            Self::Memory(memory) => Ok(Subscription::Memory(memory.subscribe(queue).await)),
            Self::Amqp(amqp) => {
                let reader = amqp.subscribe(queue).await?;
                Ok(Subscription::Amqp(Box::new(reader)))
            }
        }
    }

    /// The queue of those messages of a work queue that the broker itself gives up on, if it ever does.
    #[must_use]
    pub fn delivery_limit_dlq(&self, queue: &str) -> Option<String> {
        match self {
            Self::Memory(_) => None,
            Self::Amqp(_) => Some(topology::delivery_limit_dlq(queue)),
        }
    }

    /// Tells every replica, this one included, that something changed. May be lost.
    pub fn hint(&self, hints: Vec<Hint>) {
        match self {
            Self::Memory(memory) => memory.hint(hints),
            Self::Amqp(amqp) => amqp.hint(hints),
        }
    }

    /// The hints from now on. A receiver that lags loses some, as the broker may.
    #[must_use]
    pub fn hints(&self) -> broadcast::Receiver<Hint> {
        match self {
            Self::Memory(memory) => memory.hints(),
            Self::Amqp(amqp) => amqp.hints(),
        }
    }
}

/// An open reader of one work queue. Dropping it returns what was not acknowledged.
pub enum Subscription {
    /// Inside this process.
    Memory(memory::Reader),
    /// RabbitMQ.
    Amqp(Box<amqp::Reader>),
}

impl Subscription {
    /// Waits for at least one message and returns the events of those that are there, in order, about [`BATCH_SIZE`].
    /// `None` when the subscription is over. Safe to cancel.
    pub async fn next_batch(&mut self) -> Option<Vec<Delivery>> {
        match self {
            Self::Memory(reader) => reader.next_batch().await,
            Self::Amqp(reader) => reader.next_batch().await,
        }
    }

    /// Acknowledges the message that this event was the last of, and all that came before it. A failure shows in the next
    /// read.
    pub async fn ack_up_to(&mut self, delivery: &Delivery) {
        let Some(tag) = delivery.tag else { return };
        match self {
            Self::Memory(reader) => reader.ack_up_to(tag),
            Self::Amqp(reader) => reader.ack_up_to(tag).await,
        }
    }
}
