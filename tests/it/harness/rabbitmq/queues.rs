//! What an operator sees of the queues, and can do to them.

use lapin::{
    Channel, Connection, ConnectionProperties, Result,
    options::{QueueBindOptions, QueueDeclareOptions},
    types::FieldTable,
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

async fn open(broker: &str) -> Result<(Connection, Channel)> {
    let connection = Connection::connect(broker, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    Ok((connection, channel))
}
