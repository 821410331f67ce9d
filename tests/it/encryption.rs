//! TLS to Postgres, Redis and RabbitMQ: only whom our CA vouches for is talked to, what becomes of the others, and
//! certificates that change under running roles.

use std::{fs, path::PathBuf};

use comanda_proto::{catalog::v1::SetAvailabilityRequest, r#type::v1::OrderState};
use harness::{
    Certificates, Folder, Replica, Role, Servers, Settings, Shop, connect, eventually, run, trials, with_token,
};
use lapin::{Connection, ConnectionProperties};
use libtest_mimic::Trial;
use tonic::Code;

use crate::clients::{Tablet, fresh, menu, order, place, product, simple_order};

pub fn tests() -> Vec<Trial> {
    trials![
        on_servers_that_refuse_plaintext_an_order_travels,
        a_postgres_that_nobody_vouches_for_is_refused,
        without_a_redis_to_believe_menus_come_from_the_database,
        without_a_rabbitmq_to_believe_orders_are_taken,
        certificates_change_under_running_roles,
        plaintext_is_no_way_around,
        menus_are_looked_after_by_tls,
    ]
}

/// A mesh on servers that speak TLS only.
struct Encrypted {
    certificates: Certificates,
    servers: Servers,
    shop: Shop,
    told: Folder,
}

impl Encrypted {
    async fn begin() -> Self {
        Self::begin_with(Certificates::new().await, Settings::new()).await
    }

    async fn begin_with(certificates: Certificates, extra: Settings) -> Self {
        let told = Folder::new("told");
        let servers = Servers::encrypted(&certificates).await;
        fs::copy(certificates.ca_file(), told.join("ca.crt")).expect("our folder");
        let ca_file = ("COMANDA_SERVERS_CA_FILE", told.join("ca.crt").display().to_string());
        let shop = Shop::mesh_with(&servers, 1, [extra, vec![ca_file]].concat()).await;
        Self { certificates, servers, shop, told }
    }

    fn ca_file(&self) -> PathBuf {
        self.told.join("ca.crt")
    }

    /// An order reaches the tablet.
    async fn goes_on(&self, tablet: &mut Tablet) {
        let request = simple_order(&self.shop, "Ana").await;
        let orders = async || self.shop.gateway.orders().place_order(request.clone()).await;
        let placed = eventually("an order is taken", orders).await.into_inner();
        tablet.until_state(&order(&placed).order_id, OrderState::Received).await;
    }

    /// A new version of the menu, which Catalog reads from the database, arrives in Redis.
    async fn redis_is_fed(&self) {
        self.servers.redis.ask_by_tls("FLUSHALL").expect("Redis answers");
        eventually("Redis is fed", async || {
            let product_id = product(&self.shop, "Torta de limão").await.product_id;
            for available in [false, true] {
                let request = SetAvailabilityRequest {
                    request_id: fresh(),
                    product_id: product_id.clone(),
                    available,
                    ..Default::default()
                };
                let request = with_token(request, &self.shop.secrets.staff);
                self.shop
                    .gateway
                    .catalog_admin()
                    .set_availability(request)
                    .await
                    .map_err(|status| status.to_string())?;
            }
            menu(&self.shop).await;
            match self.servers.redis.ask_by_tls("DBSIZE") {
                Ok(size) if size != "0" => Ok(()),
                other => Err(format!("{other:?}")),
            }
        })
        .await;
    }

    /// What a role on its own is told, with this database for all.
    fn starting(&self, database: &str) -> Settings {
        let mut settings = self.shop.secrets.settings();
        settings.extend([
            ("COMANDA_SERVERS_CA_FILE", self.ca_file().display().to_string()),
            ("COMANDA_CATALOG_DATABASE_URL", named(database, "catalog")),
            ("COMANDA_ORDERS_DATABASE_URL", named(database, "orders")),
            ("COMANDA_KITCHEN_DATABASE_URL", named(database, "kitchen")),
            ("COMANDA_CACHE_URL", "rediss://127.0.0.1:1".to_owned()),
            ("COMANDA_BROKER_URL", self.shop.broker().to_owned()),
            ("COMANDA_CATALOG_LISTEN", "127.0.0.1:0".to_owned()),
            ("COMANDA_ORDERS_LISTEN", "127.0.0.1:0".to_owned()),
        ]);
        settings
    }

    /// Nothing that must not get about is in any log.
    fn logs_are_clean(&self) {
        let secrets = &self.shop.secrets;
        let secret = ["hush", "guest:guest", "PRIVATE KEY", &secrets.staff, &secrets.service, &secrets.token_key];
        for replica in self.shop.every_replica() {
            let log = replica.log();
            let found: Vec<_> = secret.iter().filter(|secret| log.contains(**secret)).collect();
            assert!(found.is_empty(), "{found:?} in {log}");
        }
    }
}

/// Why a certificate is not to be believed.
#[derive(Debug, Clone, Copy)]
enum Lie {
    Foreign,
    Expired,
}

impl Lie {
    const ALL: [Self; 2] = [Self::Foreign, Self::Expired];

    /// Certificates of this kind.
    async fn told(self, certificates: &Certificates) -> Option<Certificates> {
        match self {
            Self::Foreign => Some(Certificates::new().await),
            Self::Expired => {
                certificates.renew_long_ago().await;
                None
            }
        }
    }

    /// What must be said of it.
    fn says(self) -> &'static str {
        match self {
            Self::Foreign => "UnknownIssuer",
            Self::Expired => "xpired",
        }
    }

    async fn until_in_log(self, replica: &Replica, from: usize, what: &str) {
        eventually(&format!("{self:?} is told"), async || {
            let log = replica.log();
            let line = log[from..].lines().any(|line| line.contains(what) && line.contains(self.says()));
            line.then_some(()).ok_or_else(|| log[from..].to_owned())
        })
        .await;
    }
}

