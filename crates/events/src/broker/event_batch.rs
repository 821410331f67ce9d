//! Events that are there together travel as one message: what a broker does for a message, it then does once for all of
//! them. One by itself travels as it is. A reader gets them apart again, and never learns how they came.

use super::{Delivery, Outgoing};
use comanda_proto::events::v1::{BatchedEvent, EventBatch};
use prost::Message;

/// The most events of a message.
pub const MAX_EVENTS: usize = 64;
/// And the most bytes, unless one event alone has more.
const MAX_BYTES: usize = 128 * 1024;

/// Cuts what goes to the same queue into such packs, in its order.
pub fn batches<T>(events: Vec<T>, queue: impl Fn(&T) -> &str, size: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut batches: Vec<Vec<T>> = Vec::new();
    let mut bytes = 0;
    for event in events {
        bytes += size(&event);
        match batches.last_mut() {
            Some(pack) if pack.len() < MAX_EVENTS && bytes <= MAX_BYTES && queue(&pack[0]) == queue(&event) => {
                pack.push(event);
            }
            _ => {
                bytes = size(&event);
                batches.push(vec![event]);
            }
        }
    }
    batches
}

/// A message of several; none of none.
pub fn pack(events: Vec<Outgoing>) -> Option<Outgoing> {
    let mut events = events;
    if events.len() < 2 {
        return events.pop();
    }
    let (first, redelivered) = (events[0].clone(), events.iter().any(|event| event.redelivered));
    let packed = |event: Outgoing| BatchedEvent {
        event_id: event.message_id,
        event: event.body.into(),
        trace_parent: event.trace_parent.unwrap_or_default(),
    };
    let body = EventBatch { events: events.into_iter().map(packed).collect() }.encode_to_vec();
    Some(Outgoing { body, trace_parent: None, redelivered, ..first })
}

/// What a message holds. Acknowledging the last of its events acknowledges it.
pub fn unpack(message: Delivery) -> Vec<Delivery> {
    // The numbers of their fields differ, so neither is ever taken for the other.
    let packed = EventBatch::decode(message.body.as_slice()).map(|pack| pack.events).unwrap_or_default();
    if packed.is_empty() {
        return vec![message];
    }
    let event = |event: BatchedEvent| Delivery {
        message_id: event.event_id,
        body: event.event.into(),
        redelivered: message.redelivered,
        trace_parent: Some(event.trace_parent).filter(|parent| !parent.is_empty()),
        tag: None,
    };
    let mut events: Vec<_> = packed.into_iter().map(event).collect();
    if let Some(last) = events.last_mut() {
        last.tag = message.tag;
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use comanda_proto::events::v1::Event;

    fn event(id: usize) -> Outgoing {
        let trace_parent = id.is_multiple_of(2).then(|| format!("trace {id}"));
        let body = Event { event_id: id.to_string(), shop_id: "main".into(), payload: None }.encode_to_vec();
        Outgoing { message_id: id.to_string(), queue: "a".into(), body, trace_parent, redelivered: id == 2 }
    }

    fn delivered(message: Outgoing) -> Delivery {
        let Outgoing { message_id, body, trace_parent, .. } = message;
        Delivery { message_id, body, redelivered: true, trace_parent, tag: Some(7) }
    }

    #[test]
    fn what_travels_together_comes_apart() {
        assert!(pack(vec![]).is_none());
        for count in [1, 2, 5] {
            let sent: Vec<_> = (0..count).map(event).collect();
            let message = pack(sent.clone()).expect("a message");
            assert_eq!(message.redelivered, count > 2);
            let events = unpack(delivered(message));
            let tags: Vec<_> = events.iter().map(|event| event.tag).collect();
            assert_eq!((tags.len(), tags[count - 1]), (count, Some(7)));
            assert!(tags[..count - 1].iter().all(Option::is_none), "not acknowledged before the last");
            for (event, sent) in events.into_iter().zip(sent) {
                assert_eq!((event.message_id, event.body), (sent.message_id, sent.body));
                assert_eq!((event.trace_parent, event.redelivered), (sent.trace_parent, true));
            }
        }
    }

    #[test]
    fn noise_and_single_events_stay_as_they_are() {
        for body in [b"\xff\xff noise".to_vec(), vec![], event(1).body] {
            let noise = Outgoing { body: body.clone(), ..event(1) };
            let bodies: Vec<_> = unpack(delivered(noise)).into_iter().map(|event| event.body).collect();
            assert_eq!(bodies, [body]);
        }
    }

    #[test]
    fn packs_are_small_and_of_one_queue() {
        let sizes = |events: Vec<(&'static str, usize)>| {
            batches(events, |event| event.0, |event| event.1).iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(sizes(vec![]), [0; 0]);
        assert_eq!(sizes(vec![("a", 1); 130]), [64, 64, 2]);
        assert_eq!(sizes(vec![("a", 1), ("b", 1), ("b", 1), ("a", 1)]), [1, 2, 1]);
        assert_eq!(sizes(vec![("a", 70_000), ("a", 70_000), ("a", 200_000), ("a", 1)]), [1, 1, 1, 1]);
    }
}
