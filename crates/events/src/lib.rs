//! Nothing lost, nothing doubled: how a change in one service reaches another.
//!
//! A verb runs under [`comanda_storage::idempotency`], which looks its request up, opens the transaction and keeps the
//! answer. In that transaction it appends events to the [`outbox`]. After the commit the [`relay`] publishes them
//! through the [`broker`] and removes them once the broker confirmed. On the other side the [`consumer`] hands each
//! event to a verb, commits, and only then acknowledges. What cannot be processed ends as a [`dead_letter`], never in
//! the way of the next message; so does what the broker itself gives up on.
//!
//! Events carry state, so delivering one twice, or late, does no harm; there is no inbox table.

pub mod broker;
pub mod consumer;
pub mod dead_letter;
pub mod delivery_attempt;
mod delivery_limit_dlq;
pub mod outbox;
pub mod relay;

/// How long the kitchen remembers a ticket at least. An order older than that is never republished, and never becomes a
/// ticket: who knows whether it was one.
pub const TICKET_RETENTION: chrono::TimeDelta = chrono::TimeDelta::days(30);
