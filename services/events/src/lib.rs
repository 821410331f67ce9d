//! Outbox, relay, consumer and broker: nothing lost, nothing doubled.
