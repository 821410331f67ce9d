//! The certificate of the shop's network: by a CA of the shop's own, for the names and addresses that it has now. It is made
//! again when they change and long before it ends; whoever serves with it reads its folder again.

use crate::{
    Failure,
    certificates::{
        authority::{Authority, Kind, Usage},
        folder,
    },
};
use std::{
    fs::DirBuilder,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

const DAYS: u16 = 90;
/// A month before its end, so that the status warns of it only when this did not work.
const RENEW_AFTER: Duration = Duration::from_secs(60 * 24 * 60 * 60);
const CERTIFICATE: &str = "ca.crt";
const KEY: &str = "ca.key";
/// For whom nothing else is known by that name or address.
const THIS_MACHINE: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Makes it.
pub struct Leaf {
    folder: PathBuf,
    authority: Authority,
    issued: Option<(Vec<String>, SystemTime)>,
}

impl Leaf {
    /// By the CA of this folder, which is made when there is none.
    pub fn open(lan: &Path) -> Result<Self, Failure> {
        let cannot = |error| format!("COMANDA_DATA_DIR: cannot make {}: {error}", lan.display());
        DirBuilder::new().recursive(true).mode(0o700).create(lan).map_err(cannot)?;
        Ok(Self { folder: lan.join("browser"), authority: authority(lan)?, issued: None })
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The CA's certificate, as PEM.
    pub fn ca(&self) -> &str {
        self.authority.certificate()
    }

    /// Makes a new one if that which was made before is for others, or is old. Says whether.
    pub fn keep_current(&mut self, hosts: &[String], now: SystemTime) -> Result<bool, Failure> {
        let fresh = |since: &SystemTime| now.duration_since(*since).is_ok_and(|age| age < RENEW_AFTER);
        if self.issued.as_ref().is_some_and(|(before, since)| before == hosts && fresh(since)) {
            return Ok(false);
        }
        let all = THIS_MACHINE.iter().copied().chain(hosts.iter().map(String::as_str)).collect::<Vec<_>>();
        let subject = hosts.first().map_or(THIS_MACHINE[0], String::as_str);
        let leaf = self.authority.sign(subject, &all, Usage::Server, DAYS)?;
        let files = [("tls.crt", leaf.certificate, 0o600), ("tls.key", leaf.key, 0o600)];
        folder::replace(&self.folder, &files)?;
        self.issued = Some((hosts.to_vec(), now));
        Ok(true)
    }
}

/// The CA. One without its key is no reason to make another: every device would have to trust that first.
fn authority(lan: &Path) -> Result<Authority, Failure> {
    let (certificate, key) = (lan.join(CERTIFICATE), lan.join(KEY));
    match (certificate.exists(), key.exists()) {
        (true, true) => {
            let known = Authority::known(Kind::Shop, folder::read(&certificate)?, &folder::read(&key)?);
            known.map_err(|why| format!("COMANDA_DATA_DIR: {}: {why}", certificate.display()).into())
        }
        (true, false) => Err(format!(
            "COMANDA_DATA_DIR: {} is missing: put it back from a copy, or remove {} to begin with a new CA, which every \
             device must then be told to trust",
            key.display(),
            certificate.display()
        )
        .into()),
        // A key without its certificate was never shown to anybody.
        (false, _) => {
            let authority = Authority::new(Kind::Shop)?;
            folder::write(&key, &authority.key(), 0o600)?;
            folder::write(&certificate, authority.certificate(), 0o600)?;
            Ok(authority)
        }
    }
}
