//! The crates depend on each other one way only, as ARCHITECTURE.md draws it.

use std::{collections::BTreeSet, env, process::Command};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::trials;

/// What each crate may use of ours. Services meet only through contracts and events; only the root uses all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("comanda-proto", &[]),
    ("comanda-failpoint", &[]),
    ("comanda-context", &[]),
    ("comanda-telemetry", &[]),
    ("comanda-tls", &[]),
    ("comanda-migrations", &[]),
    ("comanda-types", &[CONTEXT]),
    ("comanda-auth", &[CONTEXT]),
    ("comanda-storage", &[CONTEXT, FAILPOINT, TELEMETRY, TLS, TYPES]),
    ("comanda-mesh", &[AUTH, CONTEXT, FAILPOINT, TELEMETRY, TLS]),
    ("comanda-events", &[PROTO, FAILPOINT, STORAGE, TELEMETRY, TLS, TYPES]),
    ("comanda-catalog", &[PROTO, AUTH, CONTEXT, FAILPOINT, MESH, STORAGE, TELEMETRY, TLS, TYPES]),
    ("comanda-orders", SERVICE),
    ("comanda-kitchen", SERVICE),
    ("comanda-gateway", &[PROTO, AUTH, CONTEXT, MESH, TELEMETRY]),
];
/// Catalog has no broker.
const SERVICE: &[&str] = &[PROTO, AUTH, CONTEXT, EVENTS, FAILPOINT, MESH, STORAGE, TELEMETRY, TYPES];

const AUTH: &str = "comanda-auth";
const CONTEXT: &str = "comanda-context";
const EVENTS: &str = "comanda-events";
const FAILPOINT: &str = "comanda-failpoint";
const MESH: &str = "comanda-mesh";
const PROTO: &str = "comanda-proto";
const STORAGE: &str = "comanda-storage";
const TELEMETRY: &str = "comanda-telemetry";
const TLS: &str = "comanda-tls";
const TYPES: &str = "comanda-types";

const ROOT: &str = "comanda";

pub fn tests() -> Vec<Trial> {
    trials![crates_depend_one_way]
}

async fn crates_depend_one_way() {
    let crates = workspace();
    let ours: BTreeSet<&str> = crates.iter().map(name).collect();
    let known: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).chain([ROOT]).collect();
    assert_eq!(ours, known, "a new crate needs its line in this test");

    for (user, allowed) in MAY_USE {
        let package = crates.iter().find(|package| name(package) == *user).expect("it is known");
        for used in dependencies(package).filter(|used| ours.contains(used)) {
            assert!(allowed.contains(&used), "{user} must not depend on {used}");
        }
    }
}

/// The packages of this workspace, as `cargo metadata` describes them.
fn workspace() -> Vec<Value> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut metadata = Command::new(cargo);
    metadata.args(["metadata", "--format-version=1", "--no-deps", "--offline"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = metadata.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    serde_json::from_value(metadata["packages"].take()).expect("a list of packages")
}

fn name(package: &Value) -> &str {
    package["name"].as_str().expect("packages have names")
}

/// What it needs to run or to build; what only its tests need is its own affair.
fn dependencies(package: &Value) -> impl Iterator<Item = &str> {
    let all = package["dependencies"].as_array().into_iter().flatten();
    all.filter(|dependency| dependency["kind"] != "dev").map(name)
}
