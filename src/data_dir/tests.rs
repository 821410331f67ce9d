use super::*;
use std::os::unix::fs::PermissionsExt;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn put(folder: &Path, names: &[&str]) {
    names.iter().for_each(|name| fs::write(folder.join(name), name).expect("written"));
}

#[test]
fn a_folder_without_a_list_is_taken_as_it_is_and_then_held_to_it() {
    let folder = folder();
    let path = folder.path();
    put(path, &["orders.db", "token.key"]);
    fs::set_permissions(path.join("orders.db"), fs::Permissions::from_mode(0o644)).expect("ours");
    drop(DataDir::open(path, false).expect("open"));
    assert_eq!((mode(path), mode(&path.join("orders.db")), mode(&path.join("manifest"))), (0o700, 0o600, 0o600));
    manifest::require(path, "kitchen.db").expect("it was never there");
    manifest::add(path, "kitchen.db").expect("listed");
    for (name, lose) in [("orders.db", true), ("token.key", false)] {
        let file = path.join(name);
        if lose { fs::remove_file(&file) } else { fs::write(&file, "") }.expect("ours");
        drop(DataDir::open(path, false).expect("what it does not use may be missing"));
        let why = manifest::require(path, name).expect_err("it was there");
        assert!(why.contains(&file.display().to_string()) && why.contains("--new-shop"), "{why}");
    }
}

#[test]
fn nobody_gets_in_by_removing_the_lock() {
    let folder = folder();
    let first = DataDir::open(folder.path(), false).expect("open");
    fs::remove_file(folder.path().join(LOCK)).expect("ours");
    let why = DataDir::open(folder.path(), false).err().expect("refused");
    assert!(why.contains("in use by another"), "{why}");
    drop(first);
    drop(DataDir::open(folder.path(), false).expect("it is free"));
}

#[test]
fn a_new_shop_overwrites_nothing_and_leaves_a_whole_one_alone() {
    let folder = folder();
    let path = folder.path();
    put(path, &["orders.db", "kitchen.db", "kitchen.db-wal", "token.key"]);
    drop(DataDir::open(path, true).expect("open"));
    assert!(path.join("orders.db").exists(), "nothing was missing");
    fs::remove_file(path.join("orders.db")).expect("ours");
    for round in 1..3 {
        drop(DataDir::open(path, true).expect("open"));
        assert!(manifest::listed(path).expect("readable").is_empty());
        let aside = path.join(format!("set-aside-{round}"));
        for name in ["kitchen.db", "kitchen.db-wal", "token.key", "manifest"] {
            assert!(aside.join(name).exists() && !path.join(name).exists(), "{name}");
        }
        assert_eq!(mode(&aside), 0o700);
        put(path, &["kitchen.db", "kitchen.db-wal", "token.key"]);
        drop(DataDir::open(path, false).expect("open"));
        manifest::add(path, "orders.db").expect("listed");
    }
}

/// By a clock that runs ahead as soon as nobody works.
#[tokio::test(start_paused = true)]
async fn work_ends_when_the_data_goes_and_not_before() {
    let done = async { Ok(()) };
    let outer = folder();
    let path = outer.path().join("data");
    let open = || DataDir::open(&path, false).expect("open");
    assert_eq!(open().while_there(done).await, Ok(()));
    put(&path, &["orders.db", "token.key"]);
    let data = open();
    fs::remove_file(path.join("token.key")).expect("ours");
    let soon = async {
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        Ok(())
    };
    assert_eq!(data.while_there(soon).await, Ok(()), "a secret is in memory");
    let endless = || std::future::pending::<Result<(), Failure>>();
    let replaced = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        fs::rename(path.join("orders.db"), path.join("kept")).expect("ours");
        put(&path, &["orders.db"]);
        endless().await
    };
    let why = open().while_there(replaced).await.expect_err("another database");
    assert!(why.contains("orders.db was removed, moved or replaced"), "{why}");
    let removed = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        fs::remove_dir_all(&path).expect("ours");
        endless().await
    };
    let why = open().while_there(removed).await.expect_err("no folder");
    assert!(why.contains(&path.display().to_string()), "{why}");
}
