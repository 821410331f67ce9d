//! Files and folders that only their owner can read, whatever the umask is.

use std::{
    ffi::OsStr,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// Of a file.
pub const FILE: u32 = 0o600;
/// Of a folder.
pub const FOLDER: u32 = 0o700;

/// Writes a file whole or not at all, also when the power fails.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let aside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE).open(&aside)?;
    file.set_permissions(Permissions::from_mode(FILE))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Takes away from others what they may do. Where that is not ours to decide, on a volume that a cluster owns, it is told.
pub fn tighten(path: &Path, mode: u32) {
    let Ok(found) = fs::metadata(path) else { return };
    if found.permissions().mode() & 0o777 & !mode == 0 {
        return;
    }
    if let Err(error) = fs::set_permissions(path, Permissions::from_mode(mode)) {
        tracing::warn!(path = %path.display(), %error, "others can read this, and that cannot be changed");
    }
}

/// The same for what releases before this one made in a data folder.
pub fn tighten_files(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let ours = name.contains(".db") || [".token", ".key"].iter().any(|end| name.ends_with(end)) || name == "lock";
        if ours && path.is_file() {
            tighten(&path, FILE);
        }
    }
    Ok(())
}
