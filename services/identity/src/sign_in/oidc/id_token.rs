//! What an ID token must be: signed by a key of the provider with an algorithm that is pinned, of this issuer, for us, for
//! this very sign-in, and not over.

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    errors::ErrorKind,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::time::{SystemTime, UNIX_EPOCH};

/// How far our clock and the provider's may be apart, in seconds.
const LEEWAY: u64 = 60;

/// What a token must say.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
}

/// What a good token says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Claims {
    pub sub: String,
    aud: OneOrMore,
    azp: Option<String>,
    iat: u64,
    nonce: Option<String>,
    pub name: Option<String>,
    pub preferred_username: Option<String>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// Why a token is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Signed by a key that we have not seen; the provider may have a new one.
    UnknownKey,
    /// Something else.
    Wrong(&'static str),
}

impl Claims {
    /// Any claim that we have no word for.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.others.get(name)
    }

    fn is_for(&self, client_id: &str) -> bool {
        let several = matches!(&self.aud, OneOrMore::More(audiences) if audiences.len() > 1);
        // That one is among the audiences was checked before; of several, one alone may use the token.
        self.azp.as_ref().map_or(!several, |party| party == client_id)
    }
}

/// Reads a provider's keys, and passes by what is none that we know.
pub fn keys(text: &[u8]) -> Result<Vec<Jwk>, &'static str> {
    #[derive(Deserialize)]
    struct Keys {
        keys: Vec<Value>,
    }
    let listed: Keys = serde_json::from_slice(text).map_err(|_| "its keys are no JSON Web Key Set")?;
    Ok(listed.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
}

/// What the token says, if it is good.
pub fn check(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<Claims, Unfit> {
    comanda_auth::jwt::ring_provider::install();
    let header = decode_header(token).map_err(|_| Unfit::Wrong("no token that can be checked"))?;
    let mut fitting = keys.iter().filter(|key| is_of(key, header.alg));
    if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256) {
        return Err(Unfit::Wrong("signed by another algorithm than RS256 or ES256"));
    }
    let key = match &header.kid {
        Some(id) => fitting.find(|key| key.common.key_id.as_ref() == Some(id)),
        // Without a name only where there is no choice.
        None => fitting.next().filter(|_| fitting.next().is_none()),
    };
    let key = DecodingKey::from_jwk(key.ok_or(Unfit::UnknownKey)?).map_err(|_| Unfit::Wrong("no usable key"))?;
    let mut rules = Validation::new(header.alg);
    rules.set_issuer(&[expected.issuer]);
    rules.set_audience(&[expected.client_id]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    (rules.leeway, rules.validate_nbf) = (LEEWAY, true);
    let claims = decode::<Claims>(token, &key, &rules).map_err(|error| Unfit::Wrong(why(error.kind())))?.claims;
    if !claims.is_for(expected.client_id) {
        return Err(Unfit::Wrong("for another client"));
    }
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err(Unfit::Wrong("of another sign-in"));
    }
    if claims.iat > now() + LEEWAY {
        return Err(Unfit::Wrong("issued in the future"));
    }
    if claims.sub.is_empty() || claims.sub.len() > MAX_SUBJECT {
        return Err(Unfit::Wrong("of no subject"));
    }
    Ok(claims)
}

/// As OpenID Connect has it.
const MAX_SUBJECT: usize = 255;

fn is_of(key: &Jwk, algorithm: Algorithm) -> bool {
    let (fits, named) = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256) => (true, KeyAlgorithm::RS256),
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES256) => {
            (curve.curve == EllipticCurve::P256, KeyAlgorithm::ES256)
        }
        _ => return false,
    };
    let signs = key.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
    fits && signs && key.common.key_algorithm.is_none_or(|algorithm| algorithm == named)
}

fn why(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidSignature => "signed by another key",
        ErrorKind::ExpiredSignature => "over",
        ErrorKind::ImmatureSignature => "not good yet",
        ErrorKind::InvalidIssuer => "of another issuer",
        ErrorKind::InvalidAudience => "for another client",
        ErrorKind::MissingRequiredClaim(_) => "without a claim that it needs",
        _ => "no token that can be checked",
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests;
