//! Reading menus: on a hit beside a server that does nothing else, and through Redis beside Redis alone.

use harness::{Folder, Servers, Shop, eventually, with_token};

use super::{
    Effort,
    bare::Bare,
    load::{drive, histogram},
    report::{Goal, Row},
    usage::{self, Usage},
};
use comanda_catalog::Cache;
use comanda_proto::catalog::v1::{GetMenuRequest, ImportMenuRequest};
use comanda_tls::ca_roots::CaRoots;
use prost::Message;
use std::{
    process::Command,
    time::{Duration, Instant},
};
use url::Url;

pub const PATH: &str = "/comanda.catalog.v1.CatalogService/GetMenu";

/// A shop with the menu that is measured: 60 products, of which each offers two groups of options.
pub async fn sixty_products(servers: &Servers) -> Shop {
    let shop = Shop::mesh(servers, 1).await;
    import_sixty_products(&shop).await;
    shop
}

/// Puts them on the menu of a shop.
pub async fn import_sixty_products(shop: &Shop) {
    let mut file =
        String::from("shop: main\nname: Bench\ncurrency: BRL\ntime_zone: America/Sao_Paulo\noption_groups:\n");
    for group in 0..6 {
        let options =
            (0..4).map(|option| format!("{{key: o{option}, name: Opção {option}, price_delta: {option}.50}}"));
        let options = options.collect::<Vec<_>>().join(", ");
        file += &format!("  - {{key: g{group}, name: Grupo {group}, max: 2, options: [{options}]}}\n");
    }
    file += "categories:\n";
    for category in 0..6 {
        file += &format!("  - key: c{category}\n    name: Categoria {category}\n    products:\n");
        for product in 0..10 {
            file += &format!(
                "      - {{key: p{category}-{product}, name: Produto {category}.{product}, description: Um produto como \
                 tantos outros da casa, price: 12.50, allergens: [milk], option_groups: [g{category}, g{}]}}\n",
                (category + 1) % 6
            );
        }
    }
    let request_id = "6c2a4c0e-32c5-4d0a-9d3b-6f6f0b1f0a01".to_owned();
    let request = ImportMenuRequest { request_id, file, ..Default::default() };
    let import = shop.gateway.catalog_admin().import_menu(with_token(request, &shop.secrets.staff)).await;
    import.expect("imported");
}

/// Throughput, processor time per call, and the slow end, pair by pair.
pub async fn on_a_hit(servers: &Servers, effort: Effort) -> Vec<Row> {
    let shop = sixty_products(servers).await;
    let catalog = &shop.catalog[0];
    let ask = GetMenuRequest { shop_id: "main".into(), known_version: 0 };
    let reply = catalog.catalog().get_menu(ask.clone()).await.expect("a menu").into_inner();
    let folder = Folder::new("bare");
    let bare = Bare::start(folder.path(), &reply.encode_to_vec()).await;
    let ask = prost::bytes::Bytes::from(ask.encode_to_vec());
    let measure = async |address: &str, pid: u32| {
        let before = Usage::of(&[pid]);
        let seen = drive(address, PATH, ask.clone(), effort.time).await;
        (seen.rate(), before.each_since(&[pid], seen.calls), seen.quantile(0.99))
    };
    let (ours, limit) = (catalog.address().to_string(), bare.address.clone());
    for (address, pid) in [(&ours, catalog.pid()), (&limit, bare.pid())] {
        measure(address, pid).await;
    }
    let (mut rates, mut usages, mut tails) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..effort.pairs {
        let (our_rate, our_usage, our_tail) = measure(&ours, catalog.pid()).await;
        let (rate, usage, tail) = measure(&limit, bare.pid()).await;
        rates.push((our_rate, rate));
        usages.push((our_usage, usage));
        tails.push((our_tail, tail));
    }
    let peer = "bare tonic server, same bytes";
    let mut rows = vec![Row::of(("GetMenu, 60 products, hit: throughput", peer, "/s"), &rates, Goal::AtLeast(0.95))];
    rows.extend(usage::rows(("GetMenu, 60 products, hit: CPU per call", peer), &usages, Goal::AtMost(1.05)));
    rows.push(Row::of(("GetMenu, 60 products, hit: p99", peer, "µs"), &tails, Goal::AtMost(1.3)));
    rows
}

/// The way from Catalog to Redis and back, the look at what came included, by one caller.
pub async fn through_redis(servers: &Servers, effort: Effort) -> Vec<Row> {
    let shop = sixty_products(servers).await;
    let reply = shop.catalog[0].catalog().get_menu(GetMenuRequest::default()).await.expect("a menu").into_inner();
    let version = reply.menu().expect("readable").expect("a menu").version;
    let url = shop.catalog[0].setting("COMANDA_CACHE_URL");
    let cache = Cache::connect(&url, &CaRoots::system()).expect("Redis");
    cache.wait_for_connection().await;
    let key = eventually("Redis is fed", async || key_of(&url, version)).await;
    let mut pairs = Vec::new();
    for _ in 0..effort.pairs {
        let ours = read_for(&cache, version, effort.time).await;
        pairs.push((ours, alone(&url, &key, effort.time)));
    }
    let names = ("a menu from Redis: round trip, 1 caller", "redis-benchmark GET of the same value", "µs");
    vec![Row::of(names, &pairs, Goal::AtMost(1.5))]
}

/// The median, in microseconds.
async fn read_for(cache: &Cache, version: i64, time: Duration) -> f64 {
    let (end, mut latency) = (Instant::now() + time, histogram());
    while Instant::now() < end {
        let sent = Instant::now();
        assert!(matches!(cache.menu("main", version).await, Ok(Some(_))), "Redis has it");
        latency.record(u64::try_from(sent.elapsed().as_nanos() / 100).expect("a short time")).expect("within bounds");
    }
    latency.value_at_quantile(0.5) as f64 / 10.0
}

/// What `redis-benchmark` says of the median, in microseconds.
fn alone(url: &str, key: &str, time: Duration) -> f64 {
    let count = (time.as_millis() * 10).to_string();
    let output = redis("redis-benchmark", url, &["-c", "1", "-n", &count, "--csv", "GET", key]);
    // "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms",…
    let line = output.lines().last().expect("a line");
    let fields: Vec<_> = line.split("\",\"").map(|field| field.trim_matches('"')).collect();
    fields[fields.len() - 4].parse::<f64>().expect("milliseconds") * 1000.0
}

fn key_of(url: &str, version: i64) -> Option<String> {
    let keys = redis("redis-cli", url, &["--scan", "--pattern", &format!("menu:*:main:{version}")]);
    keys.lines().find(|key| !key.contains("token")).map(str::to_owned)
}

fn redis(program: &str, url: &str, arguments: &[&str]) -> String {
    let url = Url::parse(url).expect("a URL");
    let (host, port) = (url.host_str().expect("a host"), url.port().expect("a port").to_string());
    let database = url.path().trim_start_matches('/');
    let mut command = Command::new(program);
    command.args(["-h", host, "-p", &port]);
    if let Some(password) = url.password() {
        command.args(["-a", password]);
    }
    if !database.is_empty() {
        command.args([if program == "redis-cli" { "-n" } else { "--dbnum" }, database]);
    }
    let output = command.args(arguments).output().expect("redis-tools are installed");
    String::from_utf8(output.stdout).expect("text")
}
