//! Devices that trust a shop's CA, and what they then believe.

use super::*;
use crate::certificates::authority::{Authority, Kind, Usage};
use comanda_tls::{ca_roots::CaRoots, connect_as_anybody};
use std::{fs, io, os::unix::fs::PermissionsExt, sync::Arc};
use tokio::{net::TcpStream, sync::Notify};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// One connection of a device that calls the shop by this name, whatever the name leads to.
async fn visit(ca: &Path, identity: &Identity, name: &str) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let stream = TcpStream::connect(listener.local_addr()?).await?;
    let accepted = async { identity.accept(listener.accept().await?.0).await.map(drop) };
    let roots = CaRoots::ca_file(ca).map_err(io::Error::other)?;
    let (_, connected) = tokio::join!(accepted, connect_as_anybody(&roots, name, stream));
    connected.map(drop)
}

fn words(hosts: &[&str]) -> Vec<String> {
    hosts.iter().map(|&host| host.to_owned()).collect()
}

#[tokio::test]
async fn a_device_believes_it_by_name_and_by_address_and_nobody_elses_name() {
    let data = tempfile::tempdir().expect("a folder");
    let mut leaf = Leaf::open(data.path()).expect("a CA");
    leaf.keep_current(&words(&["comanda.local", "192.168.0.7", "fd00::7"]), SystemTime::now()).expect("a certificate");
    let (ca, identity) = (data.path().join("ca.crt"), Identity::for_browsers(leaf.folder()).expect("readable"));
    for name in ["comanda.local", "192.168.0.7", "fd00::7", "localhost", "127.0.0.1", "::1"] {
        visit(&ca, &identity, name).await.expect(name);
    }
    for name in ["other.local", "192.168.0.8", "cafe.example"] {
        assert!(visit(&ca, &identity, name).await.is_err(), "{name}");
    }
}

#[tokio::test]
async fn the_ca_can_vouch_for_nobody_in_the_world() {
    let data = tempfile::tempdir().expect("a folder");
    drop(Leaf::open(data.path()).expect("a CA"));
    let read = |name: &str| fs::read_to_string(data.path().join(name)).expect(name);
    let stolen = Authority::known(Kind::Shop, read("ca.crt"), &read("ca.key")).expect("the one that was made");
    for (name, believed) in [
        ("comanda.local", true),
        ("10.255.0.1", true),
        ("172.31.9.9", true),
        ("169.254.1.1", true),
        ("fd12::1", true),
        ("bank.example", false),
        ("local.example", false),
        ("notlocal", false),
        ("8.8.8.8", false),
        ("172.32.0.1", false),
        ("2001:db8::1", false),
    ] {
        let made = stolen.sign(name, &[name], Usage::Server, 90).expect("it signs whatever its thief likes");
        let folder = tempfile::tempdir().expect("a folder");
        for (file, text) in [("tls.crt", made.certificate), ("tls.key", made.key)] {
            fs::write(folder.path().join(file), text).expect("written");
        }
        let identity = Identity::for_browsers(folder.path()).expect("readable");
        let visited = visit(&data.path().join("ca.crt"), &identity, name).await;
        assert_eq!(visited.is_ok(), believed, "{name}: {visited:?}");
    }
}

#[tokio::test]
async fn other_addresses_are_in_the_certificate_while_the_shop_stays_open() {
    let data = tempfile::tempdir().expect("a folder");
    let mut leaf = Leaf::open(data.path()).expect("a CA");
    let now = SystemTime::now();
    assert!(leaf.keep_current(&words(&["comanda.local", "192.168.0.7"]), now).expect("a certificate"));
    assert!(!leaf.keep_current(&words(&["comanda.local", "192.168.0.7"]), now).expect("nothing to do"));
    let (ca, identity) = (data.path().join("ca.crt"), Identity::for_browsers(leaf.folder()).expect("readable"));
    let (stop, read) = (CancellationToken::new(), Arc::new(Notify::new()));
    let noted = read.clone();
    tokio::spawn(identity.clone().follow(move |_| noted.notify_one(), stop.clone()));
    // Once at the start.
    read.notified().await;
    assert!(visit(&ca, &identity, "10.0.0.9").await.is_err());
    assert!(leaf.keep_current(&words(&["comanda.local", "10.0.0.9"]), now).expect("another certificate"));
    timeout(Duration::from_secs(60), read.notified()).await.expect("the new certificate is read");
    visit(&ca, &identity, "10.0.0.9").await.expect("the new address is believed");
    stop.cancel();
}

#[test]
fn a_certificate_is_renewed_a_month_before_its_end_and_when_the_clock_was_wrong() {
    let data = tempfile::tempdir().expect("a folder");
    let mut leaf = Leaf::open(data.path()).expect("a CA");
    let (hosts, now) = (words(&["comanda.local"]), SystemTime::now());
    assert!(leaf.keep_current(&hosts, now).expect("a certificate"));
    assert!(!leaf.keep_current(&hosts, now + 59 * DAY).expect("nothing to do"));
    assert!(leaf.keep_current(&hosts, now + 61 * DAY).expect("another"));
    assert!(leaf.keep_current(&hosts, now).expect("another, since the last one is of a time to come"));
}

#[test]
fn the_ca_stays_and_is_the_owners_only() {
    let data = tempfile::tempdir().expect("a folder");
    let lan = data.path().join("lan");
    let ca = || Leaf::open(&lan).map(|leaf| leaf.ca().to_owned());
    let first = ca().expect("a CA");
    assert_eq!(ca().expect("the same"), first);
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(&lan), mode(&lan.join("ca.key")), mode(&lan.join("ca.crt"))), (0o700, 0o600, 0o600));
    fs::remove_file(lan.join("ca.key")).expect("it is there");
    assert!(ca().expect_err("no key").contains("ca.key is missing"));
    fs::remove_file(lan.join("ca.crt")).expect("it is there");
    assert_ne!(ca().expect("another"), first);
}

#[test]
fn customers_come_where_the_shop_listens_unless_it_is_told() {
    let address = |public: Option<&str>, listening: &str, found: &[&str]| {
        let found = found.iter().map(|text| text.parse().expect("an address")).collect::<Vec<_>>();
        let listening = listening.parse().expect("an address");
        Customers { public: public.map(str::to_owned), listening, by_tls: false }.address(&found)
    };
    assert_eq!(address(None, "[::]:8080", &["192.168.0.7", "10.0.0.1"]), "http://192.168.0.7:8080");
    assert_eq!(address(None, "0.0.0.0:8080", &[]), "http://127.0.0.1:8080");
    assert_eq!(address(None, "127.0.0.1:8080", &["192.168.0.7"]), "http://127.0.0.1:8080");
    assert_eq!(address(Some("https://cafe.example"), "[::]:8080", &["192.168.0.7"]), "https://cafe.example");
}
