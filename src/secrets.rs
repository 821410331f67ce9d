//! The secrets of a shop in a box: those that are not set are made at its first start and kept in its data folder.

use crate::{
    Failure,
    config::SecretFlags,
    data_dir::{self, manifest},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use comanda_auth::token::Secrets;
use std::{fs, path::Path};

const SECRET_BYTES: usize = 32;

/// As set, or as the data folder keeps them.
pub fn load_or_create(set: &SecretFlags, data_dir: &Path) -> Result<Secrets, Failure> {
    set.read(true, |_, file| load_or_create_one(data_dir, file))
}

/// Reads a secret, or makes one that only the owner of the folder can read. One that was there and is not is an error: all
/// that it opened would stay closed.
fn load_or_create_one(folder: &Path, name: &str) -> Result<String, Failure> {
    let path = folder.join(name);
    let cannot = |error: std::io::Error| format!("COMANDA_DATA_DIR: cannot keep {}: {error}", path.display());
    manifest::require(folder, name)?;
    if path.exists() {
        return Ok(fs::read_to_string(&path).map(|text| text.trim().to_owned()).map_err(cannot)?);
    }
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| format!("no randomness for secrets: {error}"))?;
    let secret = URL_SAFE_NO_PAD.encode(bytes);
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
            let Secrets { staff, panel, service, order_keys } =
                load_or_create(&flags.secrets, folder.path()).expect("secrets");
            (staff, panel, service, order_keys)
        };
        let first = all();
        assert_eq!(all(), first);
        assert!(first.0 != first.1 && first.2.first().is_some_and(|service| *service != first.1));
        for file in fs::read_dir(folder.path()).expect("files") {
            let mode = file.and_then(|file| file.metadata()).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
