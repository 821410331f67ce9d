//! Every write: the shop in a box loses each write, sync, truncation and removal once, to a disk that is full and stays so
//! until the answer is there, and to one that fails a single time.

use std::time::Duration;

use super::{
    report::{Part, Sweep, progress},
    series::{Series, Trap},
    witness::Witness,
};
use harness::{Disk, DiskError, Settings, Shop};

const TIMEOUT: Duration = Duration::from_secs(4);
/// Each with its log and its index.
const FILES: [&str; 3] = ["catalog.db", "orders.db", "kitchen.db"];
/// Of those that `make test` plays, one in so many.
const STRIDE: u64 = 12;
/// A fault after which the shop is no longer what it was may have many faces.
const ENOUGH: usize = 3;

struct Broken<'a> {
    disk: &'a Disk,
    files: &'static str,
    error: DiskError,
}

impl Trap for Broken<'_> {
    fn set(&self, place: u64) {
        self.disk.fail(self.files, place, self.error, self.error == DiskError::Full);
    }

    fn sprung(&self) -> Option<String> {
        self.disk.failed().map(|what| format!("{what} {:?}", self.error))
    }

    fn lasts(&self) -> Duration {
        Duration::ZERO
    }

    fn heal(&self) {
        self.disk.heal();
    }
}

pub async fn sweep(part: Part) -> Result<(), String> {
    let kinds = FILES.iter().flat_map(|files| [(*files, DiskError::Full), (*files, DiskError::Broken)]);
    let all = kinds.flat_map(|(files, error)| {
        let shares = part.of(STRIDE, files.len() as u64 + error as u64);
        shares.into_iter().map(move |share| series(share, files, error))
    });
    Sweep::of("writes", futures_util::future::join_all(all).await).report(part)
}

/// In a shop of its own, and in another one when that is spoilt.
async fn series(share: (u64, u64), files: &'static str, error: DiskError) -> (Series, Vec<String>) {
    let mut series = Series::new(format!("{files} {error:?}"), share, TIMEOUT);
    let mut wrong = Vec::new();
    while wrong.len() < ENOUGH {
        let disk = Disk::that_works();
        let mut settings = Settings::from([("COMANDA_AUDIT_AFTER_SECONDS", "600".to_owned())]);
        settings.extend(disk.settings());
        let shop = Shop::embedded_with(settings).await;
        let witness = Witness::of(&shop, &format!("writes-{files}-{error:?}-{}", share.0)).await;
        match series.play(&shop, &witness, &Broken { disk: &disk, files, error }).await {
            Ok(()) => break,
            Err(why) => wrong.push(why),
        }
    }
    eprintln!("{}", progress(&series, &wrong));
    (series, wrong)
}
