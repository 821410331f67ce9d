//! All SQL of Identity. Every other file speaks to the database through these functions; none of them commits.

pub mod attempts;
pub mod devices;
pub mod entity;
pub mod links;
pub mod log;
pub mod places;
pub mod sessions;
pub mod staff;
