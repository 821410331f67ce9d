//! What an operator sees of the queues, and can do to them.

use lapin::{
    Channel, Connection, ConnectionProperties, Result,
    options::{QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions},
    types::{AMQPValue, FieldTable},
};

/// Where the work queues get their messages.
const WORK: &str = "comanda.work";

/// How many messages wait in a queue for a reader.
pub async fn depth(broker: &str, queue: &str) -> Result<u32> {
    let (_connection, channel) = open(broker).await?;
    let passive = QueueDeclareOptions { passive: true, ..Default::default() };
    Ok(channel.queue_declare(queue.into(), passive, FieldTable::default()).await?.message_count())
}

/// Takes a work queue away from its exchange, so that messages for it have nowhere to go.
pub async fn unbind(broker: &str, queue: &str) -> Result<()> {
    let (_connection, channel) = open(broker).await?;
    channel.queue_unbind(queue.into(), WORK.into(), queue.into(), FieldTable::default()).await
}

/// Ends [`unbind`].
pub async fn bind(broker: &str, queue: &str) -> Result<()> {
    let (_connection, channel) = open(broker).await?;
    let options = QueueBindOptions::default();
    channel.queue_bind(queue.into(), WORK.into(), queue.into(), options, FieldTable::default()).await
}

/// Declares a queue for what RabbitMQ gives up on, as the releases did that gave it no delivery limit, whenever they
/// connect.
pub async fn declare_as_before(broker: &str, name: &str, work: &str) -> Result<()> {
    let (_connection, channel) = open(broker).await?;
    let durable = QueueDeclareOptions { durable: true, ..Default::default() };
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    channel.queue_declare(name.into(), durable, arguments).await?;
    let options = QueueBindOptions::default();
    channel.queue_bind(name.into(), "comanda.dead".into(), work.into(), options, FieldTable::default()).await
}

/// Declares a queue as somebody would who knows nothing of ours.
pub async fn declare_plainly(broker: &str, name: &str) -> Result<()> {
    let (_connection, channel) = open(broker).await?;
    let durable = QueueDeclareOptions { durable: true, ..Default::default() };
    channel.queue_declare(name.into(), durable, FieldTable::default()).await.map(drop)
}

/// Deletes a queue, whatever lies in it.
pub async fn delete(broker: &str, name: &str) -> Result<()> {
    let (_connection, channel) = open(broker).await?;
    channel.queue_delete(name.into(), QueueDeleteOptions::default()).await.map(drop)
}

async fn open(broker: &str) -> Result<(Connection, Channel)> {
    let connection = Connection::connect(broker, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    Ok((connection, channel))
}
