use super::*;
use crate::cli::Cli;
use clap::{CommandFactory, FromArgMatches, Parser};
use http::Uri;
use std::sync::LazyLock;

fn flags(arguments: &[&str]) -> Flags {
    let arguments = ["comanda"].iter().chain(arguments);
    Cli::try_parse_from(arguments).expect("known flags").flags
}

fn role(arguments: &[&str]) -> Flags {
    static PUBLIC_KEYS: LazyLock<tempfile::NamedTempFile> = LazyLock::new(jwks);
    let keys = format!("--identity-keys-file={}", PUBLIC_KEYS.path().display());
    const SECRETS: [&str; 8] = [
        "--plaintext",
        "--service-token=0123456789abcdef",
        "--token-key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "--catalog-database-url=postgres://c@db/c",
        "--orders-database-url=postgres://o@db/o",
        "--kitchen-database-url=postgres://k@db/k",
        "--data-dir=/tmp/comanda",
        "--log=info",
    ];
    flags(&[&SECRETS[..], &[&keys], arguments].concat())
}

fn jwks() -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), comanda_auth::test_tokens::public_keys().to_jwks()).expect("written");
    file
}

#[test]
fn the_defaults_are_a_shop_in_a_box() {
    let all = flags(&[]).all().expect("defaults");
    assert_eq!((all.cache.url.as_str(), all.broker.url.as_str()), ("memory:", "memory:"));
    assert!(all.ports.iter().all(Option::is_none));
    assert_eq!(all.databases[1].url, "sqlite:./data/orders.db");
}

#[test]
fn a_role_on_its_own_needs_real_parts() {
    let broker = |arguments: &[&str]| role(arguments).kitchen().map(|kitchen| kitchen.broker.url);
    let cache = |arguments: &[&str]| role(arguments).catalog().map(|catalog| catalog.cache.url);
    assert!(said(broker(&["--broker-url", "memory:"])).starts_with("COMANDA_BROKER_URL "));
    assert!(said(cache(&[])).starts_with("COMANDA_CACHE_URL is not set"));
    let amqp = "amqp://guest:guest@127.0.0.1/%2f";
    assert_eq!(broker(&["--broker-url", amqp]), Ok(amqp.to_owned()));
    assert!(broker(&["--broker-url", "amqps://127.0.0.1"]).is_ok());
    assert!(cache(&["--cache-url", "rediss://127.0.0.1"]).is_ok());
}

#[test]
fn a_broker_may_have_several_nodes() {
    let several = "amqp://u:p,w@a:1/%2f, amqp://u:p,w@b:2/%2f";
    let broker = |url: &str| role(&["--broker-url", url]).kitchen().map(|kitchen| kitchen.broker.url);
    assert_eq!(broker(several), Ok(several.to_owned()));
    for wrong in ["amqp://a,b", "amqp://a:1,b:2/x", "amqp://a,amqp:", "amqp://a,amqps//b", "redis://a,amqp://b"] {
        assert!(said(broker(wrong)).starts_with("COMANDA_BROKER_URL "), "{wrong}");
    }
}

#[test]
fn a_wrong_value_is_named_but_not_shown() {
    let wrong = flags(&["--orders-database-url", "mysql://root:hush@db/x"]).all();
    let failure = said(wrong);
    assert!(failure.starts_with("COMANDA_ORDERS_DATABASE_URL ") && !failure.contains("hush"), "{failure}");
    assert!(said(flags(&["--gateway-listen", "8080"]).all()).starts_with("COMANDA_GATEWAY_LISTEN "));
}

#[test]
fn several_replicas_are_separated_by_commas() {
    let uri = Uri::from_static;
    let gateway = role(&["--kitchen-url", "http://a:1, http://b:2"]).gateway().expect("good");
    assert_eq!(gateway.kitchen, vec![uri("http://a:1/"), uri("http://b:2/")]);
    assert_eq!(gateway.orders, vec![uri("http://127.0.0.1:50052/")]);
    assert!(said(role(&["--kitchen-url", "https://a:1"]).gateway()).starts_with("COMANDA_KITCHEN_URL "));
}

