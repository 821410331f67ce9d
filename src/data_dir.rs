//! The data folder: made when missing, used by one process at a time, for the owner's eyes only, and whole. What it
//! holds is listed in it ([`manifest`]), so that a file which is gone is an error and never begins anew in silence.

pub mod manifest;
mod private;
mod watch;

pub use private::write;

use crate::{Failure, config::DatabaseConfig};
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// The lock of the releases that knew no other.
const LOCK: &str = "lock";

/// Holds the folder for as long as it lives; the system lets go of it when the process dies, however it dies.
#[must_use]
pub struct DataDir {
    path: PathBuf,
    folder: File,
    _lock: File,
}

impl DataDir {
    /// Takes the folder. `new_shop` sets aside what is left of a shop of which something is missing.
    pub fn open(path: &Path, new_shop: bool) -> Result<Self, Failure> {
        let cannot = |error: io::Error| format!("COMANDA_DATA_DIR: cannot use {}: {error}", path.display());
        DirBuilder::new().recursive(true).mode(private::FOLDER).create(path).map_err(cannot)?;
        private::tighten(path, private::FOLDER);
        // The folder itself is locked: it cannot be removed and made again under the process that uses it.
        let folder = File::open(path).map_err(cannot)?;
        locked(&folder, path)?;
        let lock =
            OpenOptions::new().write(true).create(true).truncate(false).mode(private::FILE).open(path.join(LOCK));
        let lock = lock.map_err(cannot)?;
        locked(&lock, path)?;
        if new_shop {
            manifest::begin_anew(path)?;
        }
        manifest::adopt(path)?;
        private::tighten_files(path).map_err(cannot)?;
        Ok(Self { path: path.to_owned(), folder, _lock: lock })
    }

    /// Does this work for as long as the folder and the databases in it are where they were; then the work ends at once,
    /// because what it writes from then on is lost.
    pub async fn while_there(self, work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
        tokio::select! {
            outcome = work => outcome,
            gone = watch::until_gone(&self.path, &self.folder) => Err(gone),
        }
    }
}

/// The same for a role that may have no data folder.
pub async fn while_there(
    data: Option<DataDir>,
    work: impl Future<Output = Result<(), Failure>>,
) -> Result<(), Failure> {
    match data {
        Some(data) => data.while_there(work).await,
        None => work.await,
    }
}

fn locked(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            Err(format!("COMANDA_DATA_DIR: {} is in use by another comanda process", path.display()).into())
        }
        Err(TryLockError::Error(error)) => {
            Err(format!("COMANDA_DATA_DIR: {} cannot be locked for this process: {error}", path.display()).into())
        }
    }
}

/// The name of a database in the data folder; `None` when it is elsewhere.
fn name_inside(database: &DatabaseConfig) -> Option<String> {
    let file = database.file()?;
    let inside = file.parent() == Some(database.data_dir.as_path());
    file.file_name().filter(|_| inside).map(|name| name.to_string_lossy().into_owned())
}

/// Refuses a database of the data folder that was there and is not.
pub fn require(database: &DatabaseConfig) -> Result<(), Failure> {
    name_inside(database).map_or(Ok(()), |name| manifest::require(&database.data_dir, &name))
}

/// Before a database is made or upgraded: a new one is the owner's only, as is then what SQLite keeps beside it.
pub fn prepare(database: &DatabaseConfig) -> Result<(), Failure> {
    let Some(name) = name_inside(database) else { return Ok(()) };
    manifest::require(&database.data_dir, &name)?;
    let file = database.data_dir.join(name);
    let made = OpenOptions::new().append(true).create(true).mode(private::FILE).open(&file);
    let cannot = |error| format!("COMANDA_DATA_DIR: cannot make {}: {error}", file.display());
    Ok(made.map(drop).map_err(cannot)?)
}

/// Lists a database that is there now.
pub fn list(database: &DatabaseConfig) -> Result<(), Failure> {
    name_inside(database).map_or(Ok(()), |name| manifest::add(&database.data_dir, &name))
}

/// An empty file that only the owner can read, for a copy that is made next; `None` when there is one of that name.
pub fn reserve(file: &Path) -> io::Result<Option<()>> {
    match OpenOptions::new().write(true).create_new(true).mode(private::FILE).open(file) {
        Ok(_) => Ok(Some(())),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a file is there and holds something.
fn is_there(file: &Path) -> io::Result<bool> {
    match fs::metadata(file) {
        Ok(found) => Ok(found.len() > 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
