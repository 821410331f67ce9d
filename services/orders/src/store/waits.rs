//! How long orders have taken, and what is being worked on now, of one shop.

use super::{order_history, order_line, orders};
use crate::estimate::model::{Pieces, Sample};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_proto::r#type::v1::OrderState;
use comanda_storage::chunk::pad_to_pow2;
use sea_orm::{DbErr, QueryOrder, QuerySelect, entity::prelude::*};
use std::collections::HashMap;

/// What is older tells nothing of today.
const RECENT: TimeDelta = TimeDelta::days(21);
/// Whoever forgot to tap does not say how long it took.
const FORGOTTEN: TimeDelta = TimeDelta::hours(4);

/// A finished order, and what had been said of it.
pub struct Finished {
    pub sample: Sample,
    /// Seconds from its acceptance; 0 when nothing was said.
    pub latest: i32,
}

/// Of the orders that the shop accepted last, at most so many, those that were READY.
pub async fn finished(
    connection: &impl ConnectionTrait,
    shop_id: &str,
    now: DateTime<Utc>,
    most: u64,
) -> Result<Vec<Finished>, DbErr> {
    use orders::{Column, Entity};
    let last = Entity::find()
        .filter(Column::ShopId.eq(shop_id))
        .order_by_desc(Column::AcceptedSeq)
        .limit(most)
        .all(connection)
        .await?;
    let last = last.into_iter().filter(|order| order.created_at > now - RECENT).collect::<Vec<_>>();
    let ids = || pad_to_pow2(last.iter().map(|order| order.order_id).collect());
    if last.is_empty() {
        return Ok(Vec::new());
    }
    let (mut steps, mut pieces) = (steps(connection, ids()).await?, pieces(connection, ids()).await?);
    let finished = last.into_iter().filter_map(|order| {
        let (started, ready) = steps.remove(&order.order_id)?;
        let (ready_at, accepted_at) = (ready?, order.created_at);
        let started_at = started.unwrap_or(accepted_at).clamp(accepted_at, ready_at.max(accepted_at));
        let pieces = pieces.remove(&order.order_id).unwrap_or_default();
        let sample = Sample { accepted_at, started_at, ready_at, pieces };
        (ready_at - accepted_at < FORGOTTEN).then_some(Finished { sample, latest: order.ready_latest })
    });
    Ok(finished.collect())
}

type Times = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// When each was started and READY for the first time, by the kitchen's clock.
async fn steps(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Times>, DbErr> {
    use order_history::{Column, Entity};
    let reached = [OrderState::Preparing as i16, OrderState::Ready as i16];
    let steps = Entity::find()
        .select_only()
        .columns([Column::OrderId, Column::ToState])
        .column_as(Column::ChangedAt.min(), "first")
        .filter(Column::OrderId.is_in(ids))
        .filter(Column::ToState.is_in(reached))
        .group_by(Column::OrderId)
        .group_by(Column::ToState);
    let steps = steps.into_tuple::<(Uuid, i16, DateTime<Utc>)>().all(connection).await?;
    let mut times: HashMap<Uuid, Times> = HashMap::new();
    for (order_id, state, first) in steps {
        let times = times.entry(order_id).or_default();
        if state == OrderState::Ready as i16 { times.1 = Some(first) } else { times.0 = Some(first) }
    }
    Ok(times)
}

async fn pieces(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Pieces>, DbErr> {
    use order_line::{Column, Entity};
    let lines = Entity::find()
        .select_only()
        .columns([Column::OrderId, Column::ProductId, Column::Quantity])
        .filter(Column::OrderId.is_in(ids));
    let lines = lines.into_tuple::<(Uuid, Uuid, i32)>().all(connection).await?;
    let mut pieces: HashMap<Uuid, Pieces> = HashMap::new();
    for (order_id, product, quantity) in lines {
        pieces.entry(order_id).or_default().push((product, quantity));
    }
    Ok(pieces)
}

/// What the shop has accepted and not made READY yet.
pub async fn under_way(connection: &impl ConnectionTrait, shop_id: &str) -> Result<Pieces, DbErr> {
    let open = super::open::open_orders(shop_id).filter(orders::Column::State.ne(OrderState::Ready as i16));
    let open = open.into_tuple::<Uuid>().all(connection).await?;
    if open.is_empty() {
        return Ok(Pieces::new());
    }
    Ok(pieces(connection, pad_to_pow2(open)).await?.into_values().flatten().collect())
}
