//! What is wrong with the configuration.

/// One wrong setting. Never shows a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable that the role needs.
    #[error("{variable} is not set{needs}")]
    NotSet {
        /// Which one.
        variable: String,
        /// What the role needs, or nothing.
        needs: String,
    },
    /// A value of the wrong form.
    #[error("{variable} {expected}")]
    Invalid {
        /// Which one.
        variable: String,
        /// What it must be.
        expected: String,
    },
    /// A value that cannot be used.
    #[error("{variable}: {why}")]
    Rejected {
        /// Which one.
        variable: String,
        /// The reason.
        why: String,
    },
    /// Two variables that exclude each other.
    #[error("{0} and {1} are both set")]
    BothSet(String, String),
    /// A file that cannot be read.
    #[error("{variable}: cannot read {path}: {why}")]
    File {
        /// Which variable names it.
        variable: String,
        /// The file.
        path: String,
        /// The system's reason.
        why: String,
    },
    /// Two roles with one database.
    #[error("{0} and {1} name one and the same database; each role needs one of its own")]
    SharedDatabase(String, String),
}

impl ConfigError {
    /// Of a value of the wrong form.
    pub fn invalid(variable: &str, expected: impl Into<String>) -> Self {
        Self::Invalid { variable: variable.to_owned(), expected: expected.into() }
    }

    /// Of a value that cannot be used.
    pub fn rejected(variable: &str, why: impl ToString) -> Self {
        Self::Rejected { variable: variable.to_owned(), why: why.to_string() }
    }

    /// Of a variable that is missing.
    pub fn not_set(variable: &str, needs: &str) -> Self {
        Self::NotSet { variable: variable.to_owned(), needs: needs.to_owned() }
    }
}
