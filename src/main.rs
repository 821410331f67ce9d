//! The composition root: reads the configuration, wires the parts, and starts and stops the roles. No business of its own.

mod all_in_one;
mod certificates;
mod cli;
mod config;
mod data_dir;
mod dead;
mod descriptors;
mod dev_certs;
mod doctor;
mod failure;
mod lan;
mod menu;
mod migrator;
mod privacy;
mod revocations;
mod run_role;
mod running_shop;
mod schema;
mod secrets;
mod staff;
mod welcome;
mod wiring;

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use cli::{Cli, Command};
use comanda_telemetry::setup::Telemetry;
use config::TelemetryConfig;
use failure::Failure;
use mimalloc::MiMalloc;
use std::{
    future::Future,
    io::{Write, stdout},
    process::ExitCode,
};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A sixth of all CPU time went to the C library's malloc: docs/decisions/allocator.md.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    // Fails only if there is one already, which then is the same: only one is compiled in.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match run(cli, &matches).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("comanda: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli, matches: &ArgMatches) -> Result<(), Failure> {
    let (command, flags) = (cli.command.unwrap_or(Command::All), &cli.flags);
    if cli.new_shop && command != Command::All {
        return Err("--new-shop is for a shop in a box, without a role".into());
    }
    let TelemetryConfig { filter, json, otlp_endpoint } = flags.telemetry()?;
    let filter = if command.serves() { filter.as_str() } else { "warn" };
    let telemetry = Telemetry { role: command.name(), filter, json, otlp_endpoint: otlp_endpoint.as_deref() };
    let flush = telemetry.start().map_err(|error| error.to_string())?;
    if command.serves() {
        descriptors::raise();
    }
    let shutdown = CancellationToken::new();
    let stop = || shutdown.clone();
    // In boxes: a role is a future of a mebibyte or two, and each that passes it on by value keeps room for it.
    let outcome = match command {
        Command::Migrate { sample_menu } => schema::migrate(&flags.databases()?, sample_menu).await,
        Command::Dead(asked) => dead::run(flags, &asked).await,
        Command::Doctor(asked) => doctor::run(&flags.client()?, &asked).await,
        Command::Menu(asked) => menu::run(flags, &asked).await,
        Command::Staff(asked) => staff::run(flags, &asked).await,
        Command::Privacy(asked) => privacy::run(flags, &asked).await,
        Command::IdentityKeys { folder, rotate } => staff::keys(&folder, rotate),
        Command::DevCerts(asked) => dev_certs::run(&asked),
        Command::Config { reference } => show_config(matches, reference),
        Command::All => until_stopped(Box::pin(all_in_one::run(flags.all()?, cli.new_shop, stop())), stop()).await,
        Command::Catalog => until_stopped(Box::pin(run_role::catalog(flags.catalog()?, stop())), stop()).await,
        Command::Orders => until_stopped(Box::pin(run_role::orders(flags.orders()?, stop())), stop()).await,
        Command::Kitchen => until_stopped(Box::pin(run_role::kitchen(flags.kitchen()?, stop())), stop()).await,
        Command::Identity => until_stopped(Box::pin(run_role::identity(flags.identity()?, stop())), stop()).await,
        Command::Gateway => until_stopped(Box::pin(run_role::gateway(flags.gateway()?, stop())), stop()).await,
    };
    flush.flush().await;
    outcome
}

/// `comanda config`.
fn show_config(matches: &ArgMatches, reference: bool) -> Result<(), Failure> {
    let text = if reference { config::reference() } else { config::in_force(matches) + "\n" };
    Ok(stdout().write_all(text.as_bytes()).map_err(|error| format!("cannot write: {error}"))?)
}

/// The first SIGTERM or Ctrl-C lets open calls finish; the second ends at once.
async fn until_stopped(
    work: impl Future<Output = Result<(), Failure>>,
    shutdown: CancellationToken,
) -> Result<(), Failure> {
    let signals = |kind| signal(kind).map_err(|error| Failure::from(format!("cannot listen for signals: {error}")));
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
