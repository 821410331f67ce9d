//! `make bench`: how fast Comanda is, each figure beside the limit or a peer that is measured in the same run on the same
//! servers. Ratios count, absolute times are context. Builds nothing into the product.

mod arrival;
mod backlog;
mod bare;
mod browsers;
mod cost;
mod curve;
mod customers;
mod embedded;
mod fastify;
mod forwarding;
mod growth;
mod http1;
mod idle;
mod load;
mod menu;
mod nginx;
mod overload;
mod peer;
mod pgbench;
mod pipeline;
mod placing;
mod plot;
mod raw;
mod repeats;
mod report;
mod rest;
mod streams;
mod telemetry;
mod usage;
mod workload;

use mimalloc::MiMalloc;
use report::Row;
use std::{process::ExitCode, time::Duration};

/// More than there are parts, because each has a shop of its own.
const SHOPS: usize = 32;

/// The program's own, so that no peer is slower for its allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How long and how often to measure.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Pairs of measurements, ours and the other's in turn.
    pub pairs: usize,
    /// Of each measurement.
    pub time: Duration,
    /// A part that fills something fills less.
    pub quick: bool,
}

fn main() -> ExitCode {
    harness::use_program(env!("CARGO_BIN_EXE_comanda"));
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if let Some(file) = bare::asked(&arguments) {
        runtime.block_on(bare::serve(&file));
        return ExitCode::SUCCESS;
    }
    let quick = std::env::var("COMANDA_BENCH_QUICK").is_ok_and(|quick| !quick.is_empty());
    let effort = if quick {
        Effort { pairs: 3, time: Duration::from_secs(1), quick }
    } else {
        Effort { pairs: 9, time: Duration::from_secs(3), quick }
    };
    let only = std::env::var("COMANDA_BENCH_ONLY").unwrap_or_default();
    report::show(&runtime.block_on(measured(&only, effort)))
}

/// All rows, or those of the parts whose names hold this.
async fn measured(only: &str, effort: Effort) -> Vec<Row> {
    let servers = harness::Servers::with(SHOPS).await;
    let mut rows = Vec::new();
    /// Measures these parts, unless others were asked for.
    macro_rules! measure {
        ($($name:literal => $part:path),* $(,)?) => {
            $(if $name.contains(only) {
                eprintln!("measuring {}", $name);
                rows.extend($part(&servers, effort).await);
            })*
        };
    }
    measure! {
        "rest" => rest::rows,
        "cost" => cost::rows,
        "menu-hit" => menu::on_a_hit,
        "menu-redis" => menu::through_redis,
        "curve" => curve::rows,
        "overload" => overload::rows,
        "repeats" => repeats::rows,
        "streams" => streams::rows,
        "workload" => workload::rows,
        "placing" => placing::rows,
        "pipeline" => pipeline::rows,
        "backlog" => backlog::rows,
        "growth" => growth::rows,
        "embedded" => embedded::rows,
        "arrival" => arrival::rows,
        "gateway-nginx" => forwarding::beside_nginx,
        "gateway-web" => forwarding::by_grpc_web,
        "browsers" => browsers::rows,
        "telemetry" => telemetry::rows,
        "idle" => idle::rows,
    }
    rows
}
