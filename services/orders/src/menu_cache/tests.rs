use super::*;
use comanda_auth::contracts::Contracts;
use comanda_mesh::channel;
use comanda_proto::catalog::v1::Menu;

const SECOND: Duration = Duration::from_secs(1);

/// Near copies, and a Catalog that is away.
fn menus() -> Menus {
    let contracts = Contracts::new(comanda_proto::DESCRIPTORS).expect("readable contracts");
    Menus::new(CatalogServiceClient::new(channel::local("catalog", contracts).0))
}

fn confirmed(menus: &Menus, before: Duration) {
    let confirmed = Instant::now().checked_sub(before).expect("a time");
    let menu = Arc::new(PriceList::from(Menu { version: 7, ..Default::default() }));
    menus.lock().insert("main".into(), CachedMenu { menu, confirmed });
}

#[tokio::test]
async fn a_menu_is_good_for_a_quarter_of_an_hour_without_catalog() {
    let menus = menus();
    assert_eq!(MAX_AGE, 15 * 60 * SECOND, "as ARCHITECTURE.md says");
    confirmed(&menus, MAX_AGE - 60 * SECOND);
    menus.poll().await.expect_err("Catalog is away");
    assert_eq!(menus.get("main").await.map(|menu| menu.version).ok(), Some(7));
    confirmed(&menus, MAX_AGE);
    assert!(matches!(menus.get("main").await, Err(MenuError::Away(_))));
}
