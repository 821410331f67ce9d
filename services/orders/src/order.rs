//! What may be ordered, and for how much. Pure: a menu and a request go in, priced lines or a refusal come out.

pub mod availability;
mod hours;
pub mod price_list;
mod rejection;
pub mod token_end;

use crate::estimate::model::Pieces;
use comanda_proto::{
    catalog::v1::{OptionGroup, Product},
    orders::v1::{ChosenOption, OrderLine, PlaceOrderLine, PlaceOrderRequest},
    r#type::v1::{Money, service_mode::Mode},
};
use comanda_types::{text::tidy, validation::Checks};
use price_list::PriceList;
use sea_orm::prelude::Uuid;
use thiserror::Error;

const MAX_LINES: usize = 50;
const QUANTITY: std::ops::RangeInclusive<i32> = 1..=99;
const MAX_OPTIONS: usize = 50;

/// Who orders, and how it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// First name.
    pub name: String,
    /// The table; none for take-away.
    pub table: Option<String>,
}

/// Lines with their prices.
#[derive(Debug, Clone, PartialEq)]
pub struct Priced {
    /// As the menu has them.
    pub lines: Vec<OrderLine>,
    /// Their sum in minor units.
    pub total: i64,
}

impl Priced {
    /// What there is to make.
    pub fn pieces(&self) -> Pieces {
        let piece = |line: &OrderLine| (Uuid::try_parse(&line.product_id).unwrap_or_default(), line.quantity);
        self.lines.iter().map(piece).collect()
    }
}

/// Why a menu does not allow an order.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Not on the menu.
    #[error("line {line} names no product of this menu")]
    UnknownProduct {
        /// From 0.
        line: usize,
        /// As the caller wrote it.
        product_id: String,
    },
    /// Sold out.
    #[error("sold out: {}", names(.0))]
    SoldOut(Vec<SoldOut>),
    /// The prices that the customer saw are no longer right.
    #[error("{} prices have changed", .0.len())]
    PriceChanged(Vec<PriceChange>),
    /// The sum does not fit.
    #[error("the total is too large")]
    TotalTooLarge,
}

/// A line that cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldOut {
    /// From 0.
    pub line: usize,
    /// As the menu has it.
    pub product_id: String,
    /// The product's name.
    pub name: String,
}

/// A price that is not what the customer saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceChange {
    /// From 0.
    pub line: usize,
    /// As the menu has it.
    pub product_id: String,
    /// The product's name.
    pub name: String,
    /// What the customer saw, in minor units.
    pub seen: i64,
    /// What it is.
    pub current: i64,
}

