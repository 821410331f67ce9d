//! The contracts in `proto/` keep to buf's rules, so that other teams find them as they know such files.

use std::{path::Path, process::Command};

use harness::trials;
use libtest_mimic::Trial;

pub fn tests() -> Vec<Trial> {
    trials![contracts_pass_the_linter, contracts_are_formatted]
}

async fn contracts_pass_the_linter() {
    buf(&["lint"]);
}

async fn contracts_are_formatted() {
    buf(&["format", "--diff", "--exit-code"]);
}

/// Runs the buf that the web apps bring.
fn buf(arguments: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = root.join("gateway/web/node_modules/.bin/buf");
    assert!(program.exists(), "buf is missing: run `npm ci` in gateway/web, or `make test`, which does");
    let output = Command::new(program).args(arguments).current_dir(root.join("proto")).output().expect("buf starts");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "buf {}:\n{}", arguments.join(" "), String::from_utf8_lossy(&said));
}
