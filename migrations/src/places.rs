//! From where people have signed in, in Identity's database.

use sea_orm_migration::{prelude::*, schema::*};

/// The networks that an account knows: what strangers guess elsewhere does not hold who comes from there.
pub struct SignIn;

impl MigrationName for SignIn {
    fn name(&self) -> &str {
        "m0005_places"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SignIn {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let place = Table::create()
            .table("sign_in_place")
            .col(uuid("staff_id"))
            .col(string("network"))
            .col(timestamp_with_time_zone("used_at"))
            .primary_key(Index::create().col("staff_id").col("network"))
            .foreign_key(ForeignKey::create().from("sign_in_place", "staff_id").to("staff", "staff_id"))
            .to_owned();
        manager.create_table(place).await?;
        let by_age = Index::create().name("sign_in_place_by_age").table("sign_in_place").col("used_at").to_owned();
        manager.create_index(by_age).await
    }
}
