//! What earlier releases left behind, in `tests/releases`: a data folder, messages, contracts and schemas. Each is taken up by
//! this one with nothing missing. `RECORD_RELEASE=0.2 cargo test … -- releases` writes those of this one.

mod record;
mod schema;

use comanda_proto::{DESCRIPTORS, events::v1::Event};
use comanda_telemetry::json;
use harness::{Settings, Shape, Shop, trials};
use libtest_mimic::Trial;
use prost::Message;
use serde_json::Value;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use record::{this_release, told};

pub fn tests() -> Vec<Trial> {
    if env::var_os("RECORD_RELEASE").is_some() {
        return trials![this_release];
    }
    trials![a_data_folder_is_opened_with_all_that_was_in_it, messages_say_what_they_said, schemas_only_grow]
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/releases")
}

fn releases() -> Vec<PathBuf> {
    let all = fs::read_dir(folder()).expect("releases").map(|entry| entry.expect("an entry").path());
    let all = all.filter(|path| path.is_dir()).collect::<Vec<_>>();
    assert!(!all.is_empty(), "no release is recorded");
    all
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// Everything that was said is still said; more may be.
fn check_holds(before: &Value, now: &Value, at: &str) {
    match (before, now) {
        (Value::Object(before), Value::Object(now)) => {
            for (name, value) in before {
                check_holds(value, now.get(name).unwrap_or(&Value::Null), &format!("{at}.{name}"));
            }
        }
        (Value::Array(before), Value::Array(now)) => {
            assert_eq!(before.len(), now.len(), "{at}");
            before
                .iter()
                .zip(now)
                .enumerate()
                .for_each(|(i, (before, now))| check_holds(before, now, &format!("{at}[{i}]")));
        }
        _ => assert_eq!(before, now, "{at}"),
    }
}

async fn a_data_folder_is_opened_with_all_that_was_in_it() {
    for release in releases() {
        let mut shop = Shop::embedded().await;
        shop.gateway.stop().expect("it stops");
        fs::remove_dir_all(shop.data()).expect("ours");
        fs::create_dir(shop.data()).expect("ours");
        let mut unpack = Command::new("tar");
        unpack.arg("-xzf").arg(release.join("data.tar.gz")).arg("-C").arg(shop.data());
        assert!(unpack.status().expect("tar runs").success());
        // It may be years old by now.
        let days = || (u32::from(u16::MAX) / 2).to_string();
        let keep: Settings = vec![("COMANDA_ARCHIVE_AFTER_DAYS", days()), ("COMANDA_NAME_RETENTION_DAYS", days())];
        shop.gateway.start_with(keep).await;
        let before = read(&release.join("shop.json"));
        let ids = before["orders"].as_array().expect("orders").iter();
        let ids = ids.map(|told| told["order"]["orderId"].as_str().expect("an id").to_owned()).collect::<Vec<_>>();
        check_holds(&before, &told(&shop, &ids).await, &release.display().to_string());
        crate::journey::all(&shop).await;
    }
}

async fn messages_say_what_they_said() {
    for release in releases() {
        let mut count = 0;
        for file in fs::read_dir(release.join("messages")).expect("messages") {
            let file = file.expect("a file").path();
            if file.extension().is_none_or(|extension| extension != "bin") {
                continue;
            }
            let bytes = fs::read(&file).expect("a message");
            let event = Event::decode(bytes.as_slice()).expect("an event");
            let now = json::of(DESCRIPTORS, "comanda.events.v1.Event", &event).expect("JSON");
            check_holds(&read(&file.with_extension("json")), &now, &file.display().to_string());
            count += 1;
        }
        assert!(count >= 2, "{}: {count} messages", release.display());
    }
}

/// Replicas of the release before run on the schema of this one, and its rows stay.
async fn schemas_only_grow() {
    for shape in [Shape::Embedded, Shape::Mesh] {
        let shop = shape.shop().await;
        for release in releases() {
            let name = schema::file(shape);
            let before = fs::read_to_string(release.join(&name)).expect("a schema");
            schema::check_grown(&before, &schema::of(&shop).await);
        }
    }
}
