//! Whether a product can be paid for: what must be chosen with it must not take off more than it costs. Pure.

use crate::rows::Rows;
use comanda_types::validation::Checks;
use std::collections::HashMap;
use uuid::Uuid;

/// The most that each group of a menu takes off a price, in minor units and below 0. Only groups in which something must
/// be chosen: what may be left out makes no price by itself.
pub struct Reductions(HashMap<Uuid, i64>);

impl Reductions {
    pub fn of(rows: &Rows) -> Self {
        let mut deltas: HashMap<Uuid, Vec<i64>> = HashMap::new();
        for option in rows.options.iter().filter(|option| option.archived_at.is_none()) {
            deltas.entry(option.option_group_id).or_default().push(option.price_delta_minor);
        }
        let required = rows.option_groups.iter().filter(|group| group.archived_at.is_none() && group.min_choices > 0);
        let most = required.filter_map(|group| {
            let count = |choices: i32| usize::try_from(choices).unwrap_or_default();
            let mut deltas = deltas.remove(&group.option_group_id)?;
            deltas.sort_unstable();
            // The cheapest that must be chosen, and whatever else makes it cheaper still.
            let (min, max) = (count(group.min_choices), count(group.max_choices));
            let chosen = deltas.iter().take(max).enumerate().filter(|(at, delta)| *at < min || **delta < 0);
            Some((group.option_group_id, chosen.fold(0_i64, |sum, (_, delta)| sum.saturating_add(*delta))))
        });
        Self(most.filter(|(_, sum)| *sum < 0).collect())
    }

    /// Notes it when a product of this price that offers these groups may come to cost less than nothing.
    pub fn check(&self, place: String, price: i64, groups: &[Uuid], checks: &mut Checks) {
        let lowest =
            groups.iter().filter_map(|group| self.0.get(group)).fold(price, |sum, off| sum.saturating_add(*off));
        if lowest < 0 {
            checks.fail(
                place,
                "must not be less than what the choices that have to be made may take off",
                "não pode ser menor que o desconto das escolhas obrigatórias",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::entity::{option_group, product_option};

    /// A group in which so many may be chosen of options with these deltas.
    fn offer(rows: &mut Rows, min: i32, max: i32, deltas: &[i64]) -> Uuid {
        let group = option_group::Model::new("main".into(), None);
        let id = group.option_group_id;
        rows.option_groups.push(option_group::Model { min_choices: min, max_choices: max, ..group });
        let option =
            |delta: &i64| product_option::Model { price_delta_minor: *delta, ..product_option::Model::new(id, None) };
        rows.options.extend(deltas.iter().map(option));
        id
    }

    #[test]
    fn what_must_be_chosen_may_cost_no_less_than_nothing() {
        let mut rows = Rows::new("main".into());
        let size = offer(&mut rows, 1, 1, &[0, -300, 200]);
        let extras = offer(&mut rows, 0, 3, &[-900]);
        let two = offer(&mut rows, 2, 3, &[-100, -50, 400, -20]);
        let dear = offer(&mut rows, 1, 2, &[100, 200]);
        let reductions = Reductions::of(&rows);
        for (price, groups, fits) in [
            (300, vec![size], true),
            (299, vec![size], false),
            (0, vec![extras, dear], true),
            (470, vec![size, two], true),
            (469, vec![size, two], false),
            (0, vec![], true),
        ] {
            let mut checks = Checks::default();
            reductions.check("price".into(), price, &groups, &mut checks);
            assert_eq!(checks.done().is_ok(), fits, "{price}");
        }
    }
}
