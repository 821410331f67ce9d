//! Flags of the secrets, each given directly or as a file that holds it.

use super::{ConfigError, TlsConfig, parse};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use clap::Args;
use comanda_auth::token::Secrets;
use std::path::{Path, PathBuf};

/// Secrets.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Every role")]
pub struct SecretFlags {
    /// Token of the staff [default: made at first start in `all`, else required]
    #[arg(long, env = "COMANDA_STAFF_TOKEN", hide_env_values = true, global = true)]
    pub staff_token: Option<String>,
    /// File with the staff's token
    #[arg(long, env = "COMANDA_STAFF_TOKEN_FILE", global = true)]
    pub staff_token_file: Option<PathBuf>,
    /// Token of the pickup panel [default: made at first start in `all`, else required]
    #[arg(long, env = "COMANDA_PANEL_TOKEN", hide_env_values = true, global = true)]
    pub panel_token: Option<String>,
    /// File with the panel's token
    #[arg(long, env = "COMANDA_PANEL_TOKEN_FILE", global = true)]
    pub panel_token_file: Option<PathBuf>,
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
const STAFF_FILE: &str = "staff.token";
const PANEL_FILE: &str = "panel.token";
const SERVICE_FILE: &str = "service.token";
const KEY_FILE: &str = "token.key";

impl SecretFlags {
    /// The secrets of a role on its own: all must be set, that of the services only where no certificates stand for it.
    pub fn required(&self, tls: &TlsConfig) -> Result<Secrets, ConfigError> {
        let missing = |variable: &str, _: &str| Err(ConfigError::not_set(variable, ""));
        self.read(matches!(tls, TlsConfig::Plaintext), missing)
    }

    /// The secrets, of which one that is not set comes from `missing`, by variable and file name.
    pub fn read<E: From<ConfigError>>(
        &self,
        with_service: bool,
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
        let staff = one("COMANDA_STAFF_TOKEN", &self.staff_token, &self.staff_token_file, STAFF_FILE)?;
        let panel = one("COMANDA_PANEL_TOKEN", &self.panel_token, &self.panel_token_file, PANEL_FILE)?;
        let service = if with_service {
            let listed = one("COMANDA_SERVICE_TOKEN", &self.service_token, &self.service_token_file, SERVICE_FILE)?;
            listed.split(',').map(|one| token("COMANDA_SERVICE_TOKEN", one.trim())).collect::<Result<_, _>>()?
        } else {
            Vec::new()
        };
        let keys = one("COMANDA_TOKEN_KEY", &self.token_key, &self.token_key_file, KEY_FILE)?;
        Ok(Secrets {
            staff: token("COMANDA_STAFF_TOKEN", &staff)?,
            panel: token("COMANDA_PANEL_TOKEN", &panel)?,
            service,
            order_keys: keys.split(',').map(|key| decode(key.trim())).collect::<Result<_, _>>()?,
        })
    }

    /// The staff's token alone, for a command that calls a running shop: as set, or as its data folder keeps it.
    pub fn staff(&self, data_dir: &Path) -> Result<String, ConfigError> {
        match parse::value_or_file("COMANDA_STAFF_TOKEN", self.staff_token.as_ref(), self.staff_token_file.as_ref())? {
            Some(token) => Ok(token),
            None => {
                let from = "COMANDA_STAFF_TOKEN is not set, and COMANDA_DATA_DIR";
                parse::read_file(from, &data_dir.join(STAFF_FILE))
            }
        }
    }
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
