//! How often tokens may be tried from one address. A token that is no known one takes one of few tries, and so does a good
//! one the first time that it comes from there: whoever guesses is not told faster because a guess was right. Those whom an
//! address is known by, the tablets of a shop whose customers share its network, are not slowed by anybody's guesses.
//!
//! Must not write a token anywhere.

use super::{
    bucket::Bucket,
    rate::Rate,
    store::{Key, Who},
};
use comanda_auth::caller::Caller;
use comanda_telemetry::log_throttle::LogThrottle;
use governor::clock::DefaultClock;
use parking_lot::Mutex;
use std::{collections::HashSet, net::IpAddr, time::Duration};

/// Places that staff and panels call from. Whoever does not fit is asked to be slow, no more.
const MAX_KNOWN: usize = 10_000;

/// The tries of all addresses.
pub struct Tokens {
    tries: Option<Bucket<DefaultClock>>,
    known: Mutex<HashSet<Key>>,
    logged: LogThrottle,
}

impl Tokens {
    /// Each address may try so often.
    pub fn new(rate: Option<Rate>) -> Self {
        let tries = rate.map(|rate| Bucket::new(rate, DefaultClock::default()));
        Self { tries, known: Mutex::default(), logged: LogThrottle::default() }
    }

    /// A token was shown, by somebody with this key: may it count? An order's is judged by Orders, and has 128 bits that
    /// nobody guesses.
    ///
    /// # Errors
    /// Not now; in so long.
    pub fn check(&self, caller: Option<&Caller>, key: Key) -> Result<(), Duration> {
        let Some(tries) = &self.tries else { return Ok(()) };
        let proven = match caller {
            Some(Caller::Customer(_)) => return Ok(()),
            Some(Caller::Staff(_) | Caller::Service) => true,
            Some(Caller::Anonymous) | None => false,
        };
        let mut known = self.known.lock();
        if proven && known.contains(&key) {
            return Ok(());
        }
        let address = match key {
            Key::Caller(_, address) => Key::Caller(Who::Anybody, address),
            share @ Key::Share(_) => share,
        };
        tries.take(&address)?;
        // Services do not come from outside; one that does is no caller whom we know by its key.
        if proven && key != address && known.len() < MAX_KNOWN {
            known.insert(key);
        }
        Ok(())
    }

    /// A token was found to be none.
    pub fn note(&self, address: Option<IpAddr>) {
        metrics::counter!("comanda_tokens_refused_total").increment(1);
        if let Some(times) = self.logged.due() {
            let from = address.map_or_else(String::new, |address| address.to_string());
            tracing::warn!(from, times, "an invalid token was presented");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use comanda_auth::{principal::Principal, role::Role};
    use std::sync::Arc;

    fn staff_of(role: Role) -> Caller {
        let (shops, person, device, session) = (vec![], None, None, None);
        Caller::Staff(Arc::new(Principal { role, shops, person, device, session, expires: 0 }))
    }

    fn at(who: Who, last: u8) -> Key {
        Key::new(who, Some([192, 0, 2, last].into()))
    }

    #[test]
    fn guesses_are_slowed_whether_right_or_wrong_and_those_known_are_not() {
        let tokens = Tokens::new("1/5".parse().ok());
        let staff = staff_of(Role::Barista);
        assert_eq!(tokens.check(Some(&staff), at(Who::Staff, 1)), Ok(()), "a tablet");
        let wrong = |last| (0..100).filter(|_| tokens.check(None, at(Who::Anybody, last)).is_ok()).count();
        assert_eq!(wrong(1), 4);
        assert_eq!(tokens.check(Some(&staff), at(Who::Staff, 1)), Ok(()), "the tablet, beside one who guesses");
        assert_eq!(wrong(2), 5);
        tokens.check(Some(&staff), at(Who::Staff, 2)).expect_err("the right guess, too, where nobody is known");
        tokens
            .check(Some(&staff_of(Role::Panel)), at(Who::Panel, 1))
            .expect_err("another's token, where staff are known");
        assert_eq!(tokens.check(Some(&Caller::Customer("x".into())), at(Who::Anybody, 2)), Ok(()));
        assert_eq!(tokens.check(Some(&staff), at(Who::Staff, 3)), Ok(()), "elsewhere");
    }
}
