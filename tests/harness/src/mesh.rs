//! Starts a shop of the mesh shape: a process for each role, on real servers, with or without proxies between them.

use super::{
    PgBouncer, Redis, Servers, Shop,
    folder::Folder,
    hops::{Dependencies, Hops},
    port::Port,
    replica::{Replica, Settings, run},
    shop::{Databases, Secrets},
};

impl Shop {
    /// One process for each role on real servers, of Orders and Kitchen as many as asked for.
    pub async fn mesh(servers: &Servers, replicas: usize) -> Self {
        Self::mesh_with(servers, replicas, Settings::new()).await
    }

    /// The same with settings that every process gets too.
    pub async fn mesh_with(servers: &Servers, replicas: usize, extra: Settings) -> Self {
        Self::linked(servers, (1, replicas), servers.redis.database(), extra, |_| ()).await.0
    }

    /// The same with a proxy in every hop between processes and servers, also after their restart. The test's own
    /// connections are direct.
    pub async fn mesh_through_proxies(servers: &Servers, replicas: usize, extra: Settings) -> (Self, Hops) {
        Self::linked(servers, (1, replicas), servers.redis.database(), extra, Hops::between).await
    }

    /// The same with one process of Orders and Kitchen, as many of Catalog as asked for, and a cache of one's own.
    pub async fn mesh_of_catalogs(servers: &Servers, catalogs: usize, cache: &Redis) -> (Self, Hops) {
        Self::linked(servers, (catalogs, 1), cache.database(), Settings::new(), Hops::between).await
    }

    /// The same with two of each, the gateway apart: [`Self::another_gateway`].
    pub async fn mesh_of_twos(servers: &Servers, extra: Settings) -> Self {
        Self::linked(servers, (2, 2), servers.redis.database(), extra, |_| ()).await.0
    }

    /// The same with a pooler before the databases.
    pub async fn mesh_behind(servers: &Servers, pooler: &PgBouncer) -> Self {
        let pooled = |links: &mut Dependencies| {
            for url in [
                &mut links.catalog_database,
                &mut links.orders_database,
                &mut links.kitchen_database,
                &mut links.identity_database,
            ] {
                *url = pooler.in_front_of(url);
            }
        };
        Self::linked(servers, (1, 2), servers.redis.database(), Settings::new(), pooled).await.0
    }

    /// A second gateway of the same shop.
    pub async fn another_gateway(&self) -> Replica {
        let port = Port::free();
        let listen = vec![("COMANDA_GATEWAY_LISTEN", port.address())];
        let mut gateway = self.gateway.twin(port, listen);
        gateway.until_ready().await;
        gateway
    }

    async fn linked<H>(
        servers: &Servers,
        (catalogs, replicas): (usize, usize),
        cache: String,
        extra: Settings,
        change: impl FnOnce(&mut Dependencies) -> H,
    ) -> (Self, H) {
        let (folder, secrets) = (Folder::new("shop"), Secrets::random());
        let databases = migrated(servers, &extra).await;
        let ports = |count: usize| (0..count).map(|_| Port::free()).collect::<Vec<_>>();
        let (catalog, orders, kitchen) = (ports(catalogs), ports(replicas), ports(replicas));
        let (identity, gateway) = (ports(1), ports(1));
        let own_broker = extra.iter().find(|(name, _)| *name == "COMANDA_BROKER_URL").map(|(_, url)| url.clone());
        let broker = own_broker.unwrap_or_else(|| servers.rabbitmq.virtual_host());
        let by_tls = extra.iter().any(|(name, _)| *name == "COMANDA_TLS_DIR");
        let scheme = if by_tls { "https" } else { "http" };
        let mut links = Dependencies {
            catalog_database: databases.catalog.clone(),
            orders_database: databases.orders.clone(),
            kitchen_database: databases.kitchen.clone(),
            identity_database: databases.identity.clone(),
            cache,
            orders_broker: broker.clone(),
            kitchen_broker: broker.clone(),
            to_catalog: urls(&catalog, scheme),
            to_orders: urls(&orders, scheme),
            to_kitchen: urls(&kitchen, scheme),
            to_identity: urls(&identity, scheme),
        };
        let hops = change(&mut links);

        let spawn = |role, ports: Vec<Port>, listen, own: Settings| {
            let start = |port: Port| {
                let mut settings = secrets.settings();
                settings.push((listen, port.address()));
                settings.extend(own.iter().chain(&extra).cloned());
                if by_tls {
                    settings.retain(|(name, _)| *name != "COMANDA_PLAINTEXT");
                    own_folder(&mut settings, role);
                }
                Replica::spawn(Some(role), settings, port, folder.path())
            };
            ports.into_iter().map(start).collect::<Vec<_>>()
        };
        let mut shop = Self {
            catalog: spawn("catalog", catalog, "COMANDA_CATALOG_LISTEN", links.of_catalog()),
            orders: spawn("orders", orders, "COMANDA_ORDERS_LISTEN", links.of_orders()),
            kitchen: spawn("kitchen", kitchen, "COMANDA_KITCHEN_LISTEN", links.of_kitchen()),
            identity: spawn("identity", identity, "COMANDA_IDENTITY_LISTEN", links.of_identity()),
            gateway: spawn("gateway", gateway, "COMANDA_GATEWAY_LISTEN", links.of_gateway()).remove(0),
            secrets,
            databases,
            broker,
            folder,
        };
        for replica in shop.replicas() {
            replica.until_ready().await;
        }
        (shop, hops)
    }
}

/// Databases with the sample menu, ready for use.
async fn migrated(servers: &Servers, extra: &Settings) -> Databases {
    let databases = Databases {
        catalog: servers.postgres.create_database("catalog").await,
        orders: servers.postgres.create_database("orders").await,
        kitchen: servers.postgres.create_database("kitchen").await,
        identity: servers.postgres.create_database("identity").await,
    };
    let mut settings = vec![
        ("COMANDA_CATALOG_DATABASE_URL", databases.catalog.clone()),
        ("COMANDA_ORDERS_DATABASE_URL", databases.orders.clone()),
        ("COMANDA_KITCHEN_DATABASE_URL", databases.kitchen.clone()),
        ("COMANDA_IDENTITY_DATABASE_URL", databases.identity.clone()),
    ];
    settings.extend(extra.iter().filter(|(name, _)| *name == "COMANDA_SERVERS_CA_FILE").cloned());
    let migrated = run(&["migrate", "--sample-menu"], settings).await;
    assert!(migrated.status.success(), "comanda migrate has failed:\n{}", migrated.log);
    databases
}

/// Where a role's replicas are.
fn urls(ports: &[Port], scheme: &str) -> Vec<String> {
    ports.iter().map(|port| format!("{scheme}://{}", port.address())).collect()
}

/// Of the set of certificates, a role is told its own.
fn own_folder(settings: &mut Settings, role: &str) {
    for (_, folder) in settings.iter_mut().filter(|(name, _)| *name == "COMANDA_TLS_DIR") {
        *folder = format!("{folder}/{role}");
    }
}