async fn on_servers_that_refuse_plaintext_an_order_travels() {
    let certificates = Certificates::new().await;
    // Between the roles, too.
    let roles = vec![("COMANDA_TLS_DIR", certificates.set().display().to_string())];
    let day = Encrypted::begin_with(certificates, roles).await;
    let mut tablet = Tablet::watch(day.shop.gateway.kitchen(), &day.shop.secrets.staff).await;
    day.goes_on(&mut tablet).await;
    day.redis_is_fed().await;

    let plain = format!("{}?sslmode=disable", day.shop.database_url(Role::Orders));
    let refused = connect(&plain).await.expect_err("Postgres refuses plaintext").to_string();
    assert!(refused.contains("no encryption"), "{refused}");
    assert!(day.servers.redis.ask("PING").map_or(true, |answer| answer.is_empty()), "Redis refuses plaintext");
    let plain = day.shop.broker().replace("amqps:", "amqp:");
    Connection::connect(&plain, ConnectionProperties::default()).await.expect_err("RabbitMQ refuses plaintext");
    day.logs_are_clean();
}

async fn a_postgres_that_nobody_vouches_for_is_refused() {
    let mut day = Encrypted::begin().await;
    let mut tablet = Tablet::watch(day.shop.gateway.kitchen(), &day.shop.secrets.staff).await;
    day.goes_on(&mut tablet).await;
    for lie in Lie::ALL {
        let from = day.shop.orders[0].log().len();
        let foreign = lie.told(&day.certificates).await;
        day.servers.postgres.start_again_with(foreign.as_ref().unwrap_or(&day.certificates)).await;
        // Who starts now ends with a sentence.
        for (role, service) in [("orders", Role::Orders), ("catalog", Role::Catalog), ("migrate", Role::Catalog)] {
            let url = day.shop.database_url(service);
            fails(role, day.starting(url), &["DATABASE_URL: cannot connect", lie.says()]).await;
        }
        // Who runs refuses orders, which the same key settles later.
        let request = simple_order(&day.shop, "Bia").await;
        let refused = day.shop.gateway.orders().place_order(request.clone()).await.expect_err("nowhere to store it");
        assert_eq!(refused.code(), Code::Unavailable, "{refused:?}");
        lie.until_in_log(&day.shop.orders[0], from, "invalid peer certificate").await;
        day.certificates.renew().await;
        day.servers.postgres.start_again_with(&day.certificates).await;
        let again = async || day.shop.gateway.orders().place_order(request.clone()).await;
        let placed = eventually("the key settles it", again).await.into_inner();
        tablet.until_state(&order(&placed).order_id, OrderState::Received).await;
    }
    day.logs_are_clean();
}

/// The same database by another URL: two roles may not name one and the same.
fn named(database: &str, role: &str) -> String {
    let mark = if database.contains('?') { '&' } else { '?' };
    format!("{database}{mark}application_name={role}")
}

/// The role must end with a sentence that says all of this, and no password.
async fn fails(role: &str, settings: Settings, says: &[&str]) {
    let finished = run(&[role], settings).await;
    assert!(!finished.status.success(), "{role} must fail");
    let said = finished.log.lines().find(|line| line.starts_with("comanda: ")).unwrap_or_default();
    assert!(says.iter().all(|part| said.contains(part)), "{role}: {says:?} in {}", finished.log);
    assert!(!finished.log.contains("hush"), "a secret in the log: {}", finished.log);
}

async fn without_a_redis_to_believe_menus_come_from_the_database() {
    let mut day = Encrypted::begin().await;
    day.redis_is_fed().await;
    for lie in Lie::ALL {
        let from = day.shop.catalog[0].log().len();
        let foreign = lie.told(&day.certificates).await;
        day.servers.redis.start_again_with(foreign.as_ref().unwrap_or(&day.certificates)).await;
        lie.until_in_log(&day.shop.catalog[0], from, "the certificate of Redis is refused").await;
        // Without what it holds in memory, too.
        day.shop.catalog[0].kill();
        day.shop.catalog[0].start().await;
        assert!(!menu(&day.shop).await.categories.is_empty());
        place(&day.shop, "Ana").await;
        assert_eq!(day.servers.redis.ask_by_tls("DBSIZE").ok().as_deref(), Some("0"), "nothing was said to it");
        day.certificates.renew().await;
        day.servers.redis.start_again_with(&day.certificates).await;
        day.redis_is_fed().await;
    }
    day.logs_are_clean();
}

