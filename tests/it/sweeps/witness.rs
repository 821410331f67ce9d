//! Who looks into the databases while the shop is at work, by connections of the test's own, and believes nobody.

use std::sync::atomic::AtomicBool;

use comanda_proto::r#type::v1::OrderState;
use harness::{Role, Shop};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::{
    clients::product,
    faults::{
        checker::{self, Findings},
        db_snapshot::DbSnapshot,
        journal::Journal,
    },
};

/// What was answered with OK.
#[derive(Debug, Clone)]
pub enum Fact {
    Order { id: String, revision: i64 },
    Ticket { id: String, revision: i64 },
    Menu { version: i64, product_id: String, available: bool },
}

pub struct Witness {
    pub journal: Journal,
    orders: DatabaseConnection,
    kitchen: DatabaseConnection,
    catalog: DatabaseConnection,
    /// The products that are ordered, and sold out.
    pub bread: String,
    pub cake: String,
    pub cake_is_available: AtomicBool,
}

impl Witness {
    /// Of a shop that is well, and new.
    pub async fn of(shop: &Shop, name: &str) -> Self {
        let cake = product(shop, "Torta de limão").await;
        Self {
            journal: Journal::new("sweep", name),
            orders: shop.database(Role::Orders).await,
            kitchen: shop.database(Role::Kitchen).await,
            catalog: shop.database(Role::Catalog).await,
            bread: product(shop, "Pão de queijo").await.product_id,
            cake_is_available: cake.available.into(),
            cake: cake.product_id,
        }
    }

    /// Whether it is stored, now.
    pub async fn sees(&self, fact: &Fact) -> Result<(), String> {
        let (database, table, id, more) = match fact {
            Fact::Order { id, revision } => {
                (&self.orders, "orders WHERE order_id", id, format!("revision >= {revision}"))
            }
            Fact::Ticket { id, revision } => {
                (&self.kitchen, "ticket WHERE order_id", id, format!("revision >= {revision}"))
            }
            Fact::Menu { version, product_id, available } => {
                let shown = format!("(SELECT max(version) FROM shop) >= {version}");
                (&self.catalog, "product WHERE product_id", product_id, format!("available = {available} AND {shown}"))
            }
        };
        let id = match database.get_database_backend() {
            DbBackend::Postgres => format!("'{id}'"),
            _ => format!("x'{}'", id.replace('-', "")),
        };
        let query = format!("SELECT 1 FROM {table} = {id} AND {more}");
        let found = rows(database, &query).await.map_err(|error| format!("{fact:?} cannot be read: {error}"))?;
        if found > 0 { Ok(()) } else { Err(format!("{fact:?} was answered, and is not stored")) }
    }

    /// Whether this order has come to this state, and nothing waits any more.
    pub async fn is_at_rest(&self, order_id: &str, state: OrderState) -> Result<(), String> {
        let snapshot = self.snapshot().await?;
        if let Some(why) = checker::disagreement(&snapshot) {
            return Err(why);
        }
        let order = snapshot.orders.get(&order_id.replace('-', ""));
        if order.map(|order| order.state) != Some(state as i32) {
            return Err(format!("the order is {order:?}, not {state:?}"));
        }
        Ok(())
    }

    /// Everything that must be so at rest.
    pub async fn judge(&self) -> Result<(), String> {
        let snapshot = self.snapshot().await?;
        let Findings { lost, duplicated, inversions, illegal, retold, dead_letters, .. } =
            checker::audit(&snapshot, &self.journal);
        let mut wrong = [lost, duplicated, inversions, illegal].concat();
        if retold > 0 {
            wrong.push(format!("{retold} orders had to be republished by the audit"));
        }
        if dead_letters > 0 {
            wrong.push(format!("{dead_letters} dead letters"));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }

    /// Whether no session of Postgres is in a transaction.
    pub async fn no_transaction_is_open(&self) -> Result<(), String> {
        for database in [&self.orders, &self.kitchen, &self.catalog] {
            if database.get_database_backend() != DbBackend::Postgres {
                continue;
            }
            let query = "SELECT 1 FROM pg_stat_activity \
                         WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
            let open = rows(database, query).await.map_err(|error| error.to_string())?;
            if open > 0 {
                return Err(format!("{open} sessions are idle in transaction"));
            }
        }
        Ok(())
    }

    async fn snapshot(&self) -> Result<DbSnapshot, String> {
        DbSnapshot::read(&self.orders, &self.kitchen)
            .await
            .map_err(|error| format!("the snapshot cannot be read: {error}"))
    }
}

async fn rows(database: &DatabaseConnection, query: &str) -> Result<usize, DbErr> {
    let query = Statement::from_string(database.get_database_backend(), query);
    Ok(database.query_all_raw(query).await?.len())
}
