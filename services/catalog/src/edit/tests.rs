mod face;

use super::*;
use crate::{
    edit::{
        availability::SetAvailability,
        file::MenuFile,
        import::ImportMenu,
        product::{ArchiveProduct, CreateProduct, UpdateProduct, details},
        scheduled,
        shop::{self, UpdateShop},
    },
    rows::Keyed,
    test_db::Menus,
};
use chrono::TimeDelta;
use comanda_proto::r#type::v1::Actor;
use comanda_proto::{
    catalog::v1::{Allergen, OrderingPause, ProductDetails, ShopSettings, SpecialDay, TimeSpan},
    r#type::v1::Money,
};
use comanda_types::{timestamp::to_proto, validation::Checks};

fn ana() -> By {
    By { actor: Actor::Staff, author: Some(Author { person: "Ana".into(), ..Author::default() }) }
}

async fn rows(test_db: &Menus) -> Rows {
    store::menu(&test_db.database, "main").await.expect("rows").expect("a shop")
}

async fn product_of(test_db: &Menus, key: &str) -> ProductDetails {
    let rows = rows(test_db).await;
    let id = rows.products.iter().find(|row| row.key() == key).expect("a product").product_id;
    details(&rows, id).expect("its details")
}

fn update(details: &ProductDetails, fields: &[&str]) -> UpdateProduct {
    let id = details.product_id.parse().expect("a UUID");
    let fields = fields.iter().map(ToString::to_string).collect();
    UpdateProduct { shop: "main".into(), id, details: details.clone(), fields, author: ana() }
}

fn sold_out(product: &ProductDetails, for_today: bool) -> SetAvailability {
    let product = product.product_id.parse().expect("a UUID");
    SetAvailability { shop: "main".into(), product, available: false, for_today, author: ana() }
}

fn brl(minor_units: i64) -> Option<Money> {
    Some(Money { currency_code: "BRL".into(), minor_units })
}

#[tokio::test]
async fn only_what_the_mask_names_is_changed_and_the_history_tells() {
    let test_db = Menus::with_sample().await;
    let before = rows(&test_db).await;
    let mut latte = product_of(&test_db, "cafe-latte").await;
    (latte.name, latte.price) = ("Something else".into(), brl(1300));
    latte.set_allergens_of(&[Allergen::Milk, Allergen::Soy]);
    assert!(run(&test_db.database, &update(&latte, &["price", "allergens"])).await.expect("stored"));

    let after = product_of(&test_db, "cafe-latte").await;
    assert_eq!((after.name.as_str(), &after.price, after.revision), ("Café latte", &brl(1300), 2));
    assert_eq!(after.allergens().collect::<Vec<_>>(), [Allergen::Milk, Allergen::Soy]);
    let now = rows(&test_db).await;
    assert!(now.shop.version > before.shop.version);
    let others =
        |rows: &Rows| rows.products.iter().filter(|row| row.key() != "cafe-latte").cloned().collect::<Vec<_>>();
    assert_eq!(others(&now), others(&before));

    let history = store::changes(test_db.database.reader(), "main", 0, 10).await.expect("a history");
    let told: Vec<_> =
        history[0].differences.0.iter().map(|d| (d.path.as_str(), d.before.as_str(), d.after.as_str())).collect();
    let expected =
        [("products.cafe-latte.allergens", "milk", "milk, soy"), ("products.cafe-latte.price", "12.00", "13.00")];
    assert_eq!((told.as_slice(), history.len()), (expected.as_slice(), 2));
    assert_eq!(
        (history[0].author.as_str(), history[0].action.as_str(), history[0].version),
        ("Ana", "UpdateProduct", now.shop.version)
    );
    assert_eq!((history[1].action.as_str(), history[1].actor), ("ImportMenu", Actor::System as i16));
}

trait SetAllergens {
    fn set_allergens_of(&mut self, allergens: &[Allergen]);
}

impl SetAllergens for ProductDetails {
    fn set_allergens_of(&mut self, allergens: &[Allergen]) {
        self.allergens = allergens.iter().map(|allergen| (*allergen).into()).collect();
    }
}

#[tokio::test]
async fn who_comes_second_is_told_who_came_first_and_what_is_so_now() {
    let test_db = Menus::with_sample().await;
    let latte = product_of(&test_db, "cafe-latte").await;
    let cheaper = ProductDetails { price: brl(1000), ..latte.clone() };
    run(&test_db.database, &update(&cheaper, &["price"])).await.expect("stored");
    let refused = run(&test_db.database, &update(&latte, &["name"])).await.expect_err("too late");
    let Refusal::RevisionMismatch { revision: 2, by, at: Some(_), current } = refused else { panic!("{refused:?}") };
    assert_eq!((by.as_str(), current["products.cafe-latte.price"].as_str()), ("Ana", "10.00"));
    let id = latte.product_id.parse().expect("a UUID");
    let archive = ArchiveProduct { shop: "main".into(), id, revision: 1, author: ana() };
    assert!(matches!(run(&test_db.database, &archive).await, Err(Refusal::RevisionMismatch { .. })));
}

