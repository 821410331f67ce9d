//! The shop's own network, as a device finds it that trusts the shop's CA: by curl, whose judgement is not ours.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use harness::{Folder, Port, Process, Settings, Shop, command, eventually, program, trials};
use http::{Request, StatusCode};
use libtest_mimic::Trial;
use serde_json::Value;

pub fn tests() -> Vec<Trial> {
    let mut tests = trials![
        a_device_that_trusts_the_shop_reaches_it_by_name_and_by_address,
        the_ca_outlives_a_restart_and_other_addresses,
    ];
    if Machine::is_allowed() {
        tests.extend(trials![an_address_that_comes_while_the_shop_is_open_is_in_its_certificate]);
    } else {
        println!("no network of one's own is allowed here: left out");
    }
    tests
}

const NAME: &str = "comanda.local";
/// Private ones of no machine here.
const ADDRESSES: [&str; 2] = ["10.11.12.13", "10.77.0.1"];

/// A shop with a network of its own.
struct Lan {
    shop: Shop,
    port: Port,
}

impl Lan {
    async fn open() -> Self {
        let port = Port::free();
        let settings: Settings = vec![
            ("COMANDA_LAN", "true".to_owned()),
            ("COMANDA_LAN_LISTEN", port.address()),
            ("COMANDA_LAN_ADDRESSES", ADDRESSES[0].to_owned()),
        ];
        Self { shop: Shop::embedded_with(settings).await, port }
    }

    fn ca(&self) -> PathBuf {
        self.shop.data().join("lan/ca.crt")
    }

    /// What a device hears at this name or address, whatever it leads to elsewhere.
    fn visit(&self, host: &str) -> Result<Value, String> {
        let mut curl = Command::new("curl");
        curl.args(["--connect-to", &format!("::{}", self.port.address())]);
        ask(curl, &self.ca(), &format!("{host}:{}", self.port.number()))
    }
}

/// Asks by curl, with what it was told so far, whoever is at this name or address and port.
fn ask(mut curl: Command, ca: &Path, whom: &str) -> Result<Value, String> {
    curl.args(["--silent", "--show-error", "--noproxy", "*", "--cacert"]).arg(ca);
    let output = curl.arg(format!("https://{whom}/network.json")).output().expect("curl runs");
    match output.status.success() {
        true => Ok(serde_json::from_slice(&output.stdout).expect("JSON")),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// A shop on a machine whose addresses are ours to change: in a network namespace of its own, without settings.
struct Machine {
    process: Process,
    folder: Folder,
}

impl Machine {
    const NAMESPACE: [&str; 3] = ["--user", "--map-root-user", "--net"];

    /// Whether the system lets us have one.
    fn is_allowed() -> bool {
        let tried = Command::new("unshare").args(Self::NAMESPACE).args(["ip", "link", "set", "lo", "up"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    }

    /// Opens the shop there, with this address.
    async fn open(address: &str) -> Self {
        let folder = Folder::new("machine");
        let script = r#"ip link set lo up && ip address add "$0/32" dev lo && exec "$@""#;
        let mut shop = command("unshare");
        shop.args(Self::NAMESPACE).args(["sh", "-c", script, address]).arg(program());
        shop.args(["--lan", "--data-dir"]).arg(folder.join("data")).current_dir(folder.path());
        let process = Process::spawn("machine", shop, &folder.join("log"));
        let open = Self { process, folder };
        eventually("it opens", async || open.process.log().contains("Comanda is open")).await;
        open
    }

    /// A program that runs there.
    fn inside(&self, program: &str) -> Command {
        let mut inside = Command::new("nsenter");
        let pid = self.process.pid().to_string();
        inside.args(["--preserve-credentials", "--user", "--net", "--target", &pid, program]);
        inside
    }

    fn visit(&self, address: &str) -> Result<Value, String> {
        ask(self.inside("curl"), &self.folder.join("data/lan/ca.crt"), &format!("{address}:8443"))
    }
}

async fn an_address_that_comes_while_the_shop_is_open_is_in_its_certificate() {
    let machine = Machine::open(ADDRESSES[0]).await;
    let found = machine.visit(ADDRESSES[0]).expect("an answer");
    assert_eq!(found["customers"], format!("http://{}:8080", ADDRESSES[0]), "where nothing is set");
    let mut ip = machine.inside("ip");
    ip.args(["address", "add", &format!("{}/32", ADDRESSES[1]), "dev", "lo"]);
    assert!(ip.status().expect("ip runs").success());
    let found = eventually("the new address is believed", async || machine.visit(ADDRESSES[1])).await;
    assert_eq!(found["lan"]["byAddress"].as_array().map(Vec::len), Some(2));
}

async fn a_device_that_trusts_the_shop_reaches_it_by_name_and_by_address() {
    let lan = Lan::open().await;
    for host in [NAME, "localhost", "127.0.0.1", ADDRESSES[0]] {
        let found = lan.visit(host).unwrap_or_else(|why| panic!("{host}: {why}"));
        assert_eq!(found["lan"]["byAddress"][0], format!("https://{}:{}", ADDRESSES[0], lan.port.number()));
        assert_eq!(found["customers"], lan.shop.gateway.setting("COMANDA_PUBLIC_URL"));
    }
    for host in ["other.local", ADDRESSES[1], "cafe.example"] {
        assert!(lan.visit(host).is_err(), "{host}");
    }
    let fingerprint = lan.visit(NAME).expect("an answer")["lan"]["fingerprint"].as_str().expect("text").to_owned();
    let told =
        async || Some(lan.shop.gateway.log()).filter(|log| log.contains(&fingerprint) && log.contains("/confiar"));
    eventually("whoever opened the shop is told", told).await;

    // The ordinary port knows the same names, and no others.
    for (host, status) in [(NAME, StatusCode::OK), ("evil.example", StatusCode::MISDIRECTED_REQUEST)] {
        let reply = lan.shop.gateway.http(Request::get("/network.json").header("host", host), "").await;
        assert_eq!(reply.status, status, "{host}");
    }
    let page = lan.shop.gateway.http(Request::get("/ca.crt"), "").await;
    assert_eq!(page.headers["content-type"], "application/x-x509-ca-cert");
}

async fn the_ca_outlives_a_restart_and_other_addresses() {
    let mut lan = Lan::open().await;
    let before = std::fs::read(lan.ca()).expect("a CA");
    lan.visit(ADDRESSES[0]).expect("an answer");
    lan.shop.gateway.stop().expect("it stops");
    lan.shop.gateway.start_with(vec![("COMANDA_LAN_ADDRESSES", ADDRESSES[1].to_owned())]).await;
    assert_eq!(std::fs::read(lan.ca()).expect("a CA"), before);
    lan.visit(ADDRESSES[1]).expect("an answer");
    assert!(lan.visit(ADDRESSES[0]).is_err(), "it is not there any more");
}
