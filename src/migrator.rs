//! The migrations of each service.

use crate::config::Service;
use comanda_migrations::{Catalog, Identity, Kitchen, MigratorTrait, Orders};

/// The migrations that this program knows of a service's database, in their order.
pub fn migrations(service: Service) -> Vec<String> {
    let migrations = match service {
        Service::Catalog => Catalog::migrations(),
        Service::Orders => Orders::migrations(),
        Service::Kitchen => Kitchen::migrations(),
        Service::Identity => Identity::migrations(),
    };
    migrations.iter().map(|migration| migration.name().to_owned()).collect()
}