#[tokio::test]
async fn of_two_edits_at_once_one_wins() {
    let test_db = Menus::with_sample().await;
    let latte = product_of(&test_db, "cafe-latte").await;
    let [first, second] =
        [1000, 1100].map(|price| update(&ProductDetails { price: brl(price), ..latte.clone() }, &["price"]));
    let (first, second) = tokio::join!(run(&test_db.database, &first), run(&test_db.database, &second));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(product_of(&test_db, "cafe-latte").await.revision, 2);
}

#[tokio::test]
async fn being_sold_out_is_no_edit_and_what_is_so_already_changes_nothing() {
    let test_db = Menus::with_sample().await;
    let latte = product_of(&test_db, "cafe-latte").await;
    assert!(run(&test_db.database, &sold_out(&latte, false)).await.expect("stored"));
    let version = rows(&test_db).await.shop.version;
    assert!(!run(&test_db.database, &sold_out(&latte, false)).await.expect("nothing to store"));
    assert_eq!(rows(&test_db).await.shop.version, version);
    run(&test_db.database, &update(&ProductDetails { price: brl(1), ..latte }, &["price"])).await.expect("no conflict");
}

#[tokio::test]
async fn what_lasts_until_a_time_ends_then_and_not_before() {
    let test_db = Menus::with_sample().await;
    let latte = product_of(&test_db, "cafe-latte").await;
    run(&test_db.database, &sold_out(&latte, true)).await.expect("stored");
    let due_at = rows(&test_db).await.shop.due_at.expect("a time");
    let now = database::now(test_db.database.reader()).await.expect("a time");
    assert!(due_at > now && due_at <= now + TimeDelta::hours(25));
    scheduled::end_all(&test_db.database).await.expect("looked");
    assert_eq!(rows(&test_db).await.shop.due_at, Some(due_at), "not yet");

    let until = now - TimeDelta::seconds(1);
    let pause = OrderingPause { reason: "rush".into(), until_time: Some(to_proto(until)), ..Default::default() };
    let settings = ShopSettings { revision: 1, pause: Some(pause), ..Default::default() };
    let pause = UpdateShop { shop: "main".into(), settings, fields: vec!["pause".into()], author: ana() };
    run(&test_db.database, &pause).await.expect("stored");
    assert!(rows(&test_db).await.shop.paused);
    scheduled::end_all(&test_db.database).await.expect("ended");
    let after = rows(&test_db).await;
    assert_eq!((after.shop.paused, after.shop.pause_until, after.shop.due_at), (false, None, Some(due_at)));
    let history = store::changes(test_db.database.reader(), "main", 0, 1).await.expect("a history");
    assert_eq!((history[0].action.as_str(), history[0].actor), ("EndDue", Actor::System as i16));
}

#[tokio::test]
async fn a_pause_without_an_end_ends_with_the_business_day() {
    let test_db = Menus::with_sample().await;
    let run_pause = async |revision, pause| {
        let settings = ShopSettings { revision, pause, day_starts_minute: 0, ..Default::default() };
        let fields = ["pause", "day_starts_minute"].map(String::from).to_vec();
        run(&test_db.database, &UpdateShop { shop: "main".into(), settings, fields, author: ana() }).await
    };
    run_pause(1, Some(OrderingPause { reason: "sem luz".into(), ..Default::default() })).await.expect("stored");
    let shop = rows(&test_db).await.shop;
    let now = database::now(test_db.database.reader()).await.expect("a time");
    let end = availability::next_day(&shop, now);
    assert_eq!((shop.paused, shop.pause_until, shop.due_at), (true, Some(end), Some(end)));
    let shown = crate::menu::pause(&shop).expect("a pause");
    assert!(shown.ends_with_day && shown.set_time.is_some() && shown.until_time == Some(to_proto(end)));

    run_pause(2, None).await.expect("stored");
    let shop = rows(&test_db).await.shop;
    assert_eq!((shop.paused, shop.paused_at, shop.pause_until, shop.pause_ends_with_day), (false, None, None, false));
}