fn names(lines: &[SoldOut]) -> String {
    lines.iter().map(|line| line.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Checks all that can be checked without a menu.
pub fn check(request: &PlaceOrderRequest, checks: &mut Checks) -> Guest {
    let name = checks.text("customer_name", &request.customer_name, 1, 40);
    let table = match request.service_mode.as_ref().and_then(|service| service.mode.as_ref()) {
        Some(Mode::AtTable(at)) => Some(checks.text("service_mode.at_table.table", &at.table, 1, 20)),
        Some(Mode::TakeAway(_)) => None,
        None => {
            checks.fail("service_mode", "must say take_away or at_table", "deve dizer para viagem ou na mesa");
            None
        }
    };
    check_lines(&request.lines, checks);
    Guest { name, table }
}

/// The same of what is ordered.
pub fn check_lines(lines: &[PlaceOrderLine], checks: &mut Checks) {
    if lines.is_empty() || lines.len() > MAX_LINES {
        checks.fail("lines", "must have 1 to 50 lines", "deve ter de 1 a 50 itens");
    }
    for (index, line) in lines.iter().enumerate().take(MAX_LINES) {
        let field = |name: &str| format!("lines[{index}].{name}");
        checks.uuid(field("product_id"), &line.product_id);
        if !QUANTITY.contains(&line.quantity) {
            checks.fail(field("quantity"), "must be 1 to 99", "deve ser de 1 a 99");
        }
        if line.option_ids.len() > MAX_OPTIONS {
            checks.fail(field("option_ids"), "must have at most 50 options", "deve ter no máximo 50 opções");
        }
        for id in line.option_ids.iter().take(MAX_OPTIONS) {
            checks.uuid(field("option_ids"), id);
        }
        checks.text(field("note"), &line.note, 0, 140);
        checks.text(field("allergy"), &line.allergy, 0, 140);
    }
}

/// Finds each line on the menu and prices it. Wrong choices of options are noted as violations; everything else about
/// the menu is a refusal.
pub fn price(menu: &PriceList, lines: &[PlaceOrderLine], checks: &mut Checks) -> Result<Priced, Refusal> {
    let (mut sold_out, mut changes) = (Vec::new(), Vec::new());
    let mut priced = Priced { lines: Vec::with_capacity(lines.len()), total: 0 };
    for (index, line) in lines.iter().enumerate() {
        let unknown = || Refusal::UnknownProduct { line: index, product_id: line.product_id.clone() };
        let product = menu.product(&line.product_id).ok_or_else(unknown)?;
        let (product_id, name) = (product.product_id.clone(), product.name.clone());
        let (options, unit) = choose(menu, product, line, index, checks).ok_or(Refusal::TotalTooLarge)?;
        if !product.available {
            sold_out.push(SoldOut { line: index, product_id: product_id.clone(), name: name.clone() });
        }
        if let Some(seen) = &line.seen_unit_price {
            if seen.currency_code != menu.currency_code {
                let field = format!("lines[{index}].seen_unit_price.currency_code");
                checks.fail(field, "must be the menu's currency", "deve ser a moeda do cardápio");
            } else if seen.minor_units != unit {
                let (product_id, name, seen) = (product_id.clone(), name.clone(), seen.minor_units);
                changes.push(PriceChange { line: index, product_id, name, seen, current: unit });
            }
        }
        let sum = unit.checked_mul(line.quantity.into()).and_then(|amount| priced.total.checked_add(amount));
        priced.total = sum.ok_or(Refusal::TotalTooLarge)?;
        priced.lines.push(OrderLine {
            product_id,
            name,
            quantity: line.quantity,
            unit_price: Some(Money { currency_code: menu.currency_code.clone(), minor_units: unit }),
            options,
            note: tidy(&line.note).to_owned(),
            allergy: tidy(&line.allergy).to_owned(),
            stations: product.stations.clone(),
        });
    }
    match (sold_out.is_empty(), changes.is_empty()) {
        (false, _) => Err(Refusal::SoldOut(sold_out)),
        (true, false) => Err(Refusal::PriceChanged(changes)),
        (true, true) => Ok(priced),
    }
}

/// The chosen options in menu order and the price of one piece; `None` when it does not fit a number of minor units.
fn choose(
    menu: &PriceList,
    product: &Product,
    line: &PlaceOrderLine,
    index: usize,
    checks: &mut Checks,
) -> Option<(Vec<ChosenOption>, i64)> {
    let field = || format!("lines[{index}].option_ids");
    let wanted = |id: &str| line.option_ids.iter().filter(|wanted| wanted.eq_ignore_ascii_case(id)).count();
    let (mut chosen, mut unit) = (Vec::new(), minor(product.price.as_ref()));
    for group in menu.choices(product) {
        let before = chosen.len();
        for option in group.options.iter().filter(|option| wanted(&option.option_id) > 0) {
            chosen.push(ChosenOption { option_id: option.option_id.clone(), name: option.name.clone() });
            unit = unit.checked_add(minor(option.price_delta.as_ref()))?;
        }
        check_count(group, chosen.len() - before, field(), checks);
    }
    // Each wanted id matches one option once, or it is unknown or repeated.
    if chosen.len() != line.option_ids.len() {
        checks.fail(field(), "names an unknown option, or one twice", "contém uma opção desconhecida ou repetida");
    }
    if unit < 0 {
        checks.fail(field(), "make the price negative", "tornam o preço negativo");
    }
    Some((chosen, unit))
}

fn check_count(group: &OptionGroup, count: usize, field: String, checks: &mut Checks) {
    let allowed = group.min_choices..=group.max_choices;
    if !i32::try_from(count).is_ok_and(|count| allowed.contains(&count)) {
        let (name, min, max) = (&group.name, group.min_choices, group.max_choices);
        let english = format!("must have {min} to {max} of \"{name}\"");
        checks.fail(field, english, format!("deve ter de {min} a {max} de \"{name}\""));
    }
}

fn minor(money: Option<&Money>) -> i64 {
    money.map_or(0, |money| money.minor_units)
}

#[cfg(test)]
mod tests;
