use super::*;
use crate::{
    edit::{self, availability::SetAvailability},
    test_db::Menus,
};
use comanda_proto::r#type::v1::Actor;
use comanda_storage::history::By;

/// A second after this, every look made so far is too old.
fn later() -> Instant {
    Instant::now() + Duration::from_secs(1)
}

fn replica(test_db: &Menus) -> Arc<Reader> {
    Reader::new(test_db.database.clone(), Cache::Memory)
}

/// Marks the first product of the menu as sold out through `reader`.
async fn sell_out(test_db: &Menus, reader: &Arc<Reader>) -> i64 {
    let menu = reader.menu("main", 0).await.expect("a menu").body.menu();
    let product = menu.categories[0].products[0].product_id.parse().expect("a UUID");
    let (shop, author) = ("main".to_owned(), By::from(Actor::System));
    let change = SetAvailability { shop, product, available: false, for_today: false, author };
    assert!(edit::run(&test_db.database, &change).await.expect("stored"));
    reader.show_latest("main").await;
    reader.menu("main", 0).await.expect("a menu").body.version
}

#[tokio::test]
async fn an_unknown_shop_is_remembered_for_a_moment_only() {
    let test_db = Menus::empty().await;
    let (reader, started) = (replica(&test_db), Instant::now());
    let unknown = MenuError::UnknownShop("main".into());
    assert_eq!(reader.menu("main", 0).await.expect_err("no shop"), unknown);
    assert!(reader.local_cache.is_unknown("main", started));
    assert_eq!(reader.versions(&["main".into()]).await, Ok(HashMap::new()));

    crate::load_sample(&test_db.database).await.expect("the sample");
    reader.menu_at("main", 0, later()).await.expect("the shop that was opened since");
}

#[tokio::test]
async fn another_replica_finds_a_change_by_its_poll() {
    let test_db = Menus::with_sample().await;
    let (here, there) = (replica(&test_db), replica(&test_db));
    let before = there.menu("main", 0).await.expect("a menu").body.version;
    assert_eq!(there.poll().await.expect("a poll"), Vec::<String>::new());

    let version = sell_out(&test_db, &here).await;
    assert_eq!(there.menu("main", 0).await.expect("a menu").body.version, before);
    assert_eq!(there.poll().await.expect("a poll"), ["main"]);
    there.join_load("main").finished().await.expect("landed").expect("loaded");
    assert_eq!(there.menu("main", 0).await.expect("a menu").body.version, version);
}

#[tokio::test]
async fn a_caller_who_saw_a_newer_menu_elsewhere_does_not_go_back() {
    let test_db = Menus::with_sample().await;
    let (here, there) = (replica(&test_db), replica(&test_db));
    there.menu("main", 0).await.expect("a menu");
    let version = sell_out(&test_db, &here).await;
    assert_eq!(there.menu("main", version).await.expect("a menu").body.version, version);
    // A version that never was does not keep anybody from an answer.
    assert_eq!(there.menu("main", i64::MAX).await.expect("a menu").body.version, version);
}

#[tokio::test]
async fn without_its_database_a_replica_serves_what_it_has_and_says_so() {
    let test_db = Menus::with_sample().await;
    let (reader, started) = (replica(&test_db), Instant::now());
    let held = reader.menu_at("main", 0, started).await.expect("a menu");
    assert!(!held.stale);
    test_db.database.clone().close().await;

    reader.poll().await.expect_err("no database");
    let newer = reader.menu_at("main", held.body.version + 1, Instant::now()).await.expect("a menu");
    assert!(newer.stale, "somebody showed him a newer one, and nobody can tell");
    assert!(!reader.menu_at("main", 0, started).await.expect("a menu").stale, "the bound is not yet over");
    let answer = reader.menu_at("main", 0, later()).await.expect("a menu");
    assert_eq!((answer.stale, answer.body.version), (true, held.body.version));
    assert_eq!(
        reader.menu("other", 0).await.expect_err("nothing at hand"),
        MenuError::DatabaseUnavailable(DatabaseUnavailable)
    );
    assert_eq!(reader.versions_at(&["main".into()], later()).await, Err(DatabaseUnavailable));
    assert_eq!(reader.versions_at(&["main".into(), "other".into()], started).await, Err(DatabaseUnavailable));
}

#[tokio::test]
async fn a_hit_asks_nobody() {
    let test_db = Menus::with_sample().await;
    let (reader, started) = (replica(&test_db), Instant::now());
    let first = reader.menu_at("main", 0, started).await.expect("a menu");
    test_db.database.clone().close().await;
    let second = reader.menu_at("main", first.body.version, started).await.expect("a menu");
    assert!(Arc::ptr_eq(&first.body, &second.body) && !second.stale);
}

#[tokio::test]
async fn versions_hold_the_shops_that_were_asked_for() {
    let test_db = Menus::with_sample().await;
    let reader = replica(&test_db);
    let versions = reader.versions(&["main".into(), "none".into()]).await.expect("versions");
    let version = store::version(test_db.database.reader(), "main").await.expect("a version").expect("a shop");
    assert_eq!(versions, HashMap::from([("main".into(), version)]));
    assert_eq!(reader.local_cache.shops(), ["main"]);
}
