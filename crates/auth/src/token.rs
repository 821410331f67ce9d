//! Tokens: what a caller shows as `authorization: Bearer …`, and the keys that make and verify them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc};
use tonic::Request;
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

/// Who calls, as far as the token tells without knowing which order is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// No token.
    Anonymous,
    /// Holder of some order's token; [`Keys::may`] decides about a given order.
    Order(String),
    /// The shop's staff.
    Staff,
    /// The pickup panel.
    Panel,
    /// Another Comanda service.
    Service,
}

impl Caller {
    /// Who the gate found to be calling.
    pub fn of<T>(request: &Request<T>) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or(Self::Anonymous)
    }
}

/// The secrets, as they come from the settings.
#[derive(Clone)]
pub struct Secrets {
    /// Token of the staff.
    pub staff: String,
    /// Token of the panel.
    pub panel: String,
    /// Tokens of the services among themselves: the first is sent, all are accepted. None where certificates tell who
    /// they are.
    pub service: Vec<String>,
    /// Keys of the order tokens, each at least 32 bytes: the first signs, all verify.
    pub order_keys: Vec<Vec<u8>>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// Makes and verifies tokens.
#[derive(Clone)]
pub struct Keys(Arc<Secrets>);

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Keys from secrets. Panics are impossible as long as there is one order key, which the settings check.
    #[must_use]
    pub fn new(secrets: Secrets) -> Self {
        Self(Arc::new(secrets))
    }

    /// The token of an order: key id, scope and 128 bits of HMAC-SHA-256 over scope and order id.
    #[must_use]
    pub fn order_token(&self, scope: Scope, order: Uuid) -> String {
        let key = self.0.order_keys.first().map_or(&[][..], Vec::as_slice);
        let mac = URL_SAFE_NO_PAD.encode(&mac(key, scope, order).finalize().into_bytes()[..MAC_BYTES]);
        format!("{}.{}.{mac}", key_id(key), letter(scope))
    }

    /// May this caller do what `needed` stands for with the order? Staff and services may with any.
    #[must_use]
    pub fn may(&self, caller: &Caller, needed: Scope, order: Uuid) -> bool {
        match caller {
            Caller::Staff | Caller::Service => true,
            Caller::Order(token) => self.scope_of(token, order).is_some_and(|scope| scope >= needed),
            Caller::Panel | Caller::Anonymous => false,
        }
    }

    /// What a service shows another, where there are no certificates.
    #[must_use]
    pub fn service_header(&self) -> Option<HeaderValue> {
        let token = self.0.service.first()?;
        let mut header = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    /// Who shows these headers; `None` for a token that cannot be one of ours.
    #[must_use]
    pub fn caller(&self, headers: &HeaderMap) -> Option<Caller> {
        let Some(header) = headers.get(AUTHORIZATION) else { return Some(Caller::Anonymous) };
        let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
        let token = scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start())?;
        let service = self.0.service.iter().map(|secret| (secret, Caller::Service));
        let known = [(&self.0.staff, Caller::Staff), (&self.0.panel, Caller::Panel)].into_iter().chain(service);
        let found = known.into_iter().find(|(secret, _)| same(secret, token)).map(|(_, caller)| caller);
        found.or_else(|| (token.split('.').count() == 3).then(|| Caller::Order(token.to_owned())))
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
        let key = self.0.order_keys.iter().find(|key| key_id(key) == id)?;
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
        Keys::new(Secrets { staff: "staff".into(), panel: "panel".into(), service: Vec::new(), order_keys })
    }

    #[test]
    fn a_token_opens_its_own_order_within_its_scope() {
        let (keys, order, other) = (keys(&[b"one"]), Uuid::from_u128(1), Uuid::from_u128(2));
        let own = Caller::Order(keys.order_token(Scope::Own, order));
        let view = Caller::Order(keys.order_token(Scope::View, order));
        assert!(keys.may(&own, Scope::Own, order) && keys.may(&own, Scope::View, order));
        assert!(keys.may(&view, Scope::View, order) && !keys.may(&view, Scope::Own, order));
        assert!(!keys.may(&own, Scope::View, other));
    }

    #[test]
    fn the_scheme_may_be_written_in_any_case() {
        let caller = |header: &'static str| {
            keys(&[b"one"]).caller(&HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(header))]))
        };
        for header in ["Bearer staff", "bearer staff", "BEARER staff", "bEaReR  staff"] {
            assert_eq!(caller(header), Some(Caller::Staff), "{header}");
        }
        for header in ["staff", "Bearerstaff", "Basic staff", "Bearer Staff", "Bearer"] {
            assert_eq!(caller(header), None, "{header}");
        }
    }

    #[test]
    fn a_scope_cannot_be_changed_by_hand() {
        let (keys, order) = (keys(&[b"one"]), Uuid::from_u128(1));
        let forged = keys.order_token(Scope::View, order).replace(".v.", ".o.");
        assert!(!keys.may(&Caller::Order(forged), Scope::View, order));
    }

    #[test]
    fn a_new_key_signs_while_the_old_one_still_verifies() {
        let order = Uuid::from_u128(1);
        let old = Caller::Order(keys(&[b"one"]).order_token(Scope::Own, order));
        assert!(keys(&[b"two", b"one"]).may(&old, Scope::Own, order));
        assert!(!keys(&[b"two"]).may(&old, Scope::Own, order));
    }
}
