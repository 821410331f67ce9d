//! Menus edited through two replicas at once, and what a death in between leaves behind.

use comanda_proto::catalog::v1::{GetMenuRequest, ImportMenuRequest, Product, SetAvailabilityRequest};
use futures_util::future::join_all;
use harness::{Mode, Port, Replica, Role, Servers, Shop, eventually, settled, trials, with_token};
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::{cell::Cell, time::Duration};
use tonic::Code;
use tonic_types::StatusExt;

use crate::clients::{fresh, reason};

use super::{latte, menu_of, opened, priced, products, small};

/// So that other changes come between two of its statements.
const SLOW: Duration = Duration::from_millis(100);

pub fn tests() -> Vec<Trial> {
    let replicas = trials![
        of_two_edits_on_two_replicas_one_wins,
        of_two_who_open_a_shop_at_once_both_get_it,
        changes_that_come_together_are_all_shown,
        versions_rise_in_the_order_of_the_lock,
    ];
    let dying = trials![death_in_an_import_leaves_nothing_half_done];
    let dying = dying.into_iter().filter(|_| cfg!(feature = "failpoints"));
    replicas.into_iter().chain(dying).collect()
}

async fn of_two_edits_on_two_replicas_one_wins() {
    let servers = Servers::shared().await;
    let (shop, _hops) = Shop::mesh_of_catalogs(&servers, 2, &servers.redis).await;
    let slug = opened(&shop, "corrida", "BRL", "12.50").await;
    for round in 1..=10 {
        let details = latte(&shop, &slug).await;
        let tries = shop.catalog.iter().enumerate().map(|(replica, catalog)| {
            let request = priced(&slug, &details, 1000 + 10 * round + replica as i64);
            let (mut admin, staff) = (catalog.catalog_admin(), &shop.secrets.staff);
            async move {
                let call = async || admin.update_product(with_token(request.clone(), staff)).await;
                settled(call).await.map(|reply| reply.into_inner())
            }
        });
        let outcomes = join_all(tries).await;
        let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 1), "{won:?} {lost:?}");
        let (won, lost) = (won[0].as_ref().expect("stored"), lost[0].as_ref().expect_err("refused"));
        assert_eq!((lost.code(), reason(lost).as_str()), (Code::Aborted, "REVISION_MISMATCH"));
        let known = lost.get_details_error_info().expect("facts").metadata["revision"].clone();
        assert_eq!(known, won.product.as_ref().expect("a product").revision.to_string());
    }
}

/// Both files say the same shop, each with a product of its own; the later one is the menu.
async fn of_two_who_open_a_shop_at_once_both_get_it() {
    let servers = Servers::shared().await;
    let (shop, _hops) = Shop::mesh_of_catalogs(&servers, 2, &servers.redis).await;
    for round in 0..5 {
        let slug = format!("nova-{round}");
        let tries = shop.catalog.iter().zip(["latte", "mocha"]).map(|(catalog, key)| {
            let file = small(&slug, "BRL", "12.50").replace("latte", key);
            let request = ImportMenuRequest { request_id: fresh(), file, ..Default::default() };
            let token = &shop.secrets.staff;
            async move {
                eventually("the menu is imported", async || {
                    catalog.catalog_admin().import_menu(with_token(request.clone(), token)).await
                })
                .await
                .into_inner()
                .menu_version
            }
        });
        let versions = join_all(tries).await;
        assert_ne!(versions[0], versions[1], "two changes are two versions");
        let later = versions.iter().max().expect("two");
        let menu = eventually("the later one is shown", async || {
            Some(menu_of(&shop, &slug).await).filter(|menu| menu.version == *later)
        })
        .await;
        assert_eq!(products(menu).len(), 1, "what the later file leaves out is archived");
    }
}

