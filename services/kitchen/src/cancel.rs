//! Orders asks to cancel. The kitchen decides, because it alone knows whether someone has started; a cancellation that
//! overtakes its order is stored too, so that the order cannot become a ticket to prepare any more.

use crate::{
    advance::{AdvanceError, move_on, publish},
    receive::{NewTicket, create},
    store,
    ticket::Step,
};
use chrono::{DateTime, Utc};
use comanda_events::relay::CommitEffects;
use comanda_proto::{kitchen::v1::Ticket, r#type::v1::OrderState};
use comanda_storage::{database::Transaction, history::By, idempotency::IdempotentCommand};

/// One cancellation.
pub struct Cancel {
    /// The order, as a ticket that may not be there yet.
    pub new: NewTicket,
    /// Where the order stands, as Orders knows it.
    pub shown: OrderState,
    /// Customer or staff.
    pub by: By,
    /// Why.
    pub reason: String,
}

impl IdempotentCommand for Cancel {
    type Reply = Ticket;
    type Error = AdvanceError;
    type Update = CommitEffects;

    async fn decide(&self, txn: &Transaction, now: DateTime<Utc>) -> Result<(Ticket, CommitEffects), AdvanceError> {
        if !self.new.is_past(now)
            && let Some(born) =
                create(txn, now, &self.new, OrderState::Cancelled, self.by.clone(), &self.reason).await?
        {
            return Ok(publish(txn, now, &born).await?);
        }
        // One that was forgotten was at its end.
        let forgotten = AdvanceError::Forbidden { state: self.shown };
        let ticket = store::find_for_update(txn, self.new.order_id()).await?.ok_or(forgotten)?;
        move_on(txn, now, ticket, Step::Cancel(self.by.actor), self.by.clone(), &self.reason).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        receive::receive_one,
        test_db::{self, new_ticket},
    };
    use comanda_proto::r#type::v1::Actor;

    #[tokio::test]
    async fn a_cancellation_that_overtakes_its_order_is_final() {
        let (test_db, new, now) = (test_db::empty().await, new_ticket(), DateTime::UNIX_EPOCH);
        let txn = test_db.database.begin().await.expect("a transaction");
        let cancel = Cancel {
            new: new.clone(),
            shown: OrderState::Received,
            by: Actor::Customer.into(),
            reason: "mudei de ideia".into(),
        };
        let (cancelled, _) = cancel.decide(&txn, now).await.expect("cancelled");
        assert_eq!((cancelled.state(), cancelled.cancel_reason.as_str()), (OrderState::Cancelled, "mudei de ideia"));
        receive_one(&txn, now, &new).await.expect("no harm");
        let stored = store::find(&txn, new.order_id()).await.expect("an answer").expect("a ticket");
        assert_eq!((stored.order_state(), stored.open, stored.revision), (OrderState::Cancelled, false, 1));
    }
}
