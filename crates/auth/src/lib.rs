//! Who may call: the access policy that the [`contracts`] state, the [`token`]s that callers show, and the [`gate`] that
//! decides, at the gateway and again in each service. What no rule allows is denied.

pub mod contracts;
pub mod gate;
pub mod token;
