//! The broker of the embedded shape. It keeps nothing on disk, because it need not: a message is confirmed only when its
//! reader has committed and acknowledged it, so until then it still stands in the sender's outbox.

use super::{BATCH_SIZE, Delivery, HINT_BUFFER, Outgoing, QUEUES, Unconfirmed, event_batch::unpack};
use comanda_proto::events::v1::Hint;
use parking_lot::{Mutex, MutexGuard};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{Notify, OwnedMutexGuard, broadcast, oneshot},
    time::timeout,
};

const CONFIRM_TIMEOUT: Duration = Duration::from_secs(8);

struct Waiting {
    message: Outgoing,
    redelivered: bool,
    /// Closed once the sender has given up; it will publish again.
    confirm: oneshot::Sender<()>,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<VecDeque<Waiting>>,
    arrived: Notify,
    /// Held by the one active reader.
    active: Arc<tokio::sync::Mutex<()>>,
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock()
    }

    fn push(&self, message: Waiting) {
        let mut waiting = self.waiting();
        // Those whose sender has given up stand there again already.
        waiting.retain(|old| !old.confirm.is_closed());
        waiting.push_back(message);
    }
}

/// The broker inside a process.
#[derive(Clone)]
pub struct Memory {
    queues: Arc<HashMap<&'static str, Arc<Queue>>>,
    hints: broadcast::Sender<Hint>,
}

impl Memory {
    pub(super) fn new() -> Self {
        let queues = QUEUES.map(|name| (name, Arc::default()));
        Self { queues: Arc::new(HashMap::from(queues)), hints: broadcast::channel(HINT_BUFFER).0 }
    }

    pub(super) async fn publish(&self, message: Outgoing) -> Result<(), Unconfirmed> {
        let queue = self.queues.get(message.queue.as_str()).ok_or_else(|| Unconfirmed("no such queue".into()))?;
        let (confirm, confirmed) = oneshot::channel();
        queue.push(Waiting { redelivered: message.redelivered, message, confirm });
        queue.arrived.notify_one();
        match timeout(CONFIRM_TIMEOUT, confirmed).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Unconfirmed("no reader committed it in time".into())),
        }
    }

    pub(super) async fn subscribe(&self, name: &str) -> Reader {
        let queue = self.queues.get(name).cloned().unwrap_or_default();
        let active = queue.active.clone().lock_owned().await;
        Reader { queue, held: VecDeque::new(), last_tag: 0, _active: active }
    }

    pub(super) fn hint(&self, hints: Vec<Hint>) {
        // An error means that nobody listens.
        hints.into_iter().for_each(|hint| drop(self.hints.send(hint)));
    }

    pub(super) fn hints(&self) -> broadcast::Receiver<Hint> {
        self.hints.subscribe()
    }
}

/// The active reader of a queue.
pub struct Reader {
    queue: Arc<Queue>,
    held: VecDeque<(u64, Waiting)>,
    last_tag: u64,
    _active: OwnedMutexGuard<()>,
}

impl Reader {
    pub(super) async fn next_batch(&mut self) -> Option<Vec<Delivery>> {
        loop {
            let batch = self.take();
            if !batch.is_empty() {
                return Some(batch);
            }
            self.queue.arrived.notified().await;
        }
    }

    fn take(&mut self) -> Vec<Delivery> {
        let mut waiting = self.queue.waiting();
        let mut batch = Vec::new();
        while batch.len() < BATCH_SIZE {
            let Some(next) = waiting.pop_front() else { break };
            if next.confirm.is_closed() {
                continue;
            }
            self.last_tag += 1;
            batch.extend(unpack(Delivery {
                message_id: next.message.message_id.clone(),
                body: next.message.body.clone(),
                redelivered: next.redelivered,
                trace_parent: next.message.trace_parent.clone(),
                tag: Some(self.last_tag),
            }));
            self.held.push_back((self.last_tag, next));
        }
        batch
    }

    pub(super) fn ack_up_to(&mut self, tag: u64) {
        while self.held.front().is_some_and(|(held, _)| *held <= tag) {
            if let Some((_, settled)) = self.held.pop_front() {
                // An error means that the sender gave up; it will publish again, and that does no harm.
                let _ = settled.confirm.send(());
            }
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut waiting = self.queue.waiting();
        while let Some((_, returned)) = self.held.pop_back() {
            waiting.push_front(Waiting { redelivered: true, ..returned });
        }
        self.queue.arrived.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::KITCHEN_ORDERS;

    fn message(id: &str) -> Outgoing {
        Outgoing {
            message_id: id.into(),
            queue: KITCHEN_ORDERS.into(),
            body: vec![],
            trace_parent: None,
            redelivered: false,
        }
    }

    #[tokio::test]
    async fn only_the_acknowledgement_confirms() {
        let broker = Memory::new();
        let mut reader = broker.subscribe(KITCHEN_ORDERS).await;
        let mut publish = tokio::spawn({
            let broker = broker.clone();
            async move { broker.publish(message("a")).await }
        });
        let batch = reader.next_batch().await.expect("one message");
        assert!(futures_util::FutureExt::now_or_never(&mut publish).is_none(), "confirmed before the commit");
        reader.ack_up_to(batch[0].tag.expect("a message"));
        publish.await.expect("no panic").expect("confirmed");
    }

    #[tokio::test]
    async fn what_a_reader_leaves_behind_comes_again_in_order() {
        let broker = Memory::new();
        let first = tokio::spawn({
            let broker = broker.clone();
            async move { tokio::join!(broker.publish(message("a")), broker.publish(message("b"))) }
        });
        let mut reader = broker.subscribe(KITCHEN_ORDERS).await;
        assert_eq!(reader.next_batch().await.expect("messages").len(), 2);
        drop(reader);
        let redelivered = broker.subscribe(KITCHEN_ORDERS).await.next_batch().await.expect("messages");
        let ids: Vec<_> =
            redelivered.iter().map(|delivery| (delivery.message_id.as_str(), delivery.redelivered)).collect();
        assert_eq!(ids, [("a", true), ("b", true)]);
        first.abort();
    }
}
