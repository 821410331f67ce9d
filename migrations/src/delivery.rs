//! The tables of delivery, the same in every service that sends or receives events: outbox, attempts, dead letters and
//! the answers kept for repeated requests.

use sea_orm_migration::{prelude::*, schema::*};

pub struct Delivery;

impl MigrationName for Delivery {
    fn name(&self) -> &str {
        "m0001_delivery"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Delivery {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let outbox = Table::create()
            .table("outbox")
            .col(uuid("event_id").primary_key())
            .col(string("queue"))
            .col(binary("body"))
            .col(string_null("trace_parent"))
            .col(timestamp_with_time_zone("lease_until"))
            .to_owned();
        manager.create_table(outbox).await?;
        let by_lease = Index::create().name("outbox_by_lease").table("outbox").col("lease_until").to_owned();
        manager.create_index(by_lease).await?;

        let attempt = Table::create()
            .table("attempt")
            .col(string("queue"))
            .col(string("message_id"))
            .col(integer("attempts"))
            .primary_key(Index::create().col("queue").col("message_id"))
            .to_owned();
        manager.create_table(attempt).await?;

        let dead_letter = Table::create()
            .table("dead_letter")
            .col(string("queue"))
            .col(string("subject"))
            .col(string("reason"))
            .col(binary("body"))
            .col(integer("repeats"))
            .col(timestamp_with_time_zone("first_at"))
            .col(timestamp_with_time_zone("last_at"))
            .primary_key(Index::create().col("queue").col("subject"))
            .to_owned();
        manager.create_table(dead_letter).await?;

        manager.create_table(answer()).await
    }
}

/// The answers kept for repeated requests, in every service that changes something.
pub fn answer() -> TableCreateStatement {
    Table::create()
        .table("answer")
        .col(uuid("request_id").primary_key())
        .col(binary("request_hash"))
        .col(integer("code"))
        .col(binary("body"))
        .col(timestamp_with_time_zone("answered_at"))
        .to_owned()
}

/// Which order a waiting event is about, so that nobody tells the same again while it waits.
pub struct Subject;

impl MigrationName for Subject {
    fn name(&self) -> &str {
        "m0004_outbox_subject"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Subject {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let subject = Table::alter().table("outbox").add_column(string_null("subject")).to_owned();
        manager.alter_table(subject).await?;
        let by_subject = Index::create().name("outbox_by_subject").table("outbox").col("subject").to_owned();
        manager.create_index(by_subject).await
    }
}

/// What the service last heard is revoked, as one row.
pub struct Revocations;

impl MigrationName for Revocations {
    fn name(&self) -> &str {
        "m0021_heard_revocations"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Revocations {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let heard = Table::create()
            .table("heard_revocations")
            .col(small_integer("only").primary_key())
            .col(big_integer("version"))
            .col(json_binary("list"))
            .to_owned();
        manager.create_table(heard).await
    }
}
