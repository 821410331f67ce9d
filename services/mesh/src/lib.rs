//! What every Comanda process runs on: gRPC servers and channels, the gate that decides who may call what, faults with
//! `google.rpc` details, databases with tight time-outs, changes that are asked for
//! twice and happen once, health and bounded shutdown.
//!
//! Nothing here knows an order, a ticket or a menu: the gate reads its rules from descriptor bytes that it is given.
//!
//! A request passes, from outside in: [`trace`] (it gets a span and is counted), [`server`] (panics become INTERNAL),
//! [`gate`] (which language does the caller read, may it use this RPC, is its message small enough), and then the service.

mod call;
pub mod channel;
pub mod check;
mod connection;
pub mod contracts;
pub mod database;
pub mod deadline;
mod ending;
pub mod failpoint;
pub mod fault;
pub mod gate;
pub mod health;
pub mod incoming;
pub mod language;
pub mod load;
pub mod once;
pub mod operations;
pub mod peer;
pub mod rounds;
pub mod server;
pub mod status;
pub mod streams;
pub mod telemetry;
pub mod time;
pub mod tls;
pub mod token;
pub mod trace;
pub mod trust;

pub use call::{CallLayer, Called};
pub use connection::STREAMS_OF_A_CLIENT;