async fn without_a_rabbitmq_to_believe_orders_are_taken() {
    let mut day = Encrypted::begin().await;
    let mut tablet = Tablet::watch(day.shop.gateway.kitchen(), &day.shop.secrets.staff).await;
    day.goes_on(&mut tablet).await;
    for lie in Lie::ALL {
        let from = [day.shop.orders[0].log().len(), day.shop.kitchen[0].log().len()];
        let foreign = lie.told(&day.certificates).await;
        day.servers.rabbitmq.start_again_with(foreign.as_ref().unwrap_or(&day.certificates)).await;
        for (replica, from) in [&day.shop.orders[0], &day.shop.kitchen[0]].into_iter().zip(from) {
            lie.until_in_log(replica, from, "no connection to RabbitMQ").await;
        }
        let shown = tablet.heartbeat().await;
        let placed = place(&day.shop, "Bia").await;
        for _ in 0..2 {
            assert_eq!(tablet.heartbeat().await, shown, "it waits in the outbox");
        }
        day.certificates.renew().await;
        day.servers.rabbitmq.start_again_with(&day.certificates).await;
        tablet.until_state(&order(&placed).order_id, OrderState::Received).await;
    }
    day.logs_are_clean();
}

async fn certificates_change_under_running_roles() {
    let mut day = Encrypted::begin().await;
    let mut tablet = Tablet::watch(day.shop.gateway.kitchen(), &day.shop.secrets.staff).await;
    day.goes_on(&mut tablet).await;
    // New ones by the same CA, and then by another, whose file takes the place of the first.
    for other_ca in [false, true] {
        if other_ca {
            day.certificates = Certificates::new().await;
            fs::copy(day.certificates.ca_file(), day.told.join("new")).expect("our folder");
            fs::rename(day.told.join("new"), day.ca_file()).expect("our folder");
        } else {
            day.certificates.renew().await;
        }
        day.servers.postgres.start_again_with(&day.certificates).await;
        day.servers.redis.start_again_with(&day.certificates).await;
        day.servers.rabbitmq.start_again_with(&day.certificates).await;
        day.goes_on(&mut tablet).await;
        day.redis_is_fed().await;
    }
    day.logs_are_clean();
}

/// With a CA that is set, a server that offers no TLS is not talked to, and a file that names no CA is no way to start.
async fn plaintext_is_no_way_around() {
    let (certificates, servers) = (Certificates::new().await, Servers::shared().await);
    let ca_file = certificates.ca_file().display().to_string();
    let plain = servers.postgres.create_database("plain").await;
    let with = |ca_file: &str| {
        vec![
            ("COMANDA_SERVERS_CA_FILE", ca_file.to_owned()),
            ("COMANDA_CATALOG_DATABASE_URL", named(&plain, "catalog")),
            ("COMANDA_ORDERS_DATABASE_URL", named(&plain, "orders")),
            ("COMANDA_KITCHEN_DATABASE_URL", named(&plain, "kitchen")),
        ]
    };
    fails("migrate", with(&ca_file), &["COMANDA_CATALOG_DATABASE_URL: cannot connect", "TLS"]).await;
    fails("migrate", with("/nowhere/ca.crt"), &["COMANDA_SERVERS_CA_FILE: /nowhere/ca.crt"]).await;
}

async fn menus_are_looked_after_by_tls() {
    let (certificates, foreign) = (Certificates::new().await, Certificates::new().await);
    let browsers = certificates.set().join("browser").display().to_string();
    let shop = Shop::embedded_with(vec![("COMANDA_GATEWAY_TLS_DIR", browsers)]).await;
    let export = async |scheme: &str, ca: &Certificates| {
        let settings = vec![
            ("COMANDA_URL", format!("{scheme}://{}", shop.gateway.address())),
            ("COMANDA_CA_FILE", ca.ca_file().display().to_string()),
            ("COMANDA_TOKEN", shop.secrets.staff.clone()),
        ];
        let finished = run(&["menu", "export"], settings).await;
        (finished.status.success(), finished.log)
    };
    let (exported, menu) = export("https", &certificates).await;
    assert!(exported && menu.contains("Pão de queijo"), "{menu}");
    let (exported, why) = export("https", &foreign).await;
    assert!(
        !exported && why.contains("comanda: COMANDA_URL: cannot connect") && why.contains("UnknownIssuer"),
        "{why}"
    );
    let (exported, why) = export("http", &certificates).await;
    assert!(!exported, "{why}");
}
