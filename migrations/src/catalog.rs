//! The Catalog's own tables.

use crate::{delivery, history};
use sea_orm_migration::{prelude::*, schema::*};

pub struct Menu;

impl MigrationName for Menu {
    fn name(&self) -> &str {
        "m0001_menu"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Menu {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let shop = Table::create()
            .table("shop")
            .col(string("shop_id").primary_key())
            .col(string("name"))
            .col(string("currency_code"))
            .col(string("time_zone"))
            .col(big_integer("version"))
            .to_owned();
        manager.create_table(shop).await?;

        let category = Table::create()
            .table("category")
            .col(uuid("category_id").primary_key())
            .col(string("shop_id"))
            .col(string("name"))
            .col(integer("position"))
            .foreign_key(ForeignKey::create().from("category", "shop_id").to("shop", "shop_id"))
            .to_owned();
        manager.create_table(category).await?;
        manager.create_index(index("category_by_shop", "category", "shop_id")).await?;

        let product = Table::create()
            .table("product")
            .col(uuid("product_id").primary_key())
            .col(uuid("category_id"))
            .col(string("shop_id"))
            .col(string("name"))
            .col(string("description"))
            .col(big_integer("price_minor"))
            .col(boolean("available"))
            .col(integer("position"))
            .foreign_key(ForeignKey::create().from("product", "category_id").to("category", "category_id"))
            .to_owned();
        manager.create_table(product).await?;
        manager.create_index(index("product_by_shop", "product", "shop_id")).await?;

        let option_group = Table::create()
            .table("option_group")
            .col(uuid("option_group_id").primary_key())
            .col(string("shop_id"))
            .col(string("name"))
            .col(integer("min_choices"))
            .col(integer("max_choices"))
            .foreign_key(ForeignKey::create().from("option_group", "shop_id").to("shop", "shop_id"))
            .to_owned();
        manager.create_table(option_group).await?;
        manager.create_index(index("option_group_by_shop", "option_group", "shop_id")).await?;

        let option = Table::create()
            .table("product_option")
            .col(uuid("option_id").primary_key())
            .col(uuid("option_group_id"))
            .col(string("name"))
            .col(big_integer("price_delta_minor"))
            .col(integer("position"))
            .foreign_key(
                ForeignKey::create().from("product_option", "option_group_id").to("option_group", "option_group_id"),
            )
            .to_owned();
        manager.create_table(option).await?;
        manager.create_index(index("product_option_by_group", "product_option", "option_group_id")).await?;

        // A group such as "size" serves many products.
        let link = Table::create()
            .table("product_option_group")
            .col(uuid("product_id"))
            .col(uuid("option_group_id"))
            .col(integer("position"))
            .primary_key(Index::create().col("product_id").col("option_group_id"))
            .foreign_key(ForeignKey::create().from("product_option_group", "product_id").to("product", "product_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("product_option_group", "option_group_id")
                    .to("option_group", "option_group_id"),
            )
            .to_owned();
        manager.create_table(link).await
    }
}

/// What a menu needs to be looked after: names that files use, archiving, hours, pauses, and who changed what.
pub struct Upkeep;

impl MigrationName for Upkeep {
    fn name(&self) -> &str {
        "m0002_upkeep"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Upkeep {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let shop = [
            json_binary("opening_hours").default("[]").to_owned(),
            boolean("paused").default(false).to_owned(),
            string("pause_reason").default("").to_owned(),
            timestamp_with_time_zone_null("pause_until"),
            integer("max_open_tickets").default(0).to_owned(),
            big_integer("revision").default(1).to_owned(),
            timestamp_with_time_zone_null("edited_at"),
            string("edited_by").default("").to_owned(),
            // When time itself will next change something; null for never.
            timestamp_with_time_zone_null("due_at"),
        ];
        add(manager, "shop", shop).await?;
        let product = [
            json_binary("allergens").default("[]").to_owned(),
            string("picture_url").default("").to_owned(),
            json_binary("stations").default("[]").to_owned(),
            timestamp_with_time_zone_null("available_again_at"),
            big_integer("revision").default(1).to_owned(),
            timestamp_with_time_zone_null("edited_at"),
            string("edited_by").default("").to_owned(),
        ];
        add(manager, "product", product).await?;
        add(manager, "product_option", [boolean("chosen_by_default").default(false).to_owned()]).await?;
        for (table, owner) in [
            ("category", "shop_id"),
            ("product", "shop_id"),
            ("option_group", "shop_id"),
            ("product_option", "option_group_id"),
        ] {
            add(manager, table, [string_null("key"), timestamp_with_time_zone_null("archived_at")]).await?;
            let mut by_key = index(&format!("{table}_by_key"), table, owner);
            manager.create_index(by_key.col("key").unique().to_owned()).await?;
        }

        let change = Table::create()
            .table("menu_change")
            .col(string("shop_id"))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("changed_at"))
            .col(small_integer("actor"))
            .col(string("author"))
            .col(string("action"))
            .col(json_binary("differences"))
            .col(integer("difference_count"))
            .col(string_null("trace_id"))
            .primary_key(Index::create().col("shop_id").col("version"))
            .foreign_key(ForeignKey::create().from("menu_change", "shop_id").to("shop", "shop_id"))
            .to_owned();
        manager.create_table(change).await?;
        history::guard(manager, "menu_change").await?;
        manager.create_table(delivery::answer()).await
    }
}

/// When a shop's business day begins, in minutes after midnight, and days with other hours.
pub struct BusinessDay;

impl MigrationName for BusinessDay {
    fn name(&self) -> &str {
        "m0003_business_day"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for BusinessDay {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            integer("day_starts_minute").default(240).to_owned(),
            json_binary("special_days").default("[]").to_owned(),
        ];
        add(manager, "shop", columns).await
    }
}

/// One column at a time: SQLite adds no more in one statement.
async fn add<const N: usize>(manager: &SchemaManager<'_>, table: &str, columns: [ColumnDef; N]) -> Result<(), DbErr> {
    for column in columns {
        manager.alter_table(Table::alter().table(table.to_owned()).add_column(column).to_owned()).await?;
    }
    Ok(())
}

fn index(name: &str, table: &str, column: &str) -> IndexCreateStatement {
    Index::create().name(name).table(table.to_owned()).col(column.to_owned()).to_owned()
}

/// Each change of a menu names who of the staff made it; what was said of them before stays in `author`.
pub struct Authors;

impl MigrationName for Authors {
    fn name(&self) -> &str {
        "m0020_authors"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Authors {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter().table("menu_change").add_column(json_binary_null("changed_by")).to_owned();
        manager.alter_table(table).await
    }
}
