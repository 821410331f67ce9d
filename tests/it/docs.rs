//! Documentation: what it tells a reader to type works, and what it points at is there.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use harness::{
    Folder, Port, Process, Servers, Shop, command, eventually, on_both_shapes, program, run as comanda, trials,
};
use libtest_mimic::Trial;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

pub fn tests() -> Vec<Trial> {
    let plain = trials![
        the_sample_of_the_readme_runs,
        the_mesh_of_the_readme_starts,
        links_lead_somewhere,
        tables_are_whole,
        what_is_named_exists,
    ];
    plain.into_iter().chain(on_both_shapes![the_commands_for_menu_files_run]).collect()
}

/// The board stays open, as it does for a reader; it ends with the shop.
async fn the_sample_of_the_readme_runs() {
    let shop = Shop::embedded().await;
    let sample = shell_block("README.md", "/pedido").replace("127.0.0.1:8080", &shop.gateway.address());
    let folder = Folder::new("readme");
    let sample = sample.replace("$(target/debug/comanda staff token)", &shop.secrets.staff);
    let shell = shell(&format!("set -eu\n{sample}"), Path::new(ROOT));
    let mut board = Process::spawn("README.md", shell, &folder.join("log"));
    let shown = eventually("the board of README's sample shows the order", async || {
        assert!(board.exited().is_none(), "it has ended: {}", board.log());
        Some(board.log()).filter(|log| log.contains("\"customerName\": \"Ana\""))
    });
    let shown = shown.await;
    assert_eq!(shown.matches("\"status\":\"RECEBIDO\"").count(), 2, "placed and read: {shown}");
}

/// With servers and ports of the test; all that the text leaves open is where they are.
async fn the_mesh_of_the_readme_starts() {
    let (servers, folder) = (Servers::shared().await, Folder::new("readme-mesh"));
    let mut sample = shell_block("README.md", "COMANDA_BROKER_URL");
    for role in ["CATALOG", "ORDERS", "KITCHEN", "IDENTITY"] {
        let name = format!("COMANDA_{role}_DATABASE_URL=");
        let url = servers.postgres.create_database(&role.to_lowercase()).await;
        sample = sample.replace(&format!("{name}postgres://…"), &format!("{name}'{url}'"));
    }
    sample = sample.replace("redis://…", &format!("'{}'", servers.redis.database()));
    sample = sample.replace("amqp://…", &format!("'{}'", servers.rabbitmq.virtual_host()));
    assert!(!sample.contains('…'), "the test does not know what to put in:\n{sample}");

    let ports = ["CATALOG", "ORDERS", "KITCHEN", "IDENTITY", "GATEWAY"].map(|role| (role, Port::free()));
    let where_to = ports.iter().map(|(role, port)| {
        let address = port.address();
        format!("export COMANDA_{role}_LISTEN={address} COMANDA_{role}_URL=https://localhost:{}\n", port.number())
    });
    let script = format!("set -eu\n{}{sample}\nwait", where_to.collect::<String>());
    let mut roles = Process::spawn("README.md", shell(&script, folder.path()), &folder.join("log"));
    let gateway = ports[4].1.number();
    eventually("the gateway of README's mesh shows what Catalog says", async || {
        assert!(roles.exited().is_none(), "it has ended: {}", roles.log());
        let mut curl = Command::new("curl");
        curl.args(["--silent", &format!("http://localhost:{gateway}/cardapio")]);
        let answer = tokio::task::spawn_blocking(move || curl.output().expect("curl is installed")).await;
        let answer = String::from_utf8_lossy(&answer.expect("curl ends").stdout).into_owned();
        // A new database has no menu yet.
        answer.contains("SHOP_NOT_FOUND").then_some(()).ok_or(answer)
    })
    .await;
}

async fn the_commands_for_menu_files_run(shop: &Shop) {
    let folder = Folder::new("menu-file");
    let mut shell =
        shell(&format!("set -eu\n{}", shell_block("docs/menu-file.md", "comanda menu export")), folder.path());
    shell.env("COMANDA_URL", format!("http://{}", shop.gateway.address()));
    shell.env("COMANDA_TOKEN", &shop.secrets.staff);
    let mut menus = Process::spawn("docs/menu-file.md", shell, &folder.join("log"));
    let ended = eventually("the commands end", async || menus.exited()).await;
    assert!(ended.success(), "{}", menus.log());
}

async fn links_lead_somewhere() {
    let mut checked = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).expect("text");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target) {
            let (file, _) = target.split_once('#').unwrap_or((target, ""));
            if file.is_empty() || file.contains("://") {
                continue;
            }
            let there = document.parent().expect("a folder").join(file).exists();
            assert!(there, "{}: nothing at {target}", document.display());
            checked += 1;
        }
    }
    assert!(checked > 20, "the test finds no links: {checked}");
}

/// A paragraph that was wrapped with a table in it is none any more.
async fn tables_are_whole() {
    for document in documents() {
        let text = fs::read_to_string(&document).expect("text");
        let torn = text.lines().find(|line| line.contains("|---|") && !line.trim_start().starts_with("|---"));
        assert_eq!(torn, None, "{}", document.display());
    }
}

