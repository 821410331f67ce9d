//! The secrets of a shop in a box: those that are not set are made at its first start and kept in its data folder.

use crate::{
    Failure,
    config::{SIGNING_KEY_FILE, SecretFlags},
    data_dir::{self, manifest},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use comanda_auth::{jwt::TokenSigner, token::Secrets};
use std::{fs, path::Path};

const SECRET_BYTES: usize = 32;

/// As set, or as the data folder keeps them.
pub fn load_or_create(set: &SecretFlags, data_dir: &Path) -> Result<(Secrets, TokenSigner), Failure> {
    let signer = signer(set, data_dir)?;
    let secrets = set.read(true, signer.public_keys().clone(), |_, file| load_or_create_one(data_dir, file))?;
    Ok((secrets, signer))
}

/// What signs the tokens of staff.
fn signer(set: &SecretFlags, data_dir: &Path) -> Result<TokenSigner, Failure> {
    if set.identity_signing_key_file.is_none() {
        let make = || TokenSigner::generate().map_err(|_| "no randomness for secrets".to_owned());
        load_or_make(data_dir, SIGNING_KEY_FILE, make)?;
    }
    Ok(set.signer(data_dir)?)
}

fn load_or_create_one(folder: &Path, name: &str) -> Result<String, Failure> {
    load_or_make(folder, name, || {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| format!("no randomness for secrets: {error}"))?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    })
}

/// Reads a secret, or makes one that only the owner of the folder can read. One that was there and is not is an error: all
/// that it opened would stay closed.
fn load_or_make(folder: &Path, name: &str, make: impl FnOnce() -> Result<String, String>) -> Result<String, Failure> {
    let path = folder.join(name);
    let cannot = |error: std::io::Error| format!("COMANDA_DATA_DIR: cannot keep {}: {error}", path.display());
    manifest::require(folder, name)?;
    if path.exists() {
        return Ok(fs::read_to_string(&path).map(|text| text.trim().to_owned()).map_err(cannot)?);
    }
    let secret = make()?;
    data_dir::write(&path, secret.as_bytes()).map_err(cannot)?;
    manifest::add(folder, name)?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn secrets_that_are_not_set_are_made_once_and_for_the_owner_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let flags = Cli::try_parse_from(["comanda"]).expect("known flags").flags;
        let all = || {
            let (Secrets { service, order_keys, public_keys }, _) =
                load_or_create(&flags.secrets, folder.path()).expect("secrets");
            (service, order_keys, public_keys.to_jwks())
        };
        let first = all();
        assert_eq!(all(), first);
        for file in fs::read_dir(folder.path()).expect("files") {
            let mode = file.and_then(|file| file.metadata()).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
