//! Orders asks to cancel. The kitchen decides, because it alone knows whether someone has started; a cancellation that
//! overtakes its order is stored too, so that the order cannot become a ticket to prepare any more.

use crate::{
    advance::{AdvanceError, move_on, publish},
    receive::{NewTicket, give_birth},
    store,
    ticket::Step,
};
use chrono::{DateTime, Utc};
use comanda_events::{once::Change, relay::Announcement};
use comanda_proto::{
    kitchen::v1::Ticket,
    r#type::v1::{Actor, OrderState},
};
use sea_orm::DatabaseTransaction;

/// One cancellation.
pub struct Cancel {
    /// The order, as a ticket that may not be there yet.
    pub new: NewTicket,
    /// Customer or staff.
    pub actor: Actor,
    /// Why.
    pub reason: String,
}

impl Change for Cancel {
    type Reply = Ticket;
    type Error = AdvanceError;

    async fn decide(
        &self,
        txn: &DatabaseTransaction,
        now: DateTime<Utc>,
    ) -> Result<(Ticket, Announcement), AdvanceError> {
        if let Some(born) = give_birth(txn, now, &self.new, OrderState::Cancelled, self.actor, &self.reason).await? {
            return Ok(publish(txn, now, &born).await?);
        }
        let ticket = store::find(txn, self.new.order_id()).await?.ok_or(AdvanceError::NotFound)?;
        move_on(txn, now, ticket, Step::Cancel(self.actor), self.actor, &self.reason).await
    }
}
