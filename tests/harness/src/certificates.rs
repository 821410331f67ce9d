//! Certificates as `comanda dev-certs` makes them, and how a server comes by its own.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::{OpenOptionsExt, chown},
    path::{Path, PathBuf},
};

use super::{clock::wrong_clock, folder::Folder, replica::run};

/// What a server that was given certificates keeps them in, below its own folder.
pub const SHOWN: &str = "tls";
/// Longer than a certificate is valid.
const LONG_AGO: i64 = -100 * 24 * 60 * 60;

/// One CA and all that it has signed; removed when dropped.
pub struct Certificates {
    folder: Folder,
}

impl Certificates {
    /// A set with a new CA.
    pub async fn new() -> Self {
        let made = Self { folder: Folder::new("certificates") };
        made.renew().await;
        made
    }

    /// New certificates for all, by the same CA.
    pub async fn renew(&self) {
        self.make(0).await;
    }

    /// The same, but their time has run out.
    pub async fn renew_long_ago(&self) {
        self.make(LONG_AGO).await;
    }

    /// The CA's certificate.
    pub fn ca_file(&self) -> PathBuf {
        self.set().join("ca.crt")
    }

    /// Gives a server, whose folder this is and who runs as this user, its certificate and key as they are now.
    pub fn give(&self, server: &Folder, user: Option<u32>) {
        let shown = server.join(SHOWN);
        fs::create_dir_all(&shown).expect("the folder is ours");
        for file in ["tls.crt", "tls.key", "ca.crt"] {
            let text = fs::read(self.set().join("servers").join(file)).expect("the set has it");
            let path = shown.join(file);
            let _ = fs::remove_file(&path);
            // Postgres refuses a key that others could read.
            let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
            opened.and_then(|mut file| file.write_all(&text)).expect("the folder is ours");
            chown(&path, user, user).expect("root may give a file away, and others give none");
        }
    }

    async fn make(&self, seconds_ahead: i64) {
        let clock = if seconds_ahead == 0 { Vec::new() } else { wrong_clock(seconds_ahead) };
        let made = run(&["dev-certs", &self.set().display().to_string()], clock).await;
        assert!(made.status.success(), "comanda dev-certs has failed:\n{}", made.log);
    }

    /// Where they lie, a folder for each role.
    pub fn set(&self) -> PathBuf {
        self.folder.join("set")
    }
}

/// Where a server finds what [`Certificates::give`] gave it; nowhere if nothing was given.
pub fn shown(server: &Folder, file: &str) -> Option<String> {
    let path: PathBuf = server.join(Path::new(SHOWN).join(file));
    path.exists().then(|| path.display().to_string())
}
