//! Menus as those see them who look after them: edits, files, several shops, several replicas.

mod face;
mod files;
mod replicas;

use comanda_proto::{
    catalog::v1::{
        ArchiveProductRequest, GetMenuRequest, GetProductDetailsRequest, ImportMenuRequest, ListMenuChangesRequest,
        Menu, OrderingPause, Product, ProductDetails, ShopSettings, UpdateProductRequest, UpdateShopRequest,
        catalog_admin_service_client::CatalogAdminServiceClient,
    },
    kitchen::v1::WatchTicketsRequest,
    orders::v1::{PlaceOrderLine, PlaceOrderRequest},
    r#type::v1::{Actor, Money},
};
use futures_util::future::join_all;
use harness::{Shop, eventually, on_both_shapes, settled, with_token};
use libtest_mimic::Trial;
use prost_types::FieldMask;
use std::time::Duration;
use tonic::{Code, Status, transport::Channel};
use tonic_types::StatusExt;

use crate::clients::{Board, fresh, order, placed, reason, simple_order};

pub fn tests() -> Vec<Trial> {
    let edits = on_both_shapes![
        who_edits_second_is_told_what_is_so_now,
        a_repeated_edit_happens_once,
        shops_have_menus_boards_and_numbers_of_their_own,
        names_are_seen_lists_have_nothing_twice_and_prices_are_none_below_zero,
        amounts_and_clocks_are_told_by_the_server,
    ];
    edits.into_iter().chain(face::tests()).chain(files::tests()).chain(replicas::tests()).collect()
}

/// The file of a small shop.
fn small(shop: &str, currency: &str, price: &str) -> String {
    format!(
        "shop: {shop}\nname: {shop}\ncurrency: {currency}\ntime_zone: America/Sao_Paulo\ncategories:\n  - key: cafes\n    \
         name: Cafés\n    products:\n      - {{key: latte, name: Latte, price: {price}, stations: [bar]}}\n"
    )
}

async fn import(admin: CatalogAdminServiceClient<Channel>, token: &str, file: &str) -> Result<i64, Status> {
    let request = ImportMenuRequest { request_id: fresh(), file: file.to_owned(), ..Default::default() };
    let call = async || {
        let mut request = with_token(request.clone(), token);
        // Thousands of products on a busy machine take longer than what a call has by itself.
        request.set_timeout(Duration::from_secs(30));
        admin.clone().import_menu(request).await
    };
    Ok(settled(call).await?.into_inner().menu_version)
}

/// A shop that no other test knows.
async fn opened(shop: &Shop, name: &str, currency: &str, price: &str) -> String {
    let slug = format!("{name}-{}", &fresh()[..8]);
    import(shop.gateway.catalog_admin(), &shop.secrets.staff, &small(&slug, currency, price)).await.expect("imported");
    slug
}

/// The menu as any client reads it, with the limits that its library has by itself.
async fn menu_of(shop: &Shop, slug: &str) -> Menu {
    let request = GetMenuRequest { shop_id: slug.to_owned(), known_version: 0 };
    let reply = settled(async || shop.gateway.catalog().get_menu(request.clone()).await).await;
    reply.expect("a menu").into_inner().menu().expect("readable").expect("a menu")
}

fn products(menu: Menu) -> Vec<Product> {
    menu.categories.into_iter().flat_map(|category| category.products).collect()
}

async fn latte(shop: &Shop, slug: &str) -> ProductDetails {
    let product_id = products(menu_of(shop, slug).await)[0].product_id.clone();
    let request = GetProductDetailsRequest { shop_id: slug.to_owned(), product_id };
    let call = || with_token(request.clone(), &shop.secrets.staff);
    let reply = settled(async || shop.gateway.catalog_admin().get_product_details(call()).await).await;
    reply.expect("a product").into_inner().product.expect("a product")
}

fn priced(slug: &str, details: &ProductDetails, minor_units: i64) -> UpdateProductRequest {
    let price = details.price.clone().map(|price| Money { minor_units, ..price });
    UpdateProductRequest {
        shop_id: slug.to_owned(),
        request_id: fresh(),
        product: Some(ProductDetails { price, name: "Not named by the mask".into(), ..details.clone() }),
        update_mask: Some(FieldMask { paths: vec!["price".into()] }),
    }
}

