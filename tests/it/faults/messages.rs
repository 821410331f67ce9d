//! Faults of what travels: messages that come twice and in any order, that are none of ours, or that the broker loses
//! after it has confirmed them.

use std::time::Duration;

use futures_util::StreamExt;
use lapin::{
    BasicProperties, Channel, Connection, ConnectionProperties,
    options::{
        BasicConsumeOptions, BasicPublishOptions, ConfirmSelectOptions, QueueBindOptions, QueueDeclareOptions,
        QueuePurgeOptions,
    },
    types::FieldTable,
};
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    Cell,
    cell_runner::{CellRunner, On},
    cells,
};
use harness::Replica;

use crate::clients::fresh;

const WORK: &str = "comanda.work";
/// Every work queue.
pub const QUEUES: [&str; 2] = ["kitchen.orders.0", "orders.tickets.0"];

pub fn cells() -> Vec<Cell> {
    let mut cells = cells![On::Mesh => messages_come_twice_and_shuffled telling, poison telling];
    cells.extend(cells![On::Audited => the_broker_loses_what_it_confirmed telling]);
    cells
}

/// All that passes for a second comes again, up to three times, in any order, and later than what came after it.
async fn messages_come_twice_and_shuffled(stage: &mut CellRunner) {
    let (_connection, channel) = channel(stage).await;
    let exclusive = QueueDeclareOptions { exclusive: true, auto_delete: true, ..Default::default() };
    channel.queue_declare("overheard".into(), exclusive, FieldTable::default()).await.expect("a queue");
    for key in QUEUES {
        let (name, bind) = ("overheard".into(), QueueBindOptions::default());
        channel.queue_bind(name, WORK.into(), key.into(), bind, FieldTable::default()).await.expect("bound");
    }
    let (name, options) = ("overheard".into(), BasicConsumeOptions { no_ack: true, ..Default::default() });
    let mut heard = channel.basic_consume(name, "".into(), options, FieldTable::default()).await.expect("a reader");
    let (end, mut again) = (Instant::now() + Duration::from_secs(1), Vec::new());
    while let Ok(Some(Ok(message))) = timeout_at(end, heard.next()).await {
        again.extend(
            (0..stage.rng.usize(1..4))
                .map(|_| (message.routing_key.clone(), message.properties.clone(), message.data.clone())),
        );
    }
    for key in QUEUES {
        let unbound = channel.queue_unbind("overheard".into(), WORK.into(), key.into(), FieldTable::default()).await;
        unbound.expect("no longer bound");
    }
    stage.rng.shuffle(&mut again);
    for (key, properties, body) in again {
        publish(&channel, key.as_str(), properties, &body).await;
    }
}

/// Some messages are none: noise, an event of no kind, an event without its order. The kitchens stand still meanwhile, so
/// that what comes good and what comes bad is read as one batch.
async fn poison(stage: &mut CellRunner) {
    const BAD: [&[u8]; 3] = [b"\xff\xff no event at all", b"", b"\x0a\x01a\x1a\x00"];
    let (_connection, channel) = channel(stage).await;
    stage.shop.kitchen.iter_mut().for_each(Replica::pause);
    for body in BAD {
        for key in QUEUES {
            let properties = BasicProperties::default().with_delivery_mode(2).with_message_id(fresh().into());
            publish(&channel, key, properties, body).await;
            stage.poison += 1;
        }
        sleep(Duration::from_millis(50)).await;
    }
    stage.shop.kitchen.iter_mut().for_each(Replica::resume);
}

/// Both kitchens are away, the queue is full, and then it is empty.
async fn the_broker_loses_what_it_confirmed(stage: &mut CellRunner) {
    stage.loses_messages = true;
    stage.shop.kitchen.iter_mut().for_each(Replica::kill);
    sleep(Duration::from_millis(stage.rng.u64(200..1000))).await;
    let (_connection, channel) = channel(stage).await;
    channel.queue_purge(QUEUES[0].into(), QueuePurgeOptions::default()).await.expect("emptied");
    for replica in &mut stage.shop.kitchen {
        replica.start().await;
    }
}

async fn channel(stage: &CellRunner) -> (Connection, Channel) {
    let connection = Connection::connect(stage.shop.broker(), ConnectionProperties::default()).await.expect("a broker");
    let channel = connection.create_channel().await.expect("a channel");
    channel.confirm_select(ConfirmSelectOptions::default()).await.expect("confirms");
    (connection, channel)
}

async fn publish(channel: &Channel, key: &str, properties: BasicProperties, body: &[u8]) {
    let options = BasicPublishOptions::default();
    let sent = channel.basic_publish(WORK.into(), key.into(), options, body, properties).await.expect("sent");
    sent.await.expect("confirmed");
}
