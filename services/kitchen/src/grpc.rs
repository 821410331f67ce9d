//! The door for calls: each request becomes one verb, each error a status.

use crate::{
    advance::{Advance, AdvanceError, complete_line::CompleteLine},
    cancel::Cancel,
    erase,
    receive::NewTicket,
    store,
    ticket::{Step, stations::Stations},
    watch::{Boards, BoxedNews},
};
use comanda_auth::caller::Caller;
use comanda_context::error::ApiError;
use comanda_events::relay::EventPublisher;
use comanda_proto::{
    kitchen::v1::{
        AcknowledgeCancellationRequest, AcknowledgeCancellationResponse, BatchGetTicketsRequest,
        BatchGetTicketsResponse, CancelTicketRequest, CancelTicketResponse, CompleteLineRequest, CompleteLineResponse,
        EraseCustomerRequest, EraseCustomerResponse, MarkCollectedRequest, MarkCollectedResponse, MarkReadyRequest,
        MarkReadyResponse, ReopenTicketRequest, ReopenTicketResponse, RevertTicketRequest, RevertTicketResponse,
        StartTicketRequest, StartTicketResponse, Ticket, WatchTicketsRequest, kitchen_service_server::KitchenService,
    },
    orders::v1::Order,
    r#type::v1::Actor,
};
use comanda_storage::{
    database::{self, Database},
    history::{Author, By},
    idempotency::{self, IdempotencyKey},
};
use comanda_types::validation::Checks;
use tonic::{Code, Request, Response, Status};

/// The kitchen's RPCs.
pub struct Kitchen {
    pub database: Database,
    pub publisher: EventPublisher,
    pub boards: Boards,
}

/// What one BatchGetTickets may ask for.
const MAX_BATCH: usize = 100;

/// What every tap carries; the requests of all taps have the same fields.
type Tap = StartTicketRequest;

impl Kitchen {
    async fn advance(
        &self,
        caller: Caller,
        step: Step,
        fields: Tap,
    ) -> Result<idempotency::StoredResponse<Ticket>, Status> {
        let key = IdempotencyKey::new(&fields.request_id, step_name(step), &fields)?;
        self.advance_for(caller, step, key, fields, String::new(), Checks::default()).await
    }

    async fn advance_for(
        &self,
        caller: Caller,
        step: Step,
        key: IdempotencyKey,
        fields: Tap,
        reason: String,
        mut checks: Checks,
    ) -> Result<idempotency::StoredResponse<Ticket>, Status> {
        let order_id = checks.uuid("order_id", &fields.order_id);
        if fields.revision < 1 {
            checks.fail("revision", "must be at least 1", "deve ser pelo menos 1");
        }
        checks.done()?;
        let advance = Advance { order_id, seen: fields.revision, step, caller: caller.clone(), reason };
        own(&caller, idempotency::run(&self.database, &self.publisher, &key, &advance).await?)
    }
}

/// A repeat is answered from what is stored, whoever asks: another's ticket is not there.
fn own(
    caller: &Caller,
    answer: idempotency::StoredResponse<Ticket>,
) -> Result<idempotency::StoredResponse<Ticket>, Status> {
    if caller.may_shop(&answer.reply.shop_id) { Ok(answer) } else { Err(ApiError::from(AdvanceError::NotFound).into()) }
}

/// NOT_FOUND, also for another's shop: nobody learns which there are.
fn no_shop() -> ApiError {
    ApiError::new(Code::NotFound, "SHOP_NOT_FOUND", "no such shop", "loja não encontrada")
}

/// As it is hashed with a request: stored, so it never changes.
fn step_name(step: Step) -> &'static str {
    match step {
        Step::Start => "Start",
        Step::MarkReady => "MarkReady",
        Step::MarkCollected => "MarkCollected",
        Step::Revert => "Revert",
        Step::Reopen => "Reopen",
        Step::NotPickedUp => "NotPickedUp",
        Step::Acknowledge => "Acknowledge",
        Step::Cancel(_) => "Cancel",
    }
}

