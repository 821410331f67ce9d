//! Secrets: random ones, which are stored as a fast hash because nobody can guess them, and those that people choose, which
//! are stored as a slow one. Nothing here ends up in a log: neither has a `Debug` that shows it.

use crate::store::entity::Hash;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use comanda_context::error::ApiError;
use sha2::{Digest, Sha256};
use std::{sync::Arc, thread::available_parallelism};
use tokio::sync::Semaphore;

/// Without I, O, 0 and 1, which look alike. As many as five bits can tell apart.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Of a code that somebody types: 40 bits, for ten minutes.
pub const TYPED_CODE: usize = 8;
/// Of a code that stands in a link: 260 bits.
pub const LONG_CODE: usize = 52;

/// 256 random bits as text.
///
/// # Errors
/// INTERNAL: the system has no randomness.
pub fn token() -> Result<String, ApiError> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// A code of that many characters, at most [`LONG_CODE`].
///
/// # Errors
/// INTERNAL: the system has no randomness.
pub fn code(length: usize) -> Result<String, ApiError> {
    let bytes = random::<LONG_CODE>()?;
    Ok(bytes.iter().take(length).map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}

/// A code as it was made, however it was typed.
pub fn tidy_code(typed: &str) -> String {
    typed.chars().filter(|c| *c != '-' && !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

/// Of a secret that is random.
pub fn fast_hash(secret: &str) -> Hash {
    Hash(URL_SAFE_NO_PAD.encode(Sha256::digest(secret)))
}

fn random<const N: usize>() -> Result<[u8; N], ApiError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "the system gives no random bytes");
        ApiError::internal()
    })?;
    Ok(bytes)
}

/// Hashes passwords and PINs by Argon2id: as many at once as there are cores, apart from what answers calls.
#[derive(Clone)]
pub struct Hasher {
    places: Arc<Semaphore>,
    /// Of no password: who names an unknown login waits as long as everybody else.
    nobody: Hash,
}

impl Hasher {
    /// One for the process.
    ///
    /// # Errors
    /// INTERNAL: the system has no randomness.
    pub fn new() -> Result<Self, ApiError> {
        let places = Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from)));
        Ok(Self { places, nobody: slow_hash(&token()?)? })
    }

    /// Of a secret that somebody chose.
    ///
    /// # Errors
    /// INTERNAL, and DEADLINE_EXCEEDED when the caller's time is over.
    pub async fn hash(&self, secret: String) -> Result<Hash, ApiError> {
        self.work(move || slow_hash(&secret)).await?
    }

    /// Whether the hash is this secret's. Without a hash it is not, and takes as long.
    ///
    /// # Errors
    /// INTERNAL, and DEADLINE_EXCEEDED when the caller's time is over.
    pub async fn matches(&self, secret: String, hash: Option<Hash>) -> Result<bool, ApiError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let same = move || {
            let hash = PasswordHash::new(&hash.0).ok();
            hash.is_some_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
        };
        Ok(self.work(same).await? && known)
    }

    /// The permit is held until the work is done, even if nobody waits for it any more.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        let place = self.places.clone().acquire_owned().await.map_err(|_| ApiError::internal())?;
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        done.await.map_err(|_| ApiError::internal())
    }
}

fn slow_hash(secret: &str) -> Result<Hash, ApiError> {
    let hashed = Argon2::default().hash_password(secret.as_bytes()).map_err(|error| {
        tracing::error!(%error, "a secret cannot be hashed");
        ApiError::internal()
    })?;
    Ok(Hash(hashed.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_however_they_are_typed() {
        let code = code(TYPED_CODE).expect("random");
        assert!(code.len() == TYPED_CODE && code.bytes().all(|c| ALPHABET.contains(&c)), "{code}");
        let typed = format!(" {}-{}", code[..4].to_lowercase(), &code[4..]);
        assert_eq!(tidy_code(&typed), code);
    }

    #[tokio::test]
    async fn only_the_same_secret_matches() {
        let hasher = Hasher::new().expect("random");
        let hash = hasher.hash("café com leite".to_owned()).await.expect("hashed");
        assert!(hash.0.starts_with("$argon2id$") && !format!("{hash:?}").contains("argon2"));
        assert!(hasher.matches("café com leite".to_owned(), Some(hash.clone())).await.expect("compared"));
        for (secret, hash) in [("café", Some(hash)), ("café com leite", None)] {
            assert!(!hasher.matches(secret.to_owned(), hash).await.expect("compared"));
        }
    }
}
