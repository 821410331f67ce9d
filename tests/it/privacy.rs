//! Whoever asks a shop what it knows of them gets it, and then it is gone.

use comanda_proto::{
    identity::v1::{CreateStaffRequest, Staff},
    orders::v1::PlaceOrderRequest,
    r#type::v1::OrderState,
};
use harness::{Finished, Settings, Shop, on_both_shapes, run, with_token};
use libtest_mimic::Trial;

use crate::clients::{Tablet, Tap, cancel, fresh, order, placed, simple_order, tap};

pub fn tests() -> Vec<Trial> {
    on_both_shapes![a_customer_is_shown_and_forgotten, one_of_the_staff_is_shown_and_forgotten]
}

/// `comanda privacy …` beside the running shop.
async fn command(shop: &Shop, arguments: &[&str]) -> Finished {
    let url = format!("http://{}", shop.gateway.address());
    let settings: Settings = vec![("COMANDA_URL", url), ("COMANDA_TOKEN", shop.secrets.staff.clone())];
    run(&[&["privacy"], arguments].concat(), settings).await
}

async fn succeeds(shop: &Shop, arguments: &[&str]) -> String {
    let finished = command(shop, arguments).await;
    assert!(finished.status.success(), "{arguments:?}: {}", finished.log);
    finished.log
}

async fn a_customer_is_shown_and_forgotten(shop: &Shop) {
    let mut wanted: PlaceOrderRequest = simple_order(shop, "Zulmira").await;
    wanted.lines[0].note = "sem gelo".into();
    wanted.lines[0].allergy = "amendoim".into();
    let mine = placed(shop, &wanted).await;
    let id = &order(&mine).order_id;
    let personal = ["Zulmira", "sem gelo", "amendoim"];
    let told = succeeds(shop, &["export", id]).await;
    assert!(personal.iter().all(|what| told.contains(what)), "{told}");
    let open = command(shop, &["erase", id]).await;
    assert!(!open.status.success() && open.log.contains("not over yet"), "{}", open.log);

    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    tablet.until_state(id, OrderState::Received).await;
    let call = with_token(cancel(id), &mine.own_token);
    shop.gateway.orders().cancel_order(call).await.expect("cancelled");
    let shown = command(shop, &["erase", id]).await;
    assert!(shown.log.contains("on the board"), "the kitchen has not seen it: {}", shown.log);
    let cancelled = tablet.until_state(id, OrderState::Cancelled).await;
    tap(shop.gateway.kitchen(), &shop.secrets.staff, Tap::Acknowledge, id, cancelled.revision).await.expect("seen");
    succeeds(shop, &["erase", id]).await;
    let told = succeeds(shop, &["export", id]).await;
    assert!(!personal.iter().any(|what| told.contains(what)), "{told}");
    assert!(told.contains("unitPrice"), "what was sold stays: {told}");
}

async fn one_of_the_staff_is_shown_and_forgotten(shop: &Shop) {
    let login = format!("zoroastro-{}", fresh());
    let staff = Staff {
        name: "Zoroastro".into(),
        login: login.clone(),
        role: 2,
        shop_ids: vec!["main".into()],
        ..Default::default()
    };
    let create = CreateStaffRequest { staff: Some(staff), ..Default::default() };
    shop.gateway.identity().create_staff(with_token(create, &shop.secrets.staff)).await.expect("created");
    let told = succeeds(shop, &["export", "--staff", &login]).await;
    assert!(told.contains("Zoroastro") && told.contains("STAFF_CREATED"), "{told}");
    succeeds(shop, &["erase", "--staff", &login]).await;
    let gone = command(shop, &["export", "--staff", &login]).await;
    assert!(!gone.status.success() && gone.log.contains("nobody signs in as"), "{}", gone.log);
}
