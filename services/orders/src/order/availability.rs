//! Whether a shop takes orders at a moment, and if not, why. Pure: the menu and the database's time go in, a refusal comes
//! out. How many orders are open is not on the menu; `place` counts them.

use super::price_list::PriceList;
use chrono::{DateTime, Utc};
use comanda_types::{time_zone::Zone, timestamp::from_proto};
use thiserror::Error;

/// Why a shop takes no orders.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum NotAccepting {
    /// Outside its opening hours.
    #[error("closed")]
    Closed(NextChange),
    /// Its staff said so.
    #[error("paused: {reason}")]
    Paused {
        /// For customers; may be empty.
        reason: String,
        /// When it ends by itself.
        until: NextChange,
    },
    /// Too many orders are open.
    #[error("too many open orders")]
    Busy,
}

/// A moment after `now`, if there is one, and by which clock people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextChange {
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// When this was said.
    pub now: DateTime<Utc>,
    /// The shop's.
    pub time_zone: Zone,
}

/// Passes when opening hours and pause allow an order.
pub fn check(menu: &PriceList, now: DateTime<Utc>) -> Result<(), NotAccepting> {
    let time_zone = &menu.time_zone;
    let later = |at| NextChange { at, now, time_zone: time_zone.clone() };
    if !menu.hours.are_open(time_zone, now) {
        return Err(NotAccepting::Closed(later(menu.hours.next_opening(time_zone, now))));
    }
    let Some(pause) = &menu.pause else { return Ok(()) };
    let until = pause.until_time.as_ref().and_then(from_proto);
    // Catalog ends it soon, and the local cache hears of it later still: time alone decides.
    if until.is_some_and(|until| until <= now) {
        return Ok(());
    }
    Err(NotAccepting::Paused { reason: pause.reason.clone(), until: later(until) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use comanda_proto::catalog::v1::{Menu, OpeningHours, OrderingPause};
    use comanda_types::timestamp::to_proto;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(seconds)
    }

    fn pause(until: Option<DateTime<Utc>>) -> Option<OrderingPause> {
        Some(OrderingPause { reason: "fila".into(), until_time: until.map(to_proto), ..Default::default() })
    }

    fn paused(until: Option<DateTime<Utc>>) -> PriceList {
        PriceList::from(Menu { pause: pause(until), ..Default::default() })
    }

    #[test]
    fn a_pause_ends_at_its_time_and_without_one_never() {
        let until = at(60);
        let refusal = |until| {
            let later = NextChange { at: until, now: at(59), time_zone: Zone::utc() };
            Err(NotAccepting::Paused { reason: "fila".into(), until: later })
        };
        assert_eq!(check(&paused(Some(until)), at(59)), refusal(Some(until)));
        assert_eq!(check(&paused(Some(until)), until), Ok(()));
        assert_eq!(check(&paused(None), at(59)), refusal(None));
    }

    #[test]
    fn a_closed_shop_says_when_it_opens_and_not_that_it_is_paused() {
        // A Thursday; São Paulo was three hours behind.
        let friday = OpeningHours { day: 5, opens_minute: 480, closes_minute: 600 };
        let menu = Menu {
            opening_hours: vec![friday],
            time_zone: "America/Sao_Paulo".into(),
            pause: pause(None),
            ..Default::default()
        };
        let opens = Some(at(86_400 + 11 * 3600));
        let later = NextChange { at: opens, now: at(0), time_zone: Zone::named("America/Sao_Paulo").expect("a zone") };
        assert_eq!(check(&PriceList::from(menu), at(0)), Err(NotAccepting::Closed(later)));
    }

    #[test]
    fn an_unknown_time_zone_counts_as_utc() {
        let thursday = OpeningHours { day: 4, opens_minute: 0, closes_minute: 1 };
        let menu = Menu { opening_hours: vec![thursday], time_zone: "Mars/Olympus".into(), ..Default::default() };
        assert_eq!(check(&PriceList::from(menu), at(0)), Ok(()));
    }
}
