//! Where the shop is found, as pages read it, and the names that are ours in its own network.

use super::*;
use crate::Lan;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use tower::ServiceExt;

fn lan() -> Lan {
    Lan {
        customers: "http://192.168.0.7:8080".into(),
        names: vec!["comanda.local".into(), "comanda-2.local".into()],
        announced: true,
        addresses: vec!["192.168.0.7".parse().expect("an address"), "fd00::7".parse().expect("an address")],
        port: 8443,
        ca: [1, 2, 3].into(),
        fingerprint: "AA:BB".into(),
    }
}

async fn get(door: &Router, host: &str, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = Request::get(path).header("host", host).body(Body::empty()).expect("a good request");
    let (head, body) = door.clone().oneshot(request).await.expect("infallible").into_parts();
    (head.status, head.headers, to_bytes(body, usize::MAX).await.expect("a whole answer").to_vec())
}

async fn found(door: &Router) -> Value {
    serde_json::from_slice(&get(door, "localhost", "/network.json").await.2).expect("JSON")
}

#[tokio::test]
async fn a_network_of_its_own_is_told_as_it_is_now() {
    let (now, network) = watch::channel(lan());
    let config = Config { lan: Some(network), hosts: Some(Vec::new()), ..Config::default() };
    let door = door_of(&config, links().await.0);
    let told = json!({
        "customers": "http://192.168.0.7:8080",
        "lan": {
            "staff": "https://comanda-2.local:8443",
            "byAddress": ["https://192.168.0.7:8443", "https://[fd00::7]:8443"],
            "fingerprint": "AA:BB",
        }
    });
    assert_eq!(found(&door).await, told);
    for (host, status) in [
        ("comanda.local:8443", StatusCode::OK),
        ("comanda-2.local", StatusCode::OK),
        ("192.168.0.9", StatusCode::OK),
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("other.local", StatusCode::MISDIRECTED_REQUEST),
    ] {
        assert_eq!(get(&door, host, "/network.json").await.0, status, "{host}");
    }
    let (status, headers, ca) = get(&door, "comanda.local", "/ca.crt").await;
    assert_eq!((status, ca.as_slice()), (StatusCode::OK, &[1, 2, 3][..]));
    assert_eq!(headers["content-type"], "application/x-x509-ca-cert");
    assert_ne!(get(&door, "comanda.local", "/confiar").await.0, StatusCode::NOT_FOUND);

    now.send_modify(|lan| (lan.announced, lan.addresses) = (false, vec!["10.0.0.3".parse().expect("an address")]));
    assert_eq!(found(&door).await["lan"]["staff"], "https://10.0.0.3:8443", "a name that nobody finds is not told");
}

#[tokio::test]
async fn without_one_there_is_nothing_to_trust() {
    let config = Config { customers: Some("https://cafe.example".into()), ..Config::default() };
    let door = door_of(&config, links().await.0);
    assert_eq!(found(&door).await, json!({ "customers": "https://cafe.example" }));
    for path in ["/confiar", "/confiar.html", "/ca.crt"] {
        assert_eq!(get(&door, "localhost", path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(found(&door_of(&Config::default(), links().await.0)).await, json!({}));
}
