//! The room that is left on the disk of embedded databases. Below a limit nothing new is taken on, so that what is
//! under way can be finished: a full disk stops everything.

use comanda_context::error::ApiError;
use comanda_context::periodic::every;
use comanda_telemetry::{
    health::Health,
    status::v1::{Disk as Shown, DiskState},
};
use std::{
    convert::Infallible,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tonic::Code;

const POLL_INTERVAL: Duration = Duration::from_secs(1);
const RETRY_AFTER: Duration = Duration::from_secs(30);
/// Bytes below which somebody should make room.
const LOW: u64 = 1024 * 1024 * 1024;
/// Bytes below which nothing new is taken on: three databases with their logs need a few megabytes each.
const FULL: u64 = 64 * 1024 * 1024;

/// Whether there is room. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    full: Arc<AtomicBool>,
}

impl Disk {
    /// Passes while there is room for something new.
    ///
    /// # Errors
    /// UNAVAILABLE DISK_FULL.
    pub fn check(&self) -> Result<(), ApiError> {
        if self.full.load(Ordering::Relaxed) { Err(full()) } else { Ok(()) }
    }

    /// Looks at the disk of a folder for as long as it is polled, and tells the status.
    pub async fn follow(self, folder: PathBuf, health: Health) -> Infallible {
        let mut looks = every(POLL_INTERVAL);
        let mut before = DiskState::Enough;
        loop {
            looks.tick().await;
            let Ok(shown) = look(&folder) else { continue };
            let state = shown.state();
            self.full.store(state == DiskState::Full, Ordering::Relaxed);
            if state != before {
                tell(state, shown.free_bytes, &folder);
            }
            before = state;
            health.show_disk(shown);
        }
    }
}

fn tell(state: DiskState, free_bytes: u64, folder: &Path) {
    let folder = folder.display();
    match state {
        DiskState::Full => tracing::error!(%folder, free_bytes, "the disk is full; no new orders are taken"),
        DiskState::Low => tracing::warn!(%folder, free_bytes, "the disk is nearly full"),
        DiskState::Enough | DiskState::Unspecified => tracing::info!(%folder, free_bytes, "the disk has room again"),
    }
}

fn look(folder: &Path) -> io::Result<Shown> {
    let disk = rustix::fs::statvfs(folder)?;
    let (free_bytes, total_bytes) = (disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize);
    Ok(Shown { free_bytes, total_bytes, state: judged(free_bytes, total_bytes).into() })
}

/// On a small disk the limits are parts of the whole.
fn judged(free: u64, total: u64) -> DiskState {
    match free {
        free if free < FULL.min(total / 5) => DiskState::Full,
        free if free < LOW.min(total / 3) => DiskState::Low,
        _ => DiskState::Enough,
    }
}

fn full() -> ApiError {
    ApiError::new(
        Code::Unavailable,
        "DISK_FULL",
        "the shop's disk is full; please order at the counter",
        "o disco da loja está cheio; por favor, peça no balcão",
    )
    .retry_after(RETRY_AFTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_disk_is_judged_by_bytes_and_a_small_one_by_parts() {
        let (mb, gb) = (1024 * 1024, 1024 * 1024 * 1024);
        assert_eq!(judged(2 * gb, 100 * gb), DiskState::Enough);
        assert_eq!(judged(gb - 1, 100 * gb), DiskState::Low);
        assert_eq!(judged(64 * mb - 1, 100 * gb), DiskState::Full);
        assert_eq!(judged(9 * mb, 24 * mb), DiskState::Enough);
        assert_eq!(judged(7 * mb, 24 * mb), DiskState::Low);
        assert_eq!(judged(4 * mb, 24 * mb), DiskState::Full);
    }

    #[test]
    fn a_folder_has_a_disk() {
        let shown = look(&std::env::temp_dir()).expect("an answer");
        assert!(shown.total_bytes >= shown.free_bytes && shown.total_bytes > 0, "{shown:?}");
    }
}
