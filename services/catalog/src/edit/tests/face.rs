//! How a shop looks, its wishes and its languages: in files, in edits, in histories.

use super::*;
use crate::{edit::import::check_file, menu, store::entity};
use comanda_context::error::{ApiError, Violation};
use comanda_proto::catalog::v1::{Menu, Translation};
use std::collections::BTreeMap;

const FACE: &str = "\
shop: main
name: Esquina
currency: BRL
time_zone: America/Sao_Paulo
logo: https://cafe.example/logo.svg
cover: https://cafe.example/cover.jpg
brand_color: '#1D5A4B'
payment_text: Pague no balcão
warn_minutes: 3
late_minutes: 4
language: pt-pt
translations: {en: {payment_text: Pay at the counter}, no: {payment_text: Betal ved disken}}
option_groups:
  - key: leite
    name: Leite
    max: 1
    translations: {en: {name: Milk}}
    options:
      - {key: aveia, name: Aveia, translations: {en: {name: Oat}}}
categories:
  - key: cafes
    name: Cafés
    translations: {en: {name: Coffees}}
    products:
      - key: latte
        name: Galão
        price: 12.50
        option_groups: [leite]
        quick_notes: [sem açúcar, 'bem quente, por favor']
        translations:
          en: {name: Latte, description: With milk, quick_notes: [no sugar, extra hot]}
          fr: {name: Café crème}
      - {key: outro, name: Outro, price: 1.00, option_groups: [leite]}
";

async fn import(test_db: &Menus, file: &str) -> bool {
    let file = MenuFile::parse(file).expect("a file");
    let import = ImportMenu { file, known_version: 0, may_open: true, author: ana() };
    run(&test_db.database, &import).await.expect("stored")
}

async fn with_face() -> Menus {
    let test_db = Menus::empty().await;
    assert!(import(&test_db, FACE).await);
    test_db
}

async fn menu_of(test_db: &Menus) -> Menu {
    menu::build(rows(test_db).await)
}

fn in_english(name: &str, description: &str, quick_notes: &[&str]) -> Translation {
    let quick_notes = quick_notes.iter().map(ToString::to_string).collect();
    let [language_code, name, description] = ["en", name, description].map(String::from);
    Translation { language_code, name, description, quick_notes, ..Translation::default() }
}

async fn change_shop(test_db: &Menus, settings: ShopSettings, fields: &[&str]) -> Result<bool, Refusal> {
    let mut checks = Checks::default();
    shop::check(&settings, fields, &mut checks);
    checks.done().map_err(Refusal::Invalid)?;
    let revision = rows(test_db).await.shop.revision;
    let fields = fields.iter().map(ToString::to_string).collect();
    let settings = ShopSettings { revision, ..settings };
    run(&test_db.database, &UpdateShop { shop: "main".into(), settings, fields, author: ana() }).await
}

/// The fields that a refusal names.
fn named(refusal: Refusal) -> Vec<String> {
    let Refusal::Invalid(fault) = refusal else { panic!("{refusal:?}") };
    fields_of(&fault)
}

fn fields_of(fault: &ApiError) -> Vec<String> {
    fault.violations().iter().map(|Violation { field, .. }| field.clone()).collect()
}

