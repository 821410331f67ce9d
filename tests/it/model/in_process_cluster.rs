//! The roles of one process, linked as in a shop in a box, but for the broker: Orders and the kitchen have one each.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use comanda_auth::{
    contracts::Contracts,
    gate::Gate,
    role::Role,
    test_tokens,
    token::{Keys, Secrets},
};
use comanda_events::broker::Broker;
use comanda_mesh::{
    channel::{self, Channel},
    listener,
    load_shed::Limits,
    supervisor::PartFailed,
};
use comanda_migrations::MigratorTrait;
use comanda_proto::{DESCRIPTORS, r#type::v1::OrderState};
use comanda_storage::{database::Database, disk::Disk};
use comanda_telemetry::health::Health;
use harness::Folder;
use sea_orm::{ConnectionTrait, Statement};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

pub static STAFF: LazyLock<String> = LazyLock::new(|| test_tokens::sign(&test_tokens::ana(Role::Owner, &[])));
/// Which future is dropped next is known to the whole process, so only one has such roles at a time.
static ALONE: LazyLock<Arc<Mutex<()>>> = LazyLock::new(Arc::default);
const AUDIT_AFTER: Duration = Duration::from_secs(1);

/// The running roles and what the test needs of them.
pub struct Rooms {
    pub orders: Database,
    pub kitchen: Database,
    pub orders_broker: Broker,
    pub kitchen_broker: Broker,
    pub catalog_door: Channel,
    pub orders_door: Channel,
    pub kitchen_door: Channel,
    shutdown: CancellationToken,
    roles: JoinSet<Result<(), PartFailed>>,
    _folder: Folder,
    _alone: OwnedMutexGuard<()>,
}

impl Rooms {
    /// On SQLite, with a broker for each of the two.
    pub async fn open() -> Self {
        let folder = Folder::new("model");
        let urls =
            ["catalog.db", "orders.db", "kitchen.db"].map(|name| format!("sqlite:{}", folder.join(name).display()));
        Self::open_on(urls, (Broker::memory(), Broker::memory()), folder).await
    }

    /// On these databases of Catalog, Orders and kitchen, and with these brokers of the last two.
    pub async fn open_on(urls: [String; 3], (orders_broker, kitchen_broker): (Broker, Broker), folder: Folder) -> Self {
        let alone = ALONE.clone().lock_owned().await;
        let database = async |url: &String| Database::connect(url).await.expect("a database");
        let [catalog, orders, kitchen] = [&urls[0], &urls[1], &urls[2]];
        let (catalog, orders, kitchen) = (database(catalog).await, database(orders).await, database(kitchen).await);
        comanda_migrations::Catalog::up(catalog.driver(), None).await.expect("the schema");
        comanda_migrations::Orders::up(orders.driver(), None).await.expect("the schema");
        comanda_migrations::Kitchen::up(kitchen.driver(), None).await.expect("the schema");
        comanda_catalog::load_sample(&catalog).await.expect("the sample menu");

        let (shutdown, mut roles) = (CancellationToken::new(), JoinSet::new());
        let (keys, gate) = keys();
        let limits = Limits::default();
        let local = |role| channel::local(role, gate.contracts().clone());
        let ((catalog_door, catalog_pipes), (orders_door, orders_pipes), (kitchen_door, kitchen_pipes)) =
            (local("catalog"), local("orders"), local("kitchen"));
        let links = comanda_catalog::Dependencies {
            database: catalog,
            cache: comanda_catalog::Cache::Memory,
            gate: gate.clone(),
            health: Health::starting().await,
            limits,
        };
        roles.spawn(comanda_catalog::serve(links, listener::local(catalog_pipes, None, None), shutdown.clone()));
        let links = comanda_orders::Dependencies {
            database: orders.clone(),
            broker: orders_broker.clone(),
            catalog: catalog_door.clone().with_token(keys.service_header()),
            kitchen: kitchen_door.clone().with_token(keys.service_header()),
            keys,
            gate: gate.clone(),
            health: Health::starting().await,
            limits,
            disk: Disk::default(),
        };
        let config = comanda_orders::Config {
            audit_after: AUDIT_AFTER,
            archive_after_days: 30,
            retention_days: None,
            order_token_days: 7,
            name_retention_days: 90,
        };
        roles.spawn(comanda_orders::serve(config, links, listener::local(orders_pipes, None, None), shutdown.clone()));
        let links = comanda_kitchen::Dependencies {
            database: kitchen.clone(),
            broker: kitchen_broker.clone(),
            gate,
            health: Health::starting().await,
            limits,
        };
        roles.spawn(comanda_kitchen::serve(links, listener::local(kitchen_pipes, None, None), shutdown.clone()));
        Self {
            orders,
            kitchen,
            orders_broker,
            kitchen_broker,
            catalog_door,
            orders_door,
            kitchen_door,
            shutdown,
            roles,
            _folder: folder,
            _alone: alone,
        }
    }

    /// Whatever Orders meant to ask for within the hour, it asks for now, what was due first before the rest.
    pub async fn let_an_hour_pass(&self) {
        let earlier = "UPDATE orders SET audit_at = strftime('%Y-%m-%dT%H:%M:%f+00:00', audit_at, '-1 hour') \
            WHERE audit_at IS NOT NULL";
        self.orders.writer().execute_unprepared(earlier).await.expect("the database answers");
    }

    /// Stops the roles.
    pub async fn close(mut self) {
        self.shutdown.cancel();
        while let Some(ended) = self.roles.join_next().await {
            ended.expect("no panic").expect("the role served to the end");
        }
    }
}

/// Id, revision and state of every order, as plain rows.
pub async fn shown(orders: &Database) -> Vec<(String, i64, OrderState)> {
    let ask = "SELECT lower(hex(order_id)) AS id, revision, state FROM orders";
    let rows = Statement::from_string(orders.reader().get_database_backend(), ask);
    let rows = orders.reader().query_all_raw(rows).await.expect("the database answers");
    let order = |row: &sea_orm::QueryResult| {
        let state: i16 = row.try_get("", "state")?;
        let state = OrderState::try_from(i32::from(state)).unwrap_or_default();
        Ok((row.try_get("", "id")?, row.try_get("", "revision")?, state))
    };
    rows.iter().map(order).collect::<Result<_, sea_orm::DbErr>>().expect("whole rows")
}

fn keys() -> (Keys, Gate) {
    let keys = Keys::new(Secrets {
        service: vec!["the-token-of-services".into()],
        order_keys: vec![vec![7; 32]],
        public_keys: test_tokens::public_keys(),
    });
    let gate = Gate::new(Contracts::new(DESCRIPTORS).expect("the contracts are whole"), keys.clone());
    (keys, gate)
}
