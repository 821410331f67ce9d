//! Behind nginx as it comes, with nothing but `proxy_pass`: it gathers what it is handed on and cuts what is idle, and
//! streams get through all the same.

use std::{fs, time::Duration};

use comanda_proto::{
    catalog::v1::{WatchMenuRequest, catalog_service_client::CatalogServiceClient},
    kitchen::v1::{WatchTicketsRequest, kitchen_service_client::KitchenServiceClient, watch_tickets_response::News},
    orders::v1::{WatchOrderRequest, order_service_client::OrderServiceClient},
};
use harness::{Folder, Port, Process, Shop, command, on_both_shapes, with_token};
use libtest_mimic::Trial;
use tokio::time::timeout;
use tonic::Streaming;

use crate::{
    clients::{order, place},
    protocols::{Web, web},
};

pub fn tests() -> Vec<Trial> {
    on_both_shapes![streams_come_through_as_they_are_told, a_stream_that_the_proxy_cuts_ends_and_can_be_watched_again,]
}

/// What a package would have, and one place.
const CONFIGURATION: &str = "\
daemon off;
worker_processes 1;
pid {FOLDER}/pid;
error_log {FOLDER}/errors;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path {FOLDER}/client;
    proxy_temp_path {FOLDER}/proxy;
    fastcgi_temp_path {FOLDER}/fastcgi;
    uwsgi_temp_path {FOLDER}/uwsgi;
    scgi_temp_path {FOLDER}/scgi;
    server {
        listen {LISTEN};
        location / { proxy_pass http://{GATEWAY}; {MORE} }
    }
}
";
/// Where Debian puts it, which is not in everybody's PATH.
const PROGRAM: &str = "/usr/sbin/nginx";
/// A stream that is held back would wait for 4 KiB; each message must come long before.
const IN_TIME: Duration = Duration::from_secs(20);

struct Nginx {
    _process: Process,
    port: Port,
    _folder: Folder,
}

impl Nginx {
    async fn before(shop: &Shop, more: &str) -> Self {
        assert!(fs::exists(PROGRAM).is_ok_and(|there| there), "{PROGRAM} is missing: `make test` installs it");
        let (folder, port) = (Folder::new("nginx"), Port::free());
        let configuration = CONFIGURATION
            .replace("{FOLDER}", &folder.path().display().to_string())
            .replace("{GATEWAY}", &shop.gateway.address())
            .replace("{LISTEN}", &port.address())
            .replace("{MORE}", more);
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration).expect("a file");
        let mut nginx = command(PROGRAM);
        nginx.arg("-c").arg(&file).arg("-p").arg(folder.path());
        let mut process = Process::spawn("nginx", nginx, &folder.join("log"));
        process.until_listening(&port).await;
        Self { _process: process, port, _folder: folder }
    }

    fn origin(&self) -> http::Uri {
        format!("http://{}", self.port.address()).parse().expect("an address")
    }

    fn catalog(&self) -> CatalogServiceClient<Web> {
        CatalogServiceClient::with_origin(web(), self.origin())
    }
}

/// The next message, which must come by itself.
async fn next<T>(stream: &mut Streaming<T>) -> T {
    let message = timeout(IN_TIME, stream.message()).await.expect("something holds the stream back");
    message.expect("no error").expect("a message")
}

/// Six seconds instead of a minute: longer than the pause between two heartbeats, and shorter than this test.
async fn streams_come_through_as_they_are_told(shop: &Shop) {
    let nginx = Nginx::before(shop, "proxy_read_timeout 6s;").await;
    let watch = timeout(IN_TIME, nginx.catalog().watch_menu(WatchMenuRequest::default())).await;
    let answer = watch.expect("not even the head comes").expect("a stream");
    let caching = answer.metadata().get("cache-control").cloned();
    let mut menus = answer.into_inner();
    for _ in 0..3 {
        next(&mut menus).await;
    }
    assert_eq!(caching.expect("for whatever compresses"), "no-cache, no-transform");

    let placed = place(shop, "Yago").await;
    let watch = WatchOrderRequest { order_id: order(&placed).order_id.clone() };
    let mut orders = OrderServiceClient::with_origin(web(), nginx.origin());
    let mut story = orders.watch_order(with_token(watch, &placed.own_token)).await.expect("a stream").into_inner();
    for _ in 0..5 {
        next(&mut story).await;
    }

    let mut kitchen = KitchenServiceClient::with_origin(web(), nginx.origin());
    let watch = with_token(WatchTicketsRequest::default(), &shop.secrets.staff);
    let mut board = kitchen.watch_tickets(watch).await.expect("a stream").into_inner();
    let mut beats = 0;
    while beats < 3 {
        beats += u32::from(matches!(next(&mut board).await.news, Some(News::Heartbeat(_))));
    }
}

/// An idle time that is too short for the menu's heartbeats. The page watches again; what matters is that it is told.
async fn a_stream_that_the_proxy_cuts_ends_and_can_be_watched_again(shop: &Shop) {
    let nginx = Nginx::before(shop, "proxy_read_timeout 1s;").await;
    for _ in 0..2 {
        let mut menus = nginx.catalog().watch_menu(WatchMenuRequest::default()).await.expect("a stream").into_inner();
        assert!(next(&mut menus).await.menu().expect("readable").is_some(), "it begins with the menu");
        let cut = async { while let Ok(Some(_)) = menus.message().await {} };
        timeout(IN_TIME, cut).await.expect("the cut is told");
    }
}
