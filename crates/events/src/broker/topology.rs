//! The exchanges and queues in RabbitMQ. Every process declares them when it connects, so that whoever comes first
//! finds them.

use super::QUEUES;
use lapin::{
    Channel, ExchangeKind, Result,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable},
};

/// Carries events, through durable quorum queues only.
pub(super) const WORK: &str = "comanda.work";
/// Carries hints, to one exclusive queue of each replica.
pub(super) const LIVE: &str = "comanda.live";
/// Where RabbitMQ itself puts what it gives up on.
pub(super) const DEAD: &str = "comanda.dead";
/// A last backstop: our own consumers give up long before.
const DELIVERY_LIMIT: i32 = 1000;
/// More deliveries than there will ever be. Without an argument RabbitMQ 4 drops a message after 20, and what was given
/// up on has nowhere else to go. The -1 that means "none" to RabbitMQ 4 is refused by 3.10; both take this.
const UNREACHABLE_LIMIT: i32 = i32::MAX;

/// Declares the exchanges that are not there yet.
pub(super) async fn declare_exchanges(channel: &Channel) -> Result<()> {
    let durable = ExchangeDeclareOptions { durable: true, ..Default::default() };
    for (name, kind) in [(WORK, ExchangeKind::Direct), (LIVE, ExchangeKind::Fanout), (DEAD, ExchangeKind::Direct)] {
        channel.exchange_declare(name.into(), kind, durable, FieldTable::default()).await?;
    }
    Ok(())
}

/// Declares exchanges and work queues that are not there yet.
pub(super) async fn declare(channel: &Channel) -> Result<()> {
    declare_exchanges(channel).await?;
    for queue in QUEUES {
        let mut arguments = quorum();
        arguments.insert("x-delivery-limit".into(), AMQPValue::LongInt(UNREACHABLE_LIMIT));
        declare_queue(channel, DEAD, &delivery_limit_dlq(queue), queue, arguments).await?;
        let mut arguments = quorum();
        arguments.insert("x-single-active-consumer".into(), AMQPValue::Boolean(true));
        arguments.insert("x-delivery-limit".into(), AMQPValue::LongInt(DELIVERY_LIMIT));
        arguments.insert("x-dead-letter-exchange".into(), text(DEAD));
        arguments.insert("x-dead-letter-strategy".into(), text("at-least-once"));
        arguments.insert("x-overflow".into(), text("reject-publish"));
        declare_queue(channel, WORK, queue, queue, arguments).await?;
    }
    Ok(())
}

/// Where a work queue's messages go that RabbitMQ gives up on.
pub(super) fn delivery_limit_dlq(queue: &str) -> String {
    format!("{queue}.dead.2")
}

/// Where they went in releases that declared it without a limit. The arguments of a queue cannot change, so it has a
/// successor; `amqp/drain_old_queues.rs` empties and deletes it.
pub(super) fn given_up_before(queue: &str) -> String {
    format!("{queue}.dead")
}

async fn declare_queue(channel: &Channel, exchange: &str, name: &str, key: &str, arguments: FieldTable) -> Result<()> {
    let durable = QueueDeclareOptions { durable: true, ..Default::default() };
    channel.queue_declare(name.into(), durable, arguments).await?;
    let bind = QueueBindOptions::default();
    channel.queue_bind(name.into(), exchange.into(), key.into(), bind, FieldTable::default()).await
}

fn quorum() -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), text("quorum"));
    arguments
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}
