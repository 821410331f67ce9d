//! A customer is forgotten: name, wishes and allergies leave a ticket that is over.

use crate::store::{self, ticket};
use comanda_storage::database::Database;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    DbErr,
    entity::prelude::*,
};

/// False while the ticket stands on the board. Its revision stays: nobody is told, and no step is lost to it.
pub async fn customer(database: &Database, order_id: Uuid) -> Result<bool, DbErr> {
    let txn = database.begin().await?;
    let Some(mut ticket) = store::find_for_update(&txn, order_id).await? else { return Ok(true) };
    if ticket.open {
        return Ok(false);
    }
    for line in &mut ticket.lines.0 {
        line.note.clear();
        line.allergy.clear();
    }
    let erased = ticket::ActiveModel {
        order_id: Unchanged(order_id),
        customer_name: Set(String::new()),
        lines: Set(ticket.lines),
        ..Default::default()
    };
    ticket::Entity::update(erased).exec(&txn).await?;
    txn.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        advance::Advance,
        receive::receive_one,
        test_db::{self, new_ticket},
        ticket::Step,
    };
    use chrono::DateTime;
    use comanda_auth::caller::Caller;
    use comanda_storage::idempotency::IdempotentCommand;

    #[tokio::test]
    async fn a_customer_is_forgotten_once_the_ticket_is_over() {
        let (test_db, new, now) = (test_db::empty().await, new_ticket(), DateTime::UNIX_EPOCH);
        let id = new.order_id();
        let stored = async || store::find(test_db.database.reader(), id).await.expect("an answer").expect("a ticket");
        let txn = test_db.database.begin().await.expect("a transaction");
        receive_one(&txn, now, &new).await.expect("stored");
        txn.commit().await.expect("committed");
        assert!(!customer(&test_db.database, id).await.expect("an answer"), "it is open");
        assert_eq!(stored().await.customer_name, "Bia");
        for (seen, step) in (1..).zip([Step::Start, Step::MarkReady, Step::MarkCollected]) {
            let txn = test_db.database.begin().await.expect("a transaction");
            let step = Advance { order_id: id, seen, step, caller: Caller::Service, reason: String::new() };
            step.decide(&txn, now).await.expect("done");
            txn.commit().await.expect("committed");
        }
        for _ in 0..2 {
            assert!(customer(&test_db.database, id).await.expect("an answer"));
        }
        let ticket = stored().await;
        assert_eq!((ticket.customer_name.as_str(), ticket.revision), ("", 4));
        assert!(ticket.lines.0.iter().all(|line| line.note.is_empty() && line.allergy.is_empty()));
        assert!(ticket.lines.0.iter().all(|line| !line.name.is_empty()));
        assert!(customer(&test_db.database, Uuid::from_u128(8)).await.expect("an answer"), "no such ticket");
    }
}
