//! `make bench`: how fast Comanda is, each figure beside the limit or a peer that is measured in the same run on the same
//! servers. Ratios count, absolute times are context. Builds nothing into the product.

mod bare;
#[allow(dead_code, unused_imports, unused_macros)]
#[path = "../../tests/it/harness/mod.rs"]
mod harness;
mod load;
mod menu;
mod report;
mod usage;

use std::{process::ExitCode, time::Duration};

/// How long and how often to measure.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Pairs of measurements, ours and the other's in turn.
    pub pairs: usize,
    /// Of each measurement.
    pub time: Duration,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if let Some(file) = bare::asked(&arguments) {
        runtime.block_on(bare::serve(&file));
        return ExitCode::SUCCESS;
    }
    let quick = std::env::var("COMANDA_BENCH_QUICK").is_ok_and(|quick| !quick.is_empty());
    let effort = if quick {
        Effort { pairs: 5, time: Duration::from_secs(1) }
    } else {
        Effort { pairs: 9, time: Duration::from_secs(3) }
    };
    let rows = runtime.block_on(async {
        let servers = harness::Servers::private().await;
        let mut rows = menu::on_a_hit(&servers, effort).await;
        rows.extend(menu::through_redis(&servers, effort).await);
        rows
    });
    report::show(&rows)
}
