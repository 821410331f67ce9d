//! Bytes that are no request, and callers in too much of a hurry: their mistake, told as such, and no reason for an alarm.

use http::Request;
use libtest_mimic::Trial;
use tonic::Code;

use super::{
    bodies::{details, post},
    raw::{connect, exchange},
};
use harness::{Servers, Shop, on_both_shapes, trials};

use crate::doctor;

const GET_MENU: &str = "/comanda.catalog.v1.CatalogService/GetMenu";

pub fn tests() -> Vec<Trial> {
    let mut tests = on_both_shapes![bytes_that_are_no_request_are_refused_as_such];
    tests.extend(trials![callers_mistakes_raise_no_alarm_embedded, callers_mistakes_raise_no_alarm_in_a_mesh]);
    tests
}

/// What it is, and the bytes.
const MALFORMED: [(&str, &[u8]); 7] = [
    ("nothing at all", b""),
    ("half of a frame's head", b"\0\0\0"),
    ("a frame that is cut off", b"\0\0\0\0\x09\x0a\x02"),
    ("a flag that does not exist", b"\x07\0\0\0\0"),
    ("a compressed message of no known compression", b"\x01\0\0\0\x02\x0a\0"),
    ("text that is not UTF-8", b"\0\0\0\0\x04\x0a\x02\xff\xfe"),
    ("a field that is cut off", b"\0\0\0\0\x02\x0a\x7f"),
];

async fn bytes_that_are_no_request_are_refused_as_such(shop: &Shop) {
    for path in [GET_MENU, "/comanda.catalog.v1.CatalogService/WatchMenu", "/comanda.orders.v1.OrderService/PlaceOrder"]
    {
        for (what, bytes) in MALFORMED {
            let answer =
                exchange(connect(&shop.gateway).await, &post(path, "application/grpc-web", bytes, false)).await;
            let plain = answer.to_lowercase().replace(' ', "");
            assert!(
                plain.contains(&format!("grpc-status:{}", Code::InvalidArgument as i32)),
                "{path}, {what}: {answer}"
            );
            assert!(details(&answer).contains("MESSAGE_MALFORMED"), "{path}, {what}: {answer}");
        }
    }
    // The library's own words do not come through, whatever they are about.
    let answer = exchange(
        connect(&shop.gateway).await,
        &post("/grpc.health.v1.Health/Check", "application/grpc-web", b"", false),
    )
    .await;
    assert!(details(&answer).contains("MESSAGE_MALFORMED"), "{answer}");
}

async fn callers_mistakes_raise_no_alarm_embedded() {
    raise_no_alarm(&Shop::embedded().await).await;
}

async fn callers_mistakes_raise_no_alarm_in_a_mesh() {
    raise_no_alarm(&Shop::mesh(&*Servers::shared().await, 1).await).await;
}

async fn raise_no_alarm(shop: &Shop) {
    let before = errors(shop).await;
    let mut late = 0;
    for n in 0..200 {
        let (_, bytes) = MALFORMED[n % MALFORMED.len()];
        exchange(connect(&shop.gateway).await, &post(GET_MENU, "application/grpc-web", bytes, false)).await;
        let hurried =
            Request::post(GET_MENU).header("content-type", "application/grpc-web").header("grpc-timeout", "1u");
        let reply = shop.gateway.http(hurried, "\0\0\0\0\0").await;
        late += usize::from(reply.headers.get("grpc-status").is_some_and(|code| code == "4"));
    }
    assert!(late > 20, "only {late} of 200 were too late");
    assert_eq!(errors(shop).await, before, "of a process, each second");
}

/// What each process says about failed calls.
async fn errors(shop: &Shop) -> Vec<String> {
    let told = doctor::status(shop).await.json();
    let processes = told["processes"].as_array().expect("a list").iter();
    let rates = processes.map(|process| process["rates"]["errorsPerSecond"].to_string()).collect();
    let alarms = told["findings"].as_array().expect("a list").iter().filter(|found| found["check"] == "CHECK_ERRORS");
    for finding in alarms {
        assert_eq!(finding["level"], "LEVEL_GOOD", "{finding}");
    }
    rates
}