#[tokio::test]
async fn all_that_a_file_says_is_on_the_menu_and_in_the_next_file() {
    let test_db = with_face().await;
    let menu = menu_of(&test_db).await;
    assert_eq!((menu.logo_url.as_str(), menu.brand_color.as_str()), ("https://cafe.example/logo.svg", "#1d5a4b"));
    assert_eq!(
        (menu.cover_url.as_str(), menu.payment_text.as_str()),
        ("https://cafe.example/cover.jpg", "Pague no balcão")
    );
    assert_eq!((menu.warn_minutes, menu.late_minutes, menu.language_code.as_str()), (3, 4, "pt-PT"));
    let told: Vec<_> = menu.translations.iter().map(|said| (&*said.language_code, &*said.payment_text)).collect();
    assert_eq!(told, [("en", "Pay at the counter"), ("no", "Betal ved disken")]);
    assert_eq!(menu.categories[0].translations, [in_english("Coffees", "", &[])]);
    let [group] = menu.option_groups.as_slice() else { panic!("one group for both: {:?}", menu.option_groups) };
    assert_eq!(group.translations, [in_english("Milk", "", &[])]);
    assert_eq!(group.options[0].translations, [in_english("Oat", "", &[])]);
    let latte = &menu.categories[0].products[0];
    assert_eq!(latte.quick_notes, ["sem açúcar", "bem quente, por favor"]);
    assert_eq!(latte.translations[0], in_english("Latte", "With milk", &["no sugar", "extra hot"]));
    assert_eq!((&*latte.translations[1].language_code, &*latte.translations[1].name), ("fr", "Café crème"));

    let file = MenuFile::of(&rows(&test_db).await).render().expect("text");
    assert!(!import(&test_db, &file).await, "nothing differs: {file}");
    let elsewhere = Menus::empty().await;
    import(&elsewhere, &file).await;
    assert_eq!(MenuFile::of(&rows(&elsewhere).await).render().expect("text"), file);
}

#[tokio::test]
async fn a_file_of_before_gives_the_face_of_a_new_shop() {
    let test_db = with_face().await;
    test_db.open_shop("main").await;
    let menu = menu_of(&test_db).await;
    let texts = [&menu.logo_url, &menu.cover_url, &menu.brand_color, &menu.payment_text];
    assert!(texts.into_iter().all(String::is_empty) && menu.translations.is_empty());
    assert_eq!((menu.warn_minutes, menu.late_minutes, menu.language_code.as_str()), (5, 8, "pt-BR"));
    let file = MenuFile::of(&rows(&test_db).await).render().expect("text");
    for field in ["logo", "minutes", "language", "translations", "payment", "color"] {
        assert!(!file.contains(field), "{file}");
    }
}

#[test]
fn mistakes_of_a_file_are_told_with_line_and_field() {
    let long = "x".repeat(141);
    let (note, many) = ("x".repeat(41), "[a, b, c, d, e, f, g, h, i]");
    let wishes = "[sem açúcar, 'bem quente, por favor']";
    for (from, to, place) in [
        ("logo: https", "logo: http", "line 5, logo"),
        ("cover: https", "cover: javascript", "line 6, cover"),
        ("#1D5A4B", "green", "line 7, brand_color"),
        ("Pague no balcão", &long, "line 8, payment_text"),
        ("warn_minutes: 3", "warn_minutes: 0", "line 9, warn_minutes"),
        ("late_minutes: 4", "late_minutes: 121", "line 10, late_minutes"),
        ("warn_minutes: 3", "warn_minutes: 4", "line 10, late_minutes"),
        ("late_minutes: 4\n", "", ""),
        ("late_minutes: 4", "late_minutes: 8\nready_counts_minutes: -1", "line 11, ready_counts_minutes"),
        ("language: pt-pt", "language: portugués", "line 11, language"),
        ("no: {payment", "x: {payment", "line 1, translations.x"),
        ("no: {payment", "EN: {payment", "line 1, translations.en"),
        ("Pay at the counter", &long, "line 12, translations.en.payment_text"),
        ("en: {name: Milk}", "en: {name: ''}", "line 17, option_groups[0].translations.en.name"),
        ("en: {name: Oat}", "und: {name: Oat}", "line 19, option_groups[0].options[0].translations.und"),
        ("en: {name: Coffees}", "en: {}", "line 23, categories[0].translations.en"),
        ("en: {name: Coffees}", "en: {name: C, description: D}", "line 23, categories[0].translations.en.description"),
        (wishes, &format!("[a, {note}]"), "line 29, categories[0].products[0].quick_notes[1]"),
        (wishes, "[a, ' a']", "line 29, categories[0].products[0].quick_notes[1]"),
        (wishes, many, "line 25, categories[0].products[0].quick_notes"),
        (wishes, "[a]", "line 31, categories[0].products[0].translations.en.quick_notes"),
        (
            "no sugar, extra",
            "no sugar, no sugar, extra",
            "line 31, categories[0].products[0].translations.en.quick_notes",
        ),
        ("fr: {name: Café crème}", "fr: {}", "line 25, categories[0].products[0].translations.fr"),
        (
            "fr: {name: Café crème}",
            "fr: {name: a}\n          de: {name: a}\n          es: {name: a}\n          it: {name: a}\n          nl: {name: a}",
            "line 25, categories[0].products[0].translations",
        ),
    ] {
        assert!(FACE.contains(from), "{from}");
        let told = check_file(&FACE.replacen(from, to, 1)).err().map(|fault| fields_of(&fault)).unwrap_or_default();
        assert!(
            if place.is_empty() { told.is_empty() } else { told.iter().any(|field| field == place) },
            "{to}: {told:?}"
        );
    }
}

