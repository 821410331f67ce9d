//! Replicas behind one DNS name: those that come are found, those that go are left, and a name service that knows nobody
//! all of a sudden is not believed.

use std::{fs, path::Path};

use libtest_mimic::Trial;

use super::callers::{Callers, channel_to};
use harness::{Folder, Port, Replica, Servers, Shop, eventually, trials};

const NAME: &str = "catalog.shop.internal";

pub fn tests() -> Vec<Trial> {
    trials![a_name_stands_for_all_replicas_that_are_there]
}

/// Stands for the name service: what the process under test looks up comes from this file, which libnss_wrapper reads anew
/// each time.
fn say(hosts: &Path, addresses: &[&str]) {
    let text: String = addresses.iter().map(|address| format!("{address} {NAME}\n")).collect();
    let aside = hosts.with_extension("new");
    fs::write(&aside, text).expect("our folder");
    fs::rename(aside, hosts).expect("our folder");
}

async fn is_called(replica: &Replica) -> f64 {
    let metrics = replica.metrics().await;
    let lines = metrics.lines().filter(|line| line.starts_with("rpc_server_call_duration_seconds_count"));
    let counts = lines.filter(|line| line.contains("/GetMenu\"")).filter_map(|line| line.rsplit(' ').next());
    counts.filter_map(|count| count.parse::<f64>().ok()).sum()
}

async fn a_name_stands_for_all_replicas_that_are_there() {
    let shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let (folder, port) = (Folder::new("names"), shop.catalog[0].address());
    let hosts = folder.join("hosts");
    let number = port.rsplit(':').next().expect("a port");
    say(&hosts, &["127.0.0.1"]);
    let own = Port::free();
    let changes = vec![
        ("COMANDA_GATEWAY_LISTEN", own.address()),
        ("COMANDA_CATALOG_URL", format!("http://{NAME}:{number}")),
        ("COMANDA_LOG", "info,comanda_mesh=debug".to_owned()),
        ("LD_PRELOAD", "libnss_wrapper.so".to_owned()),
        ("NSS_WRAPPER_HOSTS", hosts.display().to_string()),
    ];
    let mut gateway = shop.gateway.twin(own, changes);
    gateway.until_ready().await;
    let callers = Callers::at(&shop, &channel_to(&[&gateway])).await;

    // One more comes, on another address of the same name.
    let listen = vec![("COMANDA_CATALOG_LISTEN", format!("127.0.0.2:{number}"))];
    let mut second = shop.catalog[0].twin(Port::free(), listen);
    second.until_ready().await;
    say(&hosts, &["127.0.0.1", "127.0.0.2"]);
    eventually("the new one is called", async || is_called(&second).await > 0.0).await;

    // The name service knows nobody.
    say(&hosts, &[]);
    eventually("it was asked", async || gateway.log().contains("the last ones are kept")).await;
    callers.progress().await;

    // One goes.
    say(&hosts, &["127.0.0.1"]);
    eventually("the one that went is left alone", async || {
        let before = is_called(&second).await;
        callers.progress().await;
        is_called(&second).await == before
    })
    .await;
    second.kill();
    callers.progress().await;
    assert_eq!(callers.stop().await, Vec::<String>::new(), "no call fails");
}
