//! Tokens for tests: one key for the whole test process, and staff as it signs them.

use crate::{
    jwt::{PublicKeys, TokenSigner},
    principal::{Named, Principal},
    role::Role,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::{
    sync::LazyLock,
    time::{SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

const DAY: u64 = 86_400;

static KEY: LazyLock<(String, TokenSigner)> = LazyLock::new(|| {
    let pem = TokenSigner::generate().expect("the system has randomness");
    let signer = TokenSigner::from_pem(&pem).expect("a key that was made");
    (pem, signer)
});

/// The private key in PEM.
#[must_use]
pub fn private_key() -> &'static str {
    &KEY.0
}

/// What signs.
#[must_use]
pub fn signer() -> &'static TokenSigner {
    &KEY.1
}

/// What a test's gate checks with.
#[must_use]
pub fn public_keys() -> PublicKeys {
    signer().public_keys().clone()
}

/// Ana, in this role and these shops.
#[must_use]
pub fn ana(role: Role, shops: &[&str]) -> Principal {
    Principal {
        role,
        shops: shops.iter().map(|shop| (*shop).to_owned()).collect(),
        person: Some(Named { id: Uuid::from_u128(0xa), name: "Ana".to_owned() }),
        device: None,
        session: Some(Uuid::now_v7()),
        expires: now() + DAY,
    }
}

/// What this principal shows.
#[must_use]
pub fn sign(principal: &Principal) -> String {
    signer().sign(principal, now()).expect("a person or a device")
}

/// A forgery: the same claims, and no signature.
#[must_use]
pub fn unsigned(principal: &Principal) -> String {
    let token = sign(principal);
    let claims = token.split('.').nth(1).unwrap_or_default();
    format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#))
}

/// A forgery: signed by a key that nobody knows, under the name of ours.
#[must_use]
pub fn by_another_key(principal: &Principal) -> String {
    let pem = TokenSigner::generate().expect("the system has randomness");
    let other = TokenSigner::from_pem(&pem).expect("a key that was made");
    let (ours, theirs) = (sign(principal), other.sign(principal, now()).expect("a person or a device"));
    let (head, _) = ours.split_once('.').unwrap_or_default();
    let (_, rest) = theirs.split_once('.').unwrap_or_default();
    format!("{head}.{rest}")
}

/// Signed by ours, but not for us.
#[must_use]
pub fn for_another_audience(principal: &Principal) -> String {
    signer().sign_for("another", principal, now()).expect("a person or a device")
}

/// Seconds since 1970.
#[must_use]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
