//! The one place that starts and stops servers and processes of Comanda. Tests and benches only ask it for them.
//!
//! A program that uses it says first where `comanda` lies: [`use_program`].

#![allow(missing_docs)] // of fields and variants whose names say it

mod certificates;
mod clock;
mod disk;
mod eventually;
mod folder;
mod hops;
mod mesh;
mod pgbouncer;
mod port;
mod postgres;
mod process;
mod proxy;
mod rabbitmq;
mod redis;
mod replica;
pub mod rest;
mod servers;
mod shape;
mod shop;
mod small_disk;

use std::{path::Path, sync::OnceLock, time::Duration};

use libtest_mimic::Trial;

pub use certificates::Certificates;
pub use clock::wrong_clock;
pub use disk::{Disk, DiskError};
pub use eventually::{eventually, settled, within, worked_off};
pub use folder::Folder;
pub use hops::Hops;
pub use pgbouncer::PgBouncer;
pub use port::Port;
pub use postgres::{Postgres, connect};
pub use process::{Process, command, still_running};
pub use proxy::{Direction, Instead, Mode, Proxy};
pub use rabbitmq::{cluster::RabbitCluster, queues};
pub use redis::Redis;
pub use replica::{Finished, Replica, Settings, run, with_token};
pub use rest::Reply;
pub use servers::Servers;
pub use shape::{Shape, on_each_shape};
pub use shop::{Role, Shop};
pub use small_disk::SmallDisk;

static PROGRAM: OnceLock<&'static str> = OnceLock::new();

/// Says where `comanda` lies: cargo tells only the tests and benches of its own package.
pub fn use_program(path: &'static str) {
    PROGRAM.get_or_init(|| path);
}

/// The `comanda` that is tried.
pub fn program() -> &'static Path {
    Path::new(PROGRAM.get().expect("main calls `use_program` first"))
}

/// A test that hangs is a failure, not a stuck build. Far above what any test needs, even on a busy machine.
const LONGEST_TEST: Duration = Duration::from_secs(600);

/// Lists tests, each an async function without arguments, for the runner: `trials![places_an_order, cancels_it]`.
#[macro_export]
macro_rules! trials {
    ($($test:ident),* $(,)?) => {
        vec![$($crate::trial(concat!(module_path!(), "::", stringify!($test)), $test)),*]
    };
}

/// Makes a test of an async function. Each gets a runtime of its own, so that nothing of it outlives it.
pub fn trial<F>(path: &str, test: fn() -> F) -> Trial
where
    F: Future<Output = ()> + 'static,
{
    let name = path.trim_start_matches("it::").to_owned();
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime
            .block_on(async { tokio::time::timeout(LONGEST_TEST, test()).await })
            .map_err(|_| format!("still not done after {LONGEST_TEST:?}").into())
    })
}
