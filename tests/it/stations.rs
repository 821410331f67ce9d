//! Each station's tablet shows the tickets that it prepares, whole, and its heartbeats fit them.

use comanda_proto::{kitchen::v1::WatchTicketsRequest, r#type::v1::OrderState};
use harness::{Shop, on_both_shapes, with_token};
use libtest_mimic::Trial;
use tonic::Code;
use tonic_types::StatusExt;

use crate::{
    branches::Branch,
    clients::{Tablet, Tap, order, placed, tap},
};

pub fn tests() -> Vec<Trial> {
    on_both_shapes![a_tablet_shows_what_its_stations_prepare, stations_are_checked]
}

async fn a_tablet_shows_what_its_stations_prepare(shop: &Shop) {
    let menu = [("Café", r#"["bar"]"#), ("Pizza", r#"["forno"]"#), ("Misto", r#"["chapa","bar"]"#), ("Brinde", "[]")];
    let branch = Branch::open(shop, "estacoes", &menu).await;
    let watch = async |token: &str, stations: &[&str]| {
        let stations = stations.iter().map(ToString::to_string).collect();
        Tablet::watch_at(shop.gateway.kitchen(), token, &branch.shop_id, stations).await
    };
    let (mut all, mut bar) = (watch(&shop.secrets.staff, &[]).await, watch(&shop.secrets.staff, &["bar"]).await);
    let mut oven = watch(&shop.secrets.staff, &["forno", "chapa"]).await;
    let mut panel = watch(&shop.secrets.panel_of(&branch.shop_id), &["bar"]).await;

    let mut ids = Vec::new();
    for lines in [&["Café"][..], &["Pizza"], &["Misto"], &["Brinde"], &["Pizza", "Café"]] {
        ids.push(order(&placed(shop, &branch.order("Dora", lines)).await).order_id.clone());
    }
    let [coffee, pizza, toast, present, both] = [0, 1, 2, 3, 4].map(|at: usize| ids[at].clone());
    until_shows(&mut all, &[&coffee, &pizza, &toast, &present, &both]).await;
    until_shows(&mut bar, &[&coffee, &toast, &present, &both]).await;
    until_shows(&mut oven, &[&pizza, &toast, &present, &both]).await;
    until_shows(&mut panel, &[&coffee, &toast, &present, &both]).await;
    assert!(panel.board.tickets[&coffee].lines.is_empty(), "the panel learns no more than before");
    let whole = oven.board.tickets[&both].lines.iter().map(|line| line.stations.concat()).collect::<Vec<_>>();
    assert_eq!(whole, ["forno", "bar"], "a ticket is shown whole");

    // What happens to the coffee is no news for the oven.
    for (seen, step) in (1..).zip([Tap::Start, Tap::Ready, Tap::Collected]) {
        tap(shop.gateway.kitchen(), &shop.secrets.staff, step, &coffee, seen).await.expect("done");
    }
    until_shows(&mut bar, &[&toast, &present, &both]).await;
    tap(shop.gateway.kitchen(), &shop.secrets.staff, Tap::Start, &pizza, 1).await.expect("started");
    assert_eq!(oven.until_state(&pizza, OrderState::Preparing).await.revision, 2);
    until_shows(&mut oven, &[&pizza, &toast, &present, &both]).await;
    assert!(!oven.board.has_left(&coffee) && bar.board.has_left(&coffee));

    // A tablet that begins now begins with just these.
    let mut late = watch(&shop.secrets.staff, &["bar"]).await;
    until_shows(&mut late, &[&toast, &present, &both]).await;
}

/// Until it shows these tickets, and a heartbeat says that there are no others.
async fn until_shows(tablet: &mut Tablet, ids: &[&str]) {
    tablet
        .until(|board| (board.len() == ids.len() && ids.iter().all(|id| board.contains_key(*id))).then_some(()))
        .await;
    assert_eq!(tablet.heartbeat().await, ids.len() as i32);
}

async fn stations_are_checked(shop: &Shop) {
    let refused = async |stations: Vec<String>| {
        let request = WatchTicketsRequest { stations, ..Default::default() };
        let refused = shop.gateway.kitchen().watch_tickets(with_token(request, &shop.secrets.staff)).await;
        let status = refused.expect_err("refused");
        assert_eq!(status.code(), Code::InvalidArgument);
        status.get_details_bad_request().expect("a violation").field_violations[0].field.clone()
    };
    assert_eq!(refused(vec!["bar".to_owned(); 11]).await, "stations");
    assert_eq!(refused(vec!["bar".to_owned(), String::new()]).await, "stations[1]");
    assert_eq!(refused(vec!["x".repeat(31)]).await, "stations[0]");
}
