//! The queues of releases before, which had no delivery limit of their own, so that RabbitMQ 4 drops what it has
//! delivered twenty times. They are taken away from their exchange, what lies in them moves to their successors, and
//! once they are empty and nobody reads them they are deleted.
//!
//! Replicas of such a release may still run: they declare their queue again whenever they connect, and read it. As long
//! as both queues are bound, RabbitMQ puts a copy into each, and burying a message twice does no harm. So nothing can
//! be lost by deleting the old queue: all that came since its successor is there lies in that, too, and what came
//! before was moved.

use super::{
    Declaring,
    backoff::{Backoff, failed},
    connection::{Address, in_time},
    declare,
    open_error::Why,
    topology,
};
use crate::broker::QUEUES;
use lapin::{
    Channel, Confirmation, Connection, Error, ErrorKind,
    message::BasicGetMessage,
    options::{
        BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions,
        QueueDeleteOptions,
    },
    types::FieldTable,
};
use std::{collections::HashMap, time::Duration};
use tokio::time::sleep;

/// Between looks while there is such a queue.
const SOON: Duration = Duration::from_secs(3);
/// A replica of the release before may bring one back.
const LATER: Duration = Duration::from_secs(60 * 60);
/// RabbitMQ says "empty" also when it cannot tell at the moment, so one look is not enough.
const LOOKS: u32 = 3;
/// What is moved at a look, so that one never lasts long.
const MOVE_BATCH_SIZE: usize = 256;
const NOT_FOUND: u16 = 404;

/// Looks until the process ends.
pub(super) async fn run(address: Address, mut backoff: Backoff, declaring: Declaring) {
    let mut unused: HashMap<&str, u32> = HashMap::new();
    loop {
        let (declaring, unused) = (&declaring, &mut unused);
        let looked = address.open("queues of before", |connection| async move {
            // The successors must be there before anything is taken away.
            declare(&connection, declaring).await?;
            let mut left = 0;
            for queue in QUEUES {
                let gone = match look(&connection, queue, unused.entry(queue).or_default()).await {
                    // Another replica was faster.
                    Err(Why::Refused(error)) if is_not_found(&error) => true,
                    looked => looked?,
                };
                left += u32::from(!gone);
            }
            Ok(left)
        });
        let pause = match looked.await {
            Ok(left) => {
                backoff.opened();
                if left > 0 { SOON } else { LATER }
            }
            Err(error) => backoff.failed(&error).max(SOON),
        };
        sleep(pause).await;
    }
}

/// Whether the work queue's old companion is gone.
async fn look(connection: &Connection, queue: &str, unused: &mut u32) -> Result<bool, Why> {
    let old = topology::given_up_before(queue);
    let channel = in_time(connection.create_channel()).await?;
    let Some(readers) = in_time(readers(&channel, &old)).await? else {
        *unused = 0;
        return Ok(true);
    };
    let unbind = channel.queue_unbind(old.as_str().into(), topology::DEAD.into(), queue.into(), FieldTable::default());
    in_time(unbind).await?;
    in_time(channel.confirm_select(ConfirmSelectOptions::default())).await?;
    let mut moved = 0;
    while moved < MOVE_BATCH_SIZE
        && let Some(message) = in_time(channel.basic_get(old.as_str().into(), BasicGetOptions::default())).await?
    {
        in_time(hand_on(&channel, queue, message)).await?;
        moved += 1;
    }
    if moved > 0 {
        tracing::info!(
            from = old,
            to = topology::delivery_limit_dlq(queue),
            moved,
            "moved messages to the queue's successor"
        );
    }
    tracing::debug!(queue = old, readers, moved, "a queue of a release before is still there");
    *unused = if moved == 0 && readers == 0 { *unused + 1 } else { 0 };
    if *unused < LOOKS {
        return Ok(false);
    }
    // Quorum queues know no "if empty" and "if unused".
    in_time(channel.queue_delete(old.as_str().into(), QueueDeleteOptions::default())).await?;
    tracing::info!(queue = old, "deleted a queue of a release before");
    Ok(true)
}

/// How many read the queue; `None` when there is none.
async fn readers(channel: &Channel, queue: &str) -> lapin::Result<Option<u32>> {
    let passive = QueueDeclareOptions { passive: true, ..Default::default() };
    match channel.queue_declare(queue.into(), passive, FieldTable::default()).await {
        Ok(queue) => Ok(Some(queue.consumer_count())),
        Err(error) if is_not_found(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_not_found(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ProtocolError(said) if said.get_id() == NOT_FOUND)
}

/// Acknowledged only once its new queue has it. By the exchange, not by the queue's name, which would take a permission
/// more.
async fn hand_on(channel: &Channel, queue: &str, message: BasicGetMessage) -> lapin::Result<()> {
    let options = BasicPublishOptions { mandatory: true, ..Default::default() };
    let delivery = message.delivery;
    let sent = channel
        .basic_publish(topology::DEAD.into(), queue.into(), options, &delivery.data, delivery.properties)
        .await?;
    match sent.await? {
        Confirmation::Ack(None) => {
            channel.basic_ack(delivery.delivery_tag, BasicAckOptions::default()).await?;
            Ok(())
        }
        _ => Err(failed("RabbitMQ does not take a message into the queue's successor")),
    }
}
