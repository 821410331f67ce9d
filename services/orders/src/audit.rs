//! The audit: what closes the circle when something was lost on the way. The kitchen answers every order; whose answer is
//! missing for too long is asked for, and republished only if the kitchen has no ticket for it and nothing about it waits
//! in the outbox.
//!
//! It must not make a bad hour worse. Work queues keep their order, so a few orders republished are probes: as long as the
//! kitchen has not taken these, what was published before them may well be waiting, and no more is republished.

use crate::{
    apply::{self, TicketNews},
    store::{self, audit::Due},
};
use chrono::{DateTime, TimeDelta, Utc};
use comanda_context::periodic::every;
use comanda_events::{
    outbox,
    relay::{CommitEffects, EventPublisher},
};
use comanda_mesh::channel::Channel;
use comanda_proto::{
    events::v1::{OrderPlaced, event::Payload},
    kitchen::v1::{BatchGetTicketsRequest, Ticket, kitchen_service_client::KitchenServiceClient},
};
use comanda_storage::{
    database::{Database, Transaction, now},
    idempotency::Subscribers,
};
use comanda_telemetry::health::Health;
use sea_orm::{DbErr, prelude::Uuid};
use std::{
    collections::{HashMap, HashSet},
    convert::Infallible,
    time::Duration,
};

/// Orders republished and not answered yet: as many may be under way while the kitchen is silent.
const PROBES: u64 = 4;
/// The most that one pass asks for. The kitchen takes no more in one call.
const MAX_PASS: u64 = 100;
/// So often within the time after which an order counts as silent.
const PASSES: u32 = 6;

/// The audit of one replica.
pub struct Audit {
    pub database: Database,
    pub publisher: EventPublisher,
    pub kitchen: KitchenServiceClient<Channel>,
    /// Where the number of orders unaccounted for is shown.
    pub health: Health,
    /// After that long without the kitchen's answer an order is asked for.
    pub after: Duration,
    /// How many orders the next pass may republish; grows while the kitchen answers.
    pub window: u64,
}

impl Audit {
    /// For as long as it is polled.
    pub async fn run(mut self) -> Infallible {
        let mut ticks = every(self.after / PASSES);
        loop {
            ticks.tick().await;
            if let Err(error) = self.pass().await {
                tracing::warn!(%error, "the audit did not get through");
            }
        }
    }

    async fn pass(&mut self) -> Result<(), DbErr> {
        let now = now(self.database.reader()).await?;
        let silent = now - TimeDelta::from_std(self.after).unwrap_or(TimeDelta::MAX);
        let unaccounted = store::audit::unaccounted(self.database.reader(), silent).await?;
        metrics::gauge!("comanda_orders_unaccounted").set(unaccounted as f64);
        let shown = u32::try_from(unaccounted).unwrap_or(u32::MAX);
        self.health.update_role(|role| role.backlog.get_or_insert_default().orders_unaccounted = shown);
        let asked = self.due(now).await?;
        if asked.is_empty() {
            return Ok(());
        }
        let order_ids: Vec<_> = asked.iter().map(ToString::to_string).collect();
        // Before the kitchen is asked: what leaves the outbox after that may become a ticket right after its answer.
        let waited = outbox::waiting(self.database.reader(), order_ids.clone()).await?;
        match self.kitchen.clone().batch_get_tickets(BatchGetTicketsRequest { order_ids }).await {
            Ok(reply) => self.settle(now, &asked, &waited, reply.into_inner().tickets).await,
            // No answer says nothing about any order.
            Err(status) => {
                tracing::debug!(code = ?status.code(), "the kitchen does not answer the audit");
                Ok(())
            }
        }
    }

    /// The orders to ask for now. Sets the window by what became of those told before.
    pub async fn due(&mut self, now: DateTime<Utc>) -> Result<Vec<Uuid>, DbErr> {
        let probes = store::audit::unanswered_probes(self.database.reader()).await?;
        self.window = match probes {
            0 => (self.window * 2).clamp(PROBES, MAX_PASS),
            probes => PROBES.saturating_sub(probes),
        };
        store::audit::due(self.database.reader(), now, self.window.max(PROBES)).await
    }

    /// Applies what the kitchen has, and tells again what it lacks and what did not wait in the outbox before it was asked.
    /// Another replica may have asked at the same time: each
    /// order is claimed by one of them.
    pub async fn settle(
        &self,
        now: DateTime<Utc>,
        asked: &[Uuid],
        waited: &HashSet<String>,
        tickets: Vec<Ticket>,
    ) -> Result<(), DbErr> {
        let mut found: HashMap<Uuid, TicketNews> = HashMap::new();
        for news in tickets.into_iter().map(TicketNews::try_from) {
            match news {
                Ok(news) => drop(found.insert(news.order_id, news)),
                Err(why) => tracing::error!(%why, "the kitchen's reply to the audit is impossible"),
            }
        }
        let txn = self.database.begin().await?;
        let claimed = store::audit::claim(&txn, now, asked).await?;
        let mut effects = CommitEffects::default();
        let (known, unknown): (Vec<_>, Vec<_>) = claimed.into_iter().partition(|due| found.contains_key(&due.order_id));
        let unknown: Vec<_> = unknown.into_iter().filter(|due| !waited.contains(&due.order_id.to_string())).collect();
        for due in &known {
            let news = apply::apply(&txn, now, &[&found[&due.order_id]]).await?.hints;
            if news.is_empty() {
                store::audit::close_if_final(&txn, due.order_id).await?;
            }
            effects.hints.extend(news);
        }
        effects.events = self.tell_again(&txn, now, &unknown).await?;
        txn.commit().await?;
        let republished = effects.events.len();
        if republished > 0 {
            metrics::counter!("comanda_orders_republished_total").increment(republished as u64);
            tracing::warn!(republished, "the kitchen had no ticket for some orders; they are published again");
        }
        self.publisher.notify(effects);
        Ok(())
    }

    async fn tell_again(
        &self,
        txn: &Transaction,
        now: DateTime<Utc>,
        unknown: &[Due],
    ) -> Result<Vec<outbox::Model>, DbErr> {
        let ids = unknown.iter().map(|due| due.order_id.to_string()).collect();
        let waiting: HashSet<String> = outbox::waiting(txn, ids).await?;
        let mut rows = Vec::new();
        for due in unknown.iter().filter(|due| !waiting.contains(&due.order_id.to_string())) {
            // A probe that was not answered is republished; it makes no more of them.
            if !due.is_probe && rows.len() as u64 >= self.window {
                continue;
            }
            let Some(order) = store::load(txn, due.order_id).await? else { continue };
            let shop_id = order.shop_id.clone();
            let event = Payload::OrderPlaced(OrderPlaced { order: Some(order) });
            rows.push(outbox::append(txn, now, &shop_id, event).await?);
            store::audit::note_told(txn, due.order_id).await?;
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests;
