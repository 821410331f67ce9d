//! The Catalog's tables as sea-orm sees them. The schema itself is in `comanda-migrations`.

use chrono::NaiveDate;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Words in their order, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Words(pub Vec<String>);

/// What something says in other languages, by their tags in their one spelling, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Translations(pub BTreeMap<String, Translation>);

/// Its texts in one language; what is empty is not translated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Translation {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quick_notes: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub payment_text: String,
}

/// When orders are taken, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Hours(pub Vec<Span>);

/// A span of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// 1 is Monday, 7 is Sunday.
    pub day: i32,
    /// Minutes after that day's midnight.
    pub opens: i32,
    /// The same, beyond 1440 on the day after.
    pub closes: i32,
}

/// Days with other hours, as JSON, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct SpecialDays(pub Vec<SpecialDay>);

/// A day with other hours.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SpecialDay {
    pub date: NaiveDate,
    /// In order; the day of each is the date's. None when the shop is closed.
    pub spans: Vec<Span>,
}

/// What a change changed, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Differences(pub Vec<Difference>);

/// One value that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Such as `products.espresso.price`.
    pub path: String,
    /// Empty when it was not there.
    pub before: String,
    /// Empty when it is not there any more.
    pub after: String,
}

/// A shop and the version of its menu.
pub mod shop {
    use super::{Hours, SpecialDays, Translations};
    use crate::{
        hours::{DAY_STARTS_MINUTE, READY_COUNTS_MINUTES},
        menu::face::{LANGUAGE, LATE_MINUTES, WARN_MINUTES},
    };
    use chrono::{DateTime, Utc};
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
        pub opening_hours: Hours,
        pub special_days: SpecialDays,
        pub paused: bool,
        pub pause_reason: String,
        pub pause_until: Option<DateTime<Utc>>,
        pub max_open_tickets: i32,
        pub day_starts_minute: i32,
        pub ready_with_last_line: bool,
        pub ready_counts_minutes: i32,
        pub paused_at: Option<DateTime<Utc>>,
        /// Whether nobody said until when it is paused.
        pub pause_ends_with_day: bool,
        pub revision: i64,
        pub edited_at: Option<DateTime<Utc>>,
        pub edited_by: String,
        /// When time itself will next change something.
        pub due_at: Option<DateTime<Utc>>,
        pub logo_url: String,
        pub cover_url: String,
        pub brand_color: String,
        pub payment_text: String,
        pub warn_minutes: i32,
        pub late_minutes: i32,
        pub language_code: String,
        pub translations: Translations,
    }

    impl Model {
        /// A shop that has nothing but its name.
        pub fn new(shop_id: String) -> Self {
            Self {
                name: shop_id.clone(),
                shop_id,
                currency_code: String::new(),
                time_zone: String::new(),
                version: 0,
                opening_hours: Hours::default(),
                special_days: SpecialDays::default(),
                paused: false,
                pause_reason: String::new(),
                pause_until: None,
                max_open_tickets: 0,
                day_starts_minute: DAY_STARTS_MINUTE,
                ready_with_last_line: false,
                ready_counts_minutes: READY_COUNTS_MINUTES,
                paused_at: None,
                pause_ends_with_day: false,
                revision: 1,
                edited_at: None,
                edited_by: String::new(),
                due_at: None,
                logo_url: String::new(),
                cover_url: String::new(),
                brand_color: String::new(),
                payment_text: String::new(),
                warn_minutes: WARN_MINUTES,
                late_minutes: LATE_MINUTES,
                language_code: LANGUAGE.into(),
                translations: Translations::default(),
            }
        }
    }

    impl Model {
        /// Takes orders again.
        pub fn resume(&mut self) {
            (self.paused, self.paused_at, self.pause_until, self.pause_ends_with_day) = (false, None, None, false);
            self.pause_reason.clear();
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A group of products on the menu.
pub mod category {
    use super::Translations;
    use chrono::{DateTime, Utc};
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
        pub key: Option<String>,
        pub archived_at: Option<DateTime<Utc>>,
        pub translations: Translations,
    }

    impl Model {
        /// A category without a name.
        pub fn new(shop_id: String, key: Option<String>) -> Self {
            let (category_id, name) = (Uuid::now_v7(), String::new());
            let translations = Translations::default();
            Self { category_id, shop_id, name, position: 0, key, archived_at: None, translations }
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Something a shop sells.
pub mod product {
    use super::{Translations, Words};
    use chrono::{DateTime, Utc};
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
        pub allergens: Words,
        pub picture_url: String,
        pub stations: Words,
        pub available_again_at: Option<DateTime<Utc>>,
        pub revision: i64,
        pub edited_at: Option<DateTime<Utc>>,
        pub edited_by: String,
        pub key: Option<String>,
        pub archived_at: Option<DateTime<Utc>>,
        pub quick_notes: Words,
        pub translations: Translations,
    }

    impl Model {
        /// A product for nothing, without a name and in no category yet.
        pub fn new(shop_id: String, key: Option<String>) -> Self {
            Self {
                product_id: Uuid::now_v7(),
                category_id: Uuid::nil(),
                shop_id,
                name: String::new(),
                description: String::new(),
                price_minor: 0,
                available: true,
                position: 0,
                allergens: Words::default(),
                picture_url: String::new(),
                stations: Words::default(),
                available_again_at: None,
                revision: 1,
                edited_at: None,
                edited_by: String::new(),
                key,
                archived_at: None,
                quick_notes: Words::default(),
                translations: Translations::default(),
            }
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A choice a customer makes, such as the size. Stored once however many products offer it.
pub mod option_group {
    use super::Translations;
    use chrono::{DateTime, Utc};
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
        pub key: Option<String>,
        pub archived_at: Option<DateTime<Utc>>,
        pub translations: Translations,
    }

    impl Model {
        /// A group without a name.
        pub fn new(shop_id: String, key: Option<String>) -> Self {
            Self {
                option_group_id: Uuid::now_v7(),
                shop_id,
                name: String::new(),
                min_choices: 0,
                max_choices: 1,
                key,
                archived_at: None,
                translations: Translations::default(),
            }
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// One answer to an option group.
pub mod product_option {
    use super::Translations;
    use chrono::{DateTime, Utc};
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
        pub chosen_by_default: bool,
        pub key: Option<String>,
        pub archived_at: Option<DateTime<Utc>>,
        pub translations: Translations,
    }

    impl Model {
        /// An option without a name.
        pub fn new(option_group_id: Uuid, key: Option<String>) -> Self {
            Self {
                option_id: Uuid::now_v7(),
                option_group_id,
                name: String::new(),
                price_delta_minor: 0,
                position: 0,
                chosen_by_default: false,
                key,
                archived_at: None,
                translations: Translations::default(),
            }
        }
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

/// Who changed what and when; never changed itself.
pub mod menu_change {
    use super::Differences;
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "menu_change")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub shop_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        pub changed_at: DateTime<Utc>,
        pub actor: i16,
        /// The name in `changed_by`.
        pub author: String,
        pub changed_by: Option<comanda_storage::history::Author>,
        pub action: String,
        pub differences: Differences,
        pub difference_count: i32,
        pub trace_id: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
