//! A disk that fails at a chosen moment, for one process: a library between it and the system, compiled when it is first
//! needed, lets a write, a sync, a truncation, a removal or a renaming in the process's data folder fail.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::OnceLock,
};

use super::{folder::Folder, program, replica::Settings};

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/disk.c");
/// Places in the file that is shared with the library: `struct control` in its source.
const ARMED: u64 = 0;
const FAILED: u64 = 40;
const FILES: u64 = 48;
const FIRST: u64 = FILES + 64;
const LENGTH: u64 = 4096;

/// What a failing disk says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskError {
    /// ENOSPC: it is full.
    Full,
    /// EIO: it is broken.
    Broken,
}

/// The disk under a process that was started with [`Disk::settings`].
pub struct Disk {
    control: File,
    folder: Folder,
}

impl Disk {
    /// One that works.
    pub fn that_works() -> Self {
        let folder = Folder::new("disk");
        let control = File::options().read(true).write(true).create_new(true).open(folder.join("control"));
        let control = control.expect("the folder is ours");
        control.set_len(LENGTH).expect("the disk of the tests is not full");
        Self { control, folder }
    }

    /// What a process must be started with to stand on it.
    pub fn settings(&self) -> Settings {
        vec![
            ("LD_PRELOAD", library().display().to_string()),
            ("FAILING_DISK", self.folder.join("control").display().to_string()),
        ]
    }

    /// From now on the calls that write count, of files whose names begin so, and the one of this number, from 1, fails;
    /// with `lasting`, so do all that come after it.
    pub fn fail(&self, files: &str, place: u64, error: DiskError, lasting: bool) {
        self.heal();
        let errno: u64 = if error == DiskError::Full { 28 } else { 5 };
        let numbers = [0, place, errno, u64::from(lasting), 0, 0];
        let mut control = numbers.map(u64::to_ne_bytes).concat();
        control.extend(files.bytes());
        control.resize(FIRST as usize + 128, 0);
        self.write(ARMED, &control);
        self.write(ARMED, &1_u64.to_ne_bytes());
    }

    /// It works again.
    pub fn heal(&self) {
        self.write(ARMED, &0_u64.to_ne_bytes());
    }

    /// Which call has failed first, and on which file; none while it was not reached.
    pub fn failed(&self) -> Option<String> {
        let mut bytes = [0; 128];
        self.control.read_exact_at(&mut bytes[..8], FAILED).expect("it can be read");
        if bytes[..8] == [0; 8] {
            return None;
        }
        self.control.read_exact_at(&mut bytes, FIRST).expect("it can be read");
        let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        Some(String::from_utf8_lossy(text).into_owned())
    }

    fn write(&self, at: u64, bytes: &[u8]) {
        self.control.write_all_at(bytes, at).expect("it can be written");
    }
}

/// Compiled once for each run.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let built = program().with_file_name("failing-disk.so");
        // Another run may be using the old one.
        let new = built.with_extension(process::id().to_string());
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"]).arg(&new).args([SOURCE, "-ldl"]);
        let compiled = cc.status().expect("a C compiler is installed; `scripts/ensure-tools` installs it");
        assert!(compiled.success(), "{SOURCE} does not compile");
        fs::rename(&new, &built).expect("target can be written");
        built
    })
}
