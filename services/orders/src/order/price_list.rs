//! A menu as Orders uses it: one version, every product found by its id at once. Made once for each version, because a
//! menu may have thousands of products and an order has few. Decides nothing.

use super::hours::Hours;
use comanda_proto::catalog::v1::{Menu, OptionGroup, OrderingPause, Product};
use comanda_types::time_zone::Zone;
use sea_orm::prelude::Uuid;
use std::collections::HashMap;

/// What one version of a menu says.
#[derive(Debug)]
pub struct PriceList {
    /// Of the menu.
    pub version: i64,
    /// Of every price.
    pub currency_code: String,
    /// The shop's; UTC when Catalog names one that this release does not know.
    pub time_zone: Zone,
    /// When orders are taken.
    pub hours: Hours,
    /// While no orders are taken.
    pub pause: Option<OrderingPause>,
    /// How many orders may be open; 0 for any number.
    pub max_open_tickets: i32,
    /// When a business day begins, in minutes after midnight; short numbers begin anew with it.
    pub day_starts_minute: i32,
    /// Whether a ticket becomes READY with its last line.
    pub ready_with_last_line: bool,
    /// How long a READY order counts as open, in minutes.
    pub ready_counts_minutes: i32,
    products: HashMap<Uuid, Product>,
    option_groups: HashMap<String, OptionGroup>,
}

impl PriceList {
    /// The product of this id, however it is spelt.
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.get(&Uuid::try_parse(id).ok()?)
    }

    /// The choices that a product offers, in order of display.
    pub fn choices(&self, product: &Product) -> impl Iterator<Item = &OptionGroup> {
        product.option_group_ids.iter().filter_map(|id| self.option_groups.get(id))
    }
}

impl From<Menu> for PriceList {
    fn from(menu: Menu) -> Self {
        let products = menu.categories.into_iter().flat_map(|category| category.products);
        let groups = menu.option_groups.into_iter().map(|group| (group.option_group_id.clone(), group));
        let by_id = |product: Product| Some((Uuid::try_parse(&product.product_id).ok()?, product));
        Self {
            version: menu.version,
            currency_code: menu.currency_code,
            time_zone: Zone::named(&menu.time_zone).unwrap_or_else(Zone::utc),
            hours: Hours::new(menu.opening_hours, &menu.special_days),
            pause: menu.pause,
            max_open_tickets: menu.max_open_tickets,
            day_starts_minute: menu.day_starts_minute,
            ready_with_last_line: menu.ready_with_last_line,
            ready_counts_minutes: menu.ready_counts_minutes,
            products: products.filter_map(by_id).collect(),
            option_groups: groups.collect(),
        }
    }
}