async fn who_edits_second_is_told_what_is_so_now(shop: &Shop) {
    let slug = opened(shop, "edit", "BRL", "12.50").await;
    let mut admin = shop.gateway.catalog_admin();
    let staff = &shop.secrets.staff;
    let before = latte(shop, &slug).await;
    let update = priced(&slug, &before, 1300);
    let done = settled(async || admin.update_product(with_token(update.clone(), staff)).await).await;
    let done = done.expect("stored").into_inner();
    let product = done.product.expect("a product");
    assert_eq!((product.name.as_str(), product.revision), ("Latte", before.revision + 1));
    let shown = menu_of(shop, &slug).await;
    assert!(shown.version >= done.menu_version);
    assert_eq!(products(shown)[0].price.as_ref().expect("a price").minor_units, 1300);

    let late = admin.update_product(with_token(priced(&slug, &before, 1400), staff)).await.expect_err("too late");
    let info = late.get_details_error_info().expect("facts");
    assert_eq!((late.code(), info.reason.as_str()), (Code::Aborted, "REVISION_MISMATCH"));
    let fact = |name: &str| info.metadata.get(name).map(String::as_str);
    assert_eq!((fact("revision"), fact("changed_by")), (Some("2"), Some("Ana")));
    assert_eq!(fact("products.latte.price"), Some("13.00"));

    let (shop_id, product_id) = (slug.clone(), before.product_id.clone());
    let request = ArchiveProductRequest { shop_id, request_id: fresh(), product_id, revision: 2 };
    settled(async || admin.archive_product(with_token(request.clone(), staff)).await).await.expect("archived");
    assert!(products(menu_of(shop, &slug).await).is_empty());

    let request = ListMenuChangesRequest { shop_id: slug, page_size: 0, before_version: 0 };
    let changes = admin.list_menu_changes(with_token(request, staff)).await.expect("a history").into_inner().changes;
    let told: Vec<_> = changes
        .iter()
        .map(|change| (change.action.as_str(), change.author.as_ref().map(|who| who.person_name.as_str())))
        .collect();
    assert_eq!(told, ["ArchiveProduct", "UpdateProduct", "ImportMenu"].map(|action| (action, Some("Ana"))));
    assert!(changes.iter().all(|change| change.actor() == Actor::Staff && change.change_time.is_some()));
    assert_eq!(changes[1].differences.len(), 1, "{:?}", changes[1].differences);
}

async fn a_repeated_edit_happens_once(shop: &Shop) {
    let slug = opened(shop, "repeat", "BRL", "12.50").await;
    let request = priced(&slug, &latte(shop, &slug).await, 1300);
    let calls = (0..20).map(|_| {
        let mut admin = shop.gateway.catalog_admin();
        let (request, staff) = (request.clone(), &shop.secrets.staff);
        async move {
            let call = async || admin.update_product(with_token(request.clone(), staff)).await;
            settled(call).await.expect("stored, or told again").into_inner()
        }
    });
    let answers = join_all(calls).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(latte(shop, &slug).await.revision, 2);
    let call = || with_token(request.clone(), &shop.secrets.staff);
    let again = settled(async || shop.gateway.catalog_admin().update_product(call()).await).await;
    assert!(again.expect("told again").metadata().contains_key("x-idempotent-replay"));
    let other = UpdateProductRequest { update_mask: Some(FieldMask { paths: vec!["name".into()] }), ..request };
    let status = shop.gateway.catalog_admin().update_product(with_token(other, &shop.secrets.staff)).await;
    assert_eq!(reason(&status.expect_err("another request")), "REQUEST_ID_REUSED");
}

async fn shops_have_menus_boards_and_numbers_of_their_own(shop: &Shop) {
    let [here, there] = [opened(shop, "lisboa", "EUR", "0.80").await, opened(shop, "kyoto", "JPY", "450").await];
    let staff = &shop.secrets.staff;
    let price = async |slug: &str| products(menu_of(shop, slug).await)[0].price.clone().expect("a price");
    assert_eq!(price(&here).await, Money { currency_code: "EUR".into(), minor_units: 80 });
    assert_eq!(price(&there).await, Money { currency_code: "JPY".into(), minor_units: 450 });

    let wanted = async |slug: &str, of: &str| PlaceOrderRequest {
        shop_id: slug.to_owned(),
        lines: vec![PlaceOrderLine {
            product_id: products(menu_of(shop, of).await)[0].product_id.clone(),
            quantity: 1,
            ..Default::default()
        }],
        ..simple_order(shop, "Ana").await
    };
    let mut orders = shop.gateway.orders();
    for slug in [&here, &there] {
        let placed = order(&placed(shop, &wanted(slug, slug).await).await).clone();
        assert_eq!((&placed.shop_id, placed.number), (slug, 1), "each counts by itself");
        let request = with_token(WatchTicketsRequest { shop_id: slug.clone(), ..Default::default() }, staff);
        let mut stream = shop.gateway.kitchen().watch_tickets(request).await.expect("a board").into_inner();
        let mut board = Board::default();
        while !board.tickets.contains_key(&placed.order_id) {
            let news = stream.message().await.expect("no error").expect("no end").news.expect("news");
            board.apply(news).expect("as the contract says");
        }
        assert_eq!(board.tickets.len(), 1, "nobody else's");
    }
    let status = orders.place_order(wanted(&here, &there).await).await.expect_err("another shop's product");
    assert_eq!(reason(&status), "PRODUCT_NOT_FOUND");

    // One shop pauses, the other sells.
    let pause = Some(OrderingPause { reason: "fila grande".into(), ..Default::default() });
    let settings = ShopSettings { shop_id: here.clone(), revision: 1, pause, ..Default::default() };
    let update_mask = Some(FieldMask { paths: vec!["pause".into()] });
    let request = UpdateShopRequest { request_id: fresh(), shop: Some(settings), update_mask };
    let call = || with_token(request.clone(), staff);
    settled(async || shop.gateway.catalog_admin().update_shop(call()).await).await.expect("paused");
    let status =
        eventually("Orders learns of the pause", async || orders.place_order(wanted(&here, &here).await).await.err())
            .await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "SHOP_PAUSED"));
    assert!(status.get_details_localized_message().expect("a sentence").message.contains("fila grande"));
    placed(shop, &wanted(&there, &there).await).await;
}

