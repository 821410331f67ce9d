//! How currencies are written, by ISO 4217: the one table that files, replies and pages go by. Knows no amounts.

use iso_currency::Currency;

/// How many digits an amount has after its point: minor units are so many powers of ten. Two for a currency that nobody
/// knows, and for one that has none, such as gold.
#[must_use]
pub fn digits(code: &str) -> u8 {
    u8::try_from(Currency::from_code(code).and_then(|known| known.exponent()).unwrap_or(2)).unwrap_or(2)
}

/// Whether ISO 4217 has the code.
#[must_use]
pub fn is_known(code: &str) -> bool {
    Currency::from_code(code).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_iso_4217() {
        for (code, expected) in
            [("BRL", 2), ("HUF", 2), ("COP", 2), ("ALL", 2), ("JPY", 0), ("CLP", 0), ("KWD", 3), ("CLF", 4), ("???", 2)]
        {
            assert_eq!(digits(code), expected, "{code}");
        }
        assert!(is_known("HUF") && !is_known("huf") && !is_known("ABC"));
    }
}