#[tokio::test]
async fn a_shop_changes_its_face_field_by_field() {
    let test_db = with_face().await;
    let before = shop::settings(&rows(&test_db).await.shop);
    let wanted = ShopSettings {
        brand_color: "#ABCDEF".into(),
        late_minutes: 120,
        language_code: "EN".into(),
        logo_url: "not named by the mask".into(),
        ..ShopSettings::default()
    };
    assert!(change_shop(&test_db, wanted, &["brand_color", "late_minutes", "language_code"]).await.expect("stored"));
    let after = shop::settings(&rows(&test_db).await.shop);
    let expected = ShopSettings {
        brand_color: "#abcdef".into(),
        late_minutes: 120,
        language_code: "en".into(),
        revision: 2,
        ..before.clone()
    };
    assert_eq!(after, expected);
    let history = store::changes(test_db.database.reader(), "main", 0, 1).await.expect("a history");
    let told: Vec<_> = history[0].differences.0.iter().map(|one| (&*one.path, &*one.before, &*one.after)).collect();
    assert_eq!(
        told,
        [
            ("shop.brand_color", "#1d5a4b", "#abcdef"),
            ("shop.language", "pt-PT", "en"),
            ("shop.late_minutes", "4", "120"),
        ]
    );

    let translations = vec![Translation {
        language_code: "es".into(),
        payment_text: "Pague en caja".into(),
        ..Translation::default()
    }];
    let wanted = ShopSettings { translations, ..ShopSettings::default() };
    assert!(change_shop(&test_db, wanted, &["translations", "logo_url"]).await.expect("stored"));
    let menu = menu_of(&test_db).await;
    assert_eq!(
        (menu.logo_url.as_str(), menu.translations.len(), menu.translations[0].language_code.as_str()),
        ("", 1, "es")
    );
}

#[tokio::test]
async fn mistakes_about_a_face_name_their_field() {
    let test_db = with_face().await;
    let many: Vec<_> = ["en", "fr", "de", "es", "it", "nl"]
        .iter()
        .map(|tag| Translation { language_code: (*tag).into(), payment_text: "x".into(), ..Translation::default() })
        .collect();
    let with =
        |translations: &[Translation]| ShopSettings { translations: translations.to_vec(), ..Default::default() };
    let text = "x".repeat(141);
    for (settings, field, place) in [
        (ShopSettings { logo_url: "http://a.example".into(), ..Default::default() }, "logo_url", "logo_url"),
        (ShopSettings { cover_url: "https://a.example/\"".into(), ..Default::default() }, "cover_url", "cover_url"),
        (ShopSettings { brand_color: "#12345".into(), ..Default::default() }, "brand_color", "brand_color"),
        (ShopSettings { payment_text: text, ..Default::default() }, "payment_text", "payment_text"),
        (ShopSettings { payment_text: "a\nb".into(), ..Default::default() }, "payment_text", "payment_text"),
        (ShopSettings::default(), "warn_minutes", "warn_minutes"),
        (ShopSettings { late_minutes: 121, ..Default::default() }, "late_minutes", "late_minutes"),
        (ShopSettings { warn_minutes: 4, ..Default::default() }, "warn_minutes", "warn_minutes"),
        (ShopSettings { late_minutes: 3, ..Default::default() }, "late_minutes", "late_minutes"),
        (ShopSettings::default(), "language_code", "language_code"),
        (with(&many), "translations", "translations"),
        (
            with(&[many[0].clone(), Translation { language_code: "EN".into(), ..many[1].clone() }]),
            "translations",
            "translations",
        ),
        (with(&[Translation::default()]), "translations", "translations[0].language_code"),
        (with(&[in_english("", "", &[])]), "translations", "translations[0]"),
        (with(&[in_english("A shop has one name", "", &[])]), "translations", "translations[0].name"),
    ] {
        let told = named(change_shop(&test_db, settings, &[field]).await.expect_err(place));
        assert!(told.contains(&format!("shop.{place}")), "{place}: {told:?}");
    }
    assert_eq!(rows(&test_db).await.shop.revision, 1);
}

