//! What every Comanda process runs on: gRPC servers and channels, the gate that decides who may call what, faults with
//! `google.rpc` details, databases with tight time-outs, health and bounded shutdown.
//!
//! Nothing here knows an order, a ticket or a menu: the gate reads its rules from descriptor bytes that it is given.
//!
//! A request passes, from outside in: [`server`] (panics become INTERNAL, oversized messages become INVALID_ARGUMENT),
//! [`language`] (which language the caller reads), [`gate`] (may this caller use this RPC), and then the service.

pub mod channel;
pub mod check;
pub mod database;
pub mod fault;
pub mod gate;
pub mod incoming;
pub mod language;
pub mod server;
pub mod time;
pub mod token;
