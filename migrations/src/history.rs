//! A history table, the same for tickets and for orders: one row for each revision, never changed, which the database
//! itself enforces.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

const REFUSAL: &str = "history is append-only";

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

/// Each step names who of the staff made it.
pub struct Authors {
    /// The history table.
    pub table: &'static str,
}

impl MigrationName for Authors {
    fn name(&self) -> &str {
        "m0020_authors"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Authors {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table(self.table).add_column(json_binary("author").default("{}")).to_owned())
            .await
    }
}

/// A step may be removed under a condition that names its order as `OLD.order_id`, and still never be changed.
pub async fn may_go(manager: &SchemaManager<'_>, table: &str, condition: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let statements = match connection.get_database_backend() {
        DbBackend::Postgres => vec![
            format!(
                "CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN IF {condition} THEN RETURN OLD; END IF; \
                 RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege'; END $$"
            ),
            format!(
                "CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_{table}()"
            ),
            format!("DROP TRIGGER {table}_append_only ON {table}"),
            format!(
                "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR TRUNCATE ON {table} \
                 FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}()"
            ),
        ],
        _ => vec![
            format!("DROP TRIGGER {table}_no_delete"),
            format!(
                "CREATE TRIGGER {table}_no_delete BEFORE delete ON {table} WHEN NOT ({condition}) \
                 BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            ),
        ],
    };
    for statement in statements {
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
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
