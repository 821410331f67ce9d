//! Clients that are not ours: Python with reflection, connect-web, and the samples of `docs/api.md`, each against four
//! processes on real servers; and schemathesis, which asks for all that the OpenAPI document allows, and for much that it
//! does not. What they share with Comanda is its contracts and nothing else.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    time::Duration,
};

use harness::{Folder, Process, Shape, Shop, command, trials};
use http::Request;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::clients::{order, place, product};

pub fn tests() -> Vec<Trial> {
    trials![
        python_with_reflection_drives_the_journey,
        connect_web_drives_the_journey,
        every_public_rpc_has_a_sample,
        the_samples_of_the_docs_run_in_order,
        the_rest_face_is_what_its_document_says,
    ]
}

/// For one program. Below what the harness gives a test, so that its output is shown.
const TIMEOUT: Duration = Duration::from_secs(150);

async fn python_with_reflection_drives_the_journey() {
    let python = root().join("target/foreign-python/bin/python");
    assert!(python.exists(), "{} is missing: `make test` installs it", python.display());
    let mut journey = command(python);
    journey.arg(root().join("tests/foreign/journey.py"));
    succeeds("journey.py", journey).await;
}

async fn connect_web_drives_the_journey() {
    assert!(buf().exists(), "{} is missing: `make test` installs it", buf().display());
    let mut journey = command("node");
    journey.arg(root().join("tests/foreign/journey.mjs"));
    succeeds("journey.mjs", journey).await;
}

async fn every_public_rpc_has_a_sample() {
    let (samples, public) = (samples(), public_rpcs());
    let called: BTreeSet<_> = samples.iter().flat_map(Sample::calls).collect();
    let (missing, unknown) = (public.difference(&called), called.difference(&public));
    let (missing, unknown) = (missing.collect::<Vec<_>>(), unknown.collect::<Vec<_>>());
    assert!(missing.is_empty(), "docs/api.md has no `buf curl` sample for {missing:?}");
    assert!(unknown.is_empty(), "docs/api.md calls what is not open to the outside: {unknown:?}");
}

/// In one shell, since a sample uses what those before it have set; a failure ends it.
async fn the_samples_of_the_docs_run_in_order() {
    let (samples, folder) = (samples(), Folder::new("samples"));
    let output = |number: usize, stream: &str| folder.join(format!("{number}.{stream}"));
    let mut script = "set -eu\n".to_owned();
    for (number, Sample { code, .. }) in samples.iter().enumerate() {
        let [out, err] = ["out", "err"].map(|stream| output(number, stream));
        script += &format!("{{\n{code}}} >'{}' 2>'{}'\n", out.display(), err.display());
    }
    let mut shell = command("sh");
    shell.args(["-c", &script]);
    let (status, log) = run("the samples", shell).await;

    for (number, sample) in samples.iter().enumerate() {
        let [out, err] = ["out", "err"].map(|stream| fs::read_to_string(output(number, stream)).unwrap_or_default());
        let tells = |what: &str| {
            let Sample { line, code, .. } = sample;
            format!("docs/api.md:{line}: {what}\n{code}--- it printed\n{out}{err}")
        };
        // A stream that `sed` ends, or a reply that a variable takes, says so only by printing nothing.
        assert!(sample.calls().next().is_none() || !out.is_empty(), "{}", tells("no reply"));
        for shown in &sample.shown {
            assert!(out.contains(shown), "{}", tells(&format!("it does not print {shown}")));
        }
        let ended_here = !status.success() && !output(number + 1, "out").exists();
        assert!(!ended_here, "{}", tells("it fails"));
    }
    assert!(status.success(), "the samples have ended with {status}:\n{log}");
}

/// In a shop of its own, as it places hundreds of orders. So that most are good, its copy of the document knows this
/// shop's ids and prices.
async fn the_rest_face_is_what_its_document_says() {
    let schemathesis = root().join("target/foreign-python/bin/schemathesis");
    assert!(schemathesis.exists(), "{} is missing: `make test` installs it", schemathesis.display());
    let shop = Shop::embedded().await;
    let mut document = shop.gateway.http(Request::get("/openapi.json"), "").await.json();
    let bread = product(&shop, "Pão de queijo").await.product_id;
    let ids = [("ProdutoId", bread), ("PedidoId", order(&place(&shop, "Ana").await).order_id.clone())];
    let schemas = &mut document["components"]["schemas"];
    for (schema, id) in ids {
        schemas[schema] = json!({"type": "string", "format": "uuid", "enum": [id]});
    }
    let name = json!({"type": "string", "pattern": "^[A-Za-z]{1,20}$"});
    let table = json!({"type": ["string", "null"], "pattern": "^[A-Za-z]{1,20}$"});
    let wish = json!({"type": ["string", "null"], "pattern": "^[A-Za-z]{0,20}$"});
    let [order, item] = ["Novo", "NovoItem"].map(|schema| format!("/{schema}/properties"));
    let order = schemas.pointer_mut(&order).expect("an order's fields");
    (order["cliente"], order["mesa"], order["loja"]) = (name, table, json!({"enum": ["main", null]}));
    let item = schemas.pointer_mut(&item).expect("a line's fields");
    (item["observacao"], item["alergia"]) = (wish.clone(), wish);
    item["opcoes"] = json!({"type": "array", "maxItems": 0});
    item["preco_visto"] = json!({"enum": [{"moeda": "BRL", "centavos": 1200}, null]});
    let folder = Folder::new("openapi");
    let file = folder.join("openapi.json");
    fs::write(&file, document.to_string()).expect("a file");
    let settings = folder.join("schemathesis.toml");
    fs::write(&settings, SETTINGS).expect("a file");
    let mut check = command(schemathesis);
    check.arg("--config-file").arg(settings).arg("run").arg(&file);
    check.args(["--url", &format!("http://{}", shop.gateway.address()), "--header"]);
    check.arg(format!("Authorization: Bearer {}", shop.secrets.staff));
    check.env("PYTHONPATH", root().join("tests/foreign")).current_dir(folder.path());
    let (status, output) = to_its_end("schemathesis", check).await;
    assert!(status.success(), "schemathesis has ended with {status}:\n{output}");
    assert!(!output.contains("mostly rejected"), "hardly an order was good:\n{output}");
}

