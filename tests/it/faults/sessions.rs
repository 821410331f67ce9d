//! The sessions of Postgres, seen from outside: at rest none is in a transaction, and no change that somebody waited
//! for was committed without waiting for the disk.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use super::db_snapshot::count;
use harness::{Role, Shop};

/// Runs within each COMMIT of a transaction that stored a row of these tables, and notes what that COMMIT waits for.
const WATCH: &str = "
    CREATE UNLOGGED TABLE rig_careless (setting text NOT NULL);
    CREATE FUNCTION rig_look() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('synchronous_commit') <> 'on' THEN
            INSERT INTO rig_careless VALUES (current_setting('synchronous_commit'));
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER rig_look AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION rig_look();";

/// Connections of the rig's own to the databases of a mesh; none for a shop in a box.
pub struct Sessions(Vec<DatabaseConnection>);

impl Sessions {
    /// Watches from now on.
    pub async fn of(shop: &Shop) -> Self {
        let mut watched = Vec::new();
        for (role, table) in [(Role::Orders, "order_history"), (Role::Kitchen, "ticket_history")] {
            let database = shop.database(role).await;
            if database.get_database_backend() == DbBackend::Postgres {
                database.execute_unprepared(&WATCH.replace("{table}", table)).await.expect("the database is ours");
                watched.push(database);
            }
        }
        Self(watched)
    }

    /// Whether none is in a transaction.
    pub async fn are_clean(&self) -> Result<(), String> {
        for database in &self.0 {
            let open = open_transactions(database).await.map_err(|error| error.to_string())?;
            if !open.is_empty() {
                return Err(format!("{} sessions are in a transaction at rest, such as {}", open.len(), open[0]));
            }
        }
        Ok(())
    }

    /// Whether every change was committed with `synchronous_commit` on.
    pub async fn careless_commits(&self) -> Result<(), String> {
        for database in &self.0 {
            let careless = count(database, "rig_careless").await.map_err(|error| error.to_string())?;
            if careless > 0 {
                return Err(format!("{careless} changes were committed with synchronous_commit off"));
            }
        }
        Ok(())
    }
}

/// What the sessions did last that are idle in a transaction.
async fn open_transactions(database: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let query = "SELECT query FROM pg_stat_activity \
                 WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    let rows = database.query_all_raw(Statement::from_string(DbBackend::Postgres, query)).await?;
    rows.iter().map(|row| row.try_get("", "query")).collect()
}
