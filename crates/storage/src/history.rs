//! Histories, the same for orders and tickets: one row for each revision, never changed. `migrations/src/history.rs` makes
//! the tables.

/// The entity of the history table of this name, for a module of its own: `Model`, the contracts' `Transition` from
/// it, and the steps of some orders.
#[macro_export]
macro_rules! history_table {
    ($table:literal) => {
        use ::chrono::{DateTime, Utc};
        use ::sea_orm::{QueryOrder, Select, entity::prelude::*};

        /// One step.
        #[::sea_orm::model]
        #[derive(Clone, Debug, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize, DeriveEntityModel)]
        #[sea_orm(table_name = $table)]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub order_id: Uuid,
            #[sea_orm(primary_key, auto_increment = false)]
            pub revision: i64,
            pub from_state: i16,
            pub to_state: i16,
            pub actor: i16,
            pub reason: String,
            pub changed_at: DateTime<Utc>,
            pub trace_id: Option<String>,
            /// The line that it set, from 1; 0 if it set none. Not in archives of releases that knew no ticks.
            #[serde(default)]
            pub line: i32,
            #[serde(default)]
            pub line_done: bool,
        }

        impl ActiveModelBehavior for ActiveModel {}

        /// The steps of these orders, oldest first.
        pub fn of(ids: impl IntoIterator<Item = Uuid>) -> Select<Entity> {
            Entity::find().filter(Column::OrderId.is_in(ids)).order_by_asc(Column::Revision)
        }

        impl From<&Model> for ::comanda_proto::r#type::v1::Transition {
            fn from(step: &Model) -> Self {
                Self {
                    revision: step.revision,
                    from_state: i32::from(step.from_state),
                    to_state: i32::from(step.to_state),
                    actor: i32::from(step.actor),
                    transition_time: Some(::comanda_types::timestamp::to_proto(step.changed_at)),
                    reason: step.reason.clone(),
                    trace_id: step.trace_id.clone().unwrap_or_default(),
                    line: (step.line > 0).then_some(::comanda_proto::r#type::v1::LineMark {
                        index: step.line - 1,
                        done: step.line_done,
                    }),
                }
            }
        }
    };
}
