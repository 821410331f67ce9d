//! Flags of the secrets, each given directly or as a file that holds it.

use super::{ConfigError, TlsConfig, parse};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use clap::Args;
use comanda_auth::{
    jwt::{PublicKeys, TokenSigner},
    principal::{Named, Principal},
    role::Role,
    token::Secrets,
};
use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

/// Secrets.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Every role")]
pub struct SecretFlags {
    /// File with the public keys of Identity, a JSON Web Key Set as `comanda identity-keys` writes it
    /// [default: made at first start in `all`, else required]
    #[arg(long, env = "COMANDA_IDENTITY_KEYS_FILE", global = true)]
    pub identity_keys_file: Option<PathBuf>,
    /// File with the private keys of Identity in PEM: the first signs, tokens of the others are still good
    /// [default: made at first start in `all`, else required by `identity`, and by no other role]
    #[arg(long, env = "COMANDA_IDENTITY_SIGNING_KEY_FILE", global = true)]
    pub identity_signing_key_file: Option<PathBuf>,
    /// What a command that calls a running shop shows: an access token or an API key
    /// [default: one that it signs itself, with the key in the data folder]
    #[arg(long, env = "COMANDA_TOKEN", hide_env_values = true, global = true)]
    pub token: Option<String>,
    /// File with that token
    #[arg(long, env = "COMANDA_TOKEN_FILE", global = true)]
    pub token_file: Option<PathBuf>,
    /// Tokens of the services among themselves, separated by commas: the first is sent, all are accepted
    /// [default: none; required with COMANDA_PLAINTEXT]
    #[arg(long, env = "COMANDA_SERVICE_TOKEN", hide_env_values = true, global = true)]
    pub service_token: Option<String>,
    /// File with the services' token
    #[arg(long, env = "COMANDA_SERVICE_TOKEN_FILE", global = true)]
    pub service_token_file: Option<PathBuf>,
    /// Keys of the order tokens, base64 of 32 bytes or more, separated by commas: the first signs, all verify
    /// [default: made at first start in `all`, else required]
    #[arg(long, env = "COMANDA_TOKEN_KEY", hide_env_values = true, global = true)]
    pub token_key: Option<String>,
    /// File with the keys of the order tokens
    #[arg(long, env = "COMANDA_TOKEN_KEY_FILE", global = true)]
    pub token_key_file: Option<PathBuf>,
}

const KEY_BYTES: usize = 32;
const MIN_TOKEN_CHARS: usize = 16;
/// Files of the data folder that hold what was made at first start.
const SERVICE_FILE: &str = "service.token";
const KEY_FILE: &str = "token.key";
/// With the private key of a shop in a box.
pub const SIGNING_KEY_FILE: &str = "identity.key";
const SIGNING_KEY: &str = "COMANDA_IDENTITY_SIGNING_KEY_FILE";
const PUBLIC_KEYS: &str = "COMANDA_IDENTITY_KEYS_FILE";
/// What a command signs for itself is good for so long.
const OWN_TOKEN_SECONDS: u64 = 600;

impl SecretFlags {
    /// The secrets of a role on its own: all must be set, that of the services only where no certificates stand for it.
    pub fn required(&self, tls: &TlsConfig) -> Result<Secrets, ConfigError> {
        let missing = |variable: &str, _: &str| Err(ConfigError::not_set(variable, ""));
        let public_keys = self.public_keys()?;
        self.read(matches!(tls, TlsConfig::Plaintext), public_keys, missing)
    }

    /// What the tokens of staff are checked with.
    fn public_keys(&self) -> Result<PublicKeys, ConfigError> {
        let path = self.identity_keys_file.as_ref();
        let path = path.ok_or_else(|| ConfigError::not_set(PUBLIC_KEYS, "; `comanda identity-keys` makes one"))?;
        PublicKeys::from_jwks(&parse::read_file(PUBLIC_KEYS, path)?)
            .map_err(|why| ConfigError::invalid(PUBLIC_KEYS, why.to_string()))
    }