/// Seeded, so that it fails again as it failed before. An order that is well-formed may still name a price of yesterday.
const SETTINGS: &str = r#"
hooks = "fresh_keys"
color = false
seed = 27112
workers = 1
max-failures = 5
request-timeout = 10.0

[phases]
stateful.enabled = false

[generation]
max-examples = 40
database = "none"

[checks]
positive_data_acceptance.expected-statuses = ["2xx", "304", "401", "403", "404", "409", "422"]
"#;

async fn succeeds(name: &str, program: Command) {
    let (status, output) = run(name, program).await;
    assert!(status.success(), "{name} has ended with {status}:\n{output}");
}

/// Runs a program, which finds the shared shop by the variables that the docs name, to its end.
async fn run(name: &str, mut program: Command) -> (ExitStatus, String) {
    let shop = Shape::Mesh.shop().await;
    program
        .env("COMANDA_URL", format!("http://{}", shop.gateway.address()))
        .env("COMANDA_TOKEN", &shop.secrets.staff)
        .current_dir(root());
    to_its_end(name, program).await
}

async fn to_its_end(name: &str, program: Command) -> (ExitStatus, String) {
    let folder = Folder::new("foreign");
    let mut process = Process::spawn(name, program, &folder.join("log"));
    let end = Instant::now() + TIMEOUT;
    loop {
        if let Some(status) = process.exited() {
            return (status, process.log());
        }
        assert!(Instant::now() < end, "{name} is still not done after {TIMEOUT:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// A block of shell in the docs, and what the block after it says that it prints.
struct Sample {
    line: usize,
    code: String,
    shown: Vec<String>,
}

impl Sample {
    /// The RPCs of ours that it calls with `buf curl`.
    fn calls(&self) -> impl Iterator<Item = String> {
        let addresses = self.code.split("buf curl").skip(1).filter_map(|call| call.split("$COMANDA_URL/").nth(1));
        let paths = addresses.filter_map(|rest| rest.split(['"', '\'', ' ']).next());
        paths.filter(|path| path.starts_with("comanda.")).map(str::to_owned)
    }
}

fn samples() -> Vec<Sample> {
    let docs = fs::read_to_string(root().join("docs/api.md")).expect("docs/api.md can be read");
    let mut samples: Vec<Sample> = Vec::new();
    let mut fence = None;
    for (line, text) in (1..).zip(docs.lines()) {
        match (fence, text.strip_prefix("```")) {
            (None, Some(kind)) => {
                fence = Some(kind);
                if kind == "sh" {
                    samples.push(Sample { line, code: String::new(), shown: Vec::new() });
                }
            }
            (Some(_), Some(_)) => fence = None,
            (Some("sh"), None) => samples.last_mut().expect("begun above").code += &format!("{text}\n"),
            (Some("text"), None) => samples.last_mut().expect("a sample before").shown.push(text.trim().to_owned()),
            _ => {}
        }
    }
    samples
}

/// What the gateway forwards, by the access options of the contracts: all that is not for services alone.
fn public_rpcs() -> BTreeSet<String> {
    assert!(buf().exists(), "{} is missing: `make test` installs it", buf().display());
    let image = Command::new(buf()).args(["build", "proto", "-o", "-#format=json"]).current_dir(root()).output();
    let image: Value = serde_json::from_slice(&image.expect("buf starts").stdout).expect("the contracts as JSON");
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut rpcs = BTreeSet::new();
    for file in list(&image["file"]) {
        for service in list(&file["service"]) {
            for method in list(&service["method"]) {
                let access = list(&method["options"]["[comanda.type.v1.access]"]);
                if access.iter().any(|access| access != "ACCESS_SERVICE" && access != "ACCESS_GATEWAY") {
                    let [package, service, method] = [&file["package"], &service["name"], &method["name"]].map(text);
                    rpcs.insert(format!("{package}.{service}/{method}"));
                }
            }
        }
    }
    assert!(rpcs.len() > 5, "there are more: {rpcs:?}");
    rpcs
}

fn buf() -> PathBuf {
    root().join("gateway/web/node_modules/.bin/buf")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
