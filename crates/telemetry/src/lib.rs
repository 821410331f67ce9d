//! What a process tells about itself: [`health`], the operator's port ([`admin`]) with metrics, logs and traces ([`setup`],
//! [`trace`]), and the [`status`] with its diagnostics.

pub mod admin;
pub mod health;
pub mod json;
pub mod log_throttle;
mod metric_help;
pub mod open_streams;
pub mod setup;
pub mod status;
pub mod status_service;
pub mod trace;
