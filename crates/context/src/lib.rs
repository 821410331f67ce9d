//! What travels with a call, for every crate that does part of its work: the [`deadline`], the caller's [`language`],
//! the [`peer`] at the other end of the connection, the load-shedding [`permit`], and the [`error`] that answers it.
//! And [`periodic`] work, which no call waits for.

pub mod deadline;
pub mod error;
pub mod language;
pub mod peer;
pub mod periodic;
pub mod permit;
