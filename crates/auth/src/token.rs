//! Tokens: what a caller shows as `authorization: Bearer …`, and the keys that make and verify them.

use crate::{
    caller::Caller,
    jwt::{PublicKeys, TokenVerifier, Unusable},
    revocation::Revocations,
    role::Role,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc};
use uuid::Uuid;

const MAC_BYTES: usize = 16;

/// What the holder of an order's token may do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// See and follow.
    View,
    /// See, follow and cancel.
    Own,
}

/// The secrets, as they come from the settings.
#[derive(Clone)]
pub struct Secrets {
    /// Tokens of the services among themselves: the first is sent, all are accepted. None where certificates tell who
    /// they are.
    pub service: Vec<String>,
    /// Keys of the order tokens, each at least 32 bytes: the first signs, all verify.
    pub order_keys: Vec<Vec<u8>>,
    /// What the tokens of staff are checked with.
    pub public_keys: PublicKeys,
}

/// Why a token is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Not ours, or not for us.
    Invalid,
    /// Its time is over.
    Expired,
    /// Its session or device is let in no more.
    Revoked,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// Makes and verifies tokens.
#[derive(Clone)]
pub struct Keys {
    secrets: Arc<Secrets>,
    verifier: TokenVerifier,
    revocations: Revocations,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Keys from secrets. Panics are impossible as long as there is one order key, which the settings check.
    #[must_use]
    pub fn new(secrets: Secrets) -> Self {
        let verifier = TokenVerifier::new(&secrets.public_keys);
        Self { secrets: Arc::new(secrets), verifier, revocations: Revocations::default() }
    }

    /// What is revoked: to be kept up to date by whoever hears of it.
    #[must_use]
    pub fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    /// What the tokens of staff are checked with.
    #[must_use]
    pub fn public_keys(&self) -> &PublicKeys {
        &self.secrets.public_keys
    }

    /// The token of an order: key id, scope and 128 bits of HMAC-SHA-256 over scope and order id.
    #[must_use]
    pub fn order_token(&self, scope: Scope, order: Uuid) -> String {
        let key = self.secrets.order_keys.first().map_or(&[][..], Vec::as_slice);
        let mac = URL_SAFE_NO_PAD.encode(&mac(key, scope, order).finalize().into_bytes()[..MAC_BYTES]);
        format!("{}.{}.{mac}", key_id(key), letter(scope))
    }

    /// May this caller do what `needed` stands for with the order? Services may with any, staff with those of their shops,
    /// which whoever loads the order has to ask [`Caller::may_shop`].
    #[must_use]
    pub fn may(&self, caller: &Caller, needed: Scope, order: Uuid) -> bool {
        match caller {
            Caller::Service => true,
            Caller::Staff(principal) => principal.role >= Role::Barista,
            Caller::Customer(token) => self.scope_of(token, order).is_some_and(|scope| scope >= needed),
            Caller::Anonymous => false,
        }
    }

    /// What a service shows another, where there are no certificates.
    #[must_use]
    pub fn service_header(&self) -> Option<HeaderValue> {
        let token = self.secrets.service.first()?;
        let mut header = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    /// Who shows these headers.
    ///
    /// # Errors
    /// A token that cannot be one of ours, or that is good no more.
    pub fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refused> {
        let Some(header) = headers.get(AUTHORIZATION) else { return Ok(Caller::Anonymous) };
        let (scheme, token) = header.to_str().ok().and_then(|header| header.split_once(' ')).ok_or(Refused::Invalid)?;
        let token = scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start()).ok_or(Refused::Invalid)?;
        if self.secrets.service.iter().any(|secret| same(secret, token)) {
            return Ok(Caller::Service);
        }
        // An order's token has three parts, too, of which the second is a letter.
        let mut parts = token.split('.');
        if parts.nth(1).is_some_and(|scope| scope.len() == 1) && parts.count() == 1 {
            return Ok(Caller::Customer(token.to_owned()));
        }
        let principal = self.verifier.verify(token).map_err(|unusable| match unusable {
            Unusable::Invalid => Refused::Invalid,
            Unusable::Expired => Refused::Expired,
        })?;
        if self.revocations.is_revoked(&principal) { Err(Refused::Revoked) } else { Ok(Caller::Staff(principal)) }
    }

    fn scope_of(&self, token: &str, order: Uuid) -> Option<Scope> {
        let mut parts = token.split('.');
        let (id, letter, mac_text) = (parts.next()?, parts.next()?, parts.next()?);
        let scope = match letter {
            "o" => Scope::Own,
            "v" => Scope::View,
            _ => return None,
        };
        let given = URL_SAFE_NO_PAD.decode(mac_text).ok().filter(|bytes| bytes.len() == MAC_BYTES)?;
        let key = self.secrets.order_keys.iter().find(|key| key_id(key) == id)?;
        mac(key, scope, order).verify_truncated_left(&given).is_ok().then_some(scope)
    }
}

fn letter(scope: Scope) -> char {
    match scope {
        Scope::Own => 'o',
        Scope::View => 'v',
    }
}

fn key_id(key: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(key)[..3])
}

fn mac(key: &[u8], scope: Scope, order: Uuid) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(letter(scope).to_string().as_bytes());
    mac.update(order.as_bytes());
    mac
}

/// Compares without telling by its duration where two secrets differ: hashes are compared, which nobody can steer.
fn same(secret: &str, given: &str) -> bool {
    Sha256::digest(secret) == Sha256::digest(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(order_keys: &[&[u8]]) -> Keys {
        let order_keys = order_keys.iter().map(|key| key.to_vec()).collect();
        Keys::new(Secrets { service: vec!["service".into()], order_keys, public_keys: PublicKeys::default() })
    }

    #[test]
    fn a_token_opens_its_own_order_within_its_scope() {
        let (keys, order, other) = (keys(&[b"one"]), Uuid::from_u128(1), Uuid::from_u128(2));
        let own = Caller::Customer(keys.order_token(Scope::Own, order));
        let view = Caller::Customer(keys.order_token(Scope::View, order));
        assert!(keys.may(&own, Scope::Own, order) && keys.may(&own, Scope::View, order));
        assert!(keys.may(&view, Scope::View, order) && !keys.may(&view, Scope::Own, order));
        assert!(!keys.may(&own, Scope::View, other));
    }

    #[test]
    fn the_scheme_may_be_written_in_any_case() {
        let caller = |header: &'static str| {
            keys(&[b"one"]).caller(&HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(header))]))
        };
        for header in ["Bearer service", "bearer service", "BEARER service", "bEaReR  service"] {
            assert_eq!(caller(header), Ok(Caller::Service), "{header}");
        }
        for header in ["service", "Bearerservice", "Basic service", "Bearer Service", "Bearer"] {
            assert_eq!(caller(header), Err(Refused::Invalid), "{header}");
        }
    }

    #[test]
    fn a_scope_cannot_be_changed_by_hand() {
        let (keys, order) = (keys(&[b"one"]), Uuid::from_u128(1));
        let forged = keys.order_token(Scope::View, order).replace(".v.", ".o.");
        assert!(!keys.may(&Caller::Customer(forged), Scope::View, order));
    }

    #[test]
    fn a_new_key_signs_while_the_old_one_still_verifies() {
        let order = Uuid::from_u128(1);
        let old = Caller::Customer(keys(&[b"one"]).order_token(Scope::Own, order));
        assert!(keys(&[b"two", b"one"]).may(&old, Scope::Own, order));
        assert!(!keys(&[b"two"]).may(&old, Scope::Own, order));
    }
}
