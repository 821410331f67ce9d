//! Access tokens and device credentials: JSON Web Tokens that Identity signs with Ed25519, and that every process checks for
//! itself with the public keys. Algorithm, issuer and audience are pinned; there may be several keys, so that they can
//! rotate.

pub mod ring_provider;

use crate::{
    principal::{Named, Principal},
    role::Role,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode, errors::ErrorKind,
};
use parking_lot::Mutex;
use ring::signature::{Ed25519KeyPair, KeyPair};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, fmt, sync::Arc};
use uuid::Uuid;

/// Who signs.
pub const ISSUER: &str = "comanda-identity";
/// Whom tokens are for.
pub const AUDIENCE: &str = "comanda";
/// Tokens whose signature was found good; it does not change.
const MAX_KNOWN: usize = 4096;

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    iat: u64,
    exp: u64,
    role: Role,
    shops: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device_name: Option<String>,
}

/// A key that cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No private key that signs.
    #[error("holds no Ed25519 key in PEM (PKCS #8), as `openssl genpkey -algorithm ed25519` writes it")]
    NoPrivateKey,
    /// No public keys.
    #[error("is no JSON Web Key Set of Ed25519 keys, as `comanda identity-keys` writes it")]
    NoPublicKeys,
}

/// Why a token is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// Not signed by us, or not for us.
    Invalid,
    /// Its time is over.
    Expired,
}

/// Public keys by their ids.
#[derive(Clone, Default)]
pub struct PublicKeys(Vec<(String, Vec<u8>)>);

/// Signs tokens.
#[derive(Clone)]
pub struct TokenSigner {
    id: String,
    key: EncodingKey,
    public: PublicKeys,
}

/// Checks tokens.
#[derive(Clone)]
pub struct TokenVerifier(Arc<Verifier>);

struct Verifier {
    keys: HashMap<String, DecodingKey>,
    known: Mutex<HashMap<[u8; 32], Arc<Principal>>>,
}

#[derive(Serialize, Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

#[derive(Serialize, Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    kid: String,
    #[serde(default = "for_signatures", rename = "use")]
    usage: String,
    #[serde(default = "eddsa")]
    alg: String,
}

fn for_signatures() -> String {
    "sig".to_owned()
}

fn eddsa() -> String {
    "EdDSA".to_owned()
}

impl PublicKeys {
    /// Reads a JSON Web Key Set.
    ///
    /// # Errors
    /// It is none, or holds a key of another kind.
    pub fn from_jwks(text: &str) -> Result<Self, KeyError> {
        let Jwks { keys } = serde_json::from_str(text).map_err(|_| KeyError::NoPublicKeys)?;
        let read = |key: Jwk| {
            let bytes = URL_SAFE_NO_PAD.decode(&key.x).ok().filter(|bytes| bytes.len() == 32);
            bytes.filter(|_| key.kty == "OKP" && key.crv == "Ed25519").map(|bytes| (key.kid, bytes))
        };
        let keys = keys.into_iter().map(read).collect::<Option<Vec<_>>>();
        keys.filter(|keys| !keys.is_empty()).map(Self).ok_or(KeyError::NoPublicKeys)
    }

    /// As `/.well-known/jwks.json` shows them.
    #[must_use]
    pub fn to_jwks(&self) -> String {
        let key = |(id, bytes): &(String, Vec<u8>)| Jwk {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: URL_SAFE_NO_PAD.encode(bytes),
            kid: id.clone(),
            usage: for_signatures(),
            alg: eddsa(),
        };
        serde_json::to_string(&Jwks { keys: self.0.iter().map(key).collect() }).unwrap_or_default()
    }
}

