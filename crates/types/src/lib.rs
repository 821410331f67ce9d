//! Values of the contracts that several services share: [`text`] that people can see, [`currency`] digits, tags of
//! [`language`]s, [`timestamp`]s, [`time_zone`]s with the rules that come with the program, and the [`validation`] of request fields.

pub mod currency;
pub mod language;
pub mod text;
pub mod time_zone;
pub mod timestamp;
pub mod validation;
