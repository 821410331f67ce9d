//! A small file system of its own, in memory, that a test fills and frees. Only root may mount one.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use super::process::Leash;

/// What is written at a time, while there is room.
const CHUNKS: [usize; 2] = [1 << 20, 1 << 12];

/// One mounted file system; gone when dropped, with all that is in it.
pub struct SmallDisk {
    at: PathBuf,
    _leash: Leash,
}

impl SmallDisk {
    /// Whether we may have one.
    pub fn is_allowed() -> bool {
        // In a namespace of its own, so that nothing is left of it.
        let tried = Command::new("unshare").args(["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
        tried.is_ok_and(|tried| tried.status.success()) && mount_is_ours()
    }

    /// One of so many megabytes in a new folder of this path, which belongs to this user.
    pub fn mount(at: &Path, megabytes: u32, user: u32) -> Self {
        fs::create_dir(at).expect("the folder is ours");
        let leash = Leash::new(r#"umount --lazy -- "$1""#, at);
        let options = format!("size={megabytes}m,mode=0700,uid={user},gid={user}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).status();
        assert!(mounted.is_ok_and(|status| status.success()), "{} cannot be mounted", at.display());
        Self { at: at.to_owned(), _leash: leash }
    }

    /// Leaves no room.
    pub fn fill(&self) {
        let mut file = File::create(self.filler()).expect("an empty file takes no room");
        for chunk in CHUNKS {
            while file.write_all(&vec![0; chunk]).is_ok() {}
        }
    }

    /// Leaves room for so many megabytes.
    pub fn leave(&self, megabytes: u64) {
        self.fill();
        let file = File::options().write(true).open(self.filler()).expect("the filler is there");
        let length = file.metadata().expect("a length").len();
        file.set_len(length.saturating_sub(megabytes << 20)).expect("a file can be cut");
    }

    /// Gives the room back.
    pub fn free(&self) {
        let _ = fs::remove_file(self.filler());
    }

    fn filler(&self) -> PathBuf {
        self.at.join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Whoever still uses it keeps it; nobody else sees it any more.
        let _ = Command::new("umount").arg("--lazy").arg(&self.at).status();
    }
}

/// Root of a user namespace may mount what the processes that it starts do not see.
fn mount_is_ours() -> bool {
    fs::read_to_string("/proc/self/uid_map").is_ok_and(|map| map.split_whitespace().eq(["0", "0", "4294967295"]))
}
