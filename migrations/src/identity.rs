//! Identity's own tables: people, devices, what they have signed in or paired with, and what concerned security. Secrets
//! stand here as hashes only.

use crate::history;
use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

pub struct People;

impl MigrationName for People {
    fn name(&self) -> &str {
        "m0001_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for People {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let staff = Table::create()
            .table("staff")
            .col(uuid("staff_id").primary_key())
            .col(string("name"))
            .col(string("login").unique_key())
            .col(small_integer("role"))
            .col(string_null("password_hash"))
            .col(string_null("pin_hash"))
            .col(big_integer("revision"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("signed_in_at"))
            .col(timestamp_with_time_zone_null("archived_at"))
            .to_owned();
        manager.create_table(staff).await?;

        let staff_shop = Table::create()
            .table("staff_shop")
            .col(uuid("staff_id"))
            .col(string("shop_id"))
            .primary_key(Index::create().col("staff_id").col("shop_id"))
            .foreign_key(ForeignKey::create().from("staff_shop", "staff_id").to("staff", "staff_id"))
            .to_owned();
        manager.create_table(staff_shop).await?;
        manager.create_index(index("staff_shop_by_shop", "staff_shop", "shop_id")).await?;

        let device = Table::create()
            .table("device")
            .col(uuid("device_id").primary_key())
            .col(string("name"))
            .col(string("shop_id"))
            .col(small_integer("role"))
            .col(json_binary("stations"))
            .col(timestamp_with_time_zone("paired_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .to_owned();
        manager.create_table(device).await?;
        manager.create_index(index("device_by_shop", "device", "shop_id")).await?;

        let pairing_code = Table::create()
            .table("pairing_code")
            .col(string("code_hash").primary_key())
            .col(string("name"))
            .col(string("shop_id"))
            .col(small_integer("role"))
            .col(json_binary("stations"))
            .col(uuid_null("created_by"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .to_owned();
        manager.create_table(pairing_code).await?;

        let link = Table::create()
            .table("sign_in_link")
            .col(string("link_hash").primary_key())
            .col(uuid("staff_id"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .foreign_key(ForeignKey::create().from("sign_in_link", "staff_id").to("staff", "staff_id"))
            .to_owned();
        manager.create_table(link).await
    }
}

/// Sessions, what ended them, and what slows guesses.
pub struct Sessions;

impl MigrationName for Sessions {
    fn name(&self) -> &str {
        "m0002_sessions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Sessions {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let session = Table::create()
            .table("session")
            .col(uuid("session_id").primary_key())
            .col(uuid("staff_id"))
            .col(uuid_null("device_id"))
            .col(boolean("by_pin"))
            .col(timestamp_with_time_zone("access_until"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .foreign_key(ForeignKey::create().from("session", "staff_id").to("staff", "staff_id"))
            .to_owned();
        manager.create_table(session).await?;
        manager.create_index(index("session_by_staff", "session", "staff_id")).await?;
        manager.create_index(index("session_by_device", "session", "device_id")).await?;
        manager.create_index(index("session_by_expiry", "session", "expires_at")).await?;

        // Those that were used stay as long as their session, so that each second use is known for what it is.
        let refresh_token = Table::create()
            .table("refresh_token")
            .col(string("token_hash").primary_key())
            .col(uuid("session_id"))
            .col(timestamp_with_time_zone_null("spent_at"))
            .foreign_key(ForeignKey::create().from("refresh_token", "session_id").to("session", "session_id"))
            .to_owned();
        manager.create_table(refresh_token).await?;
        manager.create_index(index("refresh_token_by_session", "refresh_token", "session_id")).await?;

        let revocation = Table::create()
            .table("revocation")
            .col(uuid("id").primary_key())
            .col(timestamp_with_time_zone("expires_at"))
            .to_owned();
        manager.create_table(revocation).await?;

        let version = Table::create()
            .table("revocation_version")
            .col(integer("id").primary_key())
            .col(big_integer("version"))
            .to_owned();
        manager.create_table(version).await?;
        let first = Query::insert()
            .into_table("revocation_version")
            .columns(["id", "version"])
            .values_panic([1.into(), 1_i64.into()])
            .to_owned();
        manager.execute(first).await?;

        let attempt = Table::create()
            .table("sign_in_attempt")
            .col(string("key").primary_key())
            .col(integer("failures"))
            .col(timestamp_with_time_zone("blocked_until"))
            .col(timestamp_with_time_zone("counted_at"))
            .to_owned();
        manager.create_table(attempt).await?;
        manager.create_index(index("sign_in_attempt_by_age", "sign_in_attempt", "counted_at")).await
    }
}

/// What concerned security: never changed, and kept for a year.
pub struct SecurityLog;

impl MigrationName for SecurityLog {
    fn name(&self) -> &str {
        "m0003_security_log"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SecurityLog {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let event = Table::create()
            .table("security_event")
            .col(uuid("event_id").primary_key())
            .col(string_null("shop_id"))
            .col(timestamp_with_time_zone("happened_at"))
            .col(string("kind"))
            .col(string("actor"))
            .col(string("subject"))
            .col(string("address"))
            .col(string("detail"))
            .to_owned();
        manager.create_table(event).await?;
        let mut by_shop = index("security_event_by_shop", "security_event", "shop_id");
        manager.create_index(by_shop.col("event_id").to_owned()).await?;
        history::guard(manager, "security_event").await?;
        let then = match manager.get_database_backend() {
            DbBackend::Postgres => "now() - interval '365 days'",
            _ => "strftime('%Y-%m-%dT%H:%M:%S', 'now', '-365 days')",
        };
        history::may_go(manager, "security_event", &format!("OLD.happened_at < {then}")).await
    }
}

fn index(name: &str, table: &str, column: &str) -> IndexCreateStatement {
    Index::create().name(name).table(table.to_owned()).col(column.to_owned()).to_owned()
}
