//! A history table, the same for tickets and for orders: one row for each revision, never changed, which the database
//! itself enforces.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

/// The table of this name, whose rows belong to `parent` by its `order_id`.
pub fn table(name: &'static str, parent: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(uuid("order_id"))
        .col(big_integer("revision"))
        .col(small_integer("from_state"))
        .col(small_integer("to_state"))
        .col(small_integer("actor"))
        .col(string("reason"))
        .col(timestamp_with_time_zone("changed_at"))
        .primary_key(Index::create().col("order_id").col("revision"))
        .foreign_key(ForeignKey::create().from(name, "order_id").to(parent, "order_id"))
        .to_owned()
}

/// Each step names its trace, and no step can be changed or removed any more.
pub struct AppendOnly {
    /// The history table.
    pub table: &'static str,
}

impl MigrationName for AppendOnly {
    fn name(&self) -> &str {
        "m0003_append_only"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for AppendOnly {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let trace = Table::alter().table(self.table).add_column(string_null("trace_id")).to_owned();
        manager.alter_table(trace).await?;
        guard(manager, self.table).await
    }
}

/// Makes the database refuse every change of a table but an insert.
pub async fn guard(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    for statement in guards(connection.get_database_backend(), table) {
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}

fn guards(backend: DbBackend, table: &str) -> Vec<String> {
    const REFUSAL: &str = "history is append-only";
    if backend == DbBackend::Postgres {
        let refuse = format!(
            "CREATE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege'; END $$"
        );
        let guard = format!(
            "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} \
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}()"
        );
        return vec![refuse, guard];
    }
    let guard = |verb: &str| {
        format!("CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")
    };
    vec![guard("update"), guard("delete")]
}
