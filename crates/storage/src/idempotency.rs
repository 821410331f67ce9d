//! A change that is asked for twice happens once. Every change carries a `request_id`; its answer is kept in the
//! transaction of the change and given again to whoever asks with the same id. [`run`] makes one change in a transaction of
//! its own; [`batch`] keeps the answers of several that are made in one.

pub mod batch;

use crate::database::{self, Database, Transaction, now};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_context::error::{self, ApiError};
use comanda_failpoint as failpoint;
use comanda_types::validation::Checks;
use prost::Message;
use sea_orm::{
    ActiveValue::Set, Condition, DbErr, QueryOrder, QuerySelect, RuntimeErr, TryInsertResult, entity::prelude::*,
};
use sha2::{Digest, Sha256};
use tonic::{Code, Response, Status};

/// How long an answer is kept. Callers are promised 24 h; a phone that was off for a while is worth more.
const RETENTION: TimeDelta = TimeDelta::days(30);

/// How many keys one pass looks at.
pub const SCAN: u64 = 5000;

/// The metadata key that marks an answer given before.
pub const REPLAY_MARK: &str = "x-idempotent-replay";

/// The answer to one request, kept at least 24 h.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answer")]
pub struct Model {
    /// As the caller chose it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    /// SHA-256 of method and fields.
    pub request_hash: Vec<u8>,
    /// The canonical code: OK or FAILED_PRECONDITION.
    pub code: i32,
    /// The serialized reply, or the serialized `google.rpc.Status` of the refusal.
    pub body: Vec<u8>,
    /// When.
    pub answered_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What makes two requests the same.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    id: Uuid,
    hash: Vec<u8>,
}

impl IdempotencyKey {
    /// From the request's id, its method and the fields that count.
    ///
    /// # Errors
    /// INVALID_ARGUMENT when the id is no UUID.
    pub fn new(request_id: &str, method: &str, fields: &impl Message) -> Result<Self, ApiError> {
        let mut checks = Checks::default();
        let id = checks.uuid("request_id", request_id);
        checks.done()?;
        let hash = Sha256::new().chain_update(method).chain_update([0]).chain_update(fields.encode_to_vec());
        Ok(Self { id, hash: hash.finalize().to_vec() })
    }

    /// The request's id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }
}

/// A reply, and whether it was given before.
#[derive(Debug)]
pub struct StoredResponse<R> {
    /// The reply.
    pub reply: R,
    /// True for a repeat.
    pub replayed: bool,
}

impl<R> StoredResponse<R> {
    /// As a response, a repeat marked as such.
    pub fn into_response<T>(self, reply: impl FnOnce(R) -> T) -> Response<T> {
        let mut response = Response::new(reply(self.reply));
        if self.replayed {
            response.metadata_mut().insert(REPLAY_MARK, tonic::metadata::MetadataValue::from_static("true"));
        }
        response
    }
}

/// A change of a service's own state.
pub trait IdempotentCommand: Sync {
    /// What the caller gets, and a repeat gets again.
    type Reply: Message + Default + Send;
    /// Why it may be refused. FAILED_PRECONDITION is kept as the answer; everything else may be asked again.
    type Error: Into<ApiError> + Send;
    /// What is told once it is committed.
    type Update: Send + 'static;

    /// Decides, stores, and appends events, all in the transaction; the caller commits. Calls no other service.
    fn decide(
        &self,
        txn: &Transaction,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(Self::Reply, Self::Update), Self::Error>> + Send;
}

/// Who is told what was committed.
pub trait Subscribers<Update>: Clone + Send + 'static {
    /// Tells, without waiting for anything.
    fn notify(&self, update: Update);
}

/// Nobody, of nothing.
impl Subscribers<()> for () {
    fn notify(&self, (): ()) {}
}

/// The answer given before, if there is one.
///
/// # Errors
/// The refusal given before; REQUEST_ID_REUSED for another request; UNAVAILABLE when the database fails.
pub async fn find_replay<R: Message + Default>(
    database: &Database,
    key: &IdempotencyKey,
) -> Result<Option<StoredResponse<R>>, Status> {
    let found = Entity::find_by_id(key.id).one(database.reader()).await.map_err(|error| database::fault(&error))?;
    let Some(stored) = found else { return Ok(None) };
    if stored.request_hash != key.hash {
        return Err(ApiError::request_id_reused().into());
    }
    if stored.code != Code::Ok as i32 {
        return Err(error::stored(Code::from_i32(stored.code), &stored.body));
    }
    let reply = R::decode(stored.body.as_slice()).map_err(|_| ApiError::internal())?;
    Ok(Some(StoredResponse { reply, replayed: true }))
}

/// Makes a change once: gives the earlier answer if there is one, else decides, commits with the answer, and tells.
///
/// # Errors
/// The change's refusal; UNAVAILABLE when the outcome is unknown, and the same key settles it.
pub async fn run<C: IdempotentCommand>(
    database: &Database,
    subscribers: &impl Subscribers<C::Update>,
    key: &IdempotencyKey,
    change: &C,
) -> Result<StoredResponse<C::Reply>, Status> {
    match find_replay(database, key).await? {
        Some(answer) => Ok(answer),
        None => make(database, subscribers, key, change).await,
    }
}

