//! Starting with something wrong: one clear sentence that names the setting, and a failure for whoever started it.

use libtest_mimic::Trial;
use std::net::TcpListener;
use std::sync::LazyLock;

use harness::{Folder, Servers, Settings, Shop, run, trials};

pub fn tests() -> Vec<Trial> {
    trials![
        wrong_settings_are_named,
        a_port_in_use_is_named,
        an_unreachable_database_is_named,
        a_locked_data_folder_is_named,
        an_old_schema_is_named,
    ]
}

/// Runs to its end, which must be a failure that says all of this in one line, and nothing secret.
async fn fails(arguments: &[&str], settings: Settings, says: &[&str]) {
    let finished = run(arguments, settings).await;
    assert!(!finished.status.success(), "{arguments:?} must fail");
    let said: Vec<_> = finished.log.lines().filter(|line| line.starts_with("comanda: ")).collect();
    assert_eq!(said.len(), 1, "one sentence: {}", finished.log);
    assert!(says.iter().all(|part| said[0].contains(part)), "{says:?} in {said:?}");
    assert!(!finished.log.contains("hush"), "a secret in the log: {}", finished.log);
    assert!(!finished.log.contains("panicked"), "{}", finished.log);
}

static PUBLIC_KEYS: LazyLock<tempfile::NamedTempFile> = LazyLock::new(|| {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), comanda_auth::test_tokens::public_keys().to_jwks()).expect("written");
    file
});

/// All that a role on its own needs, so that each test spoils one thing.
fn sound() -> Settings {
    let token = "a-token-of-some-length".to_owned();
    vec![
        ("COMANDA_IDENTITY_KEYS_FILE", PUBLIC_KEYS.path().display().to_string()),
        ("COMANDA_SERVICE_TOKEN", token),
        ("COMANDA_TOKEN_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=".to_owned()),
        ("COMANDA_PLAINTEXT", "true".to_owned()),
        ("COMANDA_CACHE_URL", "redis://127.0.0.1:1".to_owned()),
        ("COMANDA_BROKER_URL", "amqp://guest:guest@127.0.0.1:1".to_owned()),
        ("COMANDA_CATALOG_LISTEN", "127.0.0.1:0".to_owned()),
        ("COMANDA_ORDERS_LISTEN", "127.0.0.1:0".to_owned()),
        ("COMANDA_KITCHEN_LISTEN", "127.0.0.1:0".to_owned()),
        ("COMANDA_GATEWAY_LISTEN", "127.0.0.1:0".to_owned()),
    ]
}

fn with(variable: &'static str, value: &str) -> Settings {
    let mut settings = sound();
    settings.retain(|(name, _)| *name != variable);
    settings.push((variable, value.to_owned()));
    settings
}

fn without(variable: &str) -> Settings {
    sound().into_iter().filter(|(name, _)| *name != variable).collect()
}

