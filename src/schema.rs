//! Schemas: created and upgraded by `comanda migrate`, or by a shop in a box for itself; every other role only checks.

use crate::{
    Failure,
    config::{DatabaseConfig, Service},
    data_dir::{self, DataDir},
    wiring,
};
use comanda_migrations::{Catalog, DatabaseConnection, DbErr, Identity, Kitchen, MigratorTrait, Orders, is_current};
use comanda_storage::{database::Database, probe};
use futures_util::future::join_all;
use std::{path::Path, time::Duration};
use tokio::time::{Instant, sleep};

const POLL_INTERVAL: Duration = Duration::from_secs(1);
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// Brings all databases to this program's schema.
pub async fn migrate(databases: &[DatabaseConfig; 4], sample_menu: bool) -> Result<(), Failure> {
    let embedded = databases.iter().find(|database| database.file().is_some());
    let _data = embedded.map(|database| DataDir::open(&database.data_dir, false)).transpose()?;
    let mut known: Vec<(String, Service)> = Vec::new();
    for config in databases {
        let service = config.service;
        data_dir::prepare(config)?;
        let database = wiring::database(config).await?;
        // One that cannot be told from others is not judged.
        let identity = probe::identity(&database).await.unwrap_or_default();
        if let Some((_, other)) = known.iter().find(|(other, _)| *other == identity) {
            return Err(DatabaseConfig::shared(*other, service).into());
        }
        known.extend((!identity.is_empty()).then_some((identity, service)));
        upgrade(&database, service).await?;
        data_dir::list(config)?;
        if sample_menu && service == Service::Catalog {
            load_sample(&database).await?;
        }
        database.close().await;
    }
    println!("The schemas are current.");
    Ok(())
}

/// Brings the databases of a shop in a box to this program's schema, a SQLite file only after a copy was set aside. At
/// once, and each to its end: a failure must not leave another half upgraded.
pub async fn upgrade_own(databases: &[DatabaseConfig; 4]) -> Result<[Database; 4], Failure> {
    let upgraded = join_all(databases.iter().map(upgrade_one)).await;
    let upgraded = upgraded.into_iter().collect::<Result<Vec<_>, _>>()?;
    upgraded.try_into().map_err(|_| Failure::from("a database is missing"))
}

async fn upgrade_one(config: &DatabaseConfig) -> Result<Database, Failure> {
    let service = config.service;
    data_dir::prepare(config)?;
    let database = wiring::database(config).await?;
    if let Some(file) = config.file()
        && !current(database.driver(), service).await.map_err(|error| cannot(service, &error))?
    {
        set_aside(&database, &file).await.map_err(|error| cannot(service, &error))?;
    }
    upgrade(&database, service).await?;
    data_dir::list(config)?;
    Ok(database)
}

/// Loads the sample menu if the catalog is empty.
pub async fn load_sample(database: &Database) -> Result<(), Failure> {
    let loaded = comanda_catalog::load_sample(database).await;
    if loaded.map_err(|error| format!("cannot load the sample menu: {error}"))? {
        tracing::info!("the catalog was empty; the sample menu is loaded");
    }
    Ok(())
}

/// Connects to a service's own database for a command, which does not wait: the schema must be current now.
pub async fn current_database(config: &DatabaseConfig) -> Result<Database, Failure> {
    let database = wiring::database(config).await?;
    require_current_now(&database, config.service).await?;
    Ok(database)
}

/// Refuses a database whose schema is older than this program, or that does not answer.
async fn require_current_now(database: &Database, service: Service) -> Result<(), Failure> {
    match current(database.driver(), service).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(older(service)),
        Err(error) => Err(cannot(service, &error)),
    }
}

/// Waits until the database answers, however long that takes, and refuses one whose schema is older than this program.
pub async fn require_current(database: &Database, service: Service) -> Result<(), Failure> {
    let variable = service.variable("DATABASE_URL");
    let (began, mut logged) = (Instant::now(), None::<Instant>);
    loop {
        match current(database.driver(), service).await {
            Ok(true) => return Ok(()),
            Ok(false) => return Err(older(service)),
            Err(error) if logged.is_none_or(|logged| logged.elapsed() > LOG_INTERVAL) => {
                let waited = began.elapsed().as_secs();
                tracing::warn!(%error, waited_seconds = waited, "{variable}: the database does not answer; waiting for it");
                logged = Some(Instant::now());
            }
            Err(_) => {}
        }
        sleep(POLL_INTERVAL).await;
    }
}

async fn upgrade(database: &Database, service: Service) -> Result<(), Failure> {
    let connection = database.driver();
    let upgraded = match service {
        Service::Catalog => Catalog::up(connection, None).await,
        Service::Orders => Orders::up(connection, None).await,
        Service::Kitchen => Kitchen::up(connection, None).await,
        Service::Identity => Identity::up(connection, None).await,
    };
    upgraded.map_err(|error| cannot(service, &error))
}

async fn current(connection: &DatabaseConnection, service: Service) -> Result<bool, DbErr> {
    match service {
        Service::Catalog => is_current::<Catalog>(connection).await,
        Service::Orders => is_current::<Orders>(connection).await,
        Service::Kitchen => is_current::<Kitchen>(connection).await,
        Service::Identity => is_current::<Identity>(connection).await,
    }
}

/// Copies a database that holds something, under the first free name beside it.
async fn set_aside(database: &Database, file: &Path) -> Result<(), DbErr> {
    if comanda_migrations::is_empty(database.driver()).await? {
        return Ok(());
    }
    for copy in (1..).map(|number: u32| file.with_extension(format!("db.before-upgrade-{number}"))) {
        let cannot = |error| DbErr::Custom(format!("cannot make {}: {error}", copy.display()));
        // SQLite takes an empty file for none.
        if data_dir::reserve(&copy).map_err(cannot)?.is_some() {
            comanda_migrations::copy_to(database.driver(), &copy.to_string_lossy()).await?;
            tracing::info!(copy = %copy.display(), "copied the database before upgrading it");
            break;
        }
    }
    Ok(())
}

fn older(service: Service) -> Failure {
    format!("{}: the schema is older than this program; run `comanda migrate`", service.variable("DATABASE_URL")).into()
}

fn cannot(service: Service, error: &DbErr) -> Failure {
    format!("{}: {error}", service.variable("DATABASE_URL")).into()
}
