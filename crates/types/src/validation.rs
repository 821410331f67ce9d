//! Checks of request fields that every service needs. Collects all violations, so that a caller hears of them at once.

use crate::text::{self, Harm, MAX_COMBINING_MARKS};
use comanda_context::error::{ApiError, Violation};
use uuid::Uuid;

/// The shop that is meant when a request names none.
pub const DEFAULT_SHOP: &str = "main";

/// Whether this is a shop's slug.
#[must_use]
pub fn is_shop(value: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=40).contains(&value.len()) && value.chars().all(fits)
}

/// The violations found so far.
#[derive(Debug, Default)]
pub struct Checks(Vec<Violation>);

impl Checks {
    /// Notes a violation.
    pub fn fail(&mut self, field: impl Into<String>, english: impl Into<String>, portuguese: impl Into<String>) {
        self.0.push(Violation { field: field.into(), english: english.into(), portuguese: portuguese.into() });
    }

    /// Text of `min` to `max` characters that harms nothing beside it; returned without spaces at both ends, which are
    /// not counted. One that must not be empty has something to see, and of one that may be, nothing is left if not.
    pub fn text(&mut self, field: impl Into<String>, value: &str, min: usize, max: usize) -> String {
        let seen = text::tidy(value);
        // What cannot be seen takes room all the same.
        let length = if seen.is_empty() { value.trim().chars().count() } else { seen.chars().count() };
        if length < min || length > max {
            self.fail(
                field,
                format!("must have {min} to {max} characters"),
                format!("deve ter de {min} a {max} caracteres"),
            );
        } else if let Some(harm) = text::harm(value.trim()) {
            self.harmful(field, harm);
        } else if min > 0 && seen.is_empty() {
            self.fail(field, "must have a character that can be seen", "deve ter algum caractere visível");
        }
        seen.to_owned()
    }

    fn harmful(&mut self, field: impl Into<String>, harm: Harm) {
        match harm {
            Harm::Control => {
                self.fail(field, "must not contain control characters", "não pode conter caracteres de controle");
            }
            Harm::Direction => self.fail(
                field,
                "must not contain characters that change the direction of writing",
                "não pode conter caracteres que mudam a direção da escrita",
            ),
            Harm::Marks => self.fail(
                field,
                format!("must not have more than {MAX_COMBINING_MARKS} combining marks on a character"),
                format!("não pode ter mais de {MAX_COMBINING_MARKS} sinais combinados em um caractere"),
            ),
        }
    }

    /// A UUID in its usual form; nil when it is none, which [`Self::done`] then refuses.
    pub fn uuid(&mut self, field: impl Into<String>, value: &str) -> Uuid {
        // Only the hyphenated form, so that one id has one spelling; the nil UUID names nothing.
        let parsed = Uuid::try_parse(value).ok().filter(|id| value.len() == 36 && !id.is_nil());
        parsed.unwrap_or_else(|| {
            self.fail(field, "must be a UUID", "deve ser um UUID");
            Uuid::nil()
        })
    }

    /// A shop's slug: a to z, 0 to 9 and hyphens, at most 40; empty means [`DEFAULT_SHOP`].
    pub fn shop(&mut self, field: impl Into<String>, value: &str) -> String {
        if value.is_empty() {
            return DEFAULT_SHOP.to_owned();
        }
        if !is_shop(value) {
            self.fail(field, "must be 1 to 40 of a-z, 0-9 and -", "deve ter de 1 a 40 caracteres entre a-z, 0-9 e -");
        }
        value.to_owned()
    }

    /// Passes when nothing was noted.
    ///
    /// # Errors
    /// INVALID_ARGUMENT FIELD_INVALID with everything that was noted.
    pub fn done(self) -> Result<(), ApiError> {
        if self.0.is_empty() { Ok(()) } else { Err(ApiError::invalid(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_violation_is_named() {
        let mut checks = Checks::default();
        checks.text("name", "a\u{7}b", 1, 40);
        checks.text("note", &"x".repeat(41), 0, 40);
        checks.uuid("id", "{0192f0c1-0000-7000-8000-000000000000}");
        checks.shop("shop_id", "Café");
        let violations = checks.done().expect_err("four violations");
        assert_eq!(
            violations,
            ApiError::invalid(vec![
                violation("name", "must not contain control characters", "não pode conter caracteres de controle"),
                violation("note", "must have 0 to 40 characters", "deve ter de 0 a 40 caracteres"),
                violation("id", "must be a UUID", "deve ser um UUID"),
                violation(
                    "shop_id",
                    "must be 1 to 40 of a-z, 0-9 and -",
                    "deve ter de 1 a 40 caracteres entre a-z, 0-9 e -"
                ),
            ])
        );
    }

    #[test]
    fn text_must_be_seen_and_must_harm_nothing() {
        let mut checks = Checks::default();
        assert_eq!(checks.text("name", "\u{200b}\u{3164} \u{feff}", 1, 40), "");
        checks.text("table", "1\u{202e}2", 1, 20);
        checks.text("note", &format!("a{}", "\u{301}".repeat(7)), 0, 140);
        checks.text("reason", &"\u{200b}".repeat(201), 0, 200);
        assert_eq!(checks.text("description", " \u{ad} ", 0, 400), "", "may be empty, so it is");
        let violations = checks.done().expect_err("four violations");
        assert_eq!(
            violations,
            ApiError::invalid(vec![
                violation("name", "must have a character that can be seen", "deve ter algum caractere visível"),
                violation(
                    "table",
                    "must not contain characters that change the direction of writing",
                    "não pode conter caracteres que mudam a direção da escrita"
                ),
                violation(
                    "note",
                    "must not have more than 6 combining marks on a character",
                    "não pode ter mais de 6 sinais combinados em um caractere"
                ),
                violation("reason", "must have 0 to 200 characters", "deve ter de 0 a 200 caracteres"),
            ])
        );
    }

    #[test]
    fn good_values_pass_and_text_is_trimmed() {
        let mut checks = Checks::default();
        assert_eq!(checks.text("name", " Ana ", 1, 3), "Ana");
        assert_eq!(checks.shop("shop_id", ""), "main");
        assert!(!checks.uuid("id", "0192f0c1-0000-7000-8000-000000000000").is_nil());
        checks.done().expect("no violation");
    }

    fn violation(field: &str, english: &str, portuguese: &str) -> Violation {
        Violation { field: field.into(), english: english.into(), portuguese: portuguese.into() }
    }
}