async fn wrong_settings_are_named() {
    fails(&["orders"], with("COMANDA_BROKER_URL", "memory:"), &["COMANDA_BROKER_URL", "memory:"]).await;
    fails(&["orders"], with("COMANDA_BROKER_URL", "http://hush@x"), &["COMANDA_BROKER_URL"]).await;
    fails(&["catalog"], without("COMANDA_PLAINTEXT"), &["COMANDA_TLS_DIR is not set", "COMANDA_PLAINTEXT"]).await;
    fails(&["orders"], with("COMANDA_CATALOG_URL", "https://catalog:50051"), &["COMANDA_CATALOG_URL", "http:"]).await;
    fails(&["kitchen"], without("COMANDA_BROKER_URL"), &["COMANDA_BROKER_URL is not set"]).await;
    fails(&["catalog"], without("COMANDA_CACHE_URL"), &["COMANDA_CACHE_URL is not set"]).await;
    fails(&["orders"], without("COMANDA_IDENTITY_KEYS_FILE"), &["COMANDA_IDENTITY_KEYS_FILE is not set"]).await;
    fails(&["orders"], with("COMANDA_SERVICE_TOKEN", "hush"), &["COMANDA_SERVICE_TOKEN"]).await;
    fails(&["gateway"], with("COMANDA_TOKEN_KEY", "hush"), &["COMANDA_TOKEN_KEY"]).await;
    fails(&["orders"], with("COMANDA_ORDERS_LISTEN", "here"), &["COMANDA_ORDERS_LISTEN"]).await;
    fails(&["gateway"], with("COMANDA_CATALOG_URL", "catalog:1"), &["COMANDA_CATALOG_URL"]).await;
    let mysql = with("COMANDA_ORDERS_DATABASE_URL", "mysql://root:hush@x/y");
    fails(&["orders"], mysql, &["COMANDA_ORDERS_DATABASE_URL"]).await;
    fails(&[], with("COMANDA_IDENTITY_SIGNING_KEY_FILE", "/nowhere"), &["COMANDA_IDENTITY_SIGNING_KEY_FILE"]).await;
    fails(&["gateway"], with("COMANDA_ALLOWED_ORIGINS", "*"), &["COMANDA_ALLOWED_ORIGINS"]).await;
    fails(&["gateway"], with("COMANDA_TRUSTED_PROXIES", "proxy"), &["COMANDA_TRUSTED_PROXIES", "10.0.0.0/8"]).await;
    fails(&["gateway"], with("COMANDA_TRUSTED_PROXIES", "0.0.0.0/0"), &["COMANDA_TRUSTED_PROXIES"]).await;
    fails(&["orders"], with("COMANDA_ARCHIVE_AFTER_DAYS", "0"), &["COMANDA_ARCHIVE_AFTER_DAYS must be 1 to"]).await;
    fails(&[], with("COMANDA_RETENTION_DAYS", "29"), &["COMANDA_RETENTION_DAYS must be 30"]).await;
    fails(&[], with("COMANDA_LOG", "comanda=loud"), &["COMANDA_LOG must be a level"]).await;
    fails(&[], with("COMANDA_RATE_LIMIT", "many"), &["COMANDA_RATE_LIMIT must", "or off"]).await;
    fails(&["gateway"], with("COMANDA_RATE_LIMIT_CHANGES", "10"), &["COMANDA_RATE_LIMIT_CHANGES must"]).await;
    fails(&["gateway"], with("COMANDA_RATE_LIMIT_STREAMS", "0"), &["COMANDA_RATE_LIMIT_STREAMS must"]).await;
}

async fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    fails(&[], with("COMANDA_GATEWAY_LISTEN", &address), &["COMANDA_GATEWAY_LISTEN", &address, "in use"]).await;
    fails(&["orders"], with("COMANDA_ORDERS_LISTEN", &address), &["COMANDA_ORDERS_LISTEN", &address]).await;
}

async fn an_unreachable_database_is_named() {
    let nowhere = with("COMANDA_ORDERS_DATABASE_URL", "postgres://comanda:hush@127.0.0.1:1/orders");
    fails(&["migrate"], nowhere, &["COMANDA_ORDERS_DATABASE_URL", "cannot connect"]).await;
    // Roles wait for one that is away, but not for one that refuses.
    let servers = Servers::shared().await;
    let refused = servers.postgres.create_database("refused").await + "_by_a_wrong_name";
    let refused = with("COMANDA_CATALOG_DATABASE_URL", &refused);
    fails(&["catalog"], refused, &["COMANDA_CATALOG_DATABASE_URL", "cannot connect"]).await;
    let refused = servers.postgres.create_database("refused").await + "_by_a_wrong_name";
    fails(&["orders"], with("COMANDA_ORDERS_DATABASE_URL", &refused), &["COMANDA_ORDERS_DATABASE_URL"]).await;
}

async fn a_locked_data_folder_is_named() {
    let folder = Folder::new("locked");
    let data = folder.join("data").display().to_string();
    let shop = Shop::embedded_with(vec![("COMANDA_DATA_DIR", data.clone())]).await;
    fails(&[], with("COMANDA_DATA_DIR", &data), &["COMANDA_DATA_DIR", "in use by another"]).await;
    std::fs::remove_file(folder.join("data/lock")).expect("it is there");
    fails(&[], with("COMANDA_DATA_DIR", &data), &["COMANDA_DATA_DIR", "in use by another"]).await;
    drop(shop);
}

async fn an_old_schema_is_named() {
    let servers = Servers::shared().await;
    let empty = servers.postgres.create_database("empty").await;
    for (role, variable) in [("orders", "COMANDA_ORDERS_DATABASE_URL"), ("catalog", "COMANDA_CATALOG_DATABASE_URL")] {
        fails(&[role], with(variable, &empty), &[variable, "comanda migrate"]).await;
    }
}
