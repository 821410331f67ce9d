//! The composition root: reads the settings, builds the links between the parts, and starts and stops the roles. No
//! business of its own.

mod all_in_one;
mod commands;
mod data_dir;
mod dead;
mod descriptors;
mod dev_certs;
mod doctor;
mod menu;
mod run_role;
mod schema;
mod secrets;
mod settings;
mod wiring;

use clap::Parser;
use comanda_telemetry::setup::Telemetry;
use mimalloc::MiMalloc;
use settings::{Role, Settings};
use std::{future::Future, process::ExitCode};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A sixth of all processor time went to the C library's; docs/performance.md has what this one gave.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Why the program stops: one sentence for the person who started it.
type Failure = String;

#[tokio::main]
async fn main() -> ExitCode {
    // Fails only if there is one already, which then is the same: only one is compiled in.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let command = settings::Command::parse();
    let (role, settings) = (command.role.unwrap_or(Role::All), command.settings);
    match run(role, command.new_shop, &settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("comanda: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(role: Role, new_shop: bool, settings: &Settings) -> Result<(), Failure> {
    if new_shop && role != Role::All {
        return Err("--new-shop is for a shop in a box, without a role".into());
    }
    let (json, otlp_endpoint) = (settings.json_logs()?, settings.otlp_endpoint()?);
    let filter = if role.serves() { &settings.log } else { "warn" };
    let telemetry = Telemetry { role: role.name(), filter, json, otlp_endpoint };
    let flush = telemetry.start()?;
    if role.serves() {
        descriptors::raise();
    }
    let shutdown = CancellationToken::new();
    // In boxes: a role is a future of a mebibyte or two, and each that passes it on by value keeps room for it.
    let outcome = match role {
        Role::Migrate { sample_menu } => schema::migrate(settings, sample_menu).await,
        Role::Dead(asked) => dead::run(settings, &asked).await,
        Role::Doctor(asked) => doctor::run(settings, &asked).await,
        Role::Menu(asked) => menu::run(settings, &asked).await,
        Role::DevCerts(asked) => dev_certs::run(&asked),
        Role::All => until_stopped(Box::pin(all_in_one::run(settings, new_shop, shutdown.clone())), shutdown).await,
        Role::Catalog => until_stopped(Box::pin(run_role::catalog(settings, shutdown.clone())), shutdown).await,
        Role::Orders => until_stopped(Box::pin(run_role::orders(settings, shutdown.clone())), shutdown).await,
        Role::Kitchen => until_stopped(Box::pin(run_role::kitchen(settings, shutdown.clone())), shutdown).await,
        Role::Gateway => until_stopped(Box::pin(run_role::gateway(settings, shutdown.clone())), shutdown).await,
    };
    flush.flush().await;
    outcome
}

/// The first SIGTERM or Ctrl-C lets open calls finish; the second ends at once.
async fn until_stopped(
    work: impl Future<Output = Result<(), Failure>>,
    shutdown: CancellationToken,
) -> Result<(), Failure> {
    let signals = |kind| signal(kind).map_err(|error| format!("cannot listen for signals: {error}"));
    let (mut terminate, mut interrupt) = (signals(SignalKind::terminate())?, signals(SignalKind::interrupt())?);
    tokio::pin!(work);
    loop {
        tokio::select! {
            outcome = &mut work => return outcome,
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        if shutdown.is_cancelled() {
            return Err("stopped at once, on the second signal".into());
        }
        tracing::info!("stopping; open calls may finish");
        shutdown.cancel();
    }
}
