//! The secrets: from the settings, or made at the first start of a shop in a box and kept in its data folder.

use crate::{
    Failure,
    data_dir::{self, manifest},
    settings::Settings,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use comanda_auth::token::Secrets;
use comanda_tls::Identity;
use std::{
    fs,
    path::{Path, PathBuf},
};

const KEY_BYTES: usize = 32;
const STAFF: &str = "staff.token";
const MIN_TOKEN_CHARS: usize = 16;

/// The secrets of a role on its own: all must be set, that of the services only where no certificates stand for it.
pub fn required(settings: &Settings, identity: Option<&Identity>) -> Result<Secrets, Failure> {
    read(settings, identity.is_none(), |variable, _| Err(format!("{variable} is not set")))
}

/// The secrets of a shop in a box: those that are not set are made once.
pub fn load_or_create(settings: &Settings) -> Result<Secrets, Failure> {
    read(settings, true, |_, file| kept_in(&settings.data_dir, file))
}

/// The staff's token alone, for a command that calls a running shop: as set, or as its data folder keeps it.
pub fn staff(settings: &Settings) -> Result<String, Failure> {
    let set = &settings.secrets;
    match (&set.staff_token, &set.staff_token_file) {
        (Some(token), _) => Ok(token.trim().to_owned()),
        (None, Some(path)) => read_file("COMANDA_STAFF_TOKEN_FILE", path),
        (None, None) => {
            read_file("COMANDA_STAFF_TOKEN is not set, and COMANDA_DATA_DIR", &settings.data_dir.join(STAFF))
        }
    }
}

fn read(
    settings: &Settings,
    with_service: bool,
    missing: impl Fn(&str, &str) -> Result<String, Failure>,
) -> Result<Secrets, Failure> {
    let set = &settings.secrets;
    let one = |variable: &str, value: &Option<String>, path: &Option<PathBuf>, file: &str| match (value, path) {
        (Some(value), None) => Ok(value.trim().to_owned()),
        (None, Some(path)) => read_file(&format!("{variable}_FILE"), path),
        (None, None) => missing(variable, file),
        (Some(_), Some(_)) => Err(format!("{variable} and {variable}_FILE are both set")),
    };
    let token = |variable: &str, value, path, file: &str| {
        let token = one(variable, value, path, file)?;
        let fits =
            token.len() >= MIN_TOKEN_CHARS && token.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        // No dots: that is how the tokens of orders are told apart.
        if fits { Ok(token) } else { Err(format!("{variable} must be 16 or more of A-Z, a-z, 0-9, - and _")) }
    };
    let service = || token("COMANDA_SERVICE_TOKEN", &set.service_token, &set.service_token_file, "service.token");
    let keys = one("COMANDA_TOKEN_KEY", &set.token_key, &set.token_key_file, "token.key")?;
    Ok(Secrets {
        staff: token("COMANDA_STAFF_TOKEN", &set.staff_token, &set.staff_token_file, STAFF)?,
        panel: token("COMANDA_PANEL_TOKEN", &set.panel_token, &set.panel_token_file, "panel.token")?,
        service: with_service.then(service).transpose()?,
        order_keys: keys.split(',').map(|key| decode(key.trim())).collect::<Result<_, _>>()?,
    })
}

fn decode(key: &str) -> Result<Vec<u8>, Failure> {
    let bytes = STANDARD.decode(key).or_else(|_| URL_SAFE_NO_PAD.decode(key)).ok();
    bytes
        .filter(|bytes| bytes.len() >= KEY_BYTES)
        .ok_or_else(|| format!("COMANDA_TOKEN_KEY must be base64 of at least {KEY_BYTES} bytes, or several by commas"))
}

/// Reads a secret, or makes one that only the owner of the folder can read. One that was there and is not is an error: all
/// that it opened would stay closed.
fn kept_in(folder: &Path, name: &str) -> Result<String, Failure> {
    let path = folder.join(name);
    let cannot = |error: std::io::Error| format!("COMANDA_DATA_DIR: cannot keep {}: {error}", path.display());
    manifest::require(folder, name)?;
    if path.exists() {
        return fs::read_to_string(&path).map(|text| text.trim().to_owned()).map_err(cannot);
    }
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| format!("no randomness for secrets: {error}"))?;
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    data_dir::write(&path, secret.as_bytes()).map_err(cannot)?;
    manifest::add(folder, name)?;
    Ok(secret)
}

fn read_file(variable: &str, path: &Path) -> Result<String, Failure> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("{variable}: cannot read {}: {error}", path.display()))?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Command;
    use clap::Parser;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn secrets_that_are_not_set_are_made_once_and_for_the_owner_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let data_dir = folder.path().display().to_string();
        let settings = Command::try_parse_from(["comanda", "--data-dir", &data_dir]).expect("known flags").settings;
        let all = || {
            let Secrets { staff, panel, service, order_keys } = load_or_create(&settings).expect("secrets");
            (staff, panel, service, order_keys)
        };
        let first = all();
        assert_eq!(all(), first);
        assert!(first.0 != first.1 && first.2.as_ref().is_some_and(|service| *service != first.1));
        for file in fs::read_dir(folder.path()).expect("files") {
            let mode = file.and_then(|file| file.metadata()).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