#[tokio::test]
async fn wishes_and_translations_are_edited_and_the_history_tells() {
    let test_db = with_face().await;
    let mut latte = product_of(&test_db, "latte").await;
    assert_eq!((latte.quick_notes.len(), latte.translations.len()), (2, 2));
    latte.quick_notes = ["gelado", " doce "].map(String::from).to_vec();
    latte.translations =
        vec![Translation { language_code: "EN".into(), ..in_english("Latte", "", &["iced", "sweet"]) }];
    assert!(run(&test_db.database, &update(&latte, &["quick_notes", "translations"])).await.expect("stored"));
    let after = product_of(&test_db, "latte").await;
    assert_eq!((after.quick_notes, after.revision), (["gelado", "doce"].map(String::from).to_vec(), 2));
    assert_eq!(after.translations, [in_english("Latte", "", &["iced", "sweet"])]);
    let history = store::changes(test_db.database.reader(), "main", 0, 1).await.expect("a history");
    let told: BTreeMap<_, _> =
        history[0].differences.0.iter().map(|one| (&*one.path, (&*one.before, &*one.after))).collect();
    let expected = [
        ("products.latte.quick_notes", ("sem açúcar, \"bem quente, por favor\"", "gelado, doce")),
        ("products.latte.translations.en.description", ("With milk", "")),
        ("products.latte.translations.en.quick_notes", ("no sugar, extra hot", "iced, sweet")),
        ("products.latte.translations.fr.name", ("Café crème", "")),
    ];
    assert_eq!(told, BTreeMap::from(expected));

    // Two wishes are not one with a comma.
    let other = ProductDetails { quick_notes: vec!["gelado, doce".into(), "x".into()], revision: 2, ..latte.clone() };
    run(&test_db.database, &update(&other, &["quick_notes"])).await.expect("stored");
    let other = ProductDetails { quick_notes: vec!["gelado".into(), "doce, x".into()], revision: 3, ..latte.clone() };
    assert!(run(&test_db.database, &update(&other, &["quick_notes"])).await.expect("stored"), "something differs");

    // Whoever knows nothing of them leaves them alone.
    let name =
        ProductDetails {
            name: "Galão grande".into(), revision: 4, product_id: latte.product_id, ..Default::default()
        };
    run(&test_db.database, &update(&name, &["name"])).await.expect("stored");
    let kept = product_of(&test_db, "latte").await;
    assert_eq!((kept.quick_notes.len(), kept.translations.len(), kept.name.as_str()), (2, 1, "Galão grande"));
}

