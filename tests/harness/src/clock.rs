//! A clock that is wrong, for one process: libfaketime between it and the system. Its timers run as ever, because they
//! use the clock that nobody can set.

use std::{fs, path::PathBuf};

use super::{process::Leash, replica::Settings};

/// Where the library keeps what a process shares with its children. It removes that only at a clean exit.
const SHARED: &str = "/dev/shm";

/// Settings for a process whose clock is so many seconds ahead, or behind if negative.
pub fn wrong_clock(seconds: i64) -> Settings {
    vec![
        ("LD_PRELOAD", library().display().to_string()),
        ("FAKETIME", format!("{seconds:+}s")),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]
}

/// What the library leaves behind for a process, if it is there at all; removed when dropped. Our processes have no
/// children, so they need it only until they run.
pub struct Leftovers {
    pid: u32,
    _leash: Leash,
}

impl Leftovers {
    /// Of the process of this pid.
    pub fn of(pid: u32) -> Self {
        let remove = format!("rm -f -- {SHARED}/faketime_shm_\"$1\" {SHARED}/sem.faketime_sem_\"$1\"");
        Self { pid, _leash: Leash::new(&remove, pid.to_string()) }
    }
}

impl Drop for Leftovers {
    fn drop(&mut self) {
        for name in ["faketime_shm_", "sem.faketime_sem_"] {
            // Without the library there is none.
            let _ = fs::remove_file(format!("{SHARED}/{name}{}", self.pid));
        }
    }
}

/// Debian keeps it in a folder of the machine's architecture.
fn library() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let library =
        folders.map(|folder| folder.path().join("faketime/libfaketime.so.1")).find(|library| library.exists());
    library.expect("libfaketime is installed; `scripts/ensure-tools` installs it")
}
