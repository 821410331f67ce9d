//! An order on its way into a commit, and what became of it.

use super::NewOrder;
use comanda_context::{error::ApiError, language::Language, permit::Permit};
use comanda_proto::orders::v1::Order;
use comanda_storage::idempotency::IdempotencyKey;
use tokio::{sync::oneshot, time::Instant};
use tonic::Status;
use tracing::Span;

/// An order that waits for a commit, with what its caller's call knows and a transaction of many does not.
pub struct PendingOrder {
    pub key: IdempotencyKey,
    pub order: NewOrder,
    pub language: Language,
    pub span: Span,
    pub deadline: Instant,
    /// The caller's load permit, held until the order is stored even if the caller is gone.
    pub _permit: Option<Permit>,
    pub answer: oneshot::Sender<Outcome>,
}

#[cfg(test)]
impl PendingOrder {
    /// With an answer that nobody awaits.
    pub fn by_nobody(request_id: &str, order: NewOrder) -> Self {
        let key = IdempotencyKey::new(request_id, "PlaceOrder", &()).expect("a UUID");
        let (answer, _) = oneshot::channel();
        let deadline = Instant::now() + comanda_context::deadline::DEFAULT;
        Self { key, order, language: Language::Portuguese, span: Span::none(), deadline, _permit: None, answer }
    }
}

/// What became of an order.
#[derive(Debug)]
pub enum Outcome {
    /// It is stored.
    Accepted(Box<Order>),
    /// It is not, and that is final and stored.
    Refused(Status),
    /// Its key was answered before, or is the key of a neighbour.
    AnsweredBefore,
    /// The database failed.
    Failed(ApiError),
}