    /// What signs: of the role `identity`, and of a command on its machine.
    pub fn signer(&self, data_dir: &Path) -> Result<TokenSigner, ConfigError> {
        let own = data_dir.join(SIGNING_KEY_FILE);
        let (from, path) = match &self.identity_signing_key_file {
            Some(path) => (SIGNING_KEY.to_owned(), path),
            None => (format!("{SIGNING_KEY} is not set, and COMANDA_DATA_DIR"), &own),
        };
        let pem = parse::read_file(&from, path)?;
        TokenSigner::from_pem(&pem).map_err(|why| ConfigError::invalid(SIGNING_KEY, why.to_string()))
    }

    /// The secrets, of which one that is not set comes from `missing`, by variable and file name.
    pub fn read<E: From<ConfigError>>(
        &self,
        with_service: bool,
        public_keys: PublicKeys,
        missing: impl Fn(&str, &str) -> Result<String, E>,
    ) -> Result<Secrets, E> {
        let one =
            |variable: &str, value: &Option<String>, path: &Option<PathBuf>, file: &str| match parse::value_or_file(
                variable,
                value.as_ref(),
                path.as_ref(),
            )? {
                Some(value) => Ok(value),
                None => missing(variable, file),
            };
        let service = if with_service {
            let listed = one("COMANDA_SERVICE_TOKEN", &self.service_token, &self.service_token_file, SERVICE_FILE)?;
            listed.split(',').map(|one| token("COMANDA_SERVICE_TOKEN", one.trim())).collect::<Result<_, _>>()?
        } else {
            Vec::new()
        };
        let keys = one("COMANDA_TOKEN_KEY", &self.token_key, &self.token_key_file, KEY_FILE)?;
        Ok(Secrets {
            service,
            order_keys: keys.split(',').map(|key| decode(key.trim())).collect::<Result<_, _>>()?,
            public_keys,
        })
    }

    /// What a command that calls a running shop shows: as set, or, on the shop's own machine, signed by itself for an owner.
    pub fn client_token(&self, data_dir: &Path) -> Result<String, ConfigError> {
        if let Some(token) = parse::value_or_file("COMANDA_TOKEN", self.token.as_ref(), self.token_file.as_ref())? {
            return Ok(token);
        }
        let signer = self.signer(data_dir).map_err(|why| ConfigError::not_set("COMANDA_TOKEN", &format!("; {why}")))?;
        machine_token(&signer, Role::Owner, OWN_TOKEN_SECONDS)
    }
}

/// A token for whoever has the machine, and with it the key.
pub fn machine_token(signer: &TokenSigner, role: Role, seconds: u64) -> Result<String, ConfigError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let machine = Named { id: Uuid::now_v7(), name: "comanda".to_owned() };
    let shops = if role == Role::Owner { vec![] } else { vec!["main".to_owned()] };
    let principal =
        Principal { role, shops, person: None, device: Some(machine), session: None, expires: now + seconds };
    signer.sign(&principal, now).map_err(|why| ConfigError::invalid(SIGNING_KEY, why.to_string()))
}

/// Any token that `openssl rand` makes: URL-safe or standard base64, or hexadecimal. No dots: they mark the tokens of
/// orders.
fn token(variable: &str, token: &str) -> Result<String, ConfigError> {
    let known = |c: char| c.is_ascii_alphanumeric() || "-_+/=".contains(c);
    if token.len() >= MIN_TOKEN_CHARS && token.chars().all(known) {
        return Ok(token.to_owned());
    }
    Err(ConfigError::invalid(variable, "must be 16 or more of A-Z, a-z, 0-9, -, _, +, / and ="))
}

fn decode(key: &str) -> Result<Vec<u8>, ConfigError> {
    let bytes = STANDARD.decode(key).or_else(|_| URL_SAFE_NO_PAD.decode(key)).ok();
    let wrong = || {
        ConfigError::invalid(
            "COMANDA_TOKEN_KEY",
            format!("must be base64 of at least {KEY_BYTES} bytes, or several by commas"),
        )
    };
    bytes.filter(|bytes| bytes.len() >= KEY_BYTES).ok_or_else(wrong)
}
