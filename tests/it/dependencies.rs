//! The crates depend on each other one way only, as ARCHITECTURE.md draws it.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
    process::Command,
};

use harness::trials;
use libtest_mimic::Trial;
use serde_json::Value;

/// What each crate may use of ours. Services meet only through contracts and events; only the root uses all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("comanda-proto", &[]),
    ("comanda-failpoint", &[]),
    ("comanda-context", &[]),
    ("comanda-telemetry", &[]),
    ("comanda-tls", &[]),
    ("comanda-migrations", &[]),
    ("comanda-types", &[CONTEXT]),
    ("comanda-auth", &[PROTO, CONTEXT]),
    ("comanda-storage", &[PROTO, CONTEXT, FAILPOINT, TELEMETRY, TLS, TYPES]),
    ("comanda-mesh", &[AUTH, CONTEXT, FAILPOINT, TELEMETRY, TLS]),
    ("comanda-events", &[PROTO, CONTEXT, FAILPOINT, STORAGE, TELEMETRY, TLS, TYPES]),
    ("comanda-catalog", &[PROTO, AUTH, CONTEXT, FAILPOINT, MESH, STORAGE, TELEMETRY, TLS, TYPES]),
    ("comanda-orders", SERVICE),
    ("comanda-kitchen", SERVICE),
    ("comanda-identity", &[PROTO, AUTH, CONTEXT, FAILPOINT, MESH, STORAGE, TELEMETRY, TLS, TYPES]),
    ("comanda-harness", &[PROTO, AUTH]),
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
    trials![crates_depend_one_way, modules_import_in_no_circle, the_image_has_every_manifest]
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

/// What the Dockerfile copies is enough for cargo to know the workspace.
async fn the_image_has_every_manifest() {
    let dockerfile = fs::read_to_string(Path::new(ROOT_FOLDER).join("Dockerfile")).expect("a Dockerfile");
    let ignored = fs::read_to_string(Path::new(ROOT_FOLDER).join(".dockerignore")).expect("a .dockerignore");
    let (_, stage) = dockerfile.split_once(" AS program\n").expect("the stage that builds");
    let stage = stage.split("\nFROM ").next().unwrap_or_default().replace("\\\n", " ");
    let folder = harness::Folder::new("image");
    let mut script = String::from("set -eu\n");
    for line in stage.lines() {
        if let Some(copied) = line.strip_prefix("COPY ").filter(|rest| !rest.starts_with("--")) {
            let mut paths: Vec<&str> = copied.split_whitespace().collect();
            let target = paths.pop().expect("a target");
            for path in paths {
                assert!(ignored.contains(&format!("!{path}\n")), "{path} does not go to the builder");
                let source = Path::new(ROOT_FOLDER).join(path);
                script += &match source.is_dir() {
                    true => format!("ln -s {} {target}\n", source.display()),
                    false => format!("mkdir -p {target} && cp {} {target}\n", source.display()),
                };
            }
        } else if let Some(run) = line.strip_prefix("RUN install") {
            script += &format!("install{run}\n");
        }
    }
    script += "cargo metadata --format-version=1 --no-deps --offline --locked >/dev/null\n";
    let built = Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().expect("a shell");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
}

/// Reads what each module imports by `use crate::…` and `use super::…`. What a module shares with one that contains it is
/// its parent's affair.
async fn modules_import_in_no_circle() {
    let roots =
        ["crates", "services"].map(|folder| fs::read_dir(Path::new(ROOT_FOLDER).join(folder)).expect("a folder"));
    let roots = roots.into_iter().flatten().map(|entry| entry.expect("an entry").path().join("src"));
    for root in roots.chain(["gateway/src", "src"].map(|folder| Path::new(ROOT_FOLDER).join(folder))) {
        let modules = modules(&root);
        let imports: BTreeMap<_, _> =
            modules.iter().map(|(name, text)| (name, imports(name, text, &modules))).collect();
        for name in modules.keys() {
            let (mut reached, mut next) = (BTreeSet::new(), imports[name].clone());
            while let Some(module) = next.pop_first() {
                next.extend(imports[&module].iter().filter(|module| !reached.contains(*module)).cloned());
                reached.insert(module);
            }
            assert!(!reached.contains(name), "{}: {name:?} imports itself, by way of {reached:?}", root.display());
        }
    }
}

const ROOT_FOLDER: &str = env!("CARGO_MANIFEST_DIR");

type Module = Vec<String>;

/// The text of each module of a crate but tests, by its path.
fn modules(root: &Path) -> BTreeMap<Module, String> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(root).expect("inside").with_extension("");
                let parts = inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
                let name: Module = parts.filter(|part| part != "lib" && part != "main").collect();
                let text = fs::read_to_string(&path).expect("text");
                let text = text.split("#[cfg(test)]\nmod").next().unwrap_or_default().to_owned();
                if !name.iter().any(|part| part == "tests") {
                    found.insert(name, text);
                }
            }
        }
    }
    found
}

fn imports(name: &Module, text: &str, modules: &BTreeMap<Module, String>) -> BTreeSet<Module> {
    let uses = text.split("\nuse ").skip(1).chain(text.split("\npub use ").skip(1));
    let trees = uses.filter_map(|rest| rest.split_once(';')).map(|(tree, _)| tree.replace([' ', '\n'], ""));
    let paths =
        trees.filter(|tree| tree.starts_with("crate") || tree.starts_with("super")).flat_map(|tree| leaves(&tree));
    let modules_of = paths.map(|path| {
        let mut path: Module = path.split("::").map(str::to_owned).collect();
        let mut base = if path[0] == "crate" { Module::new() } else { name.clone() };
        while path.first().is_some_and(|part| part == "super") {
            base.pop();
            path.remove(0);
        }
        base.extend(path.into_iter().filter(|part| part != "crate"));
        while !modules.contains_key(&base) && base.pop().is_some() {}
        base
    });
    modules_of.filter(|module| !module.starts_with(name) && !name.starts_with(module)).collect()
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn leaves(tree: &str) -> Vec<String> {
    let Some((prefix, inner)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let (mut parts, mut depth, mut begin) = (Vec::new(), 0, 0);
    for (at, letter) in inner.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inner[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[begin..]);
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.flat_map(leaves).map(|leaf| format!("{prefix}{leaf}")).collect()
}
