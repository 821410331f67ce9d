//! The kitchen says where a ticket stands: its order follows. What is old or known already changes nothing.

use crate::store::{self, Standing, archive, order_history};
use chrono::{DateTime, Utc};
use comanda_events::{consumer::InvalidEvent, relay::CommitEffects};
use comanda_failpoint as failpoint;
use comanda_proto::{
    events::v1::{Hint, HintKind},
    kitchen::v1::Ticket,
    r#type::v1::{OrderState, Transition},
};
use comanda_storage::database::{Database, Transaction};
use comanda_storage::history::Author;
use comanda_types::timestamp::from_proto;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, prelude::Uuid};
use std::collections::{BTreeMap, HashSet};

/// What a ticket says about its order, checked.
pub struct TicketNews {
    pub order_id: Uuid,
    shop_id: String,
    /// When the order was; unknown counts as long ago.
    accepted_at: DateTime<Utc>,
    standing: Standing,
    history: Vec<order_history::Model>,
}

impl TicketNews {
    fn hint(&self) -> Hint {
        Hint {
            kind: HintKind::Order.into(),
            shop_id: self.shop_id.clone(),
            order_id: self.order_id.to_string(),
            revision: self.standing.revision,
            more: vec![],
        }
    }
}

impl TryFrom<Ticket> for TicketNews {
    type Error = InvalidEvent;

    fn try_from(ticket: Ticket) -> Result<Self, InvalidEvent> {
        let order_id = Uuid::try_parse(&ticket.order_id).map_err(|_| "a ticket without an order")?;
        let state = OrderState::try_from(ticket.state).map_err(|_| "a ticket in an unknown state")?;
        if state == OrderState::Unspecified || ticket.transitions.is_empty() {
            return Err("a ticket without its state or history".into());
        }
        let steps = ticket.transitions.iter().map(|step| history(order_id, step));
        Ok(Self {
            order_id,
            shop_id: ticket.shop_id,
            accepted_at: ticket.accept_time.as_ref().and_then(from_proto).unwrap_or(DateTime::UNIX_EPOCH),
            standing: Standing { state, revision: of_order(ticket.revision), cancel_reason: ticket.cancel_reason },
            history: steps.collect::<Option<_>>().ok_or("a ticket with an impossible history")?,
        })
    }
}

/// An order's first revision is its own; each one of its ticket is one further.
fn of_order(ticket_revision: i64) -> i64 {
    ticket_revision.saturating_add(1)
}

fn history(order_id: Uuid, step: &Transition) -> Option<order_history::Model> {
    // The ticket's first step is not the order's.
    let from_state = match step.from_state() {
        OrderState::Unspecified => OrderState::Received,
        state => state,
    };
    Some(order_history::Model {
        order_id,
        revision: of_order(step.revision),
        from_state: from_state as i16,
        to_state: step.to_state() as i16,
        actor: step.actor() as i16,
        author: step.author.clone().map(Author::from).unwrap_or_default(),
        reason: step.reason.clone(),
        changed_at: step.transition_time.as_ref().and_then(from_proto)?,
        trace_id: Some(step.trace_id.clone()).filter(|id| !id.is_empty()),
        line: step.line.map_or(0, |line| line.index.saturating_add(1)),
        line_done: step.line.is_some_and(|line| line.done),
    })
}

/// Stores what is new. Whose order is archived by now, says nothing new.
pub async fn apply(txn: &Transaction, now: DateTime<Utc>, all: &[&TicketNews]) -> Result<CommitEffects, DbErr> {
    let old = all.iter().filter(|news| news.accepted_at < now - archive::SOONEST).map(|news| news.order_id);
    let archived = archive::among(txn, old.collect()).await?;
    let all = || all.iter().copied().filter(|news| !archived.contains(&news.order_id));
    store::add_history(txn, all().flat_map(|news| news.history.clone()).collect()).await?;
    // Most of those that come together stand alike: each has just got its ticket.
    let mut alike: BTreeMap<&Standing, Vec<&TicketNews>> = BTreeMap::new();
    for news in all() {
        alike.entry(&news.standing).or_default().push(news);
    }
    let mut hints = Vec::new();
    for (standing, group) in alike {
        let advanced = store::advance(txn, group.iter().map(|news| news.order_id).collect(), standing, now).await?;
        let new = group.into_iter().filter(|news| advanced.contains(&news.order_id));
        hints.extend(new.map(TicketNews::hint));
    }
    Ok(CommitEffects { events: vec![], hints })
}

/// The same as one statement, on a database that can: of young orders, no two twice, that all stand alike. Most news
/// is: an order has got its ticket, or one step was tapped.
pub async fn apply_at_once(database: &Database, all: &[&TicketNews]) -> Option<Result<CommitEffects, DbErr>> {
    let first = all.first()?;
    // By this machine's clock, which decides no more than which way is taken.
    let young = Utc::now() - archive::SOONEST / 2;
    let alike = all.iter().all(|news| news.standing == first.standing && news.accepted_at > young);
    let ids: Vec<_> = all.iter().map(|news| news.order_id).collect();
    let distinct = ids.iter().collect::<HashSet<_>>().len() == ids.len();
    if !alike || !distinct || database.writer().get_database_backend() != DbBackend::Postgres {
        return None;
    }
    let history = all.iter().flat_map(|news| news.history.clone()).collect();
    // The statement is the commit, too.
    failpoint::reach("consumer.before_commit");
    let advanced = store::advance_with_history(database.writer(), ids, &first.standing, history).await;
    Some(advanced.map(|advanced| {
        let new = all.iter().filter(|news| advanced.contains(&news.order_id));
        CommitEffects { events: vec![], hints: new.map(|news| news.hint()).collect() }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::tests::placed;
    use comanda_storage::test_db::TestDb;

    fn news(order_id: &str, revision: i64, state: OrderState) -> TicketNews {
        let step = Transition {
            revision,
            to_state: state.into(),
            transition_time: Some(Default::default()),
            ..Default::default()
        };
        let (order_id, shop_id, state) = (order_id.to_owned(), "main".to_owned(), state.into());
        let ticket = Ticket { order_id, shop_id, state, revision, transitions: vec![step], ..Default::default() };
        TicketNews::try_from(ticket).expect("a whole ticket")
    }

    #[tokio::test]
    async fn what_is_old_or_known_changes_nothing() {
        let (test_db, now) = (TestDb::with::<comanda_migrations::Orders>().await, DateTime::UNIX_EPOCH);
        let txn = test_db.database.begin().await.expect("a transaction");
        let order = placed(&txn).await;

        let applied = async |revision, state| {
            apply(&txn, now, &[&news(&order.order_id, revision, state)]).await.expect("applied").hints.len()
        };
        assert_eq!(applied(2, OrderState::Preparing).await, 1);
        assert_eq!(applied(1, OrderState::Received).await, 0, "late");
        assert_eq!(applied(2, OrderState::Preparing).await, 0, "again");
        let id = Uuid::try_parse(&order.order_id).expect("a UUID");
        let stored = store::find(&txn, id).await.expect("an answer").expect("an order");
        assert_eq!((stored.state, stored.revision), (OrderState::Preparing as i16, 3));
    }
}
