//! The files of a set, put in place so that whoever reads them at that moment finds the old or the new, and never a
//! certificate with another one's key.

use crate::Failure;
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, symlink},
    path::Path,
    time::SystemTime,
};

/// Whether nothing is in the folder; makes it when missing.
pub fn is_new(folder: &Path) -> Result<bool, Failure> {
    fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
    let mut entries = fs::read_dir(folder).map_err(|error| cannot(folder, &error))?;
    Ok(entries.next().is_none())
}

/// The text of a file.
pub fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display())).map_err(Failure::from)
}

/// Writes one file that is not there yet, whole or not at all.
pub fn write(path: &Path, text: &str, mode: u32) -> Result<(), Failure> {
    let aside = path.with_extension("new");
    let written = write_now(&aside, text, mode).and_then(|()| fs::rename(&aside, path));
    written.map_err(|error| cannot(path, &error))
}

/// Replaces all files of a folder, given by name, text and mode, at once: the names are links by way of one link,
/// `..data`, which is exchanged last. Kubernetes updates a mounted secret in the same manner.
pub fn replace(folder: &Path, files: &[(&str, String, u32)]) -> Result<(), Failure> {
    exchange(folder, files).map_err(|error| cannot(folder, &error))
}

fn exchange(folder: &Path, files: &[(&str, String, u32)]) -> io::Result<()> {
    let since_1970 = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let version = format!("..{}", since_1970.as_nanos());
    fs::create_dir_all(folder)?;
    DirBuilder::new().mode(0o755).create(folder.join(&version))?;
    for (name, text, mode) in files {
        write_now(&folder.join(&version).join(name), text, *mode)?;
    }
    link(&version, &folder.join("..data"))?;
    for (name, ..) in files {
        link(&format!("..data/{name}"), &folder.join(name))?;
    }
    File::open(folder)?.sync_all()?;
    remove_others(folder, &version)
}

/// Old versions, and what a run that was cut off has left.
fn remove_others(folder: &Path, version: &str) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let old = entry.file_name().to_string_lossy().starts_with("..") && entry.file_name() != version;
        if old && entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

fn link(target: &str, at: &Path) -> io::Result<()> {
    let aside = at.with_file_name("..new");
    match fs::remove_file(&aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => symlink(target, &aside)?,
    }
    fs::rename(&aside, at)
}

fn write_now(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn cannot(path: &Path, error: &io::Error) -> Failure {
    format!("cannot write {}: {error}", path.display()).into()
}
