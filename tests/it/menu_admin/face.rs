//! How a shop looks, the wishes that it offers and the languages it speaks, from the file to whoever reads the menu.

use comanda_proto::catalog::v1::{
    GetMenuRequest, Menu, ProductDetails, ShopSettings, Translation, UpdateProductRequest, UpdateShopRequest,
};
use harness::{Folder, Shop, on_both_shapes, settled, with_token};
use libtest_mimic::Trial;
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage};
use prost_types::FieldMask;
use std::{fs, path::Path};
use tonic::Status;
use tonic_types::StatusExt;

use crate::clients::fresh;

use super::{files::succeeds, import, latte, menu_of, products};

pub fn tests() -> Vec<Trial> {
    on_both_shapes![
        a_file_tells_the_face_of_a_shop_and_edits_change_it,
        a_file_with_a_face_goes_out_and_in_without_loss,
        clients_of_the_release_before_read_and_edit_as_ever,
    ]
}

const FACE: &str = "\
name: Esquina
currency: BRL
time_zone: America/Sao_Paulo
logo: https://cafe.example/logo.svg
cover: https://cafe.example/cover.jpg
brand_color: '#1d5a4b'
payment_text: Pague no balcão
warn_minutes: 3
late_minutes: 12
language: pt
translations: {en: {payment_text: Pay at the counter}}
option_groups:
  - key: leite
    name: Leite
    max: 1
    translations: {en: {name: Milk}}
    options: [{key: aveia, name: Aveia, translations: {en: {name: Oat}}}]
categories:
  - key: cafes
    name: Cafés
    translations: {en: {name: Coffees}}
    products:
      - key: latte
        name: Latte
        price: 12.50
        allergens: [milk]
        option_groups: [leite]
        quick_notes: [sem açúcar, bem quente]
        translations: {en: {name: Caffè latte, description: With milk, quick_notes: [no sugar, extra hot]}}
      - {key: mocha, name: Mocha, price: 14.00, option_groups: [leite]}
";

async fn opened(shop: &Shop) -> String {
    let slug = format!("rosto-{}", &fresh()[..8]);
    let file = format!("shop: {slug}\n{FACE}");
    import(shop.gateway.catalog_admin(), &shop.secrets.staff, &file).await.expect("imported");
    slug
}

fn english(name: &str, description: &str, quick_notes: &[&str]) -> Translation {
    let [language_code, name, description] = ["en", name, description].map(String::from);
    let quick_notes = quick_notes.iter().map(ToString::to_string).collect();
    Translation { language_code, name, description, quick_notes, payment_text: String::new() }
}

fn mask(paths: &[&str]) -> Option<FieldMask> {
    Some(FieldMask { paths: paths.iter().map(ToString::to_string).collect() })
}

async fn update_shop(shop: &Shop, settings: ShopSettings, fields: &[&str]) -> Result<ShopSettings, Status> {
    let request = UpdateShopRequest { request_id: fresh(), shop: Some(settings), update_mask: mask(fields) };
    let call = || with_token(request.clone(), &shop.secrets.staff);
    let reply = settled(async || shop.gateway.catalog_admin().update_shop(call()).await).await?;
    Ok(reply.into_inner().shop.expect("its settings"))
}

async fn update_product(
    shop: &Shop,
    slug: &str,
    product: ProductDetails,
    fields: &[&str],
) -> Result<ProductDetails, Status> {
    let (shop_id, request_id, update_mask) = (slug.to_owned(), fresh(), mask(fields));
    let request = UpdateProductRequest { shop_id, request_id, product: Some(product), update_mask };
    let call = || with_token(request.clone(), &shop.secrets.staff);
    let reply = settled(async || shop.gateway.catalog_admin().update_product(call()).await).await?;
    Ok(reply.into_inner().product.expect("a product"))
}

fn field(status: &Status) -> String {
    status.get_details_bad_request().expect("fields").field_violations[0].field.clone()
}

