//! The whole story of an order, from its history.

use crate::{
    order::token_end::Viewer,
    store::{self, order_history},
};
use chrono::{DateTime, Utc};
use comanda_proto::{
    orders::v1::{GetOrderJourneyResponse, JourneyStep},
    r#type::v1::{OrderState, Transition},
};
use comanda_storage::database::{Database, now};
use prost_types::Duration;
use sea_orm::{DbErr, prelude::Uuid};

/// Reads it as of one moment; `None` when there is no such order, or none for this viewer.
pub async fn read(
    database: &Database,
    order_id: Uuid,
    viewer: &Viewer,
) -> Result<Option<GetOrderJourneyResponse>, DbErr> {
    let snapshot = database.snapshot().await?;
    let read_at = now(&snapshot).await?;
    let Some(order) = store::load(&snapshot, order_id).await? else { return Ok(None) };
    if !viewer.sees(&order, read_at) {
        return Ok(None);
    }
    let history = store::history(&snapshot, order_id).await?;
    snapshot.commit().await?;
    Ok(Some(GetOrderJourneyResponse { order: Some(order), steps: steps(&history, read_at) }))
}

fn steps(history: &[order_history::Model], read_at: DateTime<Utc>) -> Vec<JourneyStep> {
    let ends = history.iter().skip(1).map(|next| Some(next.changed_at)).chain([None]);
    let step = |(step, end): (&order_history::Model, Option<DateTime<Utc>>)| {
        let is_over = [OrderState::Collected, OrderState::Cancelled].map(|state| state as i16).contains(&step.to_state);
        let end = end.or((!is_over).then_some(read_at));
        JourneyStep {
            transition: Some(Transition::from(step)),
            time_in_step: end.map(|end| lasted(step.changed_at, end)),
        }
    };
    history.iter().zip(ends).map(step).collect()
}

/// Orders and the kitchen each have their own clock: what seems to end before it began took no time.
fn lasted(begin: DateTime<Utc>, end: DateTime<Utc>) -> Duration {
    let time = (end - begin).to_std().unwrap_or_default();
    Duration { seconds: time.as_secs().cast_signed(), nanos: time.subsec_nanos().cast_signed() }
}
