//! Branches that a test opens beside the sample's shop, so that it can close one or fill it up without disturbing the other
//! tests. They are written into the catalog's own tables: this is about those who read the menu, whoever wrote it.

use comanda_proto::{
    orders::v1::{PlaceOrderLine, PlaceOrderRequest},
    r#type::v1::{ServiceMode, TakeAway, service_mode::Mode},
};
use harness::{Role, Shop};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use crate::{clients::fresh, journey::literal};

/// A shop of its own in the same catalog.
pub struct Branch {
    pub shop_id: String,
    products: Vec<(&'static str, String)>,
}

impl Branch {
    /// Opens one that sells these products, each with the JSON of its stations. In São Paulo, where the clock is not set.
    pub async fn open(shop: &Shop, shop_id: &str, menu: &[(&'static str, &str)]) -> Self {
        let catalog = shop.writable_database(Role::Catalog).await;
        let (category, name) = (literal(&catalog, &fresh()), shop_id);
        run(
            &catalog,
            &format!(
                "INSERT INTO shop (shop_id, name, currency_code, time_zone, version) \
                 VALUES ('{shop_id}', '{name}', 'BRL', 'America/Sao_Paulo', 1)"
            ),
        )
        .await;
        run(
            &catalog,
            &format!(
                "INSERT INTO category (category_id, shop_id, name, position) \
                 VALUES ({category}, '{shop_id}', 'Tudo', 0)"
            ),
        )
        .await;
        let mut products = Vec::new();
        for (name, stations) in menu {
            let id = fresh();
            let columns = "product_id, category_id, shop_id, name, description, price_minor, available, position";
            let row = format!("{}, {category}, '{shop_id}', '{name}', '', 500, true, 0", literal(&catalog, &id));
            run(&catalog, &format!("INSERT INTO product ({columns}, stations) VALUES ({row}, '{stations}')")).await;
            products.push((*name, id));
        }
        Self { shop_id: shop_id.to_owned(), products }
    }

    /// Changes columns of the shop; returns the version of the menu that shows it.
    pub async fn set(&self, shop: &Shop, columns: &str) -> i64 {
        let catalog = shop.writable_database(Role::Catalog).await;
        let change = format!("UPDATE shop SET {columns}, version = version + 1 WHERE shop_id = '{}'", self.shop_id);
        run(&catalog, &change).await;
        let ask = format!("SELECT version FROM shop WHERE shop_id = '{}'", self.shop_id);
        let row = catalog.query_one_raw(Statement::from_string(catalog.get_database_backend(), ask)).await;
        row.expect("a query").expect("a row").try_get("", "version").expect("a number")
    }

    /// An order for one of each of these, with a new request id.
    pub fn order(&self, customer: &str, names: &[&str]) -> PlaceOrderRequest {
        let line = |name: &&str| {
            let (_, product_id) = self.products.iter().find(|(known, _)| known == name).expect("a product");
            PlaceOrderLine { product_id: product_id.clone(), quantity: 1, ..Default::default() }
        };
        PlaceOrderRequest {
            request_id: fresh(),
            shop_id: self.shop_id.clone(),
            customer_name: customer.to_owned(),
            service_mode: Some(ServiceMode { mode: Some(Mode::TakeAway(TakeAway {})) }),
            lines: names.iter().map(line).collect(),
        }
    }
}

async fn run(database: &DatabaseConnection, statement: &str) {
    database.execute_unprepared(statement).await.expect("the catalog takes it");
}
