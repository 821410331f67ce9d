//! Clocks go wrong. Every time that decides or is shown comes from the database, so a replica's own clock may say what
//! it likes.

use comanda_proto::r#type::v1::OrderState;
use harness::{Replica, Servers, Shop, eventually, trials, wrong_clock};
use libtest_mimic::Trial;
use sea_orm::prelude::DateTimeUtc;

use crate::clients::{Follower, Tablet, Tap, order, place, tap};

const HOUR: i64 = 3600;

pub fn tests() -> Vec<Trial> {
    trials![wrong_clocks_in_the_kitchen]
}

async fn wrong_clocks_in_the_kitchen() {
    let mut shop = Shop::mesh(&*Servers::shared().await, 2).await;
    for (replica, wrong) in shop.kitchen.iter_mut().zip([HOUR, -HOUR]) {
        replica.kill();
        let before = replica.log().len();
        replica.start_with(wrong_clock(wrong)).await;
        eventually("its log shows its clock", async || {
            let off = logged(replica, before)? - now();
            Some((off - wrong).abs() < HOUR / 2)?.then_some(())
        })
        .await;
    }
    for kitchen in &shop.kitchen {
        let mut tablet = Tablet::watch(kitchen.kitchen(), &shop.secrets.staff).await;
        let placed = place(&shop, "Ana").await;
        let id = &order(&placed).order_id;
        let ticket = tablet.until_state(id, OrderState::Received).await;
        let mut follower = Follower::of(&shop, id, &placed.own_token).await;
        for (what, state) in [(Tap::Start, OrderState::Preparing), (Tap::Ready, OrderState::Ready)] {
            let seen = tablet.until(|board| board.get(id).cloned()).await;
            tap(kitchen.kitchen(), &shop.secrets.staff, what, id, seen.revision).await.expect("tapped");
            tablet.until_state(id, state).await;
            let shown = follower.until_state(state).await.update_time.expect("a time");
            assert!((shown.seconds - now()).abs() < HOUR / 2, "the customer sees the right time: {shown:?}");
        }
        let received = ticket.update_time.expect("a time");
        assert!((received.seconds - now()).abs() < HOUR / 2, "the kitchen sees the right time: {received:?}");
    }
}

/// The time of the first line that it has logged after so many bytes.
fn logged(replica: &Replica, before: usize) -> Option<i64> {
    let log = replica.log();
    let first = log[before..].split_whitespace().next()?;
    first.parse::<DateTimeUtc>().ok().map(|time| time.timestamp())
}

fn now() -> i64 {
    std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_secs().cast_signed()
}