impl TokenSigner {
    /// Reads private keys in PEM (PKCS #8): the first signs, tokens of the others are still good.
    ///
    /// # Errors
    /// There is none, or one of another kind.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        ring_provider::install();
        let keys = PrivatePkcs8KeyDer::pem_slice_iter(pem.as_bytes()).collect::<Result<Vec<_>, _>>();
        let keys = keys.map_err(|_| KeyError::NoPrivateKey)?;
        let public = |key: &PrivatePkcs8KeyDer<'_>| {
            let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.secret_pkcs8_der());
            let bytes = pair.map_err(|_| KeyError::NoPrivateKey)?.public_key().as_ref().to_vec();
            Ok((URL_SAFE_NO_PAD.encode(&Sha256::digest(&bytes)[..6]), bytes))
        };
        let public = PublicKeys(keys.iter().map(public).collect::<Result<_, _>>()?);
        let (first, (id, _)) = keys.first().zip(public.0.first()).ok_or(KeyError::NoPrivateKey)?;
        Ok(Self { id: id.clone(), key: EncodingKey::from_ed_der(first.secret_pkcs8_der()), public })
    }

    /// A new key in PEM.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn generate() -> Result<String, KeyError> {
        let made = Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new());
        let made = made.map_err(|_| KeyError::NoPrivateKey)?;
        let text = base64::engine::general_purpose::STANDARD.encode(made);
        let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>();
        Ok(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n")))
    }

    /// What others check its tokens with.
    #[must_use]
    pub fn public_keys(&self) -> &PublicKeys {
        &self.public
    }

    /// Signs who this is.
    ///
    /// # Errors
    /// Neither a person nor a device.
    pub fn sign(&self, principal: &Principal, now: u64) -> Result<String, jsonwebtoken::errors::Error> {
        self.sign_for(AUDIENCE, principal, now)
    }

    pub(crate) fn sign_for(
        &self,
        audience: &str,
        principal: &Principal,
        now: u64,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let of = |named: &Option<Named>| named.as_ref().map(|named| (named.id, named.name.clone())).unzip();
        let ((person, name), (device, device_name)) = (of(&principal.person), of(&principal.device));
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: audience.to_owned(),
            sub: person.or(device).ok_or(ErrorKind::MissingRequiredClaim("sub".to_owned()))?,
            iat: now,
            exp: principal.expires,
            role: principal.role,
            shops: principal.shops.clone(),
            sid: principal.session,
            name,
            device,
            device_name,
        };
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &claims, &self.key)
    }
}

impl TokenVerifier {
    /// Checks with these keys; with none, no token is good.
    #[must_use]
    pub fn new(keys: &PublicKeys) -> Self {
        ring_provider::install();
        let keys = keys.0.iter().map(|(id, bytes)| (id.clone(), DecodingKey::from_ed_der(bytes))).collect();
        Self(Arc::new(Verifier { keys, known: Mutex::default() }))
    }

    /// Who this is. Revocations are another's business.
    ///
    /// # Errors
    /// The token is not ours, or over.
    pub fn verify(&self, token: &str) -> Result<Arc<Principal>, Unusable> {
        let hash = Sha256::digest(token).into();
        let known = self.0.known.lock().get(&hash).cloned();
        let principal = match known {
            Some(principal) => principal,
            None => {
                let principal = Arc::new(self.judge(token)?);
                let mut known = self.0.known.lock();
                if known.len() >= MAX_KNOWN {
                    known.clear();
                }
                known.insert(hash, principal.clone());
                principal
            }
        };
        principal.remaining().is_some().then_some(principal).ok_or(Unusable::Expired)
    }

    fn judge(&self, token: &str) -> Result<Principal, Unusable> {
        let id = decode_header(token).ok().and_then(|header| header.kid).ok_or(Unusable::Invalid)?;
        let key = self.0.keys.get(&id).ok_or(Unusable::Invalid)?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.leeway = 0;
        let claims = decode::<Claims>(token, key, &rules).map_err(|error| match error.kind() {
            ErrorKind::ExpiredSignature => Unusable::Expired,
            _ => Unusable::Invalid,
        })?;
        Ok(claims.claims.into())
    }
}

impl From<Claims> for Principal {
    fn from(claims: Claims) -> Self {
        let person = claims.name.map(|name| Named { id: claims.sub, name });
        let device = claims.device.zip(claims.device_name).map(|(id, name)| Named { id, name });
        Self { role: claims.role, shops: claims.shops, person, device, session: claims.sid, expires: claims.exp }
    }
}

impl fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenSigner({})", self.id)
    }
}

impl fmt::Debug for PublicKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(id, _)| id)).finish()
    }
}

#[cfg(test)]
mod tests;