async fn names_are_seen_lists_have_nothing_twice_and_prices_are_none_below_zero(shop: &Shop) {
    let slug = format!("nomes-{}", &fresh()[..8]);
    let file = |name: &str, more: &str| {
        let groups = "option_groups:\n  - {key: size, name: Size, min: 1, max: 1, options: [{key: s, name: S, price_delta: -2.00}]}\n";
        small(&slug, "BRL", &format!("1.99{more}"))
            .replace("categories:", &format!("{groups}categories:"))
            .replace("Latte", name)
    };
    for (name, more, field) in [
        ("\"\\u200B\\u3164\"", "", "products[0].name"),
        ("\"A\\u202Eb\"", "", "products[0].name"),
        ("Latte", ", allergens: [milk, milk]", "products[0].allergens[1]"),
        ("Latte", ", option_groups: [size]", "products[0].price"),
    ] {
        let status = import(shop.gateway.catalog_admin(), &shop.secrets.staff, &file(name, more)).await;
        let status = status.expect_err(field);
        assert_eq!(reason(&status), "FIELD_INVALID", "{status:?}");
        let named = status.get_details_bad_request().expect("fields").field_violations;
        assert!(named.iter().any(|one| one.field.ends_with(field)), "{field}: {named:?}");
    }
    let twice = small(&slug, "BRL", "1.99").replace("[bar]", "[bar, bar]");
    let status = import(shop.gateway.catalog_admin(), &shop.secrets.staff, &twice).await.expect_err("twice");
    assert!(format!("{:?}", status.get_details_bad_request()).contains("products[0].stations[1]"), "{status:?}");

    let good = file("Latte", "").replace("1.99", "2.00").replace("stations: [bar]", "option_groups: [size]");
    import(shop.gateway.catalog_admin(), &shop.secrets.staff, &good).await.expect("imported");
    let details = latte(shop, &slug).await;
    type Mistake = fn(&mut ProductDetails);
    let mistakes: [(&str, Mistake); 4] = [
        ("name", |product| product.name = "\u{2060}".into()),
        ("allergens", |product| product.allergens = vec![7, 7]),
        ("stations", |product| product.stations = vec!["bar".into(), " bar".into()]),
        ("price", |product| product.price.as_mut().expect("a price").minor_units = 199),
    ];
    for (field, spoil) in mistakes {
        let mut product = details.clone();
        spoil(&mut product);
        let update_mask = Some(FieldMask { paths: vec![field.to_owned()] });
        let request = UpdateProductRequest { product: Some(product), update_mask, ..priced(&slug, &details, 0) };
        let call = || with_token(request.clone(), &shop.secrets.staff);
        let status = settled(async || shop.gateway.catalog_admin().update_product(call()).await).await;
        let named = status.expect_err(field).get_details_bad_request().expect("fields").field_violations;
        assert_eq!(named[0].field, format!("product.{field}"), "{named:?}");
    }
}

/// What pages need so as to ask neither the browser's currencies nor the device's time zones.
async fn amounts_and_clocks_are_told_by_the_server(shop: &Shop) {
    for (currency, digits) in [("HUF", 2), ("JPY", 0), ("KWD", 3)] {
        let slug = opened(shop, "moeda", currency, "450").await;
        let menu = menu_of(shop, &slug).await;
        assert_eq!(menu.currency_digits, Some(digits), "{currency}");
        let product_id = products(menu)[0].product_id.clone();
        let lines = vec![PlaceOrderLine { product_id, quantity: 1, ..Default::default() }];
        let request = PlaceOrderRequest { shop_id: slug, lines, ..simple_order(shop, "Ana").await };
        assert_eq!(order(&placed(shop, &request).await).currency_digits, Some(digits), "{currency}");
    }
    for (zone, offset) in [("America/Vancouver", -7), ("America/Edmonton", -6), ("America/Sao_Paulo", -3)] {
        let slug = format!("fuso-{}", &fresh()[..8]);
        let file = small(&slug, "BRL", "1.00").replace("America/Sao_Paulo", zone);
        import(shop.gateway.catalog_admin(), &shop.secrets.staff, &file).await.expect("imported");
        let offsets = menu_of(shop, &slug).await.utc_offsets;
        // Clocks are set there no more.
        assert_eq!(offsets.last().expect("an offset").seconds, offset * 3600, "{zone}: {offsets:?}");
        assert!(offsets.iter().all(|offset| offset.from_time.is_some()));
    }
}
