//! Histories, the same for orders and tickets: one row for each revision, never changed. `migrations/src/history.rs` makes
//! the tables.

use comanda_proto::r#type::v1::{self, Actor};
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// Who made a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct By {
    /// What kind of caller.
    pub actor: Actor,
    /// Who of the staff.
    pub author: Option<Author>,
}

/// Who of the staff made a change, and at which device, as JSON; what is empty was not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(default)]
pub struct Author {
    /// UUID of the person.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub person_id: String,
    /// The name then.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// UUID of the device.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub device_id: String,
    /// Its name then.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub device: String,
}

impl By {
    /// Staff, as a call or an event names them.
    #[must_use]
    pub fn staff(author: Option<v1::Author>) -> Self {
        Self { actor: Actor::Staff, author: author.map(Author::from) }
    }
}

impl By {
    /// As a history stores it: empty where nobody of the staff is named.
    #[must_use]
    pub fn stored(self) -> Author {
        self.author.unwrap_or_default()
    }
}

impl From<Actor> for By {
    fn from(actor: Actor) -> Self {
        Self { actor, author: None }
    }
}

impl Author {
    /// For contracts; `None` where nobody of the staff is named.
    #[must_use]
    pub fn to_contract(&self) -> Option<v1::Author> {
        (*self != Self::default()).then(|| self.clone().into())
    }

    /// Takes the person's name away; the id stays.
    pub fn forget_person(&mut self) {
        self.person.clear();
    }

    /// How others call them: the person, or the device that nobody had signed in at.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.person.is_empty() { &self.device } else { &self.person }
    }
}

impl From<v1::Author> for Author {
    fn from(author: v1::Author) -> Self {
        let v1::Author { person_id, person_name, device_id, device_name } = author;
        Self { person_id, person: person_name, device_id, device: device_name }
    }
}

impl From<Author> for v1::Author {
    fn from(author: Author) -> Self {
        let Author { person_id, person, device_id, device } = author;
        Self { person_id, person_name: person, device_id, device_name: device }
    }
}

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
            #[serde(default)]
            pub author: ::comanda_storage::history::Author,
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
                    author: step.author.to_contract(),
                    line: (step.line > 0).then_some(::comanda_proto::r#type::v1::LineMark {
                        index: step.line - 1,
                        done: step.line_done,
                    }),
                }
            }
        }
    };
}
