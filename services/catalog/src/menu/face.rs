//! What a shop shows of itself beside its menu, and what it says where nobody said anything. Pure.

use std::ops::RangeInclusive;

/// The language of a shop that does not say.
pub const LANGUAGE: &str = "pt-BR";
/// The age at which a ticket waits long, in a shop that does not say.
pub const WARN_MINUTES: i32 = 5;
/// The age at which it is late.
pub const LATE_MINUTES: i32 = 8;
/// What either may be.
pub const AGES: RangeInclusive<i32> = 1..=120;
/// Characters that say how to pay.
pub const PAYMENT_TEXT: usize = 140;

/// A colour as pages take it, such as `#1d5a4b`, in its one spelling.
#[must_use]
pub fn color(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#')?;
    let fits = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits_and_nothing_that_styles_could_read_as_more() {
        assert_eq!(color("#1D5A4b").as_deref(), Some("#1d5a4b"));
        for wrong in ["", "#", "1d5a4b", "#1d5a4", "#1d5a4b0", "#1d5a4g", "green", "#1d5a4b;", "#é1234"] {
            assert_eq!(color(wrong), None, "{wrong}");
        }
    }
}
