//! The list of what a data folder holds. A file that is listed and missing, or empty, is an error that names it: whoever
//! forgot to mount a disk, or lost a file, must hear of it before the first order. One that is not listed is made, and
//! listed once it is there. A folder of a release that kept no list is taken as it is found.

use super::{is_there, private};
use crate::Failure;
use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::Path,
};

const MANIFEST: &str = "manifest";
const HEAD: &str =
    "# What this data folder holds. One of these files that is missing is an error; docs/operations.md says more.\n";
/// What releases without a list may have made.
const KNOWN: [&str; 7] =
    ["catalog.db", "orders.db", "kitchen.db", "identity.db", "identity.key", "service.token", "token.key"];
/// Where what is left of a shop goes when another begins.
const SET_ASIDE: &str = "set-aside-";

/// Refuses when this file was there and is not.
pub fn require(folder: &Path, name: &str) -> Result<(), Failure> {
    let there = is_there(&folder.join(name)).map_err(|error| cannot(folder, &error))?;
    if there || !listed(folder)?.contains(name) {
        return Ok(());
    }
    Err(format!(
        "COMANDA_DATA_DIR: {} is missing or empty, though this shop had it: put it back from a copy (is the disk \
         mounted?), or begin anew with `comanda --new-shop`, which sets aside what is left",
        folder.join(name).display()
    )
    .into())
}

/// Lists a file that is there now.
pub fn add(folder: &Path, name: &str) -> Result<(), Failure> {
    let mut names = listed(folder)?;
    if names.insert(name.to_owned()) { write(folder, &names) } else { Ok(()) }
}

/// Lists what is there and ours.
pub fn adopt(folder: &Path) -> Result<(), Failure> {
    let mut names = listed(folder)?;
    let before = names.len();
    for name in KNOWN {
        if is_there(&folder.join(name)).map_err(|error| cannot(folder, &error))? {
            names.insert(name.to_owned());
        }
    }
    if names.len() > before { write(folder, &names) } else { Ok(()) }
}

/// Sets aside all that is left of a shop of which something is missing. One that is whole goes on: the flag may have been
/// forgotten in a start script, and nobody's shop begins anew with every start.
pub fn begin_anew(folder: &Path) -> Result<(), Failure> {
    let mut missing = false;
    for name in listed(folder)? {
        missing |= !is_there(&folder.join(name)).map_err(|error| cannot(folder, &error))?;
    }
    if !missing {
        tracing::warn!(
            folder = %folder.display(),
            "--new-shop: nothing is missing here, so nothing begins anew; to leave a whole shop, name another data folder"
        );
        return Ok(());
    }
    let aside = set_aside(folder).map_err(|error| cannot(folder, &error))?;
    tracing::warn!(aside, "--new-shop: what was left is set aside, and a new shop begins");
    Ok(())
}

fn set_aside(folder: &Path) -> io::Result<String> {
    let free = |aside: &String| !folder.join(aside).exists();
    let aside = (1..).map(|number: u32| format!("{SET_ASIDE}{number}")).find(free).unwrap_or_default();
    DirBuilder::new().mode(private::FOLDER).create(folder.join(&aside))?;
    let files =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect::<Result<Vec<_>, _>>()?;
    // The list last: until it is gone, what is missing is still an error.
    for name in files.into_iter().filter(|name| *name != MANIFEST && *name != super::LOCK) {
        let file = folder.join(&name);
        if file.is_file() {
            fs::rename(&file, folder.join(&aside).join(name))?;
        }
    }
    fs::rename(folder.join(MANIFEST), folder.join(&aside).join(MANIFEST))?;
    Ok(aside)
}

/// What is listed.
pub fn listed(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    match fs::read_to_string(folder.join(MANIFEST)) {
        Ok(text) => Ok(text.lines().map(str::trim).filter(|line| is_name(line)).map(str::to_owned).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(cannot(folder, &error)),
    }
}

fn is_name(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

fn write(folder: &Path, names: &BTreeSet<String>) -> Result<(), Failure> {
    let lines = names.iter().map(|name| format!("{name}\n")).collect::<String>();
    private::write(&folder.join(MANIFEST), format!("{HEAD}{lines}").as_bytes()).map_err(|error| cannot(folder, &error))
}

fn cannot(folder: &Path, error: &io::Error) -> Failure {
    format!("COMANDA_DATA_DIR: cannot use {}: {error}", folder.display()).into()
}
