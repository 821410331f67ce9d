//! The reading side of a work queue, on a connection of its own so that a blocked publisher cannot hold up its
//! acknowledgements.

use super::{
    Declaring,
    connection::{Address, in_time},
    declare,
    open_error::OpenError,
};
use crate::broker::{BATCH_SIZE, Delivery, PREFETCH, event_batch::unpack};
use comanda_telemetry::trace::TRACE_PARENT;
use futures_util::{FutureExt, StreamExt};
use lapin::{
    Channel, Connection, Consumer,
    options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions},
    types::{AMQPValue, FieldTable},
};

/// An open reader.
pub struct Reader {
    consumer: Consumer,
    channel: Channel,
    /// Closes when dropped, which returns what was not acknowledged.
    _connection: Connection,
}

impl Reader {
    pub(super) async fn open(address: &Address, declaring: &Declaring, queue: &str) -> Result<Self, OpenError> {
        let open = |connection| async {
            declare(&connection, declaring).await?;
            in_time(Self::consume(connection, queue)).await
        };
        address.open(queue, open).await
    }

    async fn consume(connection: Connection, queue: &str) -> lapin::Result<Self> {
        let channel = connection.create_channel().await?;
        channel.basic_qos(PREFETCH, BasicQosOptions::default()).await?;
        let options = BasicConsumeOptions::default();
        let consumer = channel.basic_consume(queue.into(), "".into(), options, FieldTable::default()).await?;
        Ok(Self { consumer, channel, _connection: connection })
    }

    pub(in crate::broker) async fn next_batch(&mut self) -> Option<Vec<Delivery>> {
        let first = self.consumer.next().await?.ok()?;
        let mut batch = unpack(delivery(first));
        // An error among those that are ready shows again in the next read.
        while batch.len() < BATCH_SIZE {
            let Some(Some(Ok(next))) = self.consumer.next().now_or_never() else { break };
            batch.extend(unpack(delivery(next)));
        }
        Some(batch)
    }

    pub(in crate::broker) async fn ack_up_to(&self, tag: u64) {
        if let Err(error) = self.channel.basic_ack(tag, BasicAckOptions { multiple: true }).await {
            tracing::warn!(%error, "an acknowledgement failed; the messages will come again");
        }
    }
}

fn delivery(received: lapin::message::Delivery) -> Delivery {
    let header = received.properties.headers().as_ref().and_then(|headers| headers.inner().get(TRACE_PARENT));
    let trace_parent = match header {
        Some(AMQPValue::LongString(parent)) => Some(parent.to_string()),
        _ => None,
    };
    Delivery {
        message_id: received.properties.message_id().as_ref().map(ToString::to_string).unwrap_or_default(),
        body: received.data,
        redelivered: received.redelivered,
        trace_parent,
        tag: Some(received.delivery_tag),
    }
}
