//! A running Comanda in either shape. Tests written against [`Shop::gateway`] run on both.

use std::{env, fs, path::PathBuf};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use comanda_auth::{
    principal::{Named, Principal},
    role as auth, test_tokens,
};
use sea_orm::{DatabaseConnection, prelude::Uuid};

use super::{
    folder::Folder,
    port::Port,
    postgres::connect,
    replica::{Replica, Settings},
    small_disk::SmallDisk,
};

/// All processes of one Comanda, with their own data; stopped and removed when dropped.
pub struct Shop {
    /// The browser's door. In the embedded shape this is the whole program.
    pub gateway: Replica,
    /// Empty in the embedded shape.
    pub catalog: Vec<Replica>,
    /// Empty in the embedded shape.
    pub orders: Vec<Replica>,
    /// Empty in the embedded shape.
    pub kitchen: Vec<Replica>,
    /// Empty in the embedded shape.
    pub identity: Vec<Replica>,
    /// What opens its doors.
    pub secrets: Secrets,
    pub(super) databases: Databases,
    pub(super) broker: String,
    pub(super) folder: Folder,
}

/// Random for each shop.
pub struct Secrets {
    /// Ana's access token, an owner's.
    pub staff: String,
    /// A panel's credential, of shop main.
    pub panel: String,
    pub service: String,
    pub token_key: String,
    /// With the keys that sign and check the tokens of staff.
    keys: Folder,
}

/// Which of the databases.
#[derive(Debug, Clone, Copy)]
pub enum Role {
    Catalog,
    Orders,
    Kitchen,
    Identity,
}

/// Their URLs.
pub struct Databases {
    pub catalog: String,
    pub orders: String,
    pub kitchen: String,
    pub identity: String,
}

impl Shop {
    /// One process with everything embedded.
    pub fn embedded() -> impl Future<Output = Self> {
        Self::embedded_with(Settings::new())
    }

    /// The same with settings that replace or extend the usual ones.
    pub fn embedded_with(extra: Settings) -> impl Future<Output = Self> {
        Self::embedded_in(Folder::new("shop"), extra)
    }

    /// The same with its data on a disk of so many megabytes. The disk must go before the shop.
    pub async fn embedded_on_small_disk(megabytes: u32) -> (SmallDisk, Self) {
        let folder = Folder::new("shop");
        let disk = SmallDisk::mount(&folder.join("data"), megabytes, 0);
        (disk, Self::embedded_in(folder, Settings::new()).await)
    }

    async fn embedded_in(folder: Folder, extra: Settings) -> Self {
        let (port, secrets) = (Port::free(), Secrets::random());
        let data = folder.join("data");
        let sqlite = |name: &str| format!("sqlite://{}?mode=ro", data.join(name).with_extension("db").display());
        let databases = Databases {
            catalog: sqlite("catalog"),
            orders: sqlite("orders"),
            kitchen: sqlite("kitchen"),
            identity: sqlite("identity"),
        };
        let mut settings = secrets.settings();
        settings.push(("COMANDA_DATA_DIR", data.display().to_string()));
        settings.push(("COMANDA_GATEWAY_LISTEN", port.address()));
        settings.extend(extra);
        let gateway = Replica::spawn(None, settings, port, folder.path());
        let (catalog, orders, kitchen, identity) = Default::default();
        let broker = "memory:".to_owned();
        let mut shop = Self { gateway, catalog, orders, kitchen, identity, secrets, databases, broker, folder };
        shop.gateway.until_ready().await;
        shop
    }

    /// All of its processes.
    pub fn replicas(&mut self) -> impl Iterator<Item = &mut Replica> {
        let services = self.catalog.iter_mut().chain(&mut self.orders).chain(&mut self.kitchen);
        services.chain(&mut self.identity).chain([&mut self.gateway])
    }

    /// The same, to look at.
    pub fn every_replica(&self) -> impl Iterator<Item = &Replica> {
        self.catalog.iter().chain(&self.orders).chain(&self.kitchen).chain(&self.identity).chain([&self.gateway])
    }

