//! The whole system from outside: real processes, real servers, real sockets.
//!
//! One binary, so that it links once and so that `main` owns what all tests share: the servers start when the first
//! test asks for them and stop after the last one, whatever became of the tests in between.

mod access;
mod branches;
mod brokers;
mod calls;
mod cancel_safety;
mod clients;
mod clocks;
mod contracts;
mod data_folder;
mod dead_letters;
mod dependencies;
mod docs;
mod doctor;
mod edge;
mod encryption;
mod estimates;
mod faults;
mod foreign;
mod gaps;
mod group_commit;
mod harness_itself;
mod journey;
mod lan;
mod lines;
mod menu_admin;
mod menus;
mod model;
mod operations;
mod order_availability;
mod outages;
mod pooler;
mod privacy;
mod protocols;
mod proxies;
mod refusals;
mod releases;
mod replicas;
mod retention;
mod server_problems;
mod shapes;
mod starts;
mod stations;
mod sweeps;
mod traces;

use std::process::ExitCode;

use harness::{Servers, Shape};
use libtest_mimic::Arguments;

fn main() -> ExitCode {
    harness::use_program(env!("CARGO_BIN_EXE_comanda"));
    if harness_itself::is_victim() {
        return harness_itself::hold_servers();
    }
    let arguments = Arguments::from_args();
    let tests = [
        contracts::tests(),
        dependencies::tests(),
        docs::tests(),
        harness_itself::tests(),
        proxies::tests(),
        shapes::tests(),
        starts::tests(),
        data_folder::tests(),
        access::tests(),
        protocols::tests(),
        edge::tests(),
        foreign::tests(),
        refusals::tests(),
        order_availability::tests(),
        group_commit::tests(),
        stations::tests(),
        journey::tests(),
        lan::tests(),
        lines::tests(),
        estimates::tests(),
        pooler::tests(),
        operations::tests(),
        privacy::tests(),
        releases::tests(),
        replicas::tests(),
        traces::tests(),
        outages::tests(),
        calls::tests(),
        menus::tests(),
        menu_admin::tests(),
        retention::tests(),
        dead_letters::tests(),
        doctor::tests(),
        server_problems::tests(),
        gaps::tests(),
        cancel_safety::tests(),
        model::tests(),
        faults::tests(),
        sweeps::tests(),
        brokers::tests(),
        encryption::tests(),
        clocks::tests(),
    ];
    let conclusion = libtest_mimic::run(&arguments, tests.into_iter().flatten().collect());
    faults::finish(faults::seed());
    faults::stop_servers();
    Shape::stop_shared();
    Servers::stop_shared();
    conclusion.exit_code()
}