#[tonic::async_trait]
impl KitchenService for Kitchen {
    type WatchTicketsStream = BoxedNews;

    async fn watch_tickets(&self, request: Request<WatchTicketsRequest>) -> Result<Response<BoxedNews>, Status> {
        let caller = Caller::of(&request);
        let mut checks = Checks::default();
        let shop = checks.shop("shop_id", &request.get_ref().shop_id);
        let stations = Stations::check(&request.get_ref().stations, &mut checks);
        checks.done()?;
        if !caller.may_shop(&shop) {
            return Err(no_shop().into());
        }
        Ok(Response::new(self.boards.watch(&shop, stations, caller.is_panel())))
    }

    async fn start_ticket(
        &self,
        request: Request<StartTicketRequest>,
    ) -> Result<Response<StartTicketResponse>, Status> {
        let caller = Caller::of(&request);
        let StartTicketRequest { request_id, order_id, revision } = request.into_inner();
        let answer = self.advance(caller, Step::Start, Tap { request_id, order_id, revision }).await?;
        Ok(answer.into_response(|ticket| StartTicketResponse { ticket: Some(ticket) }))
    }

    async fn complete_line(
        &self,
        request: Request<CompleteLineRequest>,
    ) -> Result<Response<CompleteLineResponse>, Status> {
        let caller = Caller::of(&request);
        let fields = request.into_inner();
        let key = IdempotencyKey::new(&fields.request_id, "CompleteLine", &fields)?;
        let mut checks = Checks::default();
        let order_id = checks.uuid("order_id", &fields.order_id);
        checks.done()?;
        let tick = CompleteLine { order_id, line: fields.line, done: fields.done, caller: caller.clone() };
        let answer = idempotency::run(&self.database, &self.publisher, &key, &tick).await?;
        let answer = own(&caller, answer)?;
        Ok(answer.into_response(|ticket| CompleteLineResponse { ticket: Some(ticket) }))
    }

    async fn mark_ready(&self, request: Request<MarkReadyRequest>) -> Result<Response<MarkReadyResponse>, Status> {
        let caller = Caller::of(&request);
        let MarkReadyRequest { request_id, order_id, revision } = request.into_inner();
        let answer = self.advance(caller, Step::MarkReady, Tap { request_id, order_id, revision }).await?;
        Ok(answer.into_response(|ticket| MarkReadyResponse { ticket: Some(ticket) }))
    }

    async fn mark_collected(
        &self,
        request: Request<MarkCollectedRequest>,
    ) -> Result<Response<MarkCollectedResponse>, Status> {
        let caller = Caller::of(&request);
        let MarkCollectedRequest { request_id, order_id, revision } = request.into_inner();
        let answer = self.advance(caller, Step::MarkCollected, Tap { request_id, order_id, revision }).await?;
        Ok(answer.into_response(|ticket| MarkCollectedResponse { ticket: Some(ticket) }))
    }

    async fn revert_ticket(
        &self,
        request: Request<RevertTicketRequest>,
    ) -> Result<Response<RevertTicketResponse>, Status> {
        let caller = Caller::of(&request);
        let RevertTicketRequest { request_id, order_id, revision } = request.into_inner();
        let answer = self.advance(caller, Step::Revert, Tap { request_id, order_id, revision }).await?;
        Ok(answer.into_response(|ticket| RevertTicketResponse { ticket: Some(ticket) }))
    }

    async fn reopen_ticket(
        &self,
        request: Request<ReopenTicketRequest>,
    ) -> Result<Response<ReopenTicketResponse>, Status> {
        let caller = Caller::of(&request);
        let fields = request.into_inner();
        let key = IdempotencyKey::new(&fields.request_id, step_name(Step::Reopen), &fields)?;
        let mut checks = Checks::default();
        let reason = checks.text("reason", &fields.reason, 1, 200);
        let ReopenTicketRequest { request_id, order_id, revision, .. } = fields;
        let tap = Tap { request_id, order_id, revision };
        let answer = self.advance_for(caller, Step::Reopen, key, tap, reason, checks).await?;
        Ok(answer.into_response(|ticket| ReopenTicketResponse { ticket: Some(ticket) }))
    }

