//! Lines that stations tick: in nobody's way, and where the shop chose so the last one makes the order ready.

use comanda_proto::{orders::v1::GetOrderJourneyRequest, r#type::v1::OrderState};
use harness::{Shop, eventually, on_both_shapes, with_token};
use libtest_mimic::Trial;

use crate::branches::Branch;
use crate::clients::{Follower, Tablet, Tap, fresh, order, placed, reason, simple_order, tap};

pub fn tests() -> Vec<Trial> {
    on_both_shapes![ticks_stand_in_nobodys_way, the_last_line_makes_it_ready_where_the_shop_chose_so]
}

/// Both of them on one shop.
pub async fn all(shop: &Shop) {
    ticks_stand_in_nobodys_way(shop).await;
    the_last_line_makes_it_ready_where_the_shop_chose_so(shop).await;
}

/// Lines are ticked between every pair of steps, each of which names what its barista saw before.
async fn ticks_stand_in_nobodys_way(shop: &Shop) {
    let mut request = simple_order(shop, "Bela").await;
    let line = request.lines[0].clone();
    request.lines.extend([line.clone(), line]);
    let placed = placed(shop, &request).await;
    let id = &order(&placed).order_id;
    let mut tablet = Tablet::watch(shop.gateway.kitchen(), &shop.secrets.staff).await;
    let mut follower = Follower::of(shop, id, &placed.own_token).await;
    let mut seen = tablet.until_state(id, OrderState::Received).await;
    assert_eq!(
        seen.lines.iter().map(|line| (line.index, line.done)).collect::<Vec<_>>(),
        [0, 1, 2].map(|i| (i, false))
    );

    let staff = |tap_, seen| tap(shop.gateway.kitchen(), &shop.secrets.staff, tap_, id, seen);
    for (step, ticks) in [
        (Tap::Start, vec![(0, true)]),
        (Tap::Revert, vec![(1, true), (0, false)]),
        (Tap::Start, vec![(0, true)]),
        (Tap::Ready, vec![(1, false)]),
        (Tap::Revert, vec![(2, true), (1, true)]),
        (Tap::Ready, vec![(1, false)]),
        (Tap::Collected, vec![(1, true)]),
    ] {
        let mut revision = seen.revision;
        for (line, done) in ticks {
            let ticked = staff(Tap::Line(line, done), 0).await.expect("ticked");
            assert_eq!((ticked.state(), ticked.state_revision), (seen.state(), seen.state_revision));
            revision += 1;
            assert_eq!(ticked.revision, revision, "a tick raises the revision");
            assert_eq!(staff(Tap::Line(line, done), 0).await.expect("no news").revision, revision);
        }
        let after = staff(step, seen.revision).await.expect("nobody else made a step");
        assert_eq!((after.revision, after.state_revision), (revision + 1, revision + 1));
        let late = staff(step, revision).await.expect_err("the step names one before the last");
        assert_eq!(reason(&late), "REVISION_MISMATCH");
        seen = after;
        let shown = follower.until(|order| order.revision == seen.revision + 1).await.expect("shown");
        assert_eq!(shown.state(), seen.state(), "the customer sees each step and no tick");
    }
    for (line, wrong) in [(0, "STATE_TRANSITION_FORBIDDEN"), (3, "LINE_NOT_FOUND"), (-1, "LINE_NOT_FOUND")] {
        assert_eq!(reason(&staff(Tap::Line(line, true), 0).await.expect_err("refused")), wrong);
    }

    let ask = with_token(GetOrderJourneyRequest { order_id: id.clone() }, &placed.view_token);
    let journey = shop.gateway.orders().get_order_journey(ask).await.expect("a story").into_inner();
    let steps: Vec<_> = journey.steps.iter().map(|step| step.transition.clone().expect("what happened")).collect();
    assert!(steps.iter().map(|step| step.revision).eq(1..=seen.revision + 1), "one for each revision");
    assert!(steps.iter().all(|step| step.line.is_none() || step.from_state == step.to_state));
    assert_eq!(steps.iter().filter(|step| step.line.is_some()).count(), 9);
}

async fn the_last_line_makes_it_ready_where_the_shop_chose_so(shop: &Shop) {
    let branch = Branch::open(shop, &format!("ultimo-{}", &fresh()[..8]), &[("Café", "[]"), ("Bolo", "[]")]).await;
    branch.set(shop, "ready_with_last_line = true").await;
    // Orders hears of it within a second.
    let placed = eventually("the choice counts", async || {
        let placed = placed(shop, &branch.order("Bento", &["Café", "Bolo"])).await;
        order(&placed).ready_with_last_line.then_some(placed).ok_or("not yet")
    })
    .await;
    let id = &order(&placed).order_id;
    let mut tablet = Tablet::watch_at(shop.gateway.kitchen(), &shop.secrets.staff, &branch.shop_id, vec![]).await;
    let mut follower = Follower::of(shop, id, &placed.own_token).await;
    tablet.until_state(id, OrderState::Received).await;

    let staff = |tap_, seen| tap(shop.gateway.kitchen(), &shop.secrets.staff, tap_, id, seen);
    staff(Tap::Start, 1).await.expect("started");
    assert_eq!(staff(Tap::Line(1, true), 0).await.expect("ticked").state(), OrderState::Preparing);
    let ready = staff(Tap::Line(0, true), 0).await.expect("ticked");
    assert_eq!((ready.state(), ready.revision, ready.state_revision), (OrderState::Ready, 4, 4));
    follower.until_state(OrderState::Ready).await;
    // Taken back, that line is open again; ticked again, all is ready again.
    let back = staff(Tap::Revert, 4).await.expect("taken back");
    assert_eq!(back.lines.iter().map(|line| line.done).collect::<Vec<_>>(), [false, true]);
    assert_eq!(staff(Tap::Line(0, true), 0).await.expect("ticked").state(), OrderState::Ready);
    follower.until(|order| order.revision == 7 && order.state() == OrderState::Ready).await.expect("shown");
}
