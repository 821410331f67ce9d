//! Why the program stops: one sentence for the person who started it.

use crate::config::ConfigError;
use comanda_mesh::supervisor::PartFailed;
use std::fmt;

/// The sentence.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Self(sentence)
    }
}

impl From<&str> for Failure {
    fn from(sentence: &str) -> Self {
        Self(sentence.to_owned())
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self(error.to_string())
    }
}

impl From<PartFailed> for Failure {
    fn from(failed: PartFailed) -> Self {
        Self(failed.to_string())
    }
}

impl From<comanda_gateway::ServeError> for Failure {
    fn from(error: comanda_gateway::ServeError) -> Self {
        Self(error.to_string())
    }
}

#[cfg(test)]
impl Failure {
    pub fn contains(&self, part: &str) -> bool {
        self.0.contains(part)
    }
}