async fn a_file_tells_the_face_of_a_shop_and_edits_change_it(shop: &Shop) {
    let slug = opened(shop).await;
    let menu = menu_of(shop, &slug).await;
    let texts = [&menu.logo_url, &menu.cover_url, &menu.brand_color, &menu.payment_text, &menu.language_code];
    let expected =
        ["https://cafe.example/logo.svg", "https://cafe.example/cover.jpg", "#1d5a4b", "Pague no balcão", "pt"];
    assert_eq!((texts.map(String::as_str), menu.warn_minutes, menu.late_minutes), (expected, 3, 12));
    assert_eq!(menu.translations[0].payment_text, "Pay at the counter");
    assert_eq!(menu.categories[0].translations, [english("Coffees", "", &[])]);
    assert_eq!(menu.option_groups.len(), 1, "once, though two products offer it");
    assert_eq!(menu.option_groups[0].translations, [english("Milk", "", &[])]);
    assert_eq!(menu.option_groups[0].options[0].translations, [english("Oat", "", &[])]);
    let shown = &products(menu.clone())[0];
    assert_eq!(shown.quick_notes, ["sem açúcar", "bem quente"]);
    assert_eq!(shown.translations, [english("Caffè latte", "With milk", &["no sugar", "extra hot"])]);

    let wanted = ShopSettings {
        shop_id: slug.clone(),
        revision: menu.shop_revision,
        brand_color: "#ABC123".into(),
        warn_minutes: 11,
        ..ShopSettings::default()
    };
    let now = update_shop(shop, wanted.clone(), &["brand_color", "warn_minutes"]).await.expect("stored");
    assert_eq!((now.brand_color.as_str(), now.warn_minutes, now.late_minutes), ("#abc123", 11, 12));
    let changed = menu_of(shop, &slug).await;
    let (brand_color, shop_revision) = ("#abc123".to_owned(), now.revision);
    let only = Menu { brand_color, warn_minutes: 11, shop_revision, version: changed.version, ..menu };
    assert_eq!(Menu { utc_offsets: vec![], ..changed }, Menu { utc_offsets: vec![], ..only });
    let late = ShopSettings { revision: now.revision, late_minutes: 11, ..wanted };
    assert_eq!(field(&update_shop(shop, late, &["late_minutes"]).await.expect_err("not later")), "shop.late_minutes");

    let details = latte(shop, &slug).await;
    let fewer = ProductDetails { quick_notes: vec!["morno".into()], ..details.clone() };
    let refused =
        update_product(shop, &slug, fewer.clone(), &["quick_notes"]).await.expect_err("fewer than in English");
    assert_eq!(field(&refused), "product.quick_notes");
    let both = ProductDetails { translations: vec![english("Latte", "", &["lukewarm"])], ..fewer };
    let now = update_product(shop, &slug, both.clone(), &["quick_notes", "translations"]).await.expect("stored");
    assert_eq!((&now.quick_notes, &now.translations), (&both.quick_notes, &both.translations));
    let shown = &products(menu_of(shop, &slug).await)[0];
    assert_eq!((&shown.quick_notes, &shown.translations), (&both.quick_notes, &both.translations));
    let history = succeeds(shop, &["history", "--shop", &slug]).await;
    for told in
        ["~ products.latte.quick_notes: sem açúcar, bem quente → morno", "~ shop.brand_color: #1d5a4b → #abc123"]
    {
        assert!(history.contains(told), "{history}");
    }
}

async fn a_file_with_a_face_goes_out_and_in_without_loss(shop: &Shop) {
    let slug = opened(shop).await;
    let before = menu_of(shop, &slug).await;
    let folder = Folder::new("menu-face");
    let path = folder.join("menu.yaml");
    let file = path.to_str().expect("a path");
    succeeds(shop, &["export", "--shop", &slug, file]).await;
    assert!(succeeds(shop, &["import", file]).await.contains("Nothing differs"));
    assert_eq!(menu_of(shop, &slug).await, before);

    let exported = fs::read_to_string(&path).expect("the file");
    fs::write(&path, exported.replace("name: Oat", "name: Oat milk")).expect("the file");
    let told = succeeds(shop, &["import", file]).await;
    let one = "~ option_groups.leite.options.aveia.translations.en.name: Oat → Oat milk\n1 differences";
    assert!(told.contains(one), "{told}");

    // The file of a release before knows nothing of all that, and says so.
    let plain = super::small(&slug, "BRL", "12.50");
    import(shop.gateway.catalog_admin(), &shop.secrets.staff, &plain).await.expect("imported");
    let after = menu_of(shop, &slug).await;
    assert_eq!((after.warn_minutes, after.late_minutes, after.language_code.as_str()), (5, 8, "pt-BR"));
    assert!(after.logo_url.is_empty() && after.translations.is_empty());
    let product = &products(after)[0];
    assert!(product.quick_notes.is_empty() && product.translations.is_empty());
}

async fn clients_of_the_release_before_read_and_edit_as_ever(shop: &Shop) {
    let slug = opened(shop).await;
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/releases/0.1/contracts.binpb");
    let pool = DescriptorPool::decode(&*fs::read(contracts).expect("contracts")).expect("descriptors");
    let of_before = |message: &str| pool.get_message_by_name(&format!("comanda.catalog.v1.{message}")).expect(message);
    let request = GetMenuRequest { shop_id: slug.clone(), known_version: 0 };
    let reply = shop.gateway.catalog().get_menu(request).await.expect("a menu").into_inner();
    let menu = DynamicMessage::decode(of_before("GetMenuResponse"), &*reply.encode_to_vec()).expect("readable");
    let menu = menu.get_field_by_name("menu").expect("a menu").as_message().expect("a message").clone();
    assert_eq!(
        menu.get_field_by_name("shop_name").and_then(|name| name.as_str().map(String::from)),
        Some("Esquina".into())
    );
    assert_eq!(menu.get_field_by_name("logo_url"), None, "a contract that knows nothing of it");

    // What it sends back is what it understands.
    let details = latte(shop, &slug).await;
    let seen = DynamicMessage::decode(of_before("ProductDetails"), &*details.encode_to_vec()).expect("readable");
    let unknown = seen.unknown_fields().count();
    assert_eq!(unknown, 3, "two wishes and a translation");
    let mut sent = DynamicMessage::new(of_before("ProductDetails"));
    for (field, value) in seen.fields() {
        sent.set_field(&field, value.clone());
    }
    let sent = ProductDetails::decode(&*sent.encode_to_vec()).expect("readable");
    let edited = ProductDetails { name: "Galão".into(), ..sent };
    let now = update_product(shop, &slug, edited, &["name", "description", "allergens"]).await.expect("stored");
    assert_eq!(now.name, "Galão");
    assert_eq!((now.quick_notes, now.translations), (details.quick_notes, details.translations));
}
