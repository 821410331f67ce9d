//! The Catalog's tables as sea-orm sees them. The schema itself is in `comanda-migrations`.

/// A shop and the version of its menu.
pub mod shop {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "shop")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub shop_id: String,
        pub name: String,
        pub currency_code: String,
        pub time_zone: String,
        pub version: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A group of products on the menu.
pub mod category {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "category")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub category_id: Uuid,
        pub shop_id: String,
        pub name: String,
        pub position: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Something a shop sells.
pub mod product {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "product")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub product_id: Uuid,
        pub category_id: Uuid,
        pub shop_id: String,
        pub name: String,
        pub description: String,
        pub price_minor: i64,
        pub available: bool,
        pub position: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A choice a customer makes, such as the size. Stored once however many products offer it.
pub mod option_group {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "option_group")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub option_group_id: Uuid,
        pub shop_id: String,
        pub name: String,
        pub min_choices: i32,
        pub max_choices: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// One answer to an option group.
pub mod product_option {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "product_option")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub option_id: Uuid,
        pub option_group_id: Uuid,
        pub name: String,
        pub price_delta_minor: i64,
        pub position: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which product offers which option group, in which place.
pub mod product_option_group {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "product_option_group")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub product_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub option_group_id: Uuid,
        pub position: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
