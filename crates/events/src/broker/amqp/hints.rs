//! Hints from other replicas: an exclusive queue that goes with the connection. Those of one transaction are one message.

use super::{
    backoff::Backoff,
    connection::{Address, in_time},
    topology,
};
use comanda_proto::events::v1::Hint;
use futures_util::StreamExt;
use lapin::{
    Connection, Consumer,
    options::{BasicConsumeOptions, QueueBindOptions, QueueDeclareOptions},
    types::FieldTable,
};
use prost::Message;
use tokio::{sync::broadcast, time::Instant};

/// Passes hints on until the process ends.
pub(super) async fn run(address: Address, mut backoff: Backoff, hints: broadcast::Sender<Hint>) {
    loop {
        let pause = match address.open("hints", |connection| in_time(listen(connection))).await {
            Ok((_connection, mut consumer)) => {
                backoff.opened();
                let opened = Instant::now();
                while let Some(Ok(delivery)) = consumer.next().await {
                    if let Ok(hint) = Hint::decode(delivery.data.as_slice()) {
                        unpack(hint).for_each(|hint| drop(hints.send(hint)));
                    }
                }
                backoff.lost(opened)
            }
            Err(error) => backoff.failed(&error),
        };
        tokio::time::sleep(pause).await;
    }
}

async fn listen(connection: Connection) -> lapin::Result<(Connection, Consumer)> {
    let channel = connection.create_channel().await?;
    topology::declare_exchanges(&channel).await?;
    let exclusive = QueueDeclareOptions { exclusive: true, auto_delete: true, ..Default::default() };
    let queue = channel.queue_declare("".into(), exclusive, FieldTable::default()).await?.name().clone();
    let bind = QueueBindOptions::default();
    channel.queue_bind(queue.clone(), topology::LIVE.into(), "".into(), bind, FieldTable::default()).await?;
    let options = BasicConsumeOptions { no_ack: true, ..Default::default() };
    Ok((connection, channel.basic_consume(queue, "".into(), options, FieldTable::default()).await?))
}

/// Many hints as one; none of none.
pub(super) fn pack(hints: Vec<Hint>) -> Option<Hint> {
    let mut hints = hints.into_iter();
    let first = hints.next()?;
    Some(Hint { more: hints.collect(), ..first })
}

fn unpack(mut hint: Hint) -> impl Iterator<Item = Hint> {
    let more = std::mem::take(&mut hint.more);
    std::iter::once(hint).chain(more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_together_comes_apart() {
        let hint = |revision| Hint { revision, ..Hint::default() };
        for count in [0, 1, 3] {
            let hints: Vec<_> = (0..count).map(hint).collect();
            assert_eq!(pack(hints.clone()).into_iter().flat_map(unpack).collect::<Vec<_>>(), hints);
        }
    }
}
