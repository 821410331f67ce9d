//! How long an order's token opens it: some days after its end, a link that was shared, or a phone that was sold, shows
//! nothing any more. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use comanda_proto::{orders::v1::Order, r#type::v1::OrderState};
use comanda_types::timestamp::from_proto;

/// Whether it has ended.
pub fn is_over(order: &Order) -> bool {
    matches!(order.state(), OrderState::Collected | OrderState::Cancelled)
}

/// Whether whoever sees ended orders for so long, or, without a time, always, sees this one no more.
pub fn is_past(order: &Order, visible: Option<TimeDelta>, now: DateTime<Utc>) -> bool {
    let ended = order.update_time.as_ref().and_then(from_proto).filter(|_| is_over(order));
    visible.zip(ended).is_some_and(|(visible, ended)| now - ended > visible)
}

#[cfg(test)]
mod tests {
    use super::*;
    use comanda_types::timestamp::to_proto;

    #[test]
    fn only_an_order_that_ended_long_ago_is_past_and_only_for_its_customer() {
        let week = TimeDelta::days(7);
        let order = |state: OrderState| Order {
            state: state.into(),
            update_time: Some(to_proto(DateTime::UNIX_EPOCH)),
            ..Order::default()
        };
        let at = |days| DateTime::UNIX_EPOCH + TimeDelta::days(days);
        for state in [OrderState::Collected, OrderState::Cancelled] {
            assert!(!is_past(&order(state), Some(week), at(7)));
            assert!(is_past(&order(state), Some(week), at(8)));
            assert!(!is_past(&order(state), None, at(8)), "staff see it always");
        }
        assert!(!is_past(&order(OrderState::Ready), Some(week), at(8)), "nobody has collected it");
    }
}
