//! Menus as files: imported, exported, checked.

use comanda_proto::{
    catalog::v1::ExportMenuRequest,
    orders::v1::{PlaceOrderLine, PlaceOrderRequest},
};
use harness::{Finished, Folder, Settings, Shop, on_both_shapes, run, with_token};
use libtest_mimic::Trial;
use tonic::Code;

use crate::clients::{fresh, order, placed, reason, simple_order};

use super::{import, menu_of, opened, products, small};

pub fn tests() -> Vec<Trial> {
    on_both_shapes![
        a_menu_of_thousands_is_imported_read_and_ordered_from,
        a_menu_is_kept_in_a_file,
        a_file_with_mistakes_changes_nothing,
    ]
}

async fn a_menu_of_thousands_is_imported_read_and_ordered_from(shop: &Shop) {
    let slug = format!("grande-{}", &fresh()[..8]);
    let mut file = format!("shop: {slug}\nname: Grande\ncurrency: BRL\ntime_zone: America/Sao_Paulo\noption_groups:\n");
    for group in 0..20 {
        file += &format!("  - {{key: g{group}, name: Grupo {group}, max: 5, options: [");
        file += &(0..5).map(|o| format!("{{key: o{o}, name: Opção {o}}}")).collect::<Vec<_>>().join(", ");
        file += "]}\n";
    }
    file += "categories:\n";
    for category in 0..50 {
        file += &format!("  - key: c{category}\n    name: Categoria {category}\n    products:\n");
        for product in 0..100 {
            let number = category * 100 + product;
            file += &format!(
                "      - {{key: p{number}, name: Produto {number}, description: Um produto como tantos outros, price: 9.90, \
                 allergens: [milk, gluten], stations: [bar], option_groups: [g{}, g{}, g{}]}}\n",
                number % 20,
                (number + 1) % 20,
                (number + 2) % 20
            );
        }
    }
    import(shop.gateway.catalog_admin(), &shop.secrets.staff, &file).await.expect("imported");
    let menu = menu_of(shop, &slug).await;
    assert_eq!(menu.option_groups.len(), 20);
    let products = products(menu);
    assert_eq!(products.len(), 5000);
    let lines = [0, 4999].map(|place: usize| PlaceOrderLine {
        product_id: products[place].product_id.clone(),
        quantity: 1,
        ..Default::default()
    });
    let request = PlaceOrderRequest { shop_id: slug.clone(), lines: lines.into(), ..simple_order(shop, "Ana").await };
    let placed = placed(shop, &request).await;
    assert_eq!(order(&placed).total.as_ref().expect("a total").minor_units, 1980);

    let request = ExportMenuRequest { shop_id: slug };
    let exported = shop.gateway.catalog_admin().export_menu(with_token(request, &shop.secrets.staff)).await;
    let exported = exported.expect("a file").into_inner();
    let again = import(shop.gateway.catalog_admin(), &shop.secrets.staff, &exported.file).await.expect("imported");
    assert_eq!(again, exported.menu_version, "nothing differs");
}

/// `comanda menu …` beside the running shop.
async fn command(shop: &Shop, arguments: &[&str]) -> Finished {
    let url = format!("http://{}", shop.gateway.address());
    let settings: Settings = vec![("COMANDA_URL", url), ("COMANDA_TOKEN", shop.secrets.staff.clone())];
    run(&[&["menu"], arguments].concat(), settings).await
}

pub(super) async fn succeeds(shop: &Shop, arguments: &[&str]) -> String {
    let finished = command(shop, arguments).await;
    assert!(finished.status.success(), "{arguments:?}: {}", finished.log);
    finished.log
}

async fn a_menu_is_kept_in_a_file(shop: &Shop) {
    let slug = opened(shop, "arquivo", "BRL", "12.50").await;
    let folder = Folder::new("menu-file");
    let path = folder.join("menu.yaml");
    let file = path.to_str().expect("a path");
    succeeds(shop, &["export", "--shop", &slug, file]).await;
    assert!(succeeds(shop, &["check", file]).await.contains("in order"));
    assert!(succeeds(shop, &["import", file]).await.contains("Nothing differs"));

    let exported = std::fs::read_to_string(&path).expect("the file");
    std::fs::write(&path, exported.replace("12.50", "13.00")).expect("the file");
    let preview = succeeds(shop, &["import", "--dry-run", file]).await;
    assert!(
        preview.contains("~ products.latte.price: 12.50 → 13.00") && preview.contains("nothing is changed"),
        "{preview}"
    );
    let price = async || products(menu_of(shop, &slug).await)[0].price.as_ref().map(|price| price.minor_units);
    assert_eq!(price().await, Some(1250));
    succeeds(shop, &["import", file]).await;
    assert_eq!(price().await, Some(1300));
    assert_eq!(succeeds(shop, &["export", "--shop", &slug]).await, std::fs::read_to_string(&path).expect("the file"));
    let history = succeeds(shop, &["history", "--shop", &slug]).await;
    assert!(history.lines().next().is_some_and(|line| line.ends_with("ImportMenu  by Ana")), "{history}");
}

async fn a_file_with_mistakes_changes_nothing(shop: &Shop) {
    let slug = opened(shop, "erros", "BRL", "12.50").await;
    let before = menu_of(shop, &slug).await;
    let folder = Folder::new("menu-file");
    let path = folder.join("menu.yaml");
    let file = path.to_str().expect("a path");
    let broken = small(&slug, "BRL", "R$13").replace("key: latte", "key: Latte");
    std::fs::write(&path, &broken).expect("the file");
    for arguments in [["check", file], ["import", file]] {
        let finished = command(shop, &arguments).await;
        let line = "line 9, categories[0].products[0]";
        let told = finished.log.contains(&format!("{line}.key: ")) && finished.log.contains(&format!("{line}.price: "));
        assert!(!finished.status.success() && told, "{}", finished.log);
    }
    let status = import(shop.gateway.catalog_admin(), &shop.secrets.staff, &broken).await.expect_err("refused");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "FIELD_INVALID"));
    assert_eq!(menu_of(shop, &slug).await, before);
    let stranger = import(shop.gateway.catalog_admin(), &shop.secrets.panel, &small(&slug, "BRL", "1.00")).await;
    assert_eq!(stranger.expect_err("no staff").code(), Code::PermissionDenied);
    assert_eq!(menu_of(shop, &slug).await, before);
}
