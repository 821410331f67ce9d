//! All that a shop's menu is made of, archived parts included, as a change works on it. Pure: no SQL, no clock.

use crate::store::entity::{category, option_group, product, product_option, product_option_group, shop};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A shop and its menu. Lists come in order of display when read; what a change adds stands at their end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    pub shop: shop::Model,
    pub categories: Vec<category::Model>,
    pub products: Vec<product::Model>,
    pub option_groups: Vec<option_group::Model>,
    pub options: Vec<product_option::Model>,
    pub links: Vec<product_option_group::Model>,
}

impl Rows {
    /// A shop that sells nothing yet.
    #[must_use]
    pub fn new(shop_id: String) -> Self {
        let (categories, products, option_groups, options, links) = Default::default();
        Self { shop: shop::Model::new(shop_id), categories, products, option_groups, options, links }
    }

    /// A product, archived or not.
    #[must_use]
    pub fn product(&self, id: Uuid) -> Option<&product::Model> {
        self.products.iter().find(|product| product.product_id == id)
    }

    /// The same, to be changed.
    pub fn product_mut(&mut self, id: Uuid) -> Option<&mut product::Model> {
        self.products.iter_mut().find(|product| product.product_id == id)
    }

    /// The option groups that a product offers, in order of display.
    #[must_use]
    pub fn groups_of(&self, product: Uuid) -> Vec<Uuid> {
        let mut links: Vec<_> = self.links.iter().filter(|link| link.product_id == product).collect();
        links.sort_by_key(|link| (link.position, link.option_group_id));
        links.into_iter().map(|link| link.option_group_id).collect()
    }

    /// Makes a product offer these option groups, in this order.
    pub fn offer(&mut self, product_id: Uuid, groups: &[Uuid]) {
        if self.groups_of(product_id) == groups {
            return;
        }
        self.links.retain(|link| link.product_id != product_id);
        let link = |(position, &option_group_id)| product_option_group::Model { product_id, option_group_id, position };
        self.links.extend((0..).zip(groups).map(link));
    }

    /// When time itself will next change something.
    #[must_use]
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        let on_sale = self.products.iter().filter(|product| !product.is_archived());
        let again = on_sale.filter_map(|product| product.available_again_at);
        again.chain(self.shop.pause_until).min()
    }
}

/// Something that menu files know by a key.
pub trait Keyed {
    /// As it was given, if it was.
    fn given_key(&self) -> Option<&str>;
    /// Names it where no key was given.
    fn id(&self) -> Uuid;
    /// Whether it is off the menu.
    fn is_archived(&self) -> bool;
    /// Takes it off the menu, if it is not off already.
    fn archive(&mut self, now: DateTime<Utc>);

    /// Its name in files.
    fn key(&self) -> String {
        self.given_key().map_or_else(|| self.id().to_string(), str::to_owned)
    }
}

macro_rules! keyed {
    ($($table:ident $id:ident),*) => {$(
        impl Keyed for $table::Model {
            fn given_key(&self) -> Option<&str> {
                self.key.as_deref()
            }

            fn id(&self) -> Uuid {
                self.$id
            }

            fn is_archived(&self) -> bool {
                self.archived_at.is_some()
            }

            fn archive(&mut self, now: DateTime<Utc>) {
                self.archived_at.get_or_insert(now);
            }
        }
    )*};
}

keyed!(category category_id, product product_id, option_group option_group_id, product_option option_id);