#[tokio::test]
async fn a_shop_says_when_its_day_begins_and_which_days_are_special() {
    let test_db = Menus::with_sample().await;
    let day = |date: &str, spans: &[(i32, i32)]| {
        let span = |&(opens_minute, closes_minute): &(i32, i32)| TimeSpan { opens_minute, closes_minute };
        SpecialDay { date: date.into(), spans: spans.iter().map(span).collect() }
    };
    let fields = ["day_starts_minute", "special_days", "ready_with_last_line", "ready_counts_minutes"];
    let settings = |day_starts_minute, special_days| ShopSettings {
        revision: 1,
        day_starts_minute,
        special_days,
        ready_with_last_line: true,
        ready_counts_minutes: 45,
        ..Default::default()
    };
    let checked = |settings: &ShopSettings| {
        let mut checks = Checks::default();
        shop::check(settings, &fields, &mut checks);
        checks.done()
    };
    let (closed, eve) = (day("2026-12-25", &[]), day("2026-12-24", &[(1080, 1560), (420, 840)]));
    let good = settings(300, vec![closed.clone(), eve]);
    checked(&good).expect("in order");
    let fields = fields.map(String::from).to_vec();
    let update = UpdateShop { shop: "main".into(), settings: good, fields, author: ana() };
    run(&test_db.database, &update).await.expect("stored");
    let stored = shop::settings(&rows(&test_db).await.shop);
    let sorted = vec![day("2026-12-24", &[(420, 840), (1080, 1560)]), closed.clone()];
    assert_eq!((stored.day_starts_minute, stored.special_days), (300, sorted));
    assert!(stored.ready_with_last_line && stored.ready_counts_minutes == 45);

    checked(&settings(721, vec![])).expect_err("after noon");
    for wrong in [
        vec![closed.clone(), closed],
        vec![day("25.12.2026", &[])],
        vec![day("2026-12-25", &[(0, 60), (30, 90)])],
        vec![day("2026-12-25", &[(600, 600)])],
    ] {
        checked(&settings(0, wrong)).expect_err("a mistake");
    }
}

#[tokio::test]
async fn a_product_is_added_archived_and_brought_back_by_its_key() {
    let test_db = Menus::with_sample().await;
    let latte = product_of(&test_db, "cafe-latte").await;
    let file = MenuFile::of(&rows(&test_db).await).render().expect("text");
    let new = |key: &str| CreateProduct {
        shop: "main".into(),
        id: Uuid::now_v7(),
        details: ProductDetails { key: key.into(), name: "Cortado".into(), ..latte.clone() },
        author: ana(),
    };
    assert!(matches!(run(&test_db.database, &new("cafe-latte")).await, Err(Refusal::KeyTaken(_))));
    run(&test_db.database, &new("cortado")).await.expect("stored");
    let cortado = product_of(&test_db, "cortado").await;
    assert_eq!((cortado.option_group_ids, cortado.price), (latte.option_group_ids, latte.price));
    let with_cortado = MenuFile::of(&rows(&test_db).await).render().expect("text");
    assert!(with_cortado.contains("key: cortado"));

    let import = |file: &str| {
        let file = MenuFile::parse(file).expect("a file");
        ImportMenu { file, known_version: 0, may_open: true, author: ana() }
    };
    run(&test_db.database, &import(&file)).await.expect("stored");
    let archived = product_of(&test_db, "cortado").await;
    assert!(archived.archive_time.is_some() && archived.product_id == cortado.product_id);
    run(&test_db.database, &import(&with_cortado)).await.expect("stored");
    let back = product_of(&test_db, "cortado").await;
    assert_eq!((back.archive_time, back.product_id), (None, cortado.product_id));
}

#[tokio::test]
async fn a_file_made_from_an_older_menu_is_refused_if_it_says_so() {
    let test_db = Menus::with_sample().await;
    let before = rows(&test_db).await;
    let latte = product_of(&test_db, "cafe-latte").await;
    run(&test_db.database, &sold_out(&latte, false)).await.expect("stored");
    let import =
        |known_version| ImportMenu { file: MenuFile::of(&before), known_version, may_open: true, author: ana() };
    let refused = run(&test_db.database, &import(before.shop.version)).await;
    assert!(matches!(refused, Err(Refusal::VersionMismatch { .. })), "{refused:?}");
    assert!(!run(&test_db.database, &import(0)).await.expect("nothing differs"));
    assert!(!rows(&test_db).await.product(latte.product_id.parse().expect("a UUID")).expect("a product").available);
}

#[tokio::test]
async fn shops_do_not_see_each_others_products() {
    let test_db = Menus::with_sample().await;
    test_db.open_shop("other").await;
    let latte = product_of(&test_db, "cafe-latte").await;
    for (shop, refusal) in [("other", "no product"), ("none", "no shop")] {
        let elsewhere = SetAvailability { shop: shop.into(), ..sold_out(&latte, false) };
        let refused = run(&test_db.database, &elsewhere).await.expect_err("refused");
        assert!(refused.to_string().starts_with(refusal), "{refused}");
    }
    assert!(rows(&test_db).await.products.iter().all(|product| product.available));
}