    /// The URL of its broker.
    pub fn broker(&self) -> &str {
        &self.broker
    }

    /// What an operator's command is told: where the data is, and nothing else.
    pub fn operator(&self) -> Settings {
        if self.kitchen.is_empty() {
            return vec![("COMANDA_DATA_DIR", self.folder.join("data").display().to_string())];
        }
        let Databases { orders, kitchen, .. } = &self.databases;
        vec![("COMANDA_ORDERS_DATABASE_URL", orders.clone()), ("COMANDA_KITCHEN_DATABASE_URL", kitchen.clone())]
    }

    /// The URL of a database, without any proxy.
    pub fn database_url(&self, role: Role) -> &str {
        match role {
            Role::Catalog => &self.databases.catalog,
            Role::Orders => &self.databases.orders,
            Role::Kitchen => &self.databases.kitchen,
            Role::Identity => &self.databases.identity,
        }
    }

    /// The file of an embedded database.
    pub fn embedded_file(&self, role: Role) -> PathBuf {
        let name = format!("{role:?}").to_lowercase();
        self.folder.join("data").join(name).with_extension("db")
    }

    /// The data folder of the embedded shape.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A connection to look into a database; embedded ones cannot be written.
    pub async fn database(&self, role: Role) -> DatabaseConnection {
        connect(self.database_url(role))
            .await
            .unwrap_or_else(|error| panic!("the database of {role:?} does not open: {error}"))
    }

    /// The same for tests that write where only the program should.
    pub async fn writable_database(&self, role: Role) -> DatabaseConnection {
        let file = self.embedded_file(role);
        if !file.exists() {
            return self.database(role).await;
        }
        connect(&format!("sqlite://{}", file.display())).await.expect("an embedded database opens")
    }
}

impl Secrets {
    /// New ones.
    pub fn random() -> Self {
        let bytes = || {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes).expect("the system has randomness");
            bytes
        };
        let token = || URL_SAFE_NO_PAD.encode(bytes());
        let keys = Folder::new("keys");
        let written = |name, text: &str| fs::write(keys.join(name), text).expect("a folder of ours takes files");
        written("identity.key", test_tokens::private_key());
        written("jwks.json", &test_tokens::public_keys().to_jwks());
        Self {
            staff: test_tokens::sign(&test_tokens::ana(auth::Role::Owner, &[])),
            panel: test_tokens::sign(&panel("main")),
            service: token(),
            token_key: STANDARD.encode(bytes()),
            keys,
        }
    }

    /// A panel's credential of another shop.
    pub fn panel_of(&self, shop: &str) -> String {
        test_tokens::sign(&panel(shop))
    }

    /// What every process is told. All tests call from one address, so only those of the limits have any.
    pub fn settings(&self) -> Settings {
        vec![
            ("COMANDA_LOG", env::var("COMANDA_LOG").unwrap_or_else(|_| "info".to_owned())),
            ("COMANDA_RATE_LIMIT", "off".to_owned()),
            ("COMANDA_IDENTITY_KEYS_FILE", self.keys.join("jwks.json").display().to_string()),
            ("COMANDA_IDENTITY_SIGNING_KEY_FILE", self.keys.join("identity.key").display().to_string()),
            ("COMANDA_SERVICE_TOKEN", self.service.clone()),
            // Foreign clients discover the contracts; one test says whom that is open to otherwise.
            ("COMANDA_REFLECTION", "anybody".to_owned()),
            ("COMANDA_STATUS", "staff".to_owned()),
            // Channels of roles say the role that they mean.
            ("COMANDA_PUBLIC_URL", "http://gateway".to_owned()),
            ("COMANDA_TOKEN_KEY", self.token_key.clone()),
            ("COMANDA_PLAINTEXT", "true".to_owned()),
        ]
    }
}

fn panel(shop: &str) -> Principal {
    Principal {
        person: None,
        session: None,
        device: Some(Named { id: Uuid::now_v7(), name: "Painel".to_owned() }),
        ..test_tokens::ana(auth::Role::Panel, &[shop])
    }
}