/// The same for a caller that has looked for the earlier answer itself.
///
/// # Errors
/// As [`run`].
pub async fn make<C: IdempotentCommand>(
    database: &Database,
    subscribers: &impl Subscribers<C::Update>,
    key: &IdempotencyKey,
    change: &C,
) -> Result<StoredResponse<C::Reply>, Status> {
    match attempt(database, subscribers, key, change).await {
        Ok(Some(reply)) => Ok(StoredResponse { reply, replayed: false }),
        // The same request, made twice at once, was answered meanwhile.
        Ok(None) => find_replay(database, key).await?.ok_or_else(|| ApiError::unavailable("database").into()),
        Err(fault) => refuse(database, key, fault).await,
    }
}

/// Keeps a refusal that is final, unless the same request was answered meanwhile.
///
/// # Errors
/// Always, but for such an answer.
pub async fn refuse<R: Message + Default>(
    database: &Database,
    key: &IdempotencyKey,
    refusal: impl Into<Status>,
) -> Result<StoredResponse<R>, Status> {
    let refusal = refusal.into();
    if refusal.code() == Code::FailedPrecondition {
        let stored = store_rejection(database, key, &refusal).await;
        stored.map_err(|error| database::fault(&error))?;
    }
    find_replay(database, key).await?.ok_or(refusal)
}

async fn attempt<C: IdempotentCommand>(
    database: &Database,
    subscribers: &impl Subscribers<C::Update>,
    key: &IdempotencyKey,
    change: &C,
) -> Result<Option<C::Reply>, ApiError> {
    let failed = |error: DbErr| database::fault(&error);
    let (txn, now) = database.begin_now().await.map_err(failed)?;
    let (reply, update) = change.decide(&txn, now).await.map_err(Into::into)?;
    if !store(&txn, key, Code::Ok, reply.encode_to_vec(), now).await.map_err(failed)? {
        return Ok(None);
    }
    commit(txn, subscribers, update).await.map_err(failed)?;
    Ok(Some(reply))
}

/// Commits, then tells; in a task of its own, so that a caller who goes away now cannot keep the news from following.
///
/// # Errors
/// The database failed, and whether it has committed is unknown.
pub async fn commit<Update: Send + 'static>(
    txn: Transaction,
    subscribers: &impl Subscribers<Update>,
    update: Update,
) -> Result<(), DbErr> {
    failpoint::reach("once.before_commit");
    let subscribers = subscribers.clone();
    let commit = async move {
        txn.commit().await?;
        failpoint::reach("once.committed");
        subscribers.notify(update);
        Ok(())
    };
    let unknown = |why: &str| DbErr::Conn(RuntimeErr::Internal(why.to_owned()));
    let committed = tokio::spawn(failpoint::sever("commit", commit));
    committed.await.map_err(|gone| unknown(&gone.to_string()))?.unwrap_or_else(|| Err(unknown("given up")))
}

/// Removes old responses among the next [`SCAN`] keys after `after`: a bounded part of the table whatever the keys look
/// like, and no index on times. Returns how many it removed and where to go on: from nil again when the table is done.
///
/// # Errors
/// The database failed.
pub async fn forget(database: &Database, now: DateTime<Utc>, after: Uuid) -> Result<(u64, Uuid), DbErr> {
    let rest = if after.is_nil() { Column::RequestId.gte(after) } else { Column::RequestId.gt(after) };
    let keys = Entity::find().select_only().column(Column::RequestId).filter(rest.clone());
    let last = keys.order_by_asc(Column::RequestId).offset(SCAN - 1).limit(1).into_tuple::<Uuid>();
    let last = last.one(database.reader()).await?;
    let old = Entity::delete_many()
        .filter(rest)
        .filter(last.map_or_else(Condition::all, |last| Condition::all().add(Column::RequestId.lte(last))))
        .filter(Column::AnsweredAt.lt(now - RETENTION))
        .filter(database.async_commit());
    let removed = old.exec(database.writer()).await?.rows_affected;
    Ok((removed, last.unwrap_or_default()))
}

async fn store_rejection(database: &Database, key: &IdempotencyKey, refusal: &Status) -> Result<(), DbErr> {
    let now = now(database.reader()).await?;
    store(database.writer(), key, refusal.code(), refusal.details().to_vec(), now).await.map(drop)
}

/// False when there is an answer already.
async fn store(
    connection: &impl ConnectionTrait,
    key: &IdempotencyKey,
    code: Code,
    body: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let row = ActiveModel {
        request_id: Set(key.id),
        request_hash: Set(key.hash.clone()),
        code: Set(code as i32),
        body: Set(body),
        answered_at: Set(now),
    };
    let insert = Entity::insert(row).on_conflict_do_nothing_on([Column::RequestId]);
    Ok(matches!(insert.exec(connection).await?, TryInsertResult::Inserted(_)))
}
