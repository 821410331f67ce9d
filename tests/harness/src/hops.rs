//! The hops of a mesh between its processes and servers, each through a proxy that a test can break.

use url::Url;

use super::{
    proxy::{Protocol, Proxy},
    replica::Settings,
};

/// One proxy in each hop.
pub struct Hops {
    pub catalog_database: Proxy,
    pub orders_database: Proxy,
    pub kitchen_database: Proxy,
    pub cache: Proxy,
    pub orders_broker: Proxy,
    pub kitchen_broker: Proxy,
    /// Before each replica, for all who call it.
    pub to_catalog: Vec<Proxy>,
    /// Before each replica, for all who call it.
    pub to_orders: Vec<Proxy>,
    /// Before each replica, for all who call it.
    pub to_kitchen: Vec<Proxy>,
}

/// Where a hop leads: the URLs that the processes are told.
pub struct Dependencies {
    pub catalog_database: String,
    pub orders_database: String,
    pub kitchen_database: String,
    pub identity_database: String,
    pub cache: String,
    pub orders_broker: String,
    pub kitchen_broker: String,
    pub to_catalog: Vec<String>,
    pub to_orders: Vec<String>,
    pub to_kitchen: Vec<String>,
    /// Nothing stands in between: while Identity is away, all goes on.
    pub to_identity: Vec<String>,
}

impl Hops {
    /// Puts a proxy into each link.
    pub fn between(links: &mut Dependencies) -> Self {
        Self {
            catalog_database: detour(&mut links.catalog_database),
            orders_database: detour(&mut links.orders_database),
            kitchen_database: detour(&mut links.kitchen_database),
            cache: detour(&mut links.cache),
            orders_broker: detour(&mut links.orders_broker),
            kitchen_broker: detour(&mut links.kitchen_broker),
            to_catalog: links.to_catalog.iter_mut().map(detour).collect(),
            to_orders: links.to_orders.iter_mut().map(detour).collect(),
            to_kitchen: links.to_kitchen.iter_mut().map(detour).collect(),
        }
    }

    /// Every one of them by name, where there is one process of each role.
    pub fn by_name(&self) -> Vec<(&'static str, &Proxy)> {
        let names = ["catalog-postgres", "orders-postgres", "kitchen-postgres", "catalog-redis", "orders-rabbitmq"];
        let more = ["kitchen-rabbitmq", "to-catalog", "to-orders", "to-kitchen"];
        names.into_iter().chain(more).zip(self.all()).collect()
    }

    /// Every one of them.
    pub fn all(&self) -> impl Iterator<Item = &Proxy> {
        let databases = [&self.catalog_database, &self.orders_database, &self.kitchen_database];
        let others = [&self.cache, &self.orders_broker, &self.kitchen_broker];
        databases.into_iter().chain(others).chain(&self.to_catalog).chain(&self.to_orders).chain(&self.to_kitchen)
    }
}

/// Each role gets what it needs and nothing else, as a deployment would do it.
impl Dependencies {
    pub fn of_catalog(&self) -> Settings {
        vec![
            ("COMANDA_CATALOG_DATABASE_URL", self.catalog_database.clone()),
            ("COMANDA_CACHE_URL", self.cache.clone()),
            ("COMANDA_IDENTITY_URL", self.to_identity.join(",")),
        ]
    }

    pub fn of_orders(&self) -> Settings {
        vec![
            ("COMANDA_ORDERS_DATABASE_URL", self.orders_database.clone()),
            ("COMANDA_BROKER_URL", self.orders_broker.clone()),
            ("COMANDA_IDENTITY_URL", self.to_identity.join(",")),
            ("COMANDA_CATALOG_URL", self.to_catalog.join(",")),
            ("COMANDA_KITCHEN_URL", self.to_kitchen.join(",")),
        ]
    }

    pub fn of_kitchen(&self) -> Settings {
        vec![
            ("COMANDA_KITCHEN_DATABASE_URL", self.kitchen_database.clone()),
            ("COMANDA_BROKER_URL", self.kitchen_broker.clone()),
            ("COMANDA_IDENTITY_URL", self.to_identity.join(",")),
        ]
    }

    pub fn of_identity(&self) -> Settings {
        vec![("COMANDA_IDENTITY_DATABASE_URL", self.identity_database.clone())]
    }

    pub fn of_gateway(&self) -> Settings {
        vec![
            ("COMANDA_CATALOG_URL", self.to_catalog.join(",")),
            ("COMANDA_ORDERS_URL", self.to_orders.join(",")),
            ("COMANDA_IDENTITY_URL", self.to_identity.join(",")),
            ("COMANDA_KITCHEN_URL", self.to_kitchen.join(",")),
        ]
    }
}

/// Leads a URL through a new proxy.
fn detour(link: &mut String) -> Proxy {
    let mut url: Url = link.parse().expect("a URL of ours");
    let port = url.port_or_known_default().expect("our servers have ports");
    let protocol = match url.scheme() {
        "postgres" => Some(Protocol::Postgres),
        "redis" => Some(Protocol::Redis),
        "amqp" => Some(Protocol::Amqp),
        "http" => Some(Protocol::Http2),
        // Nobody sees through TLS.
        _ => None,
    };
    let target = format!("{}:{port}", url.host_str().expect("our servers have hosts"));
    let proxy = Proxy::speaking(protocol, &target);
    url.set_host(Some("127.0.0.1")).expect("it takes a host");
    url.set_port(Some(proxy.port())).expect("it takes a port");
    // Without the slash that a parsed URL gets: an address in a list has none.
    *link = url.as_str().trim_end_matches('/').to_owned();
    proxy
}
