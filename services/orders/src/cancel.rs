//! A cancellation: the kitchen decides, and what it decides is stored here by the same verb as its events.

use crate::{
    apply::{self, TicketNews},
    store,
};
use chrono::{DateTime, Utc};
use comanda_context::error::ApiError;
use comanda_events::relay::CommitEffects;
use comanda_mesh::channel::Channel;
use comanda_proto::{
    kitchen::v1::{CancelTicketRequest, Ticket, kitchen_service_client::KitchenServiceClient},
    orders::v1::Order,
};
use comanda_storage::{
    database::{self, Transaction},
    idempotency::IdempotentCommand,
};
use sea_orm::DbErr;
use thiserror::Error;
use tonic::{Code, Status};

/// A cancellation that the kitchen has granted.
pub struct Cancelled(pub TicketNews);

/// Why it was not stored.
#[derive(Debug, Error)]
pub enum CancelError {
    /// No such order.
    #[error("no such order")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Asks the kitchen. Its refusal is final; when it does not answer, the same request settles it later.
pub async fn ask_kitchen(
    kitchen: &KitchenServiceClient<Channel>,
    request: CancelTicketRequest,
) -> Result<Ticket, Status> {
    let reply = kitchen.clone().cancel_ticket(request).await.map_err(|status| match status.code() {
        Code::FailedPrecondition | Code::InvalidArgument => status,
        code => {
            tracing::warn!(?code, "the kitchen did not answer a cancellation");
            ApiError::unavailable("kitchen").into()
        }
    })?;
    reply.into_inner().ticket.ok_or_else(|| ApiError::internal().into())
}

impl IdempotentCommand for Cancelled {
    type Reply = Order;
    type Error = CancelError;
    type Update = CommitEffects;

    async fn decide(&self, txn: &Transaction, now: DateTime<Utc>) -> Result<(Order, CommitEffects), CancelError> {
        let effects = apply::apply(txn, now, &[&self.0]).await?;
        let order = store::load(txn, self.0.order_id).await?.ok_or(CancelError::NotFound)?;
        Ok((order, effects))
    }
}

impl From<CancelError> for ApiError {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::NotFound => not_found(),
            CancelError::Database(error) => database::fault(&error),
        }
    }
}

/// NOT_FOUND, also for another's order: nobody learns which ids exist.
pub fn not_found() -> ApiError {
    ApiError::new(Code::NotFound, "ORDER_NOT_FOUND", "no such order", "pedido não encontrado")
}
