//! What a shop in a box keeps: the owner's only, whole or not opened, and never begun anew in silence.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use harness::{Folder, Process, Settings, Shop, command, eventually, program, run, trials};
use libtest_mimic::Trial;

use crate::clients::place;

pub fn tests() -> Vec<Trial> {
    trials![
        only_the_owner_reads_the_data_and_no_log_holds_a_link,
        a_file_that_is_missing_is_named_and_nothing_is_made_in_its_place,
        a_shop_whose_data_vanishes_stops,
    ]
}

/// A shop in a box as its owner starts it, with nothing set.
struct Owners {
    process: Process,
    data: PathBuf,
}

impl Owners {
    async fn open(folder: &Folder, arguments: &[&str]) -> Self {
        let (data, log) = (folder.join("data"), folder.join("log"));
        let _ = fs::remove_file(&log);
        let mut comanda = command(program());
        comanda.args(["--data-dir", &data.display().to_string(), "--gateway-listen", "127.0.0.1:0"]).args(arguments);
        comanda.current_dir(folder.path());
        let process = Process::spawn("owners", comanda, &log);
        let open = Self { process, data };
        eventually("it opens", async || open.process.log().contains("Comanda is open")).await;
        open
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

fn data_of(folder: &Folder) -> Settings {
    vec![
        ("COMANDA_DATA_DIR", folder.join("data").display().to_string()),
        ("COMANDA_GATEWAY_LISTEN", "127.0.0.1:0".to_owned()),
    ]
}

async fn only_the_owner_reads_the_data_and_no_log_holds_a_link() {
    let folder = Folder::new("private");
    let mut shop = Owners::open(&folder, &[]).await;
    assert_eq!(mode(&shop.data), 0o700);
    let files = fs::read_dir(&shop.data).expect("a folder").map(|file| file.expect("a file").path());
    let files = files.collect::<Vec<_>>();
    for file in &files {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    for name in ["orders.db", "orders.db-wal", "orders.db-shm", "token.key", "links.txt", "manifest"] {
        assert!(files.contains(&shop.data.join(name)), "{name} is missing of {files:?}");
    }
    let links = fs::read_to_string(shop.data.join("links.txt")).expect("links");
    for page in ["/barista#pair=", "/painel#pair=", "/status#pair=", "/equipe#link="] {
        assert!(links.contains(page), "{links}");
    }
    let log = shop.process.log();
    assert!(!log.contains('#') && log.contains("links.txt"), "{log}");
    assert!(shop.process.stop("TERM").is_some_and(|status| status.success()));
}

async fn a_file_that_is_missing_is_named_and_nothing_is_made_in_its_place() {
    let folder = Folder::new("missing");
    let mut shop = Owners::open(&folder, &[]).await;
    shop.process.stop("TERM").expect("it stops");
    for name in ["token.key", "orders.db"] {
        let (file, kept) = (shop.data.join(name), folder.join(name));
        fs::rename(&file, &kept).expect("it is there");
        let refused = run(&[], data_of(&folder)).await;
        let says = format!("{} is missing or empty", file.display());
        assert!(!refused.status.success() && refused.log.contains(&says), "{}", refused.log);
        assert!(!file.exists(), "and none is made");
        fs::rename(&kept, &file).expect("put back");
    }
    let before = fs::read_to_string(shop.data.join("token.key")).expect("a key");
    Owners::open(&folder, &[]).await.process.stop("TERM").expect("it stops");
    fs::remove_file(shop.data.join("kitchen.db")).expect("it is there");
    Owners::open(&folder, &["--new-shop"]).await.process.stop("TERM").expect("it stops");
    assert_ne!(fs::read_to_string(shop.data.join("token.key")).expect("a key"), before);
    let aside = shop.data.join("set-aside-1");
    assert_eq!(fs::read_to_string(aside.join("token.key")).expect("the old one"), before);
    assert!(aside.join("orders.db").exists(), "nothing is lost");
}

async fn a_shop_whose_data_vanishes_stops() {
    let mut shop = Shop::embedded().await;
    place(&shop, "Ana").await;
    let (data, elsewhere) = (shop.data(), shop.data().with_extension("elsewhere"));
    fs::rename(&data, &elsewhere).expect("ours");
    let status = shop.gateway.until_exit().await;
    let log = shop.gateway.log();
    assert!(!status.success() && log.contains("was removed, moved or replaced"), "{log}");
    assert!(!data.exists(), "and none is made in its place");
    fs::rename(&elsewhere, &data).expect("put back");
    shop.gateway.start().await;
    place(&shop, "Bia").await;
}
