//! The limits as they are written in settings: `100/500` is 100 calls per second, and 500 at once after a quiet time.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    str::FromStr,
};

/// Above this a limit no longer limits anything.
const HIGHEST: u32 = 1_000_000;

/// How much each caller may do; `None` is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PerCaller {
    /// Calls that read, and streams when they are opened.
    pub reads: Option<Rate>,
    /// Calls that change something.
    pub changes: Option<Rate>,
    /// Streams open at once.
    pub streams: Option<NonZeroUsize>,
    /// Connections open at once. Counted by the address that connects, which is a proxy's where there is one.
    pub connections: Option<NonZeroUsize>,
    /// Tokens that are shown for the first time or are none.
    pub tokens: Option<Rate>,
}

/// A text that is no rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be calls per second and calls at once, not fewer, each from 1 to {HIGHEST}, such as 100/500")]
pub struct RateError;

/// How often something may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Times per second in the long run.
    pub per_second: NonZeroU32,
    /// Times at once after a quiet time.
    pub burst: NonZeroU32,
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let number = |text: &str| text.trim().parse::<NonZeroU32>().ok().filter(|number| number.get() <= HIGHEST);
        let rate = text.split_once('/').and_then(|(often, burst)| {
            Some(Self { per_second: number(often)?, burst: number(burst)? })
                .filter(|rate| rate.burst >= rate.per_second)
        });
        rate.ok_or(RateError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_says_how_often_and_how_many_at_once() {
        let read = |text: &str| text.parse::<Rate>().ok().map(|rate| (rate.per_second.get(), rate.burst.get()));
        assert_eq!(read("100/500"), Some((100, 500)));
        assert_eq!(read(" 5 / 5 "), Some((5, 5)));
        for bad in ["", "100", "0/5", "5/0", "10/5", "-1/5", "1.5/5", "1/2000000", "1/2/3", "x/y", "99999999999/1"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