/// Versions follow one another in the order of the commits, or a reader would take a change for one that it has.
async fn changes_that_come_together_are_all_shown() {
    let servers = Servers::shared().await;
    let (shop, _hops) = Shop::mesh_of_catalogs(&servers, 2, &servers.redis).await;
    let before = products(menu_of(&shop, "main").await);
    let sets = before.iter().enumerate().map(|(nth, product)| {
        let (mut admin, product_id) = (shop.catalog[nth % 2].catalog_admin(), product.product_id.clone());
        let request = SetAvailabilityRequest { request_id: fresh(), product_id, ..Default::default() };
        let staff = &shop.secrets.staff;
        async move {
            let call = async || admin.set_availability(with_token(request.clone(), staff)).await;
            settled(call).await.expect("stored").into_inner().menu_version
        }
    });
    let mut versions = join_all(sets).await;
    versions.sort_unstable();
    versions.dedup();
    assert_eq!(versions.len(), before.len(), "as many versions as changes");
    for catalog in &shop.catalog {
        eventually("everything is shown as sold out", async || {
            let Ok(reply) = catalog.catalog().get_menu(GetMenuRequest::default()).await else { return false };
            let menu = reply.into_inner().menu().expect("readable").expect("a menu");
            products(menu).iter().all(|product| !product.available)
        })
        .await;
    }
}

/// One change over a slow network, and many others beside it: whatever comes between two of its statements, versions
/// rise in the order in which changes got the shop's lock. A transaction has its number from then on.
async fn versions_rise_in_the_order_of_the_lock() {
    let servers = Servers::shared().await;
    let (shop, hops) = Shop::mesh_of_catalogs(&servers, 1, &servers.redis).await;
    let before = products(menu_of(&shop, "main").await);
    let port = Port::free();
    let direct = vec![
        ("COMANDA_CATALOG_LISTEN", port.address()),
        ("COMANDA_CATALOG_DATABASE_URL", shop.database_url(Role::Catalog).to_owned()),
    ];
    let mut near = shop.catalog[0].twin(port, direct);
    near.until_ready().await;
    let set = async |catalog: &Replica, product: &Product, available| {
        let product_id = product.product_id.clone();
        let request = SetAvailabilityRequest { request_id: fresh(), product_id, available, ..Default::default() };
        let mut admin = catalog.catalog_admin();
        let call = async || admin.set_availability(with_token(request.clone(), &shop.secrets.staff)).await;
        settled(call).await.expect("stored");
    };
    hops.catalog_database.set(Mode::Delay(SLOW));
    let done = Cell::new(false);
    let slow = async {
        set(&shop.catalog[0], &before[0], false).await;
        done.set(true);
    };
    let fast = async {
        let mut available = false;
        while !done.get() {
            set(&near, &before[1], available).await;
            available = !available;
        }
    };
    tokio::join!(slow, fast);
    let ask = "SELECT version FROM menu_change WHERE shop_id = 'main' ORDER BY xmin::text::bigint";
    let database = shop.database(Role::Catalog).await;
    let rows = database.query_all_raw(Statement::from_string(DbBackend::Postgres, ask)).await.expect("a history");
    let versions: Vec<i64> = rows.iter().map(|row| row.try_get("", "version").expect("a number")).collect();
    assert!(versions.len() > 5 && versions.is_sorted(), "{versions:?}");
}

/// Before the commit nothing is there, after it everything is, and the same key says which.
async fn death_in_an_import_leaves_nothing_half_done() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 1).await;
    let slug = opened(&shop, "queda", "BRL", "12.50").await;
    let before = menu_of(&shop, &slug).await;
    for (point, price, done) in [("once.before_commit", "13.00", false), ("once.committed", "14.00", true)] {
        shop.catalog[0].kill();
        shop.catalog[0].start_with(vec![("COMANDA_FAILPOINTS", format!("{point}=1"))]).await;
        let file = small(&slug, "BRL", price) + "      - {key: mocha, name: Mocha, price: 1.00}\n";
        let request = ImportMenuRequest { request_id: fresh(), file, ..Default::default() };
        let import = async |shop: &Shop| {
            let request = with_token(request.clone(), &shop.secrets.staff);
            shop.catalog[0].catalog_admin().import_menu(request).await
        };
        import(&shop).await.expect_err("it dies before it answers");
        shop.catalog[0].until_exit().await;
        shop.catalog[0].start().await;
        let found = products(menu_of(&shop, &slug).await);
        assert_eq!(found.len(), if done { 2 } else { products(before.clone()).len() }, "after {point}");
        let again = import(&shop).await.expect("the same key settles it");
        assert_eq!(again.metadata().contains_key("x-idempotent-replay"), done, "after {point}");
        assert_eq!(products(menu_of(&shop, &slug).await).len(), 2);
    }
}
