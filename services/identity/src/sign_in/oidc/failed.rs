//! Why the provider identified nobody.

/// Why nobody was identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// The provider does not answer, or nothing that could be understood.
    Away,
    /// The code, or what came for it, is none.
    Refused(&'static str),
}

/// Says in the log what does not serve, and why.
pub fn away(what: &'static str, why: &str) -> Failed {
    let why = why.chars().take(200).collect::<String>();
    tracing::warn!(what, why, "the OpenID Connect provider does not serve");
    Failed::Away
}
