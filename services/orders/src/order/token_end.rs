//! Who sees an order, and how long an order's token opens it: some days after its end, a link that was shared, or a phone that was sold, shows
//! nothing any more. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use comanda_auth::caller::Caller;
use comanda_proto::{orders::v1::Order, r#type::v1::OrderState};
use comanda_types::timestamp::from_proto;

/// Whether it has ended.
pub fn is_over(order: &Order) -> bool {
    matches!(order.state(), OrderState::Collected | OrderState::Cancelled)
}

/// Who wants to see an order.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// As the gate found.
    pub caller: Caller,
    /// How long an order's token is good after its end.
    pub token: TimeDelta,
}

impl Viewer {
    /// Whether the order is there for them: customers see one for some days after its end, staff those of their shops.
    pub fn sees(&self, order: &Order, now: DateTime<Utc>) -> bool {
        let ended = order.update_time.as_ref().and_then(from_proto).filter(|_| is_over(order));
        match &self.caller {
            Caller::Customer(_) => ended.is_none_or(|ended| now - ended <= self.token),
            caller => caller.may_shop(&order.shop_id),
        }
    }
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
        let sees =
            |caller: &Caller, order: &Order, now| Viewer { caller: caller.clone(), token: week }.sees(order, now);
        let (customer, service) = (Caller::Customer("x.o.y".into()), Caller::Service);
        for state in [OrderState::Collected, OrderState::Cancelled] {
            assert!(sees(&customer, &order(state), at(7)));
            assert!(!sees(&customer, &order(state), at(8)));
            assert!(sees(&service, &order(state), at(8)), "others see it always");
        }
        assert!(sees(&customer, &order(OrderState::Ready), at(8)), "nobody has collected it");
    }
}
