//! Temporary folders that go away, also when the test binary is killed.

use std::path::{Path, PathBuf};

use super::process::Leash;

/// The servers in the folder are killed at the same moment; until they are, they may write into it once more.
const REMOVE: &str = r#"for try in 1 2 3 4 5; do rm -rf -- "$1"; sleep 1; [ -e "$1" ] || break; done"#;

/// Removed when dropped.
pub struct Folder {
    _leash: Leash,
    folder: tempfile::TempDir,
}

impl Folder {
    /// A new, empty folder whose name tells whose it is.
    pub fn new(owner: &str) -> Self {
        let folder = tempfile::Builder::new().prefix(&format!("comanda-{owner}-")).tempdir();
        let folder = folder.expect("the temporary folder can be written");
        Self { _leash: Leash::new(REMOVE, folder.path()), folder }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where a file or folder in it is.
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }
}
