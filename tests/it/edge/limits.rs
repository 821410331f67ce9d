//! Limits per caller. Each caller is an address of this machine: all of 127/8 is.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use comanda_proto::{
    catalog::v1::{GetMenuRequest, WatchMenuRequest, catalog_service_client::CatalogServiceClient},
    identity::v1::ListSecurityEventsRequest,
};
use http::StatusCode;
use libtest_mimic::Trial;
use tokio::time::Instant;
use tonic::{
    Code, Request, Status,
    transport::{Channel, Endpoint},
};
use tonic_types::StatusExt;

use super::raw::{connect_from, exchange};
use harness::{Port, Replica, Settings, Shape, Shop, eventually, trials, with_token};

use crate::clients::reason;

pub fn tests() -> Vec<Trial> {
    trials![
        one_abuser_hurts_nobody_else,
        a_mesh_writes_down_who_is_limited,
        whoever_waits_as_told_is_served,
        only_a_trusted_proxy_says_who_calls,
        open_streams_are_bounded,
    ]
}

type Catalog = CatalogServiceClient<Channel>;

async fn shop(limit: &str, more: Settings) -> Shop {
    let mut settings = vec![("COMANDA_RATE_LIMIT", limit.to_owned())];
    settings.extend(more);
    Shop::embedded_with(settings).await
}

fn caller(last: u8) -> IpAddr {
    Ipv4Addr::new(127, 0, 0, last).into()
}

fn catalog_from(address: IpAddr, shop: &Shop) -> Catalog {
    let endpoint = Endpoint::from_shared(format!("http://{}", shop.gateway.address())).expect("an address");
    CatalogServiceClient::new(endpoint.local_address(Some(address)).connect_lazy())
}

fn is_limited(status: &Status) -> bool {
    status.code() == Code::ResourceExhausted && reason(status) == "RATE_LIMITED"
}

/// `GET /cardapio` from this address: its status, and all that came.
async fn menu_by_rest(address: IpAddr, shop: &Shop, header: &str) -> (StatusCode, String) {
    let request = format!("GET /cardapio HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{header}\r\n");
    let answer = exchange(connect_from(address, &shop.gateway).await, request.as_bytes()).await;
    let code = answer.get(9..12).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("no answer: {answer}"));
    (code, answer)
}

