//! Amounts as people write them: `12.50` is 1250 minor units where the currency has two digits for them. Exact: no float
//! comes near.

use comanda_types::currency;

/// The amount as text, with all digits of the currency.
#[must_use]
pub fn text(currency: &str, minor: i64) -> String {
    let digits = usize::from(currency::digits(currency));
    let sign = if minor < 0 { "-" } else { "" };
    let pad_to_pow2 = format!("{:0width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = pad_to_pow2.split_at(pad_to_pow2.len() - digits);
    if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// The amount in minor units; none when it is no number, or has more digits than the currency.
#[must_use]
pub fn parse(currency: &str, text: &str) -> Option<i64> {
    let (negative, amount) = text.strip_prefix('-').map_or((false, text), |amount| (true, amount));
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let digits = usize::from(currency::digits(currency));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > digits {
        return None;
    }
    if amount.contains('.') && fraction.is_empty() {
        return None;
    }
    let minor: i64 = format!("{whole}{fraction:0<digits$}").parse().ok()?;
    Some(if negative { -minor } else { minor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for (currency, minor, written) in [
            ("BRL", 1250, "12.50"),
            ("BRL", 5, "0.05"),
            ("BRL", -300, "-3.00"),
            ("BRL", 0, "0.00"),
            ("JPY", 1250, "1250"),
            ("KWD", 1250, "1.250"),
            ("BRL", i64::MAX, "92233720368547758.07"),
        ] {
            assert_eq!(text(currency, minor), written);
            assert_eq!(parse(currency, written), Some(minor), "{written}");
        }
    }

    #[test]
    fn short_forms_are_taken_and_guesses_are_not() {
        assert_eq!((parse("BRL", "12"), parse("BRL", "12.5")), (Some(1200), Some(1250)));
        for wrong in ["", "-", ".5", "5.", "12.505", "12,50", "1e3", "R$ 5", "+5", " 5", "--5", "1_000", "0x10"] {
            assert_eq!(parse("BRL", wrong), None, "{wrong}");
        }
        assert_eq!((parse("JPY", "12.5"), parse("BRL", "92233720368547758.08")), (None, None));
    }
}
