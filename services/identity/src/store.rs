//! All SQL of Identity. Every other file speaks to the database through these functions; none of them commits.

pub mod attempts;
pub mod devices;
pub mod entity;
pub mod links;
pub mod log;
pub mod sessions;
pub mod staff;

use comanda_storage::database;
use sea_orm::{DbErr, SqlErr};

/// Whether a row was refused because another has the same key.
pub fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
        || database::sqlstate(error).is_some_and(|state| ["23505", "2067", "1555"].contains(&state.as_str()))
}