#[test]
fn two_roles_need_two_databases() {
    let same = ["--orders-database-url=postgres://o@db/o", "--kitchen-database-url=postgres://o@db/o"];
    assert!(said(flags(&same).all()).contains("one and the same database"));
}

#[test]
fn a_url_may_be_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("url");
    std::fs::write(&file, "amqp://u:p@broker\n").expect("written");
    let file = file.display().to_string();
    assert_eq!(role(&["--broker-url-file", &file]).kitchen().expect("good").broker.url, "amqp://u:p@broker");
    let both = role(&["--broker-url-file", &file, "--broker-url", "amqp://b"]).kitchen();
    assert_eq!(said(both), "COMANDA_BROKER_URL and COMANDA_BROKER_URL_FILE are both set");
    let missing = role(&["--cache-url-file", "/nowhere/url"]).catalog();
    assert!(said(missing).starts_with("COMANDA_CACHE_URL_FILE: cannot read /nowhere/url"));
}

#[test]
fn tokens_of_openssl_are_taken_and_those_of_services_are_a_list() {
    let base64 = "x+3/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789ab8=";
    let both = format!("{base64}, 0123456789abcdef");
    let jwks = jwks();
    let secrets = |listed: &str| {
        let flags = flags(&[
            "--identity-keys-file",
            jwks.path().to_str().expect("a path"),
            "--service-token",
            listed,
            "--token-key",
            "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        ]);
        flags.secrets.required(&TlsConfig::Plaintext)
    };
    let read = secrets(&both).expect("good");
    assert_eq!((read.service[0].as_str(), read.service.len()), (base64, 2));
    assert!(said(secrets("0123456789abcdef,short")).starts_with("COMANDA_SERVICE_TOKEN "));
}

#[test]
fn what_is_in_force_is_shown_without_secrets() {
    let arguments = ["comanda", "--broker-url", "amqp://u:hush@b/%2f", "--token", "hush-hush-hush-hush"];
    let matches = Cli::command().try_get_matches_from(arguments).expect("known flags");
    Cli::from_arg_matches(&matches).expect("good");
    let shown = in_force(&matches);
    assert!(!shown.contains("hush"), "{shown}");
    assert!(shown.contains("amqp://u:hidden@b/%2f"), "{shown}");
    let listed = |line: &str| shown.lines().any(|shown| shown.split_whitespace().collect::<Vec<_>>().join(" ") == line);
    assert!(listed("COMANDA_TOKEN flag hidden") && listed("COMANDA_RETRIES default on"), "{shown}");
}

/// To renew the page: `comanda config --reference > docs/configuration.md`.
#[test]
fn the_page_on_configuration_is_current() {
    assert_eq!(include_str!("../../docs/configuration.md"), reference());
}

fn said<T: std::fmt::Debug>(refused: Result<T, ConfigError>) -> String {
    refused.expect_err("refused").to_string()
}

#[test]
fn a_network_of_its_own_opens_the_shop_to_it() {
    let alone = flags(&[]).all().expect("defaults");
    assert!(alone.lan.is_none() && alone.listen.ip().is_loopback());
    let lan = flags(&["--lan"]).all().expect("good");
    assert_eq!((lan.listen.to_string(), lan.gateway.hosts), ("[::]:8080".to_owned(), Some(Vec::new())));
    assert_eq!(lan.lan.expect("asked for").listen.to_string(), "[::]:8443");
    let told = flags(&["--lan", "--gateway-listen", "127.0.0.1:80", "--public-url", "https://cafe.example/"]);
    let told = told.all().expect("good");
    assert_eq!(
        (told.listen.to_string(), told.gateway.customers),
        ("127.0.0.1:80".into(), Some("https://cafe.example".into()))
    );
    assert_eq!(told.gateway.https_hosts, ["cafe.example"]);
    assert!(said(role(&["--lan"]).gateway()).starts_with("COMANDA_LAN "));
}
