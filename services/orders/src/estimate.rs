//! When an order will be ready, said when it is accepted: a range, by what the shop has finished lately and by what it works
//! on now. A shop is looked after once somebody has asked for it; until enough is known nothing is said.

pub mod model;

use crate::store::waits;
use comanda_context::periodic::every;
use comanda_storage::database::{Database, now};
use comanda_telemetry::{health::Health, status::v1::ReadyEstimates};
use model::{Model, Pieces, Range, Sample};
use parking_lot::Mutex;
use sea_orm::DbErr;
use std::{
    collections::HashMap,
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

const QUEUE_INTERVAL: Duration = Duration::from_secs(2);
const LESSON_INTERVAL: Duration = Duration::from_secs(60);
/// A shop that knows too little yet learns more often.
const FIRST_LESSONS: Duration = Duration::from_secs(10);
/// Nobody has asked for so long: the shop is closed.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(900);
const MAX_SHOPS: usize = 10_000;
/// Of a shop's last orders.
const REMEMBERED: u64 = 1000;

/// Of all shops that anybody asks for.
pub struct Estimator {
    database: Database,
    health: Health,
    shops: Mutex<HashMap<String, Shop>>,
}

struct Shop {
    asked: Instant,
    learned: Option<Instant>,
    model: Option<Arc<Model>>,
    under_way: Pieces,
    said: ReadyEstimates,
}

impl Estimator {
    pub fn new(database: Database, health: Health) -> Self {
        Self { database, health, shops: Mutex::default() }
    }

    /// How long an order of these would take, accepted now.
    pub fn range(&self, shop_id: &str, pieces: &Pieces) -> Option<Range> {
        let mut shops = self.shops.lock();
        let Some(shop) = shops.get_mut(shop_id) else {
            if shops.len() < MAX_SHOPS {
                shops.insert(shop_id.to_owned(), Shop::new());
            }
            return None;
        };
        shop.asked = Instant::now();
        let model = shop.model.as_ref()?;
        Some(model.range(model.work(pieces), model.work(&shop.under_way)))
    }

    /// Looks after them for as long as it is polled.
    pub async fn run(self: Arc<Self>) -> Infallible {
        let mut ticks = every(QUEUE_INTERVAL);
        loop {
            ticks.tick().await;
            self.shops.lock().retain(|_, shop| shop.asked.elapsed() < FORGOTTEN_AFTER);
            let due = self.shops.lock().iter().map(|(id, shop)| (id.clone(), shop.is_due())).collect::<Vec<_>>();
            for (shop_id, is_due) in due {
                if let Err(error) = self.look(&shop_id, is_due).await {
                    tracing::debug!(%error, shop_id, "what was known of its waits stands");
                }
            }
            self.measure();
        }
    }

    async fn look(&self, shop_id: &str, is_due: bool) -> Result<(), DbErr> {
        let reader = self.database.reader();
        let lesson = if is_due {
            let now = now(reader).await?;
            Some(waits::finished(reader, shop_id, now, REMEMBERED).await?)
        } else {
            None
        };
        let lesson = lesson.map(|finished| (said(&finished), learned(finished)));
        let under_way = waits::under_way(reader, shop_id).await?;
        if let Some(shop) = self.shops.lock().get_mut(shop_id) {
            shop.under_way = under_way;
            if let Some((said, model)) = lesson {
                (shop.said, shop.model, shop.learned) = (said, model.map(Arc::new), Some(Instant::now()));
            }
        }
        Ok(())
    }

    fn measure(&self) {
        let sum = |a: ReadyEstimates, b: &Shop| ReadyEstimates {
            said: a.said.saturating_add(b.said.said),
            kept: a.kept.saturating_add(b.said.kept),
        };
        let all = self.shops.lock().values().fold(ReadyEstimates::default(), sum);
        metrics::gauge!("comanda_ready_estimates").set(all.said);
        metrics::gauge!("comanda_ready_estimates_kept").set(all.kept);
        self.health.update_role(|role| role.ready_estimates = (all.said > 0).then_some(all));
    }
}

impl Shop {
    fn new() -> Self {
        Self {
            asked: Instant::now(),
            learned: None,
            model: None,
            under_way: Pieces::new(),
            said: ReadyEstimates::default(),
        }
    }

    fn is_due(&self) -> bool {
        let interval = if self.model.is_some() { LESSON_INTERVAL } else { FIRST_LESSONS };
        self.learned.is_none_or(|learned| learned.elapsed() >= interval)
    }
}

fn learned(finished: Vec<waits::Finished>) -> Option<Model> {
    Model::learn(&finished.into_iter().map(|finished| finished.sample).collect::<Vec<_>>())
}

fn said(finished: &[waits::Finished]) -> ReadyEstimates {
    let in_time = |finished: &waits::Finished| {
        let Sample { accepted_at, ready_at, .. } = finished.sample;
        (ready_at - accepted_at).num_seconds() <= i64::from(finished.latest)
    };
    let said = finished.iter().filter(|finished| finished.latest > 0);
    said.fold(ReadyEstimates::default(), |sum, finished| ReadyEstimates {
        said: sum.said + 1,
        kept: sum.kept + u32::from(in_time(finished)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn what_was_said_is_held_against_what_came() {
        let finished = |latest, took| {
            let (at, pieces) = (DateTime::UNIX_EPOCH, Pieces::new());
            let sample = Sample { accepted_at: at, started_at: at, ready_at: at + TimeDelta::seconds(took), pieces };
            waits::Finished { sample, latest }
        };
        let all = [finished(60, 60), finished(60, 61), finished(0, 5), finished(90, 1)];
        assert_eq!(said(&all), ReadyEstimates { said: 3, kept: 2 });
    }
}
