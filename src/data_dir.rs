//! The data folder: made when missing, and used by one process at a time.

use crate::Failure;
use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

/// Holds the lock for as long as it lives; the system lets go of it when the process dies, however it dies.
#[must_use]
pub struct DataDir {
    _lock: File,
}

impl DataDir {
    /// Takes the folder.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let cannot = |error| format!("COMANDA_DATA_DIR: cannot use {}: {error}", path.display());
        fs::create_dir_all(path).map_err(cannot)?;
        let lock = File::create(path.join("lock")).map_err(cannot)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                Err(format!("COMANDA_DATA_DIR: {} is in use by another comanda process", path.display()))
            }
            Err(TryLockError::Error(error)) => Err(cannot(error)),
        }
    }
}
