//! The transaction that stores orders of several callers as if each came by itself, one after the other. All or
//! nothing: what to do when it fails is for `group_commit` to say. Keys are taken first, in their order, then the
//! shops' counters, in theirs, so that no two transactions wait for each other.

use super::{
    Accepted, Number,
    pending::{Outcome, PendingOrder},
};
use crate::{
    order::availability::{self, NotAccepting},
    store::{
        self,
        counter::{self, Wanted},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_context::error::ApiError;
use comanda_events::{
    outbox,
    relay::{CommitEffects, EventPublisher},
};
use comanda_proto::orders::v1::Order;
use comanda_storage::{
    database::{Transaction, within_call},
    idempotency::{
        self,
        batch::{self, Taken},
    },
};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::BTreeMap;

/// Stores orders, commits, and tells; what became of each, in the order asked. The turn ends when the commit begins, for
/// which the next ones wait at the shops' counters.
pub async fn store(
    txn: Transaction,
    publisher: &EventPublisher,
    pending: &[PendingOrder],
    slot: impl Send,
) -> Result<Vec<Outcome>, DbErr> {
    within_call(&txn).await?;
    let taken = take(&txn, pending).await?;
    let (outcomes, effects) = write(&txn, taken, pending).await?;
    drop(slot);
    idempotency::commit(txn, publisher, effects).await?;
    Ok(outcomes)
}

/// Finds out which of them are new. An answer names the order, and no more: its own rows hold what was accepted.
pub async fn take(txn: &Transaction, pending: &[PendingOrder]) -> Result<Option<Taken>, DbErr> {
    let order = |pending: &PendingOrder| Order { order_id: pending.order.order_id.to_string(), ..Order::default() };
    batch::take(txn, pending.iter().map(|pending| (&pending.key, order(pending)))).await
}

/// Stores those.
pub async fn write(
    txn: &Transaction,
    taken: Option<Taken>,
    pending: &[PendingOrder],
) -> Result<(Vec<Outcome>, CommitEffects), DbErr> {
    let Some(Taken { mut new, now }) = taken else {
        return Ok((pending.iter().map(|_| Outcome::AnsweredBefore).collect(), CommitEffects::default()));
    };
    // Of several with the same key the first is the one.
    let (fresh, repeats): (Vec<_>, Vec<_>) = (0..).zip(pending).partition(|(_, pending)| new.remove(&pending.key.id()));
    let mut outcomes: BTreeMap<usize, Outcome> =
        repeats.into_iter().map(|(at, _)| (at, Outcome::AnsweredBefore)).collect();
    let mut rows = Rows::default();
    let mut allocations = allocations(txn, now, &fresh).await?;
    for (at, pending) in fresh {
        let outcome = match decide(pending, &mut allocations, now) {
            Ok(accepted) => Outcome::Accepted(Box::new(rows.add(accepted))),
            Err(refusal) => {
                let refusal = ApiError::from(refusal).into_status(pending.language);
                batch::refuse(txn, &pending.key, &refusal).await?;
                Outcome::Refused(refusal)
            }
        };
        outcomes.insert(at, outcome);
    }
    for (shop_id, allocation) in allocations {
        allocation.release(txn, shop_id).await?;
    }
    let events = rows.store(txn).await?;
    Ok((outcomes.into_values().collect(), CommitEffects { events, hints: vec![] }))
}

/// Whether the shop takes it now, after those before it; then with its number.
fn decide(
    pending: &PendingOrder,
    allocations: &mut BTreeMap<&str, Allocation>,
    now: DateTime<Utc>,
) -> Result<Accepted, NotAccepting> {
    let place = &pending.order;
    availability::check(&place.menu, now)?;
    let allocation = allocations.get_mut(place.shop_id.as_str()).ok_or(NotAccepting::Busy)?;
    let number = allocation.next(place.menu.max_open_tickets)?;
    Ok(pending.span.in_scope(|| place.accepted(number, now)))
}

/// What a shop has for the orders of this transaction.
struct Allocation {
    /// The first number that is not given yet.
    next: i64,
    last: i64,
    day_start: i64,
    /// How many orders are open, counted no further than matters.
    open: u64,
}

/// Takes numbers for all that may be accepted, which locks the shops; only then is it certain how many orders are open.
async fn allocations<'a>(
    txn: &Transaction,
    now: DateTime<Utc>,
    fresh: &[(usize, &'a PendingOrder)],
) -> Result<BTreeMap<&'a str, Allocation>, DbErr> {
    let (mut wanted, mut limits) = (BTreeMap::new(), BTreeMap::new());
    for place in
        fresh.iter().map(|(_, pending)| &pending.order).filter(|place| availability::check(&place.menu, now).is_ok())
    {
        let (shop_id, today) = (place.shop_id.as_str(), place.day(now));
        let none = Wanted { shop_id: shop_id.to_owned(), today, count: 0 };
        wanted.entry(shop_id).or_insert(none).count += 1;
        // Two versions of a menu may meet here: what lets more orders in counts.
        let minutes = place.menu.ready_counts_minutes;
        let (limit, counts) = limits.entry(shop_id).or_insert((0, minutes));
        (*limit, *counts) = (place.menu.max_open_tickets.max(*limit), minutes.min(*counts));
    }
    let counters = counter::take(txn, wanted.values().cloned().collect()).await?;
    let mut allocations = BTreeMap::new();
    for (shop_id, (limit, counts)) in limits {
        let count = wanted.get(shop_id).map_or(0, |wanted| wanted.count);
        let counter = counters.iter().find(|counter| counter.shop_id == shop_id);
        let counter = counter.ok_or_else(|| DbErr::RecordNotFound("shop_counter".into()))?;
        let open = match u64::try_from(limit) {
            Ok(limit @ 1..) => store::open::count(txn, shop_id, limit, now - TimeDelta::minutes(counts.into())).await?,
            _ => 0,
        };
        let (last, day_start) = (counter.accepted_seq, counter.day_start);
        allocations.insert(shop_id, Allocation { next: last - count + 1, last, day_start, open });
    }
    Ok(allocations)
}

impl Allocation {
    /// The next number, unless so many orders are open already.
    fn next(&mut self, most: i32) -> Result<Number, NotAccepting> {
        if u64::try_from(most).is_ok_and(|most| most > 0 && self.open >= most) {
            return Err(NotAccepting::Busy);
        }
        let number = Number { accepted_seq: self.next, short: self.next - self.day_start };
        self.open += 1;
        self.next += 1;
        Ok(number)
    }

    /// A refused order takes no number.
    async fn release(self, txn: &Transaction, shop_id: &str) -> Result<(), DbErr> {
        let left = self.last - self.next + 1;
        if left > 0 { counter::release(txn, shop_id, left).await } else { Ok(()) }
    }
}

/// What is stored of all, table by table.
#[derive(Default)]
struct Rows {
    orders: Vec<store::orders::Model>,
    lines: Vec<store::order_line::Model>,
    steps: Vec<store::order_history::Model>,
    events: Vec<outbox::Model>,
}

impl Rows {
    fn add(&mut self, accepted: Accepted) -> Order {
        self.orders.push(accepted.order);
        self.lines.extend(accepted.lines);
        self.steps.push(accepted.first_step);
        self.events.push(accepted.event);
        accepted.shown
    }

    async fn store(self, txn: &Transaction) -> Result<Vec<outbox::Model>, DbErr> {
        let rows = store::inserts(txn.get_database_backend(), self.orders, self.lines, self.steps)?;
        outbox::append_all(txn, self.events.clone(), rows).await?;
        Ok(self.events)
    }
}
