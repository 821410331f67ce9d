//! Whether the data folder is still there. A process goes on writing into files that were removed or moved, and to the
//! one who removed them nothing seems wrong until it ends.

use super::manifest;
use crate::Failure;
use std::{
    collections::BTreeMap,
    fs::{self, File, Metadata},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::sleep;

const INTERVAL: Duration = Duration::from_secs(1);
const DATABASE: &str = ".db";

/// Which file or folder something is, whatever its name.
type Identity = (u64, u64);

/// Comes back when the folder, or a database that is in it now, is no longer where it is; another listed file that is
/// missing is only told.
pub async fn until_gone(path: &Path, folder: &File) -> Failure {
    let Ok(whole) = folder.metadata().map(|found| identity(&found)) else { return std::future::pending().await };
    let mut files = BTreeMap::new();
    for name in manifest::listed(path).unwrap_or_default() {
        if let Ok(found) = fs::metadata(path.join(&name)) {
            files.insert(name, identity(&found));
        }
    }
    loop {
        sleep(INTERVAL).await;
        let (at, known) = (path.to_owned(), files.clone());
        // A disk that hangs must not stop those who ask nothing of it.
        let looked = tokio::task::spawn_blocking(move || first_gone(&at, whole, &known)).await;
        let Ok(Some((gone, name))) = looked else { continue };
        if name.is_some_and(|name| !name.ends_with(DATABASE) && files.remove(&name).is_some()) {
            tracing::error!(gone = %gone.display(), "a file of the data folder is missing; the next start will need it");
            continue;
        }
        tracing::error!(gone = %gone.display(), "the data is not where it was; stopping at once");
        return format!(
            "COMANDA_DATA_DIR: {} was removed, moved or replaced while the shop was open; it has stopped, because orders \
             would be lost",
            gone.display()
        ).into();
    }
}

/// The folder, or a file of it with its name.
fn first_gone(path: &Path, whole: Identity, files: &BTreeMap<String, Identity>) -> Option<(PathBuf, Option<String>)> {
    if is_another(path, whole) {
        return Some((path.to_owned(), None));
    }
    let mut databases_first = Vec::from_iter(files);
    databases_first.sort_by_key(|(name, _)| !name.ends_with(DATABASE));
    let gone = databases_first.into_iter().find(|(name, known)| is_another(&path.join(name), **known));
    gone.map(|(name, _)| (path.join(name), Some(name.clone())))
}

/// Whether something else is there now, or nothing. What cannot be looked at is not gone.
fn is_another(path: &Path, known: Identity) -> bool {
    match fs::metadata(path) {
        Ok(found) => identity(&found) != known,
        Err(error) => matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
    }
}

fn identity(found: &Metadata) -> Identity {
    (found.dev(), found.ino())
}