/// Each command between backticks: a target of make, a subcommand of ours, a test.
async fn what_is_named_exists() {
    let makefile = fs::read_to_string(Path::new(ROOT).join("Makefile")).expect("a Makefile");
    let commands: BTreeSet<String> = documents().iter().flat_map(|document| inline(document)).collect();
    let tests = list_of_tests().await;
    for command in &commands {
        let words: Vec<&str> = command
            .split_whitespace()
            .take_while(|word| word.starts_with(char::is_alphanumeric) || word.starts_with('-'))
            .collect();
        match words[..] {
            ["make", target, ..] => assert!(makefile.contains(&format!("\n{target}:")), "no target: {command}"),
            ["comanda", ref rest @ ..] => {
                let subcommands: Vec<&str> = rest.iter().copied().take_while(|word| is_subcommand(word)).collect();
                let known = comanda(&[&subcommands[..], &["--help"]].concat(), vec![]).await;
                assert!(known.status.success(), "no subcommand: {command}\n{}", known.log);
            }
            ["cargo", "test", ref rest @ ..] => assert!(selects(rest, &tests), "selects no test: {command}"),
            _ => {}
        }
    }
    let bench = fs::read_to_string(Path::new(ROOT).join("benches/bench/main.rs")).expect("a bench");
    for part in commands.iter().filter_map(|command| command.strip_prefix("ONLY=")) {
        let placeholder = part == "part" || part == "…";
        assert!(placeholder || bench.contains(&format!("\"{part}\" =>")), "the bench has no part {part}");
    }
    assert!(commands.len() > 30, "the test finds no commands: {commands:?}");
}

/// Dates, names in capitals and flags are arguments.
fn is_subcommand(word: &str) -> bool {
    word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-') && !word.starts_with('-') && word != "certs"
}

/// Whether a filter finds one of this binary's tests, or a module or test of the crates named.
fn selects(arguments: &[&str], tests: &str) -> bool {
    let filter = match arguments.last() {
        Some(&"NAME") => return true,
        Some(name) if arguments[..arguments.len() - 1].last() == Some(&"-p") => return name.starts_with("comanda-"),
        Some(filter) => filter,
        None => return false,
    };
    if arguments.contains(&"it") {
        return tests.lines().any(|test| test.contains(filter));
    }
    let pairs = arguments.windows(2);
    let mut crates: Vec<&str> = pairs.filter(|pair| pair[0] == "-p").map(|pair| pair[1]).collect();
    if arguments.contains(&"--bin") {
        crates.push("comanda");
    }
    crates.iter().all(|name| {
        let name = name.trim_start_matches("comanda-");
        let folders = ["crates", "services"].map(|group| Path::new(ROOT).join(group).join(name).join("src"));
        let folder = folders.into_iter().find(|folder| folder.exists()).unwrap_or_else(|| Path::new(ROOT).join("src"));
        sources(&folder).iter().any(|file| {
            let text = fs::read_to_string(file).expect("text");
            let in_module = file.to_string_lossy().contains(&format!("/{filter}")) && text.contains("test]");
            let beside = file.with_extension("").join("tests.rs").exists();
            let path = |of: &Path| of.with_extension("").to_string_lossy().contains(&format!("/{filter}"));
            in_module || (path(file) && beside) || has_test(&text, filter)
        })
    })
}

/// Whether a test's name begins so.
fn has_test(text: &str, name: &str) -> bool {
    let tests = text.split("test]\n").skip(1).filter_map(|rest| rest.split_once("fn ")).map(|(_, rest)| rest);
    tests.into_iter().any(|rest| rest.starts_with(name))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

async fn list_of_tests() -> String {
    let mut list = Command::new(std::env::current_exe().expect("this binary"));
    list.arg("--list");
    let listed = tokio::task::spawn_blocking(move || list.output().expect("it starts")).await.expect("it ends");
    String::from_utf8_lossy(&listed.stdout).into_owned()
}

/// The shell lines of a document's block that contains this.
fn shell_block(document: &str, part: &str) -> String {
    block(document, "sh", part)
}

/// A document's block of this language that contains this.
pub fn block(document: &str, language: &str, part: &str) -> String {
    let text = fs::read_to_string(Path::new(ROOT).join(document)).expect("a document");
    let fence = format!("```{language}\n");
    let blocks = text.split(&fence).skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block);
    let found = blocks.filter(|block| block.contains(part)).collect::<Vec<_>>();
    assert_eq!(found.len(), 1, "one block of {document} has {part}");
    found[0].to_owned()
}

/// With our program on the path, as after an installation.
fn shell(script: &str, folder: &Path) -> Command {
    let mut shell = command("sh");
    let path = std::env::var("PATH").expect("a path");
    let ours = program().parent().expect("a folder").display().to_string();
    shell.args(["-c", script]).current_dir(folder).env("PATH", format!("{ours}:{path}"));
    shell
}

fn documents() -> Vec<PathBuf> {
    let folders = ["", "docs", "docs/decisions", "k8s"].map(|folder| Path::new(ROOT).join(folder));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("a folder"));
    files
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect()
}

/// What stands between single backticks, outside blocks.
fn inline(document: &Path) -> Vec<String> {
    let text = fs::read_to_string(document).expect("text");
    let outside: Vec<&str> = text.split("```").step_by(2).collect();
    let joined = outside.join("\n");
    joined.split('`').skip(1).step_by(2).map(|code| code.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}