    async fn acknowledge_cancellation(
        &self,
        request: Request<AcknowledgeCancellationRequest>,
    ) -> Result<Response<AcknowledgeCancellationResponse>, Status> {
        let caller = Caller::of(&request);
        let AcknowledgeCancellationRequest { request_id, order_id, revision } = request.into_inner();
        let answer = self.advance(caller, Step::Acknowledge, Tap { request_id, order_id, revision }).await?;
        Ok(answer.into_response(|ticket| AcknowledgeCancellationResponse { ticket: Some(ticket) }))
    }

    async fn cancel_ticket(
        &self,
        request: Request<CancelTicketRequest>,
    ) -> Result<Response<CancelTicketResponse>, Status> {
        let CancelTicketRequest { request_id, order, actor, reason, author } = request.into_inner();
        let order = order.unwrap_or_default();
        // A repeat may show the order at a later revision, and its author by a newer name; what counts is which order, what kind
        // of caller, and why.
        let same = Order { order_id: order.order_id.clone(), ..Default::default() };
        let fields = CancelTicketRequest {
            request_id: request_id.clone(),
            order: Some(same),
            actor,
            reason: reason.clone(),
            author: None,
        };
        let key = IdempotencyKey::new(&request_id, "CancelTicket", &fields)?;
        let mut checks = Checks::default();
        let reason = checks.text("reason", &reason, 0, 200);
        let actor = Actor::try_from(actor).unwrap_or_default();
        if !matches!(actor, Actor::Customer | Actor::Staff) {
            checks.fail("actor", "must be CUSTOMER or STAFF", "deve ser CUSTOMER ou STAFF");
        }
        let shown = order.state();
        let new = NewTicket::try_from(order).map_err(|why| checks.fail("order", why.to_string(), why.to_string()));
        checks.done()?;
        let by = By { actor, author: author.map(Author::from) };
        let Ok(new) = new else { return Err(ApiError::internal().into()) };
        let answer =
            idempotency::run(&self.database, &self.publisher, &key, &Cancel { new, shown, by, reason }).await?;
        Ok(answer.into_response(|ticket| CancelTicketResponse { ticket: Some(ticket) }))
    }

    async fn batch_get_tickets(
        &self,
        request: Request<BatchGetTicketsRequest>,
    ) -> Result<Response<BatchGetTicketsResponse>, Status> {
        let asked = request.into_inner().order_ids;
        let mut checks = Checks::default();
        if asked.len() > MAX_BATCH {
            checks.fail("order_ids", "must be at most 100", "devem ser no máximo 100");
        }
        let ids = (0..).zip(&asked).map(|(at, id): (usize, _)| checks.uuid(format!("order_ids[{at}]"), id));
        let ids = ids.collect::<Vec<_>>();
        checks.done()?;
        let failed = |error| Status::from(database::fault(&error));
        let snapshot = self.database.snapshot().await.map_err(failed)?;
        let tickets = store::with_histories(&snapshot, &ids).await.map_err(failed)?;
        snapshot.commit().await.map_err(failed)?;
        Ok(Response::new(BatchGetTicketsResponse { tickets }))
    }

    async fn erase_customer(
        &self,
        request: Request<EraseCustomerRequest>,
    ) -> Result<Response<EraseCustomerResponse>, Status> {
        let mut checks = Checks::default();
        let order_id = checks.uuid("order_id", &request.get_ref().order_id);
        checks.done()?;
        if erase::customer(&self.database, order_id).await.map_err(|error| database::fault(&error))? {
            return Ok(Response::new(EraseCustomerResponse {}));
        }
        let (english, portuguese) = ("the ticket is on the board", "a comanda está no quadro");
        Err(ApiError::new(Code::FailedPrecondition, "ORDER_OPEN", english, portuguese).into())
    }
}
