//! Who may call: the access policy that the [`contracts`] state, the tokens that callers show ([`token`] for orders and
//! services, [`jwt`] for staff and their devices, less what [`revocation`] names), and the [`gate`] that decides, at the
//! gateway and again in each service. What no rule allows is denied.

pub mod caller;
pub mod contracts;
pub mod gate;
pub mod jwt;
pub mod principal;
pub mod revocation;
pub mod role;
#[cfg(feature = "test-tokens")]
pub mod test_tokens;
pub mod token;