async fn one_abuser_hurts_nobody_else() {
    let shop = shop("10/40", Settings::new()).await;
    let (stop, refused) = (AtomicBool::new(false), AtomicUsize::new(0));
    let abuse = async || {
        let mut catalog = catalog_from(caller(2), &shop);
        while !stop.load(Ordering::Relaxed) {
            // Torn connections are the abuser's own trouble.
            if catalog.get_menu(GetMenuRequest::default()).await.is_err_and(|status| is_limited(&status)) {
                refused.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let honest = async {
        eventually("the abuser is far over the limit", async || refused.load(Ordering::Relaxed) > 400).await;
        for last in 3..8 {
            let mut catalog = catalog_from(caller(last), &shop);
            for call in 0..30 {
                let reply = catalog.get_menu(GetMenuRequest::default()).await;
                assert!(reply.is_ok(), "call {call} of {last}: {reply:?}");
            }
            assert_eq!(menu_by_rest(caller(last), &shop, "").await.0, StatusCode::OK);
        }
        // Staff at the abuser's own address are not the abuser.
        let as_staff = with_token(GetMenuRequest::default(), &shop.secrets.staff);
        catalog_from(caller(2), &shop).get_menu(as_staff).await.expect("staff have a share of their own");
        stop.store(true, Ordering::Relaxed);
    };
    tokio::join!(honest, abuse(), abuse(), abuse(), abuse());
    let metrics = shop.gateway.metrics().await;
    let counted = metrics.lines().find_map(|line| line.strip_prefix("comanda_rate_limited_total{kind=\"read\"} "));
    let counted: usize = counted.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("none in {metrics}"));
    assert!(counted >= refused.load(Ordering::Relaxed), "{counted}");
    in_the_security_log(&shop.gateway, &shop.secrets.staff).await;
}

/// Owners read there who ran into a limit.
async fn in_the_security_log(gateway: &Replica, owner: &str) {
    eventually("it is in the security log", async || {
        let ask = with_token(ListSecurityEventsRequest::default(), owner);
        let listed = gateway.identity().list_security_events(ask).await.ok()?.into_inner();
        let hit = listed.events.into_iter().find(|event| event.kind == "RATE_LIMITED" && event.address == "127.0.0.2");
        hit.filter(|hit| hit.detail.starts_with("read ×")).map(|_| ())
    })
    .await;
}

/// A gateway beside that of the shared mesh, which tells the Identity of all.
async fn a_mesh_writes_down_who_is_limited() {
    let shop = Shape::Mesh.shop().await;
    let port = Port::free();
    let settings = vec![("COMANDA_GATEWAY_LISTEN", port.address()), ("COMANDA_RATE_LIMIT", "1/5".to_owned())];
    let mut gateway = shop.gateway.twin(port, settings);
    gateway.until_ready().await;
    let endpoint = Endpoint::from_shared(format!("http://{}", gateway.address())).expect("an address");
    let mut catalog = CatalogServiceClient::new(endpoint.local_address(Some(caller(2))).connect_lazy());
    let refused = async || catalog.get_menu(GetMenuRequest::default()).await.is_err_and(|status| is_limited(&status));
    eventually("the limit is reached", refused).await;
    in_the_security_log(&shop.gateway, &shop.secrets.staff).await;
}

async fn whoever_waits_as_told_is_served() {
    let shop = shop("1/5", Settings::new()).await;
    let mut catalog = catalog_from(caller(2), &shop);
    let mut enough: Option<Instant> = None;
    eventually("a call is served again", async || {
        let began = Instant::now();
        let status = match catalog.get_menu(GetMenuRequest::default()).await {
            Ok(_) => return enough.is_some(),
            Err(status) => status,
        };
        assert!(is_limited(&status), "{status:?}");
        let wait = status.get_details_retry_info().and_then(|info| info.retry_delay).expect("a wait");
        assert!(enough.is_none_or(|enough| began < enough), "it had waited as told");
        enough = enough.or(Some(Instant::now() + wait));
        false
    })
    .await;
    // By REST the same, in whole seconds.
    let mut enough: Option<Instant> = None;
    eventually("REST is served again", async || {
        let began = Instant::now();
        let (status, answer) = menu_by_rest(caller(3), &shop, "").await;
        if status == StatusCode::OK {
            return enough.is_some();
        }
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{answer}");
        assert!(answer.contains("application/problem+json") && answer.contains("\"RATE_LIMITED\""), "{answer}");
        let wait = answer.split("retry-after: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
        assert!(enough.is_none_or(|enough| began < enough), "it had waited as told");
        enough = enough.or(Some(Instant::now() + Duration::from_secs(wait.expect("a wait"))));
        false
    })
    .await;
}

async fn only_a_trusted_proxy_says_who_calls() {
    let shop = shop("1/3", vec![("COMANDA_TRUSTED_PROXIES", "127.0.0.9, 127.0.1.0/24".into())]).await;
    let call = async |from: IpAddr, forwarded: &str| {
        let mut request = Request::new(GetMenuRequest::default());
        request.metadata_mut().insert("x-forwarded-for", forwarded.parse().expect("metadata"));
        catalog_from(from, &shop).get_menu(request).await.is_err_and(|status| is_limited(&status))
    };
    eventually("whoever makes up addresses is limited all the same", async || {
        call(caller(2), &format!("198.51.100.{}", fastrand::u8(..))).await
    })
    .await;
    for _ in 0..3 {
        assert!(!call(caller(9), "203.0.113.1").await, "the proxy speaks for a caller of its own");
    }
    let (proxy, inner) = (caller(9), IpAddr::from([127, 0, 1, 1]));
    eventually("that caller is limited, whatever it told the proxies before", async || {
        call(inner, &format!("198.51.100.{}, 203.0.113.1, 127.0.0.9", fastrand::u8(..))).await
    })
    .await;
    assert!(!call(proxy, "203.0.113.2").await, "its neighbour is not");
    let (status, _) = menu_by_rest(proxy, &shop, "x-forwarded-for: 203.0.113.3\r\n").await;
    assert_eq!(status, StatusCode::OK);
}

async fn open_streams_are_bounded() {
    let shop = shop("1000/1000", vec![("COMANDA_RATE_LIMIT_STREAMS", "2".into())]).await;
    let mut catalog = catalog_from(caller(2), &shop);
    let mut watch = async || catalog.watch_menu(WatchMenuRequest::default()).await;
    let first = watch().await.expect("the first");
    let second = watch().await.expect("the second");
    let status = watch().await.expect_err("one too many");
    assert!(is_limited(&status), "{status:?}");
    catalog_from(caller(3), &shop).watch_menu(WatchMenuRequest::default()).await.expect("another caller's");
    drop(first);
    eventually("a closed stream makes room", async || watch().await.map(drop)).await;
    drop(second);
}
