//! The Catalog's own tables.

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

fn index(name: &str, table: &str, column: &str) -> IndexCreateStatement {
    Index::create().name(name).table(table.to_owned()).col(column.to_owned()).to_owned()
}