#[tokio::test]
async fn mistakes_about_wishes_and_translations_name_their_field() {
    let test_db = with_face().await;
    let latte = product_of(&test_db, "latte").await;
    let notes = |notes: &[&str]| ProductDetails {
        quick_notes: notes.iter().map(ToString::to_string).collect(),
        ..latte.clone()
    };
    let said = |translation: Translation| ProductDetails { translations: vec![translation], ..latte.clone() };
    let payment = Translation { payment_text: "x".into(), ..in_english("a", "", &[]) };
    let nine: Vec<_> = (0..9).map(|n| n.to_string()).collect();
    let nine: Vec<_> = nine.iter().map(String::as_str).collect();
    for (details, field, place) in [
        (notes(&["a", ""]), "quick_notes", "quick_notes[1]"),
        (notes(&["a", &"x".repeat(41)]), "quick_notes", "quick_notes[1]"),
        (notes(&["a", " a"]), "quick_notes", "quick_notes"),
        (notes(&nine), "quick_notes", "quick_notes"),
        (notes(&["one"]), "quick_notes", "quick_notes"),
        (said(in_english("", "", &["one"])), "translations", "translations[0].quick_notes"),
        (said(in_english(&"x".repeat(81), "", &[])), "translations", "translations[0].name"),
        (said(in_english("", &"x".repeat(401), &[])), "translations", "translations[0].description"),
        (said(in_english("", "", &["a", "a"])), "translations", "translations[0].quick_notes"),
        (said(payment), "translations", "translations[0].payment_text"),
        (said(in_english("", "", &[])), "translations", "translations[0]"),
    ] {
        let mut checks = Checks::default();
        crate::edit::product::check(&details, &[field], &mut checks);
        let told = match checks.done() {
            Err(fault) => fields_of(&fault),
            Ok(()) => named(run(&test_db.database, &update(&details, &[field])).await.expect_err(place)),
        };
        assert_eq!(told, [format!("product.{place}")], "{place}");
    }
}

#[tokio::test]
async fn a_menu_never_outgrows_what_clients_take() {
    let test_db = Menus::empty().await;
    let file = |count: usize| {
        let text = "☕".repeat(400);
        let said =
            ["de", "en", "es", "fr", "it"].map(|language| format!("{language}: {{description: {text}}}")).join(", ");
        let product =
            |n| format!("      - {{key: p{n}, name: P, price: 1.00, description: {text}, translations: {{{said}}}}}\n");
        let head = "shop: main\nname: M\ncurrency: BRL\ntime_zone: America/Sao_Paulo\ncategories:\n";
        format!("{head}  - key: c\n    name: C\n    products:\n{}", (0..count).map(product).collect::<String>())
    };
    let import = |file: String| {
        let file = MenuFile::parse(&file).expect("a file");
        ImportMenu { file, known_version: 0, may_open: true, author: ana() }
    };
    let refused = run(&test_db.database, &import(file(560))).await.expect_err("too large");
    assert!(matches!(refused, Refusal::TooLarge { bytes } if bytes > 4_000_000), "{refused:?}");
    run(&test_db.database, &import(file(500))).await.expect("it fits");
    // With all that the day may bring it is still one message for a client of any library.
    let mut all = rows(&test_db).await;
    let now = Some(DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::microseconds(1));
    all.products.iter_mut().for_each(|row| (row.available, row.available_again_at) = (false, now));
    let day = menu::build(all.clone()).encoded_len() - menu::size(all.clone());
    assert!(day * 10_000 / all.products.len() + 4_000_000 < 4 * 1024 * 1024 - 1024, "{day}");
}

#[test]
fn an_answer_about_an_import_is_one_that_clients_take() {
    let difference = |n: usize| entity::Difference {
        path: format!("products.p{n}.translations.en.description"),
        before: "x".repeat(400),
        after: "y".repeat(400),
    };
    let differences: Vec<_> = (0..5_000).map(difference).collect();
    let import =
        ImportMenu { file: MenuFile::parse(FACE).expect("a file"), known_version: 0, may_open: true, author: ana() };
    let reply = import.reply(&Rows::new("main".into()), &differences);
    assert_eq!(reply.difference_count, 5_000);
    assert!(
        reply.encoded_len() < 2 * 1024 * 1024 + 100 && reply.differences.len() > 2_000,
        "{}",
        reply.differences.len()
    );
}
